import type { HttpRequest } from '../../net/http.ts';
import type { Client, LogText, ProcessContext } from '../program.ts';
import { stampOf } from '../stamp.ts';
import { builtOf } from './built.ts';
import type { ServerBlock, Site } from './sites.ts';

/** One request and where in the configuration it is; what it is answered; variables of both. */
export interface Exchange {
  readonly context: ProcessContext;
  readonly request: HttpRequest;
  readonly client: Client;
  readonly site: Site;
  readonly server: ServerBlock;
  readonly port: number;
  readonly uri: string;
  /** The path is no more the one that was asked for. */
  readonly rewritten?: true;
  /** What `set` gave. */
  readonly set?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly type?: string;
  /** It is nginx's own page for a status, with what the error log says of it. */
  readonly errors?: readonly LogText[];
  /** What the server remembers from now on. */
  readonly state?: unknown;
  /** How long it took beyond the usual. */
  readonly waitedMs?: number;
}

export const hostOf = ({ host = '' }: HttpRequest): string =>
  (/^(.*?)(?::\d+)?$/.exec(host)?.[1] ?? host).toLowerCase();

/** The variables of a text: `$uri`, `${host}`. */
export function expand(
  exchange: Exchange,
  text: string,
  more: Readonly<Record<string, string>> = {},
): string {
  return text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced?: string, plain?: string) => {
    const name = braced ?? plain ?? '';
    return Object.hasOwn(more, name) ? more[name]! : (variable(exchange, name) ?? whole);
  });
}

export function variable(exchange: Exchange, name: string): string | undefined {
  const { request, set = {} } = exchange;
  if (Object.hasOwn(set, name)) return set[name];
  if (name.startsWith('http_')) return request.headers?.[name.slice(5).replace(/_/g, '-')] ?? '';
  if (name.startsWith('arg_')) {
    const pair = argsOf(exchange)
      .split('&')
      .find((one) => one.startsWith(`${name.slice(4)}=`));
    return pair?.slice(name.length - 3) ?? '';
  }
  return Object.hasOwn(VARIABLES, name) ? VARIABLES[name]!(exchange) : undefined;
}

const argsOf = ({ request }: Exchange): string => /\?(.*)$/s.exec(request.path)?.[1] ?? '';
const serverNameOf = ({ server }: Exchange): string => server.names[0] ?? '';

/** What variables stand for; each is reckoned when it is asked for. */
const VARIABLES: Readonly<Record<string, (exchange: Exchange) => string>> = {
  uri: ({ uri }) => uri,
  document_uri: ({ uri }) => uri,
  request_uri: ({ request }) => request.path,
  args: argsOf,
  query_string: argsOf,
  is_args: (exchange) => (argsOf(exchange) === '' ? '' : '?'),
  host: (exchange) => hostOf(exchange.request) || serverNameOf(exchange),
  hostname: ({ context }) => context.hostname,
  remote_addr: ({ client }) => client.ip,
  remote_user: () => '-',
  remote_port: () => '40000',
  scheme: () => 'http',
  server_protocol: () => 'HTTP/1.1',
  request_method: ({ request }) => request.method,
  server_port: ({ port }) => String(port),
  server_name: serverNameOf,
  server_addr: () => '',
  proxy_add_x_forwarded_for: ({ request, client }) =>
    [request.headers?.['x-forwarded-for'], client.ip].filter(Boolean).join(', '),
  proxy_host: () => '',
  request: ({ request }) => `${request.method} ${request.path} HTTP/1.1`,
  time_local: ({ client }) => stampOf('access', client.timeMs),
  time_iso8601: ({ client }) => stampOf('go', client.timeMs).replace('Z', '+00:00'),
  nginx_version: ({ context }) => builtOf(context).version,
  pid: () => '30',
  connection: () => '1',
  request_time: () => '0.000',
  request_length: () => '100',
};

/**
 * A line of the error log (`ngx_http_log_error_handler`).
 *
 * @param upstream who was asked: `http://172.18.0.4:8080/visits`
 */
export function errorLine(
  { request, client, server }: Exchange,
  level: 'error' | 'warn',
  what: string,
  upstream?: string,
): LogText {
  const name = server.names[0] ?? '';
  const about = `client: ${client.ip}, server: ${name}, request: "${request.method} ${request.path} HTTP/1.1"`;
  const more = upstream === undefined ? '' : `, upstream: "${upstream}"`;
  const text = `[${level}] 30#30: *1 ${what}, ${about}${more}, host: "${request.host ?? ''}"`;
  return { stream: 'stderr', text, stamped: true };
}
