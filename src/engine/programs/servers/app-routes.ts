import type { HttpRequest, Upstream } from '../../net/http.ts';
import type { Forwarded, ProcessContext } from '../program.ts';
import { textIn } from './plans.ts';

/**
 * Routes of an application that ask other servers, as comments beside the code that does the same:
 *
 *     // drydock: GET /visits = REDIS INCR visits
 *     // drydock: GET /books = POSTGRES SELECT title FROM books
 *     // drydock: GET /greeting = FILE GREETING_FILE
 *
 * Where the stores are the environment says, in the usual names: REDIS_HOST and REDIS_PORT; DB_HOST,
 * DB_PORT, DB_NAME, DB_USER and DB_PASSWORD, or DB_PASSWORD_FILE, which is read at each request. An
 * answer is JSON: what was asked for under the last word of the path, and who answers.
 *
 * Simplified: one route asks one server once; connections are not kept.
 */
export interface Route {
  readonly method: string;
  readonly path: string;
  readonly source: 'REDIS' | 'POSTGRES' | 'FILE';
  /** A command, a statement, or the variable that names the file. */
  readonly asks: string;
}

export interface RouteAnswer {
  readonly status: number;
  readonly text: string;
}

const ROUTE =
  /^\s*(?:\/\/|#)\s*drydock:\s*(GET|POST|PUT|DELETE) (\/\S*) = (REDIS|POSTGRES|FILE) (.+?)\s*$/;
const TIMEOUT_MS = 3000;
const decoder = new TextDecoder();

/** The routes that a file of code declares. */
export function routesIn(text: string): Route[] {
  const found = text.split('\n').map((line) => ROUTE.exec(line));
  return found.flatMap((match) => {
    if (!match) return [];
    const [, method = '', path = '', source = '', asks = ''] = match;
    return [{ method, path, source: source as Route['source'], asks }];
  });
}

/** What a route asks another server, or what it answers once that one has answered. */
export function routeAnswer(
  context: ProcessContext,
  route: Route,
  upstream: Upstream | undefined,
): Forwarded | RouteAnswer {
  if (route.source === 'FILE') return fileAnswer(context, route);
  const { host, port, request } = storeRequest(context, route);
  if (upstream === undefined) {
    return { forward: { host, port, request, timeoutMs: TIMEOUT_MS } };
  }
  const about = `${route.source === 'REDIS' ? 'redis' : 'database'} ${host}:${port}`;
  if (upstream === 'abandoned') return failed(`${about}: timeout`);
  if (upstream === 'unresolved') return failed(`${about}: name not found`);
  if (!upstream.ok) return failed(`${about}: ${upstream.error}`);
  if (upstream.response.status !== 200) return failed(`${about}: no answer of its protocol`);
  const text = decoder.decode(upstream.response.body);
  if (route.source === 'REDIS') return redisAnswer(context, route, about, text);
  if (text.startsWith('!') || text.startsWith('?')) return failed(`${about}: ${text.slice(1)}`);
  return told(context, route, JSON.parse(text));
}

function storeRequest({ env, ...context }: ProcessContext, { source, asks }: Route) {
  if (source === 'REDIS') {
    const host = env.REDIS_HOST ?? 'localhost';
    const port = Number(env.REDIS_PORT ?? 6379);
    const path = JSON.stringify(asks.split(/\s+/));
    return { host, port, request: { method: 'REDIS', path, host: `${host}:${port}` } };
  }
  const host = env.DB_HOST ?? 'localhost';
  const port = Number(env.DB_PORT ?? 5432);
  const file = env.DB_PASSWORD_FILE;
  const password =
    file === undefined
      ? (env.DB_PASSWORD ?? '')
      : (textIn({ env, ...context }, file) ?? '').replace(/\r?\n$/, '');
  const user = env.DB_USER ?? 'postgres';
  const account = { user, database: env.DB_NAME ?? user, password, form: 'json' };
  const headers = { connection: JSON.stringify(account) };
  const request: HttpRequest = { method: 'POSTGRES', path: asks, host: `${host}:${port}`, headers };
  return { host, port, request };
}

function redisAnswer(
  context: ProcessContext,
  route: Route,
  about: string,
  text: string,
): RouteAnswer {
  const answer = JSON.parse(text) as Readonly<Record<string, unknown>>;
  if ('error' in answer) return failed(`${about}: ${String(answer.error)}`);
  return told(context, route, Object.values(answer)[0]);
}

function fileAnswer(context: ProcessContext, route: Route): RouteAnswer {
  const path = context.env[route.asks];
  const text = path === undefined ? undefined : textIn(context, path);
  if (text === undefined) return failed(`${route.asks}: ${path ?? 'not set'}: no such file`);
  return told(context, route, text.replace(/\r?\n$/, ''));
}

function told({ env, hostname }: ProcessContext, { path }: Route, value: unknown): RouteAnswer {
  const name = /[^/]*$/.exec(path)?.[0] ?? '';
  const answer = { [name === '' ? 'value' : name]: value, host: hostname };
  const version = env.APP_VERSION === undefined ? {} : { version: env.APP_VERSION };
  return { status: 200, text: `${JSON.stringify({ ...answer, ...version })}\n` };
}

const failed = (error: string): RouteAnswer => ({
  status: 503,
  text: `${JSON.stringify({ error })}\n`,
});
