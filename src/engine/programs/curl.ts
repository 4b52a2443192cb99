import { sleep, type Self } from '../sim/process.ts';
import { resolvePath, type Command, type CommandLine } from '../machine/command.ts';
import { FAULT_TEXT, readFile, writeFile } from '../machine/files.ts';
import { http, type HttpOutcome, type HttpRequest, type HttpResponse } from '../net/http.ts';
import { readCurlOptions, type CurlData, type CurlOptions } from './curl-options.ts';
import { resolveName } from './resolve.ts';
import { fail, readAll, say, type Step } from './tools/console.ts';
import { formatUrl, hostHeader, readUrl, reasonOf, resolveUrl, type Url } from './url.ts';

/**
 * curl 8.17: fetches URLs and prints what came (curl/curl 8.17 `src/tool_operate.c`,
 * `src/tool_writeout.c`, `lib/connect.c`, `lib/strerror.c`).
 *
 * Simplified: of TLS there is only who signed a certificate; there is no progress meter; `-v` tells the
 * connection, the request and the head of the answer, in short.
 */
const VERSION = '8.17.0';
const HELP = "curl: try 'curl --help' or 'curl --manual' for more information";
const REDIRECTS = 50;
const MAX_RETRIES = 1000;
const decoder = new TextDecoder();

/** What became of one URL. */
interface Transfer {
  readonly code: number;
  readonly error: string;
  readonly url: Url | undefined;
  readonly asked: string;
  readonly response?: HttpResponse;
  readonly ip: string;
  readonly durationMs: number;
  readonly redirects: number;
  readonly method: string;
  /** Heads of the answers on the way and the last, as `-i` shows them. */
  readonly heads: string;
}

export const curl: Command = function* (line, self) {
  const options = readCurlOptions(line.argv);
  const { flags, urls, problem } = options;
  if (flags.has('V')) {
    yield* say(
      self,
      `curl ${VERSION} (x86_64-pc-linux-gnu) libcurl/${VERSION}\nProtocols: http https\n`,
    );
    return 0;
  }
  if (problem !== undefined) return yield* fail(self, `curl: ${problem}\n${HELP}`, 2);
  if (urls.length === 0) {
    return yield* fail(
      self,
      line.argv.length === 1 ? HELP : `curl: (2) no URL specified\n${HELP}`,
      2,
    );
  }
  const data = yield* readData(line, self, options.data);
  if (typeof data === 'string') {
    yield* warn(self, flags, `curl: (26) Failed to open ${data}`);
    return 26;
  }
  let status = 0;
  for (const [i, url] of urls.entries()) {
    status = yield* fetchAndTell(line, self, { ...options, data }, url, options.outputs[i]);
  }
  return status;
};

function* fetchAndTell(
  line: CommandLine,
  self: Self,
  options: CurlOptions,
  url: string,
  output: string | undefined,
): Step<number> {
  const { flags, values } = options;
  let transfer = yield* fetchUrl(line, self, options, url);
  const retries = Math.min(Number(values.retry ?? 0), MAX_RETRIES);
  for (let left = retries, waitMs = 1000; left > 0 && isTransient(transfer, flags); left--) {
    const delayMs =
      values['retry-delay'] === undefined ? waitMs : Number(values['retry-delay']) * 1000;
    if (!flags.has('s')) {
      yield* fail(
        self,
        `Warning: Problem: ${transientWords(transfer)}. Will retry in ${Math.ceil(delayMs / 1000)} second${delayMs > 1000 ? 's' : ''}. ${left} ${left === 1 ? 'retry' : 'retries'} left.`,
      );
    }
    yield* sleep(delayMs);
    waitMs = Math.min(waitMs * 2, 600_000);
    transfer = yield* fetchUrl(line, self, options, url);
  }
  let { code, error } = transfer;
  const { response } = transfer;
  const failing =
    response !== undefined &&
    response.status >= 400 &&
    (flags.has('f') || flags.has('fail-with-body'));
  if (failing) {
    code = 22;
    error = `The requested URL returned error: ${response.status}`;
  }
  if (response !== undefined && (code === 0 || flags.has('fail-with-body'))) {
    const head = flags.has('i') || flags.has('I') ? transfer.heads : '';
    const body = transfer.method === 'HEAD' ? '' : decoder.decode(response.body);
    const target = flags.has('O') ? remoteName(transfer.url) : output;
    if (target === undefined || target === '-') yield* say(self, head + body);
    else {
      const path = resolvePath(line.cwd, target);
      const fault =
        path === '/dev/null' ? undefined : yield* writeFile(line.machine, path, head + body);
      if (fault !== undefined) {
        yield* warn(
          self,
          flags,
          `Warning: Failed to open the file ${target}: ${FAULT_TEXT[fault]}`,
        );
        code = 23;
        error = `client returned ERROR on write, passed ${body.length} returned 0`;
      }
    }
  }
  if (code !== 0) yield* warn(self, flags, `curl: (${code}) ${error}`);
  if (values.w !== undefined) {
    const format = values.w.startsWith('@')
      ? ((yield* readFile(line.machine, resolvePath(line.cwd, values.w.slice(1))))?.content ?? '')
      : values.w;
    yield* say(self, writeOut(format, { ...transfer, code, error }));
  }
  return code;
}

