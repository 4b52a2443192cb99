import type { HttpRequest, HttpResponse } from '../../net/http.ts';
import type { Client, FileView, LogText, ProcessContext, Served } from '../program.ts';
import { stampOf } from '../stamp.ts';
import { builtOf } from './built.ts';
import type { Directive } from './configuration.ts';
import { errorLine, expand, hostOf, variable, type Answer, type Exchange } from './exchange.ts';
import { errorPage } from './pages.ts';
import { proxy, type Proxied } from './proxy.ts';
import { locationFor, namedLocation, readSite, serverFor, settingOf, type Site } from './sites.ts';

/**
 * How nginx answers a request: the server for its host, the location for its path, and there
 * `return`, `proxy_pass`, `try_files` or the file below `root`.
 *
 * Simplified: no nested locations, no caching.
 */
const SERVICE_MS = 2;
const encoder = new TextEncoder();

type Outcome = Proxied;

export function answer(
  context: ProcessContext,
  request: HttpRequest,
  client: Client,
): Served | Exclude<Proxied, Answer> | undefined {
  const { site } = readSite(context.files);
  const port = client.port ?? site?.servers[0]?.ports[0] ?? 80;
  const server = site && serverFor(site, port, hostOf(request));
  if (!site || !server) return undefined;
  const uri = cleanUri(request.path);
  const exchange = { context, request, client, site, server, port, uri: uri ?? '/' };
  const location = uri === undefined ? undefined : locationFor(server, uri);
  const outcome = uri === undefined ? errorPage(exchange, 400) : follow(exchange, location);
  if (!('status' in outcome)) return outcome;
  return finish(exchange, location, withErrorPage(exchange, location, outcome));
}

