/** curl's options: curl 8.17 `src/tool_getparam.c`, of which this table knows the usual ones. */
export interface CurlOptions {
  readonly flags: ReadonlySet<string>;
  readonly urls: readonly string[];
  /** Values by letter, the last one counts. */
  readonly values: Readonly<Record<string, string>>;
  readonly headers: readonly string[];
  /** What is sent, in parts: what stands there, or what the file holds that it names. */
  readonly data: readonly CurlData[];
  /** One for each URL, by position. */
  readonly outputs: readonly string[];
  /** What curl has against its options. */
  readonly problem?: string;
}

/** `-d` leaves the ends of lines out of a file, `--data-binary` and `--json` keep them. */
export interface CurlData {
  readonly text: string;
  /** `-` is standard input. */
  readonly file?: string;
  readonly keepsLines: boolean;
}

const FLAGS = 'sSfiIOLvkgGjNn46#';
const VALUED = 'mwoXHdAubeTx';
const LONG: Readonly<Record<string, string>> = {
  ...{ silent: 's', 'show-error': 'S', fail: 'f', include: 'i', 'show-headers': 'i', head: 'I' },
  ...{ 'remote-name': 'O', location: 'L', verbose: 'v', insecure: 'k', get: 'G', 'no-buffer': 'N' },
  ...{
    ipv4: '4',
    ipv6: '6',
    'progress-bar': '#',
    globoff: 'g',
    'fail-with-body': 'fail-with-body',
  },
  ...{ 'max-time': 'm', 'write-out': 'w', output: 'o', request: 'X', header: 'H', data: 'd' },
  ...{
    'data-raw': 'data-raw',
    'data-binary': 'data-binary',
    'data-ascii': 'd',
    json: 'json',
    'user-agent': 'A',
    user: 'u',
  },
  ...{ cookie: 'b', referer: 'e', 'upload-file': 'T', 'connect-timeout': 'connect-timeout' },
  ...{ url: 'url', retry: 'retry', 'retry-delay': 'retry-delay', 'max-redirs': 'max-redirs' },
  ...{ 'retry-connrefused': 'retry-connrefused', 'retry-all-errors': 'retry-all-errors' },
  ...{ 'http1.1': 'http1.1', 'http1.0': 'http1.1', 'no-progress-meter': 'no-progress-meter' },
  ...{ parallel: 'parallel', compressed: 'compressed', 'create-dirs': 'create-dirs' },
  ...{ version: 'V', help: 'h', resolve: 'resolve', noproxy: 'noproxy', cacert: 'cacert' },
};
const LONG_VALUED = [
  'json',
  'data-raw',
  'data-binary',
  'connect-timeout',
  'url',
  'retry',
  'retry-delay',
].concat(['max-redirs', 'resolve', 'noproxy', 'cacert']);
const NUMBERS = ['m', 'connect-timeout'];
const INTEGERS = ['retry', 'retry-delay', 'max-redirs'];

const DATA = ['d', 'data-raw', 'data-binary'];

interface Reading {
  readonly flags: Set<string>;
  readonly urls: string[];
  readonly values: Record<string, string>;
  readonly headers: string[];
  readonly data: CurlData[];
  readonly outputs: string[];
  problem?: string;
}

function dataOf(option: string, value: string): CurlData {
  const isFile = option !== 'data-raw' && value.startsWith('@');
  const keepsLines = option !== 'd';
  return isFile ? { text: '', file: value.slice(1), keepsLines } : { text: value, keepsLines };
}

function take(reading: Reading, name: string, word: string, value: string): void {
  if (NUMBERS.includes(name) && !/^\d{1,9}(\.\d*)?$/.test(value)) {
    reading.problem ??= `option ${word}: expected a proper numerical parameter`;
  } else if (INTEGERS.includes(name) && !/^-?\d{1,9}$/.test(value)) {
    reading.problem ??= `option ${word}: expected a proper numerical parameter`;
  } else if (name === 'H') reading.headers.push(value);
  else if (DATA.includes(name)) reading.data.push(dataOf(name, value));
  else if (name === 'o') reading.outputs.push(value);
  else if (name === 'url') reading.urls.push(value);
  else if (name === 'json') {
    reading.data.push(dataOf(name, value));
    reading.headers.push('Content-Type: application/json', 'Accept: application/json');
  } else reading.values[name] = value;
}

export function readCurlOptions(argv: readonly string[]): CurlOptions {
  const reading: Reading = {
    flags: new Set(),
    urls: [],
    values: {},
    headers: [],
    data: [],
    outputs: [],
  };
  let literal = false;
  for (let at = 1; at < argv.length; at++) {
    const word = argv[at]!;
    if (literal || !word.startsWith('-') || word === '-') {
      reading.urls.push(word);
    } else if (word === '--') {
      literal = true;
    } else if (word.startsWith('--')) {
      const off = word.startsWith('--no-') && !Object.hasOwn(LONG, word.slice(2));
      const name = Object.hasOwn(LONG, word.slice(off ? 5 : 2))
        ? LONG[word.slice(off ? 5 : 2)]
        : undefined;
      if (name === undefined) reading.problem ??= `option ${word}: is unknown`;
      else if (LONG_VALUED.includes(name) || (name.length === 1 && VALUED.includes(name))) {
        const value = argv[++at];
        if (value === undefined) reading.problem ??= `option ${word}: requires parameter`;
        else take(reading, name, word, value);
      } else if (off) reading.flags.delete(name);
      else reading.flags.add(name);
    } else at = readLetters(reading, argv, at);
  }
  return reading;
}

/** `-sSo FILE`: flags, then one with a value in the rest of the word or in the next. */
function readLetters(reading: Reading, argv: readonly string[], at: number): number {
  const word = argv[at]!;
  for (let i = 1; i < word.length; i++) {
    const letter = word[i]!;
    if (VALUED.includes(letter)) {
      const rest = word.slice(i + 1);
      const value = rest === '' ? argv[at + 1] : rest;
      if (value === undefined) reading.problem ??= `option ${word}: requires parameter`;
      else take(reading, letter, word, value);
      return rest === '' ? at + 1 : at;
    }
    if (FLAGS.includes(letter) || letter === 'V' || letter === 'h') reading.flags.add(letter);
    else reading.problem ??= `option ${word}: is unknown`;
  }
  return at;
}
