import { ask, write, type Call, type Resumption } from '../sim/process.ts';
import type { Command } from '../machine/command.ts';
import { http, type HttpOutcome } from '../net/http.ts';

/**
 * curl 8: fetches one URL and prints what came (curl/curl 8 `src/tool_getparam.c`,
 * `lib/connect.c`).
 *
 * Simplified: it knows -s, -S, -f, -i, -I, -w '%{http_code}' and -m SECONDS, other options are
 * unknown; it shows no progress meter.
 */
interface Target {
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

function readUrl(text: string): Target | undefined {
  const match = /^(?:http:\/\/)?([^/:?]+)(?::(\d{1,5}))?(\/[^#]*)?$/.exec(text);
  if (!match) return undefined;
  return { host: match[1]!, port: Number(match[2] ?? 80), path: match[3] ?? '/' };
}

interface Options {
  readonly flags: ReadonlySet<string>;
  readonly url?: string;
  readonly maxMs?: number;
  readonly format?: string;
  /** What curl has against its options. */
  readonly problem?: string;
}

const KNOWN = 'sSfiI';
const VALUED = ['-m', '--max-time', '-w', '--write-out'];
const LONG: Partial<Record<string, string>> = {
  ...{ silent: 's', 'show-error': 'S', fail: 'f', include: 'i', 'show-headers': 'i', head: 'I' },
};
const HELP = "curl: try 'curl --help' or 'curl --manual' for more information\n";

function readOptions(argv: readonly string[]): Options {
  const flags = new Set<string>();
  let url: string | undefined;
  let maxMs: number | undefined;
  let format: string | undefined;
  let problem: string | undefined;
  for (let at = 1; at < argv.length; at++) {
    const word = argv[at]!;
    const value = VALUED.includes(word) ? argv[++at] : undefined;
    if (VALUED.includes(word)) {
      if (value === undefined) problem ??= `option ${word}: requires parameter`;
      else if (word === '-w' || word === '--write-out') format = value;
      else if (/^\d{1,9}(\.\d+)?$/.test(value)) maxMs = Math.round(Number(value) * 1000);
      else problem ??= `option ${word}: expected a proper numerical parameter`;
      continue;
    }
    if (!word.startsWith('-') || word === '-') {
      url = word;
      continue;
    }
    const letters = word.startsWith('--') ? [LONG[word.slice(2)]] : [...word.slice(1)];
    for (const letter of letters) {
      if (letter !== undefined && KNOWN.includes(letter)) flags.add(letter);
      else problem ??= `option ${word}: is unknown`;
    }
  }
  return {
    flags,
    ...(url === undefined ? {} : { url }),
    ...(maxMs === undefined ? {} : { maxMs }),
    ...(format === undefined ? {} : { format }),
    ...(problem === undefined ? {} : { problem }),
  };
}

const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  301: 'Moved Permanently',
  403: 'Forbidden',
  404: 'Not Found',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
};

/** Exit codes of curl's manual page, and its words. */
function failureOf(outcome: HttpOutcome & { ok: false }, { host, port }: Target): [number, string] {
  const { error, durationMs } = outcome;
  if (error === 'timeout') return [28, `Connection timed out after ${durationMs} milliseconds`];
  if (error === 'reset') return [56, 'Recv failure: Connection reset by peer'];
  const after = `after ${durationMs} ms: Could not connect to server`;
  return [7, `Failed to connect to ${host} port ${port} ${after}`];
}

export const curl: Command = function* ({ machine, argv }, self) {
  const options = readOptions(argv);
  const { flags, url, maxMs, format } = options;
  const silent = flags.has('s');
  function* complain(code: number, words: string): Generator<Call, number, Resumption> {
    if (!silent || flags.has('S')) yield* write(self.stderr, `curl: (${code}) ${words}\n`);
    return code;
  }
  if (options.problem !== undefined || url === undefined) {
    const said = options.problem === undefined ? '' : `curl: ${options.problem}\n`;
    yield* write(self.stderr, said + HELP);
    return 2;
  }
  const target = readUrl(url);
  if (!target) return yield* complain(3, 'URL rejected: Malformed input to a URL function');
  const { host, port, path } = target;
  const ip = yield* ask<string | undefined>('net/resolve', { name: host });
  if (ip === undefined) return yield* complain(6, `Could not resolve host: ${host}`);
  const outcome = yield* http(
    { machine, name: 'client' },
    { ip, port },
    {
      method: flags.has('I') ? 'HEAD' : 'GET',
      path,
      host: port === 80 ? host : `${host}:${port}`,
      headers: { 'user-agent': 'curl/8.14.1' },
    },
    maxMs === undefined ? {} : { timeoutMs: maxMs },
  );
  if (!outcome.ok) return yield* complain(...failureOf(outcome, target));
  const { status, headers, body } = outcome.response;
  if (flags.has('f') && status >= 400) {
    return yield* complain(22, `The requested URL returned error: ${status}`);
  }
  if (flags.has('i') || flags.has('I')) {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    yield* write(
      self.stdout,
      `HTTP/1.1 ${status} ${REASONS[status] ?? ''}\r\n${lines.join('')}\r\n`,
    );
  }
  yield* write(self.stdout, new TextDecoder().decode(body));
  if (format !== undefined) {
    const text = format.replace('%{http_code}', String(status)).replace(/\\n/g, '\n');
    yield* write(self.stdout, text);
  }
  return 0;
};
