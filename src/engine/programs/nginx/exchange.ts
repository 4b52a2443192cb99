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
  const { context, request, client, server, uri, port, set = {} } = exchange;
  if (Object.hasOwn(set, name)) return set[name];
  const args = /\?(.*)$/s.exec(request.path)?.[1] ?? '';
  if (name.startsWith('http_')) return request.headers?.[name.slice(5).replace(/_/g, '-')] ?? '';
  if (name.startsWith('arg_')) {
    const pair = args.split('&').find((one) => one.startsWith(`${name.slice(4)}=`));
    return pair?.slice(name.length - 3) ?? '';
  }
  const host = hostOf(request);
  const values: Readonly<Record<string, string>> = {
    ...{ uri, document_uri: uri, request_uri: request.path, args, query_string: args },
    is_args: args === '' ? '' : '?',
    host: host === '' ? (server.names[0] ?? '') : host,
    hostname: context.hostname,
    ...{ remote_addr: client.ip, remote_user: '-', remote_port: '40000' },
    ...{ scheme: 'http', server_protocol: 'HTTP/1.1', request_method: request.method },
    ...{ server_port: String(port), server_name: server.names[0] ?? '', server_addr: '' },
    proxy_add_x_forwarded_for: [request.headers?.['x-forwarded-for'], client.ip]
      .filter(Boolean)
      .join(', '),
    proxy_host: '',
    request: `${request.method} ${request.path} HTTP/1.1`,
    ...{
      time_local: stampOf('access', client.timeMs),
      time_iso8601: stampOf('go', client.timeMs).replace('Z', '+00:00'),
    },
    ...{ nginx_version: builtOf(context).version, pid: '30', connection: '1' },
    ...{ request_time: '0.000', request_length: '100', http_upgrade: '' },
  };
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

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
