/** What a line asks of `tar`: letters with and without a dash, and long names. */
export interface TarWish {
  readonly action: 'create' | 'list' | 'extract';
  /** `-` is a stream. */
  readonly file: string;
  readonly directory: string;
  readonly zip: boolean;
  readonly verbose: boolean;
  /** `-O`: what is unpacked is printed. */
  readonly toOutput: boolean;
  /** So many directories of a name are left out. */
  readonly strip: number;
  readonly exclude: readonly string[];
  readonly names: readonly string[];
}

const LONG: Readonly<Record<string, string>> = {
  ...{ create: 'c', extract: 'x', get: 'x', list: 't', file: 'f', directory: 'C', gzip: 'z' },
  ...{ gunzip: 'z', ungzip: 'z', verbose: 'v', 'to-stdout': 'O', 'auto-compress': 'a' },
  ...{ 'strip-components': 'S', exclude: 'X', 'no-same-owner': 'o', 'same-owner': 'p' },
  ...{
    'preserve-permissions': 'p',
    'same-permissions': 'p',
    touch: 'm',
    'no-same-permissions': 'o',
  },
  ...{ 'absolute-names': 'P', overwrite: 'k', 'keep-old-files': 'k', 'numeric-owner': 'p' },
  ...{ warning: 'W', owner: 'W', group: 'W', sort: 'W', mtime: 'W' },
};
const VALUED = 'fCSXW';
const IGNORED = 'pPomkhwWa';

type Answer = { readonly answer: string } | { readonly problem: string };

const ONE_OF = "You must specify one of the '-Acdtrux', '--delete' or '--test-label' options";

export function readWish(given: readonly string[]): TarWish | Answer {
  if (given.includes('--version')) return { answer: 'tar (GNU tar) 1.35\n' };
  const values = new Map<string, string[]>();
  const names: string[] = [];
  const add = (letter: string, value = '') =>
    values.set(letter, [...(values.get(letter) ?? []), value]);
  const args = [...given];
  // The old way, letters without a dash: their values follow in order.
  const [first = ''] = args;
  if (first !== '' && !first.startsWith('-')) {
    args.shift();
    for (const letter of first) add(letter, VALUED.includes(letter) ? args.shift() : '');
  }
  while (args.length > 0) {
    const arg = args.shift() ?? '';
    if (arg === '--') names.push(...args.splice(0));
    else if (arg.startsWith('--')) {
      const [name = '', ...rest] = arg.slice(2).split('=');
      const letter = Object.hasOwn(LONG, name) ? LONG[name] : undefined;
      if (letter === undefined) return { problem: `unrecognized option '${arg}'` };
      add(letter, VALUED.includes(letter) ? (rest.length > 0 ? rest.join('=') : args.shift()) : '');
    } else if (arg.startsWith('-') && arg !== '-') {
      const letters = arg.slice(1);
      for (let at = 0; at < letters.length; at++) {
        const letter = letters[at] ?? '';
        if (!VALUED.includes(letter)) add(letter);
        else {
          const inline = letters.slice(at + 1);
          add(letter, inline === '' ? args.shift() : inline);
          break;
        }
      }
    } else names.push(arg);
  }
  return wishOf(values, names);
}

function wishOf(values: ReadonlyMap<string, string[]>, names: readonly string[]): TarWish | Answer {
  const last = (letter: string) => values.get(letter)?.at(-1);
  for (const letter of values.keys()) {
    if ('jJ'.includes(letter)) return { problem: `-${letter} is not modelled here: gzip (-z) is` };
    if (!`cxtfCzvOSX${IGNORED}`.includes(letter))
      return { problem: `invalid option -- '${letter}'` };
  }
  const actions = ['c', 'x', 't'].filter((letter) => values.has(letter));
  if (actions.length > 1) {
    return {
      problem: "You may not specify more than one '-Acdtrux', '--delete' or '--test-label' option",
    };
  }
  const [action] = actions;
  if (action === undefined) return { problem: ONE_OF };
  const file = last('f') ?? '-';
  return {
    action: action === 'c' ? 'create' : action === 'x' ? 'extract' : 'list',
    file,
    directory: last('C') ?? '.',
    zip: values.has('z') || (values.has('a') && /\.t?gz$/.test(file)),
    verbose: values.has('v'),
    toOutput: values.has('O'),
    strip: Number(last('S') ?? 0),
    exclude: values.get('X') ?? [],
    names,
  };
}