function* warn(self: Self, flags: ReadonlySet<string>, text: string): Step<void> {
  if (!flags.has('s') || flags.has('S')) yield* fail(self, text);
}

const isTransient = ({ code, response }: Transfer, flags: ReadonlySet<string>): boolean =>
  code === 28 ||
  code === 6 ||
  (code === 7 && (flags.has('retry-connrefused') || flags.has('retry-all-errors'))) ||
  (code !== 0 && flags.has('retry-all-errors')) ||
  [408, 429, 500, 502, 503, 504].includes(response?.status ?? 0);

const transientWords = ({ code }: Transfer): string =>
  code === 28 ? 'timeout' : code === 7 ? 'connection refused' : code === 0 ? 'HTTP error' : 'error';

const remoteName = (url: Url | undefined): string => {
  const path = (url?.path ?? '/').replace(/\?.*$/s, '');
  return path.slice(path.lastIndexOf('/') + 1) || 'curl_response';
};

function requestOf({ flags, values, headers, data }: CurlOptions, url: Url): HttpRequest {
  const sent: Record<string, string | undefined> = {
    'user-agent': values.A ?? `curl/${VERSION}`,
    accept: '*/*',
  };
  if (values.u !== undefined) sent.authorization = 'Basic';
  if (values.b !== undefined) sent.cookie = values.b;
  if (values.e !== undefined) sent.referer = values.e;
  const body = data.map(({ text }) => text).join('&');
  const posts = data.length > 0 && !flags.has('G');
  if (posts) sent['content-type'] = 'application/x-www-form-urlencoded';
  let host = hostHeader(url);
  for (const header of headers) {
    const match = /^([^:;]+)[:;]\s*(.*)$/s.exec(header);
    if (!match) continue;
    const name = match[1]!.toLowerCase();
    if (name === 'host') host = match[2]!;
    else if (match[2] === '') sent[name] = undefined;
    else sent[name] = match[2]!;
  }
  if (posts) sent['content-length'] = String(body.length);
  const method = values.X ?? (flags.has('I') ? 'HEAD' : posts ? 'POST' : 'GET');
  const query = flags.has('G') && body !== '' ? `${url.path.includes('?') ? '&' : '?'}${body}` : '';
  const kept = Object.entries(sent).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  );
  return {
    method,
    path: url.path + query,
    host,
    headers: Object.fromEntries(kept),
    ...(posts ? { body } : {}),
    ...(url.scheme === 'https' ? { secure: true } : {}),
  };
}

function* fetchUrl(
  line: CommandLine,
  self: Self,
  options: CurlOptions,
  text: string,
): Step<Transfer> {
  const { flags, values } = options;
  const asked = text;
  const none = {
    url: undefined,
    asked,
    ip: '',
    durationMs: 0,
    redirects: 0,
    method: 'GET',
    heads: '',
  };
  let url = readUrl(text);
  if (typeof url === 'string') return { ...none, code: 3, error: URL_WORDS[url] };
  let transfer: Transfer = { ...none, code: 0, error: '' };
  const most = Math.min(Number(values['max-redirs'] ?? REDIRECTS), REDIRECTS);
  for (let redirects = 0; ; redirects++) {
    transfer = yield* fetchOnce(line, self, options, url, { ...transfer, asked, redirects });
    const location = headerOf(transfer.response, 'location');
    const moved = [301, 302, 303, 307, 308].includes(transfer.response?.status ?? 0);
    if (transfer.code !== 0 || !flags.has('L') || !moved || location === undefined) return transfer;
    if (redirects >= most) {
      return { ...transfer, code: 47, error: `Maximum (${most}) redirects followed` };
    }
    const next = resolveUrl(url, location);
    if (typeof next === 'string') return { ...transfer, code: 3, error: URL_WORDS[next] };
    url = next;
  }
}

const NO_TLS = 'TLS connect error: error:0A0000C6:SSL routines::packet length too long';
const URL_WORDS = {
  malformed: 'URL rejected: Malformed input to a URL function',
  'no host': 'URL rejected: No host part in the URL',
  'bad port': 'URL rejected: Port number was not a decimal number between 0 and 65535',
} as const;

export function headerOf(response: HttpResponse | undefined, name: string): string | undefined {
  const found = Object.entries(response?.headers ?? {}).find(([key]) => key.toLowerCase() === name);
  return found?.[1];
}

