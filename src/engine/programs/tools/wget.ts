import type { Self } from '../../sim/process.ts';
import { resolvePath, type Command, type CommandLine } from '../../machine/command.ts';
import { FAULT_TEXT, writeFile } from '../../machine/files.ts';
import { http, type HttpRequest, type HttpResponse } from '../../net/http.ts';
import { headerOf } from '../curl.ts';
import { resolveName } from '../resolve.ts';
import { hostHeader, readUrl, reasonOf, resolveUrl, type Url } from '../url.ts';
import { fail, isBusybox, readOptions, say, type Step } from './console.ts';

/**
 * wget of busybox 1.37 (`networking/wget.c`): -q -O -S -T -P --spider --header --post-data.
 *
 * Simplified: no progress bar; GNU wget says and does the same here.
 */
const REDIRECTS = 10;
const decoder = new TextDecoder();
const REASONS = {
  refused: 'Connection refused',
  unreachable: 'Network is unreachable',
  absent: 'Host is unreachable',
  reset: 'error getting response: Connection reset by peer',
  timeout: 'download timed out',
} as const;

const USAGE =
  'BusyBox v1.37.0 multi-call binary.\n\nUsage: wget [-cqS] [--spider] [-O FILE] [--header STR]\n\t[--post-data STR] [-P DIR] [-U AGENT] [-T SEC] URL...';
const LONG = {
  ...{ quiet: 'q', spider: 's', 'server-response': 'S', timeout: 'T', header: 'H' },
  ...{ 'output-document': 'O', 'post-data': 'D', 'no-check-certificate': 'N', tries: 't' },
  ...{ continue: 'c', 'directory-prefix': 'P', 'user-agent': 'U', 'no-verbose': 'n' },
};

type Flags = ReadonlyMap<string, string>;

export const wget: Command = function* (line, self) {
  const { flags, words, unknown } = readOptions(line.argv, 'cqSO:P:T:t:U:H:D:sNn', LONG);
  const busybox = yield* isBusybox(line);
  if (unknown !== undefined) {
    const name = unknown.startsWith('--') ? unknown.slice(2) : unknown;
    return yield* fail(
      self,
      `wget: unrecognized option${busybox ? ':' : ''} ${busybox ? name : `'${unknown}'`}\n${USAGE}`,
    );
  }
  const [text] = words;
  if (text === undefined)
    return yield* fail(
      self,
      busybox ? USAGE : 'wget: missing URL\nUsage: wget [OPTION]... [URL]...',
    );
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):\/\//.exec(text)?.[1];
  if (scheme !== undefined && !['http', 'https', 'ftp'].includes(scheme)) {
    return yield* fail(self, `wget: not an http or ftp url: ${text}`);
  }
  let url = readUrl(text);
  if (typeof url === 'string') return yield* fail(self, `wget: bad address '${text}'`);
  for (let hop = 0; hop <= REDIRECTS; hop++) {
    const came = yield* fetchOnce(line, self, flags, url);
    if (typeof came === 'string') return yield* fail(self, came);
    const location = headerOf(came, 'location');
    if ([301, 302, 303, 307, 308].includes(came.status) && location !== undefined) {
      const next = resolveUrl(url, location);
      if (typeof next === 'string') return yield* fail(self, `wget: bad address '${location}'`);
      url = next;
      continue;
    }
    if (came.status < 200 || came.status >= 300)
      return yield* fail(self, `wget: server returned error: ${statusLine(came)}`);
    if (!flags.has('s')) return yield* keep(line, self, flags, url, came);
    if (!flags.has('q')) yield* fail(self, 'remote file exists');
    return 0;
  }
  return yield* fail(self, 'wget: too many redirections');
};

const statusLine = (response: HttpResponse): string =>
  `HTTP/1.1 ${response.status} ${reasonOf(response.status, headerOf(response, 'server'))}`;

function requestOf(flags: Flags, url: Url): HttpRequest {
  const headers: Record<string, string> = { 'user-agent': flags.get('U') ?? 'Wget' };
  const own = /^([^:]+):\s*(.*)$/.exec(flags.get('H') ?? '');
  if (own) headers[own[1]!.toLowerCase()] = own[2]!;
  const body = flags.get('D');
  const method = body !== undefined ? 'POST' : flags.has('s') ? 'HEAD' : 'GET';
  const request = { method, path: url.path, host: hostHeader(url), headers };
  return body === undefined ? request : { ...request, body };
}

/** The answer to one request, or what went wrong. */
function* fetchOnce(
  line: CommandLine,
  self: Self,
  flags: Flags,
  url: Url,
): Step<HttpResponse | string> {
  const { host: name, port } = url;
  const { ip } = yield* resolveName(line, name);
  if (ip === undefined) return `wget: bad address '${hostHeader(url)}'`;
  if (!flags.has('q')) yield* fail(self, `Connecting to ${hostHeader(url)} (${ip}:${port})`);
  const timeoutMs = Math.max(1, Math.round(Number(flags.get('T') ?? 900) * 1000)) || 900_000;
  const caller = { machine: line.machine, name: 'client' };
  const outcome = yield* http(caller, { ip, port }, requestOf(flags, url), { timeoutMs });
  if (!outcome.ok) {
    const why = REASONS[outcome.error];
    return outcome.error === 'timeout' || outcome.error === 'reset'
      ? `wget: ${why}`
      : `wget: can't connect to remote host (${ip}): ${why}`;
  }
  const { response } = outcome;
  if (url.scheme === 'https')
    return 'ssl_client: SSL_connect\nwget: error getting response: Connection reset by peer';
  if (response.status === 0) return 'wget: error getting response';
  if (flags.has('S')) {
    const heads = Object.entries(response.headers).map(([key, value]) => `  ${key}: ${value}`);
    yield* fail(self, [`  ${statusLine(response)}`, ...heads, '  '].join('\n'));
  }
  return response;
}

/** Writes what came to its file, or to standard output. */
function* keep(
  line: CommandLine,
  self: Self,
  flags: Flags,
  url: Url,
  { body }: HttpResponse,
): Step<number> {
  const quiet = flags.has('q');
  const bar = (name: string): string =>
    `${name.padEnd(20)} 100% |********************************|${String(body.length).padStart(6)}  0:00:00 ETA`;
  const path = url.path.replace(/\?.*$/s, '');
  const name = flags.get('O') ?? (path.slice(path.lastIndexOf('/') + 1) || 'index.html');
  const content = decoder.decode(body);
  if (name === '-') {
    if (!quiet) yield* fail(self, 'writing to stdout');
    yield* say(self, content);
    if (!quiet) yield* fail(self, `${bar('-')}\nwritten to stdout`);
    return 0;
  }
  const folder =
    flags.has('P') && !flags.has('O') ? resolvePath(line.cwd, flags.get('P')!) : line.cwd;
  const target = resolvePath(folder, name);
  if (!quiet) yield* fail(self, `saving to '${name}'`);
  const fault =
    target === '/dev/null' ? undefined : yield* writeFile(line.machine, target, content);
  if (fault !== undefined)
    return yield* fail(self, `wget: can't open '${name}': ${FAULT_TEXT[fault]}`);
  if (!quiet) yield* fail(self, `${bar(name.slice(0, 20))}\n'${name}' saved`);
  return 0;
}
