import { ask, write, type Call, type Resumption } from '../sim/process.ts';
import type { Command } from '../machine/command.ts';
import { http, type HttpOutcome } from '../net/http.ts';

/**
 * curl 8: fetches one URL and prints what came. Flags that pages use: -s, -S, -f, -i, -I, -o is
 * not modelled, -w '%{http_code}', -m SECONDS.
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
}

function readOptions(argv: readonly string[]): Options {
  const flags = new Set<string>();
  let url: string | undefined;
  let maxMs: number | undefined;
  let format: string | undefined;
  for (let at = 1; at < argv.length; at++) {
    const word = argv[at]!;
    if (word === '-m' || word === '--max-time') maxMs = Math.round(Number(argv[++at]) * 1000);
    else if (word === '-w' || word === '--write-out') format = argv[++at] ?? '';
    else if (word === '--head') flags.add('I');
    else if (word.startsWith('--')) flags.add(word.slice(2).charAt(0));
    else if (word.startsWith('-')) for (const letter of word.slice(1)) flags.add(letter);
    else url = word;
  }
  return {
    flags,
    ...(url === undefined ? {} : { url }),
    ...(maxMs === undefined ? {} : { maxMs }),
    ...(format === undefined ? {} : { format }),
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
  if (url === undefined) return yield* complain(2, 'no URL specified');
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