function* fetchOnce(
  line: CommandLine,
  self: Self,
  options: CurlOptions,
  url: Url,
  before: Transfer,
): Step<Transfer> {
  const { flags, values } = options;
  const request = requestOf(options, url);
  const base = { ...before, url, method: request.method };
  const failed = (code: number, error: string, durationMs = 0): Transfer => {
    const { response: _gone, ...rest } = base;
    return { ...rest, code, error, durationMs: before.durationMs + durationMs };
  };
  if (url.scheme !== 'http' && url.scheme !== 'https') {
    return failed(1, `Protocol "${url.scheme}" not supported`);
  }
  const { host, port } = url;
  const patienceMs = milliseconds(values['connect-timeout']) ?? milliseconds(values.m);
  const { ip, late } = yield* resolveName(line, host, patienceMs);
  if (late) return failed(28, `Resolving timed out after ${late} milliseconds`, late);
  if (ip === undefined) return failed(6, `Could not resolve host: ${host}`);
  const told = flags.has('v') ? (text: string) => fail(self, text, 0) : undefined;
  if (told)
    yield* told(`* Host ${host}:${port} was resolved.\n* IPv4: ${ip}\n*   Trying ${ip}:${port}...`);
  const limited = values.m !== undefined || values['connect-timeout'] !== undefined;
  const maxMs = Math.max(1, (milliseconds(values.m) ?? 300_000) - before.durationMs);
  const connectMs = Math.min(maxMs, milliseconds(values['connect-timeout']) ?? 300_000);
  const caller = { machine: line.machine, name: 'client' };
  const limits = { timeoutMs: maxMs, connectMs };
  const outcome: HttpOutcome = yield* http(caller, { ip, port }, request, limits);
  if (!outcome.ok) {
    // Whether the limit ended the connecting or the waiting makes a difference in words.
    const isConnecting = limited && outcome.error === 'timeout' && !outcome.sent;
    const failure = isConnecting
      ? connectFailure(outcome, url, connectMs < maxMs)
      : failureOf(outcome, url, limited);
    return failed(...failure, outcome.durationMs);
  }
  if (told) yield* told(`* Connected to ${host} (${ip}) port ${port}`);
  const durationMs = before.durationMs + outcome.durationMs;
  const { response } = outcome;
  if (url.scheme === 'https') {
    const distrust = yield* distrusted(line, options, response.signedBy);
    if (distrust) return failed(...distrust, outcome.durationMs);
  }
  // Whoever listens and speaks no HTTP.
  if (response.status === 0) {
    if (response.body.length === 0)
      return failed(52, 'Empty reply from server', outcome.durationMs);
    return failed(1, 'Received HTTP/0.9 when not allowed', outcome.durationMs);
  }
  const reason = reasonOf(response.status, headerOf(response, 'server'));
  const first = `HTTP/1.1 ${response.status} ${reason}`;
  const heads = Object.entries(response.headers).map(([name, value]) => `${name}: ${value}`);
  if (told) yield* told(conversation(request, [first, ...heads], host));
  return {
    ...base,
    code: 0,
    error: '',
    response,
    ip,
    durationMs,
    heads: `${before.heads}${[first, ...heads, '', ''].join('\r\n')}`,
  };
}

/** What is to be sent with its files read; the name of the first that is not there. */
function* readData(
  { machine, cwd }: CommandLine,
  self: Self,
  data: readonly CurlData[],
): Step<CurlData[] | string> {
  const read: CurlData[] = [];
  for (const one of data) {
    const { file, keepsLines } = one;
    const text =
      file === undefined
        ? one.text
        : file === '-'
          ? yield* readAll(self.stdin)
          : (yield* readFile(machine, resolvePath(cwd, file)))?.content;
    if (text === undefined) return file ?? '';
    const isWhole = file === undefined || keepsLines;
    read.push({ text: isWhole ? text : text.replace(/[\r\n\0]/g, ''), keepsLines });
  }
  return read;
}

const UNVERIFIED = `SSL certificate problem: unable to get local issuer certificate
More details here: https://curl.se/docs/sslcerts.html

curl failed to verify the legitimacy of the server and therefore could not
establish a secure connection to it. To learn more about this situation and
how to fix it, please visit the webpage mentioned above.`;

/** What is wrong with who signed a server's certificate; undefined when it is trusted. */
function* distrusted(
  { machine, cwd }: CommandLine,
  { flags, values }: CurlOptions,
  signedBy: string | undefined,
): Step<[number, string] | undefined> {
  const { cacert } = values;
  if (cacert !== undefined) {
    const content = (yield* readFile(machine, resolvePath(cwd, cacert)))?.content;
    if (content === undefined) {
      return [77, `error setting certificate verify locations:  CAfile: ${cacert} CApath: none`];
    }
    if (signedBy !== undefined && content.includes(signedBy.trim())) return undefined;
  }
  if (signedBy === undefined) return [35, NO_TLS];
  return flags.has('k') ? undefined : [60, UNVERIFIED];
}

