import type { HttpRequest, Upstream } from '../../net/http.ts';
import type { Client, Forwarded, ProcessContext, ProcessPlan, Served } from '../program.ts';
import { httpDate } from '../nginx/answer.ts';
import { stampOf } from '../stamp.ts';
import { readFlask, type FlaskApp, type Piece } from './flask-source.ts';
import { say, textIn } from './plans.ts';

/**
 * A Flask application behind the server that comes with it (pallets/flask 3.1 `src/flask/cli.py`,
 * pallets/werkzeug 3.1 `src/werkzeug/serving.py`).
 *
 * Simplified: it listens on all addresses, whatever `host` says; it is not restarted when a file
 * changes; a helper that asks Redis several times asks once.
 */
const FIGURES = { startMs: 600, answerMs: 3, cpuMs: 1, memoryBytes: 32_000_000 };
const REDIS_TIMEOUT_MS = 5000;
const WERKZEUG = '3.1.4';
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** What was read of texts that servers asked for, the last ones. */
const known = new Map<string, FlaskApp | undefined>();
const KNOWN_LIMIT = 32;

/** The application in a file, where its routes are understood. */
export function flaskIn(context: ProcessContext, file: string | undefined): FlaskApp | undefined {
  const text = file === undefined ? undefined : textIn(context, file);
  if (text?.includes('Flask(') !== true) return undefined;
  if (!known.has(text)) {
    const app = readFlask(text);
    if (known.size >= KNOWN_LIMIT) known.clear();
    known.set(text, app && app.routes.length > 0 ? app : undefined);
  }
  return known.get(text);
}

/** The plan of the server; `name` is what it calls the application. */
export function flaskPlan(name: string, port: number, debug: boolean): ProcessPlan {
  const { startMs, memoryBytes } = FIGURES;
  const banner = [` * Serving Flask app '${name}'`, ` * Debug mode: ${debug ? 'on' : 'off'}`];
  const running = [
    'WARNING: This is a development server. Do not use it in a production deployment. Use a production WSGI server instead.',
    ' * Running on all addresses (0.0.0.0)',
    ` * Running on http://127.0.0.1:${port}`,
    'Press CTRL+C to quit',
    ...(debug ? [' * Restarting with stat', ' * Debugger is active!'] : []),
  ];
  const steps = [
    ...say(startMs - 100, banner),
    { afterMs: startMs, do: 'listen' as const, port },
    ...say(startMs, running, { stream: 'stderr' }),
  ];
  const leaves = { exitCode: 0, afterMs: 20 };
  // Only what restarts it when a file changes has an ear for SIGTERM (`_reloader.py`).
  const signals = { SIGINT: leaves, ...(debug && { SIGTERM: leaves }) };
  return { steps, signals, memoryBytes };
}

/** What the application answers, or what it asks Redis first. */
export function flaskAnswer(
  context: ProcessContext,
  app: FlaskApp,
  request: HttpRequest,
  client: Client,
): Served | Forwarded {
  const path = request.path.replace(/\?.*$/s, '');
  const route = app.routes.find((one) => one.path === path);
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  if (!route) return page(context, request, client, 404);
  if (!route.methods.includes(method)) return page(context, request, client, 405);
  const counted = route.answer.find(isCount);
  if (!counted) return told(context, request, client, 200, textOf(route.answer, context));
  const { host: named, port, key } = counted.counter;
  const host = textOf(named, context);
  if (client.upstream === undefined) {
    const asked = { method: 'REDIS', path: JSON.stringify(['INCR', key]), host: `${host}:${port}` };
    return { forward: { host, port, request: asked, timeoutMs: REDIS_TIMEOUT_MS } };
  }
  const { count, why } = countOf(client.upstream, `${host}:${port}`);
  if (why !== undefined && !counted.rescue) return page(context, request, client, 500, why);
  return told(context, request, client, 200, textOf(route.answer, context, count));
}

type Count = Extract<Piece, { readonly is: 'count' }>;
const isCount = (piece: Piece): piece is Count => 'is' in piece && piece.is === 'count';

function textOf(pieces: readonly Piece[], context: ProcessContext, count?: string): string {
  const texts = pieces.map((piece) => {
    if ('text' in piece) return piece.text;
    if (piece.is === 'hostname') return context.hostname;
    if (piece.is === 'env') return context.env[piece.name] ?? piece.otherwise;
    return count ?? textOf(piece.rescue ?? [], context);
  });
  return texts.join('');
}

/** The number that Redis answered, or what redis-py raises (`redis/connection.py`). */
function countOf(
  upstream: Upstream,
  at: string,
): { readonly count?: string; readonly why?: string } {
  const lost = (number: number, words: string) => ({
    why: `redis.exceptions.ConnectionError: Error ${number} connecting to ${at}. ${words}`,
  });
  if (upstream === 'unresolved') return lost(-2, 'Name or service not known.');
  if (upstream === 'abandoned') return lost(110, 'Connection timed out.');
  if (!upstream.ok) {
    if (upstream.error === 'refused') return lost(111, 'Connection refused.');
    return lost(110, 'Connection timed out.');
  }
  const answer = JSON.parse(decoder.decode(upstream.response.body)) as Record<string, unknown>;
  if ('integer' in answer) return { count: String(answer.integer) };
  return { why: `redis.exceptions.ResponseError: ${String(answer.error)}` };
}

const PAGES: Readonly<Record<number, readonly [title: string, text: string]>> = {
  404: [
    'Not Found',
    'The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.',
  ],
  405: ['Method Not Allowed', 'The method is not allowed for the requested URL.'],
  500: [
    'Internal Server Error',
    'The server encountered an internal error and was unable to complete your request. Either the server is overloaded or there is an error in the application.',
  ],
};

function page(
  context: ProcessContext,
  request: HttpRequest,
  client: Client,
  status: number,
  why?: string,
): Served {
  const [title, text] = PAGES[status]!;
  const html = `<!doctype html>\n<html lang=en>\n<title>${status} ${title}</title>\n<h1>${title}</h1>\n<p>${text}</p>\n`;
  return told(context, request, client, status, html, why);
}

function told(
  { env }: ProcessContext,
  request: HttpRequest,
  client: Client,
  status: number,
  text: string,
  why?: string,
): Served {
  const body = encoder.encode(text);
  const headers = {
    Server: `Werkzeug/${WERKZEUG} Python/${env.PYTHON_VERSION ?? '3.13.11'}`,
    Date: httpDate(client.timeMs),
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': String(body.length),
    Connection: 'close',
  };
  const time = stampOf('access', client.timeMs).replace(':', ' ').replace(' +0000', '');
  const access = `${client.ip} - - [${time}] "${request.method} ${request.path} HTTP/1.1" ${status} -`;
  const lines = why === undefined ? [access] : [why, access];
  return {
    response: { status, headers, body: request.method === 'HEAD' ? new Uint8Array(0) : body },
    afterMs: FIGURES.answerMs,
    cpuMs: FIGURES.cpuMs,
    log: lines.map((line) => ({ stream: 'stderr', text: line })),
  };
}
