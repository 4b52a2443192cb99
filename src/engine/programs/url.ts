/**
 * URLs as curl and wget read them: scheme, host, port, path.
 *
 * Simplified: no user names, no IPv6 addresses.
 */
export interface Url {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  /** With the query, beginning with a slash. */
  readonly path: string;
}

export type UrlFault = 'malformed' | 'no host' | 'bad port';

const PORTS: Readonly<Record<string, number>> = { http: 80, https: 443, ftp: 21 };
const LENGTH_LIMIT = 8_000_000;

export function readUrl(text: string): Url | UrlFault {
  if (text.length > LENGTH_LIMIT || /[\s\u0000-\u001f]/.test(text)) return 'malformed';
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):\/\//.exec(text);
  const rest = scheme ? text.slice(scheme[0].length) : text;
  const [authority = ''] = /^[^/?#]*/.exec(rest) ?? [];
  const after = rest.slice(authority.length).replace(/#.*$/s, '');
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  const colon = host.indexOf(':');
  const name = (colon === -1 ? host : host.slice(0, colon)).toLowerCase();
  const given = colon === -1 ? '' : host.slice(colon + 1);
  if (name === '') return 'no host';
  if (!/^[A-Za-z0-9._~\u0080-\uffff-]+$/.test(name)) return 'malformed';
  if (given !== '' && (!/^\d{1,6}$/.test(given) || Number(given) > 65_535)) return 'bad port';
  const kind = (scheme?.[1] ?? 'http').toLowerCase();
  const port = given === '' ? (PORTS[kind] ?? 0) : Number(given);
  return { scheme: kind, host: name, port, path: after.startsWith('/') ? after : `/${after}` };
}

/** `http://host:8080/path`, the port left out where the scheme says it. */
export function formatUrl({ scheme, host, port, path }: Url): string {
  return `${scheme}://${hostHeader({ scheme, host, port })}${path}`;
}

export const hostHeader = ({ scheme, host, port }: Omit<Url, 'path'>): string =>
  port === PORTS[scheme] ? host : `${host}:${port}`;

/** Where a Location header leads from a URL. */
export function resolveUrl(from: Url, location: string): Url | UrlFault {
  if (/^[a-zA-Z][a-zA-Z0-9+.-]*:\/\//.test(location)) return readUrl(location);
  if (location.startsWith('//')) return readUrl(`${from.scheme}:${location}`);
  if (location.startsWith('/')) return { ...from, path: location };
  const base = from.path.replace(/\?.*$/s, '');
  return { ...from, path: `${base.slice(0, base.lastIndexOf('/') + 1)}${location}` };
}

/** The words that go with a status (RFC 9110); servers of Go, nginx and Apache agree on them. */
export const REASONS: Readonly<Record<number, string>> = {
  ...{ 200: 'OK', 201: 'Created', 202: 'Accepted', 204: 'No Content', 206: 'Partial Content' },
  ...{ 301: 'Moved Permanently', 302: 'Found', 303: 'See Other', 304: 'Not Modified' },
  ...{ 307: 'Temporary Redirect', 308: 'Permanent Redirect', 400: 'Bad Request' },
  ...{ 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 405: 'Method Not Allowed' },
  ...{ 408: 'Request Timeout', 413: 'Payload Too Large', 429: 'Too Many Requests' },
  ...{ 500: 'Internal Server Error', 501: 'Not Implemented', 502: 'Bad Gateway' },
  ...{ 503: 'Service Unavailable', 504: 'Gateway Timeout' },
};

/** nginx has words of its own for some (nginx 1.29 `src/http/ngx_http_header_filter_module.c`). */
const NGINX_REASONS: Readonly<Record<number, string>> = {
  302: 'Moved Temporarily',
  405: 'Not Allowed',
  413: 'Request Entity Too Large',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
};

export function reasonOf(status: number, server: string | undefined): string {
  const own = server?.startsWith('nginx') ? NGINX_REASONS[status] : undefined;
  return own ?? REASONS[status] ?? '';
}