/** What `-v` shows of a request and its answer. */
function conversation(request: HttpRequest, came: readonly string[], host: string): string {
  const sent = Object.entries(request.headers ?? {}).map(
    ([name, value]) => `> ${titled(name)}: ${value}`,
  );
  return [
    `> ${request.method} ${request.path} HTTP/1.1`,
    `> Host: ${request.host ?? ''}`,
    ...sent,
    '> ',
    '* Request completely sent off',
    ...[...came, ''].map((text) => `< ${text}`),
    `* Connection #0 to host ${host} left intact`,
  ].join('\n');
}

const titled = (name: string): string => name.replace(/(^|-)[a-z]/g, (text) => text.toUpperCase());

const milliseconds = (text: string | undefined): number | undefined =>
  text === undefined || Number(text) === 0 ? undefined : Math.round(Number(text) * 1000);

/** Exit codes of curl's manual page, and its words. */
function connectFailure(
  outcome: HttpOutcome & { ok: false },
  { host, port }: Url,
  connecting: boolean,
): [number, string] {
  const { error, durationMs } = outcome;
  const failed = `Failed to connect to ${host} port ${port} after ${durationMs} ms`;
  if (error === 'timeout') {
    if (!connecting) return [28, `Connection timed out after ${durationMs} milliseconds`];
    return [28, `${failed}: Timeout was reached`];
  }
  return [7, `${failed}: Could not connect to server`];
}

function failureOf(
  outcome: HttpOutcome & { ok: false },
  url: Url,
  limited: boolean,
): [number, string] {
  const { error, durationMs } = outcome;
  if (error === 'reset') return [56, 'Recv failure: Connection reset by peer'];
  if (error !== 'timeout') return connectFailure(outcome, url, false);
  if (!limited)
    return [
      28,
      `Failed to connect to ${url.host} port ${url.port} after ${durationMs} ms: Could not connect to server`,
    ];
  return [28, `Operation timed out after ${durationMs} milliseconds with 0 bytes received`];
}

const seconds = (ms: number): string => (ms / 1000).toFixed(6);

/** `%{http_code}` and its like (curl 8.17 `src/tool_writeout.c`). */
function writeOut(format: string, transfer: Transfer): string {
  const { response, url, durationMs } = transfer;
  const size = transfer.method === 'HEAD' ? 0 : (response?.body.length ?? 0);
  const status = String(response?.status ?? 0).padStart(3, '0');
  const total = seconds(durationMs);
  const location = headerOf(response, 'location');
  const next = location === undefined || !url ? undefined : resolveUrl(url, location);
  const variables: Readonly<Record<string, string>> = {
    http_code: status,
    response_code: status,
    http_connect: '000',
    http_version: response ? '1.1' : '0',
    time_total: total,
    time_connect: response ? seconds(Math.min(durationMs, 1)) : '0.000000',
    time_namelookup: seconds(0),
    time_appconnect: seconds(0),
    time_pretransfer: response ? seconds(Math.min(durationMs, 1)) : '0.000000',
    time_redirect: seconds(0),
    time_starttransfer: response ? total : '0.000000',
    size_download: String(size),
    size_header: String(transfer.heads.length),
    size_request: '0',
    size_upload: '0',
    speed_download: String(durationMs === 0 ? 0 : Math.floor((size * 1000) / durationMs)),
    speed_upload: '0',
    content_type: headerOf(response, 'content-type') ?? '',
    url: transfer.asked,
    url_effective: url ? formatUrl(url) : transfer.asked,
    redirect_url: next === undefined || typeof next === 'string' ? '' : formatUrl(next),
    remote_ip: transfer.ip,
    remote_port: String(url?.port ?? 0),
    local_ip: '',
    local_port: '0',
    method: transfer.method,
    num_connects: response ? '1' : '0',
    num_headers: String(Object.keys(response?.headers ?? {}).length),
    num_redirects: String(transfer.redirects),
    scheme: url?.scheme ?? '',
    exitcode: String(transfer.code),
    errormsg: transfer.error,
    ssl_verify_result: '0',
    urlnum: '0',
    stdout: '',
    stderr: '',
  };
  return format.replace(
    /%\{([a-z_]+)\}|%%|\\([nrt\\])/g,
    (whole, name: string | undefined, escape: string | undefined) => {
      if (whole === '%%') return '%';
      if (escape !== undefined) return { n: '\n', r: '\r', t: '\t', '\\': '\\' }[escape] ?? whole;
      return name !== undefined && Object.hasOwn(variables, name) ? variables[name]! : '';
    },
  );
}
