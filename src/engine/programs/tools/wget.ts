import { ask } from '../../sim/process.ts';
import { resolvePath, type Command } from '../../machine/command.ts';
import { FAULT_TEXT, writeFile } from '../../machine/files.ts';
import { http } from '../../net/http.ts';
import { hostHeader, readUrl, reasonOf, resolveUrl } from '../url.ts';
import { fail, isBusybox, readOptions, say } from './console.ts';

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
  reset: 'error getting response: Connection reset by peer',
  timeout: 'download timed out',
} as const;

export const wget: Command = function* (line, self) {
  const long = {
    ...{ quiet: 'q', spider: 's', 'server-response': 'S', timeout: 'T', header: 'H' },
    ...{ 'output-document': 'O', 'post-data': 'D', 'no-check-certificate': 'N', tries: 't' },
    ...{ continue: 'c', 'directory-prefix': 'P', 'user-agent': 'U', 'no-verbose': 'n' },
  };
  const { flags, words, unknown } = readOptions(line.argv, 'cqSO:P:T:t:U:H:D:sNn', long);
  const busybox = yield* isBusybox(line);
  const usage =
    'BusyBox v1.37.0 multi-call binary.\n\nUsage: wget [-cqS] [--spider] [-O FILE] [--header STR]\n\t[--post-data STR] [-P DIR] [-U AGENT] [-T SEC] URL...';
  if (unknown !== undefined) {
    const name = unknown.startsWith('--') ? unknown.slice(2) : unknown;
    return yield* fail(
      self,
      `wget: unrecognized option${busybox ? ':' : ''} ${busybox ? name : `'${unknown}'`}\n${usage}`,
    );
  }
  const [text] = words;
  if (text === undefined)
    return yield* fail(
      self,
      busybox ? usage : 'wget: missing URL\nUsage: wget [OPTION]... [URL]...',
    );
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):\/\//.exec(text)?.[1];
  if (scheme !== undefined && !['http', 'https', 'ftp'].includes(scheme)) {
    return yield* fail(self, `wget: not an http or ftp url: ${text}`);
  }
  let url = readUrl(text);
  if (typeof url === 'string') return yield* fail(self, `wget: bad address '${text}'`);
  const quiet = flags.has('q');
  const timeoutMs = Math.max(1, Math.round(Number(flags.get('T') ?? 900) * 1000)) || 900_000;
  for (let hop = 0; hop <= REDIRECTS; hop++) {
    const { host, port } = url;
    const ip = yield* ask<string | undefined>('net/resolve', { name: host, place: line.machine });
    if (ip === undefined) return yield* fail(self, `wget: bad address '${hostHeader(url)}'`);
    if (!quiet)
      yield* fail(
        self,
        `Connecting to ${host === ip ? hostHeader(url) : hostHeader(url)} (${ip}:${port})`,
      );
    const headers: Record<string, string> = { 'user-agent': flags.get('U') ?? 'Wget' };
    const own = /^([^:]+):\s*(.*)$/.exec(flags.get('H') ?? '');
    if (own) headers[own[1]!.toLowerCase()] = own[2]!;
    const body = flags.get('D');
    const method = body !== undefined ? 'POST' : flags.has('s') ? 'HEAD' : 'GET';
    const request = {
      method,
      path: url.path,
      host: hostHeader(url),
      headers,
      ...(body === undefined ? {} : { body }),
    };
    const outcome = yield* http({ machine: line.machine, name: 'client' }, { ip, port }, request, {
      timeoutMs,
    });
    if (!outcome.ok) {
      const why = REASONS[outcome.error];
      if (outcome.error === 'timeout') return yield* fail(self, `wget: ${why}`);
      if (outcome.error === 'reset') return yield* fail(self, `wget: ${why}`);
      return yield* fail(self, `wget: can't connect to remote host (${ip}): ${why}`);
    }
    const { response } = outcome;
    if (url.scheme === 'https')
      return yield* fail(
        self,
        'ssl_client: SSL_connect\nwget: error getting response: Connection reset by peer',
      );
    if (response.status === 0) return yield* fail(self, 'wget: error getting response');
    const server = Object.entries(response.headers).find(
      ([name]) => name.toLowerCase() === 'server',
    )?.[1];
    const first = `HTTP/1.1 ${response.status} ${reasonOf(response.status, server)}`;
    if (flags.has('S')) {
      const heads = Object.entries(response.headers).map(([name, value]) => `  ${name}: ${value}`);
      yield* fail(self, [`  ${first}`, ...heads, '  '].join('\n'));
    }
    const location = Object.entries(response.headers).find(
      ([name]) => name.toLowerCase() === 'location',
    )?.[1];
    if ([301, 302, 303, 307, 308].includes(response.status) && location !== undefined) {
      const next = resolveUrl(url, location);
      if (typeof next === 'string') return yield* fail(self, `wget: bad address '${location}'`);
      url = next;
      continue;
    }
    if (response.status < 200 || response.status >= 300)
      return yield* fail(self, `wget: server returned error: ${first}`);
    if (flags.has('s')) {
      if (!quiet) yield* fail(self, 'remote file exists');
      return 0;
    }
    const path = url.path.replace(/\?.*$/s, '');
    const name = flags.get('O') ?? (path.slice(path.lastIndexOf('/') + 1) || 'index.html');
    const content = decoder.decode(response.body);
    if (name === '-') {
      if (!quiet) yield* fail(self, 'writing to stdout');
      yield* say(self, content);
      if (!quiet)
        yield* fail(
          self,
          '-                    100% |********************************|' +
            `${String(response.body.length).padStart(6)}  0:00:00 ETA\nwritten to stdout`,
        );
      return 0;
    }
    const target = resolvePath(
      flags.has('P') && !flags.has('O') ? resolvePath(line.cwd, flags.get('P')!) : line.cwd,
      name,
    );
    if (!quiet) yield* fail(self, `saving to '${name}'`);
    const fault =
      target === '/dev/null' ? undefined : yield* writeFile(line.machine, target, content);
    if (fault !== undefined)
      return yield* fail(self, `wget: can't open '${name}': ${FAULT_TEXT[fault]}`);
    if (!quiet)
      yield* fail(
        self,
        `${name.slice(0, 20).padEnd(20)} 100% |********************************|${String(response.body.length).padStart(6)}  0:00:00 ETA\n'${name}' saved`,
      );
    return 0;
  }
  return yield* fail(self, 'wget: too many redirections');
};