/** The path, decoded and without `.` and `..`; undefined where it would lead above the root. */
function cleanUri(path: string): string | undefined {
  let text = path.replace(/[?#].*$/s, '');
  try {
    text = decodeURIComponent(text);
  } catch {
    return undefined;
  }
  const parts: string[] = [];
  for (const part of text.split('/')) {
    if (part === '..' && parts.pop() === undefined) return undefined;
    if (part !== '..' && part !== '.' && part !== '') parts.push(part);
  }
  const last = text.split('/').at(-1);
  const slash = last === '' || last === '.' || last === '..';
  return `/${parts.join('/')}${slash && parts.length > 0 ? '/' : ''}`;
}

function follow(given: Exchange, location: Directive | undefined, depth = 0): Outcome {
  const own = location?.block;
  const exchange = rewritten(withVariables(given, own), own);
  const { site, server, request } = exchange;
  const returned = settingOf('return', own) ?? settingOf('return', server.directives);
  if (returned) return returning(exchange, returned);
  const denied = own?.find(({ name }) => name === 'deny' || name === 'allow');
  if (denied?.name === 'deny' && denied.args.includes('all')) {
    return refused(exchange, 403, 'access forbidden by rule');
  }
  if (own?.some(({ name }) => name === 'stub_status')) return stubStatus();
  const proxied = settingOf('proxy_pass', own);
  if (proxied) return proxy(exchange, location, proxied[0] ?? '');
  if (request.method !== 'GET' && request.method !== 'HEAD') return errorPage(exchange, 405);
  const tried = settingOf('try_files', own, server.directives);
  if (tried && depth < 10) return tryFiles(exchange, location, tried, depth);
  return file(exchange, location, exchange.uri, depth, site);
}

/** What `set` gives in the server and in the location. */
function withVariables(exchange: Exchange, own: readonly Directive[] = []): Exchange {
  const directives = [...exchange.server.directives, ...own].filter(({ name }) => name === 'set');
  return directives.reduce((now, { args: [name = '', value = ''] }) => {
    const set = { ...now.set, [name.replace(/^\$/, '')]: expand(now, value) };
    return { ...now, set };
  }, exchange);
}

/** `rewrite ^/api/(.*)$ /$1 break;`. Simplified: no other location is looked for. */
function rewritten(exchange: Exchange, own: readonly Directive[] = []): Exchange {
  for (const { name, args } of own) {
    const [expression = '', to = ''] = args;
    if (name !== 'rewrite') continue;
    const match = matchOf(expression, exchange.uri);
    if (!match) continue;
    const groups = Object.fromEntries(match.map((text, i) => [String(i), text ?? '']));
    return { ...exchange, uri: expand(exchange, to, groups), rewritten: true };
  }
  return exchange;
}

function matchOf(expression: string, text: string): RegExpExecArray | null {
  try {
    return new RegExp(expression).exec(text);
  } catch {
    return null;
  }
}

/** `return 301 https://…`, `return 200 "text"`, `return URL`. */
function returning(exchange: Exchange, args: readonly string[]): Answer {
  const [first = '', second] = args;
  const status = /^\d{3}$/.test(first) ? Number(first) : 302;
  const text = expand(exchange, second ?? (/^\d{3}$/.test(first) ? '' : first));
  if ([301, 302, 303, 307, 308].includes(status)) {
    const absolute = text.startsWith('/')
      ? `http://${exchange.request.host ?? 'localhost'}${text}`
      : text;
    return { ...errorPage(exchange, status), headers: { Location: absolute } };
  }
  if (status === 444) return { status: 0, body: new Uint8Array(0) };
  if (second === undefined) return errorPage(exchange, status);
  return { status, body: encoder.encode(text) };
}

function stubStatus(): Answer {
  const text =
    'Active connections: 1 \nserver accepts handled requests\n 1 1 1 \nReading: 0 Writing: 1 Waiting: 0 \n';
  return { status: 200, body: encoder.encode(text), type: 'text/plain' };
}

function tryFiles(
  exchange: Exchange,
  location: Directive | undefined,
  args: readonly string[],
  depth: number,
): Outcome {
  const { files } = exchange.context;
  const last = args.at(-1) ?? '';
  for (const one of args.slice(0, -1)) {
    const uri = expand(exchange, one);
    const at = pathOf(exchange, location, uri.replace(/\/$/, ''));
    const kind = files.kind(at === '' ? '/' : at);
    if (one.endsWith('/') ? kind === 'dir' : kind === 'file') {
      return file(
        exchange,
        location,
        one.endsWith('/') && !uri.endsWith('/') ? `${uri}/` : uri,
        depth,
        exchange.site,
      );
    }
  }
  if (last.startsWith('=')) return errorPage(exchange, Number(last.slice(1)) || 404);
  if (last.startsWith('@')) {
    const named = namedLocation(exchange.server, last);
    return named ? follow(exchange, named, depth + 1) : errorPage(exchange, 500);
  }
  const uri = expand(exchange, last).replace(/\?.*$/s, '');
  const next = { ...exchange, uri };
  return follow(next, locationFor(exchange.server, uri), depth + 1);
}

const refused = (exchange: Exchange, status: number, why: string): Answer =>
  errorPage(exchange, status, [errorLine(exchange, 'error', why)]);

function pathOf({ site, server }: Exchange, location: Directive | undefined, uri: string): string {
  const alias = settingOf('alias', location?.block)?.[0];
  if (alias !== undefined) {
    const prefix = location?.args.at(-1) ?? '';
    return `${alias}${uri.slice(prefix.length)}`.replace(/\/+/g, '/');
  }
  const root =
    settingOf('root', location?.block, server.directives, site.http)?.[0] ?? '/etc/nginx/html';
  const base = root.startsWith('/') ? root : `/etc/nginx/${root}`;
  return `${base.replace(/\/$/, '')}${uri}`;
}

function file(
  exchange: Exchange,
  location: Directive | undefined,
  uri: string,
  depth: number,
  site: Site,
): Outcome {
  const { context, server, request } = exchange;
  const { files } = context;
  const at = pathOf(exchange, location, uri);
  const kind = files.kind(at.replace(/\/$/, '') || '/');
  if (uri.endsWith('/')) {
    const names = settingOf('index', location?.block, server.directives, site.http) ?? [
      'index.html',
    ];
    for (const name of names) {
      if (files.kind(`${at}${name}`) !== 'file') continue;
      // The index file is looked up as a path of its own, and may lead to another location.
      const inner = locationFor(server, `${uri}${name}`);
      const next = { ...exchange, uri: `${uri}${name}` };
      if (inner !== location && depth < 10) return follow(next, inner, depth + 1);
      return found(exchange, location, `${at}${name}`);
    }
    if (kind === undefined) {
      const index = names[0] ?? 'index.html';
      const why = `"${at}${index}" is not found (2: No such file or directory)`;
      return refused(exchange, 404, why);
    }
    const listed = settingOf('autoindex', location?.block, server.directives, site.http);
    if (listed?.[0] === 'on') return autoindex(files, at, uri);
    return refused(exchange, 403, `directory index of "${at}" is forbidden`);
  }
  if (kind === 'dir') {
    const to = `http://${request.host ?? 'localhost'}${uri}/`;
    return { ...errorPage(exchange, 301), headers: { Location: to } };
  }
  if (kind === undefined) {
    return refused(exchange, 404, `open() "${at}" failed (2: No such file or directory)`);
  }
  return found(exchange, location, at);
}

function found(exchange: Exchange, location: Directive | undefined, path: string): Answer {
  const body = exchange.context.files.read(path) ?? new Uint8Array(0);
  const extension = path.slice(path.lastIndexOf('.') + 1);
  const { types, http } = exchange.site;
  const fallback = settingOf('default_type', location?.block, exchange.server.directives, http);
  const type = Object.hasOwn(types, extension)
    ? types[extension]!
    : (fallback?.[0] ?? 'text/plain');
  const modified = 'Tue, 28 Oct 2025 12:05:10 GMT';
  const etag = `"6900b176-${body.length.toString(16)}"`;
  return {
    status: 200,
    body,
    type,
    headers: { 'Last-Modified': modified, ETag: etag, 'Accept-Ranges': 'bytes' },
  };
}

function autoindex(files: FileView, at: string, uri: string): Answer {
  const names = files.list(at.replace(/\/$/, '') || '/').map((name) => {
    const shown = files.kind(`${at}${name}`) === 'dir' ? `${name}/` : name;
    return `<a href="${shown}">${shown}</a>`;
  });
  const text = `<html>\r\n<head><title>Index of ${uri}</title></head>\r\n<body>\r\n<h1>Index of ${uri}</h1><hr><pre><a href="../">../</a>\r\n${names.map((name) => `${name}\r\n`).join('')}</pre><hr></body>\r\n</html>\r\n`;
  return { status: 200, body: encoder.encode(text), type: 'text/html' };
}

/** `error_page 404 /404.html;`: another page with the same status. */
function withErrorPage(exchange: Exchange, location: Directive | undefined, given: Answer): Answer {
  if (given.status < 400 || given.errors === undefined) return given;
  const { server, site, context } = exchange;
  const pages = [...(location?.block ?? []), ...server.directives, ...site.http].filter(
    ({ name }) => name === 'error_page',
  );
  const page = pages.find(({ args }) => args.slice(0, -1).includes(String(given.status)));
  const uri = page?.args.at(-1);
  if (!uri?.startsWith('/')) return given;
  const other = locationFor(server, uri);
  const at = pathOf(exchange, other, uri);
  if (context.files.kind(at) !== 'file') return given;
  const status = page?.args.find((arg) => /^=\d{3}$/.test(arg));
  const instead = found(exchange, other, at);
  const code = status === undefined ? given.status : Number(status.slice(1));
  const { errors, state, waitedMs = 0 } = given;
  return { ...instead, status: code, headers: {}, errors, state, waitedMs };
}

const MAIN =
  '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"';

function finish(exchange: Exchange, location: Directive | undefined, given: Answer): Served {
  const { request, context, server, site } = exchange;
  const { status, body } = given;
  const date = httpDate(exchange.client.timeMs);
  const added = [server.directives, location?.block ?? []]
    .flat()
    .filter(({ name }) => name === 'add_header');
  const tokens = settingOf('server_tokens', location?.block, server.directives, site.http)?.[0];
  const type =
    given.type ??
    settingOf('default_type', location?.block, server.directives, site.http)?.[0] ??
    'text/plain';
  const { 'Last-Modified': modified, ...others } = given.headers ?? {};
  const headers = {
    Server: tokens === 'off' ? 'nginx' : `nginx/${builtOf(context).version}`,
    Date: date,
    ...(status === 204 ? {} : { 'Content-Type': type, 'Content-Length': String(body.length) }),
    ...(modified === undefined ? {} : { 'Last-Modified': modified }),
    Connection: 'keep-alive',
    ...others,
    ...Object.fromEntries(
      added
        .filter(({ args }) => status < 400 || args[2] === 'always')
        .map(({ args }) => [args[0] ?? '', expand(exchange, args[1] ?? '')]),
    ),
  };
  const sent = request.method === 'HEAD' ? new Uint8Array(0) : body;
  const log = [...(given.errors ?? []), ...accessLine(exchange, location, status, sent.length)];
  return {
    response: { status, headers, body: sent } satisfies HttpResponse,
    afterMs: SERVICE_MS + (given.waitedMs ?? 0),
    ...(given.state !== undefined && { state: given.state }),
    cpuMs: SERVICE_MS,
    log,
  };
}

/** A line of the access log, when it leads to standard output. */
function accessLine(
  exchange: Exchange,
  location: Directive | undefined,
  status: number,
  bytes: number,
): LogText[] {
  const { site, server } = exchange;
  const [path = '/var/log/nginx/access.log', format = 'combined'] =
    settingOf('access_log', location?.block, server.directives, site.http) ?? [];
  if (path === 'off') return [];
  const stdout = path === '/dev/stdout' || path === '/var/log/nginx/access.log';
  if (!stdout) return [];
  const defined = site.http.find(({ name, args }) => name === 'log_format' && args[0] === format);
  const pattern = defined ? defined.args.slice(1).join('') : MAIN;
  const values = {
    status: String(status),
    body_bytes_sent: String(bytes),
    bytes_sent: String(bytes),
  };
  const filled = expand(exchange, pattern, {
    ...values,
    ...Object.fromEntries(
      ['http_referer', 'http_user_agent', 'http_x_forwarded_for'].map((name) => [
        name,
        variable(exchange, name) || '-',
      ]),
    ),
  });
  return [{ stream: 'stdout', text: filled }];
}

const DAYS = 'Mon Tue Wed Thu Fri Sat Sun'.split(' ');

/** `Mon, 05 Jan 2026 00:00:07 GMT`; virtual time counts from a Monday. */
export function httpDate(timeMs: number): string {
  const [day = '', time = ''] = stampOf('access', timeMs).split(/:(.*)/s);
  const name = DAYS[((Math.floor(timeMs / 86_400_000) % 7) + 7) % 7] ?? '';
  return `${name}, ${day.replace(/\//g, ' ')} ${time.replace(' +0000', '')} GMT`;
}
