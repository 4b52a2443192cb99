import type { HttpRequest } from '../../net/http.ts';
import type { Client, Forwarded, ProcessContext, ProgramModel, Served } from '../program.ts';
import { httpDate } from '../nginx/answer.ts';
import { stampOf } from '../stamp.ts';
import { say } from './plans.ts';

/**
 * The two faces of Docker's voting application (dockersamples/example-voting-app `vote/app.py`,
 * `result/server.js`): one appends votes to a list in Redis, the other shows what the worker has
 * written into postgres.
 *
 * Simplified: pages are short, and the one of the results holds its numbers: a browser gets them over
 * a web socket.
 */
export const VOTES = { list: 'votes', table: 'votes' } as const;

/** How the parts log in to postgres: it is in their sources. */
export const DATABASE = {
  host: 'db',
  port: 5432,
  account: { user: 'postgres', database: 'postgres', password: 'postgres', form: 'json' },
} as const;

const FIGURES = { startMs: 700, answerMs: 4, cpuMs: 2, memoryBytes: 60_000_000 };
const WORKERS = [7, 8, 9, 10];
const TIMEOUT_MS = 5000;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

interface Page {
  readonly status: number;
  readonly title: string;
  readonly lines: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

function served(request: HttpRequest, client: Client, page: Page, log: boolean): Served {
  const { status, title, lines, headers = {} } = page;
  const text = `<!DOCTYPE html>\n<html>\n<head><title>${title}</title></head>\n<body>\n${lines.join('\n')}\n</body>\n</html>\n`;
  const body = encoder.encode(text);
  const agent = request.headers?.['user-agent'] ?? '-';
  const access = `${client.ip} - - [${stampOf('access', client.timeMs)}] "${request.method} ${request.path} HTTP/1.1" ${status} ${body.length} "-" "${agent}"`;
  return {
    response: {
      status,
      headers: {
        Date: httpDate(client.timeMs),
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Length': String(body.length),
        ...headers,
      },
      body: request.method === 'HEAD' ? new Uint8Array(0) : body,
    },
    afterMs: FIGURES.answerMs,
    cpuMs: FIGURES.cpuMs,
    ...(log && { log: { stream: 'stdout', text: access } }),
  };
}

const FAILED: Page = {
  status: 500,
  title: '500 Internal Server Error',
  lines: ['<h1>Internal Server Error</h1>'],
};
const MISSING: Page = { status: 404, title: '404 Not Found', lines: ['<h1>Not Found</h1>'] };

/** Who votes: the cookie, or a new name of sixteen hexadecimal digits. */
function voterOf({ hostname }: ProcessContext, request: HttpRequest, count: number): string {
  const known = /\bvoter_id=([^;]+)/.exec(request.headers?.cookie ?? '')?.[1];
  if (known !== undefined) return known;
  let hash = 0x811c9dc5;
  for (const byte of encoder.encode(`${hostname} ${count}`)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash.toString(16).padStart(8, '0').repeat(2).slice(1);
}

const vote: ProgramModel = {
  usesHostname: true,
  plan() {
    const { startMs, memoryBytes } = FIGURES;
    const log = ['Starting gunicorn 23.0.0', 'Listening at: http://0.0.0.0:80 (1)'];
    const lines = [...log, 'Using worker: sync'].map((text) => `[{time}] [1] [INFO] ${text}`);
    const booted = WORKERS.map((pid) => `[{time}] [${pid}] [INFO] Booting worker with pid: ${pid}`);
    const told = { stream: 'stderr', stamped: 'gunicorn' } as const;
    return {
      steps: [
        { afterMs: startMs, do: 'listen', port: 80 },
        ...say(startMs, [...lines, ...booted], told),
      ],
      signals: { SIGTERM: { exitCode: 0, afterMs: 100 }, SIGINT: { exitCode: 0, afterMs: 100 } },
      memoryBytes,
    };
  },
  serve(context, request, client): Served | Forwarded {
    if (request.path.replace(/\?.*$/s, '') !== '/') return served(request, client, MISSING, true);
    const { env, hostname } = context;
    const { count = 0 } = (client.state as { count: number } | undefined) ?? {};
    const voter = voterOf(context, request, count);
    const chosen = /(?:^|&)vote=([^&]*)/.exec(request.body ?? '')?.[1];
    if (request.method === 'POST') {
      if (chosen === undefined) {
        const bad = { status: 400, title: '400 Bad Request', lines: ['<h1>Bad Request</h1>'] };
        return served(request, client, bad, true);
      }
      const { upstream } = client;
      if (upstream === undefined) {
        const text = `{"voter_id": ${JSON.stringify(voter)}, "vote": ${JSON.stringify(chosen)}}`;
        const asked = { method: 'REDIS', path: JSON.stringify(['RPUSH', VOTES.list, text]) };
        return { forward: { host: 'redis', port: 6379, request: asked, timeoutMs: TIMEOUT_MS } };
      }
      if (typeof upstream === 'string' || !upstream.ok) {
        return served(request, client, FAILED, true);
      }
    }
    const [a, b] = [env.OPTION_A ?? 'Cats', env.OPTION_B ?? 'Dogs'];
    const title = `${a} vs ${b}!`;
    const lines = [
      `<h3>${title}</h3>`,
      ...(chosen === undefined ? [] : [`<p>Your vote: ${chosen === 'a' ? a : b}</p>`]),
      `<div id="hostname">Processed by container ID ${hostname}</div>`,
    ];
    const headers = { 'Set-Cookie': `voter_id=${voter}; Path=/` };
    const page = { status: 200, title, lines, headers };
    return { ...served(request, client, page, true), state: { count: count + 1 } };
  },
};

const result: ProgramModel = {
  plan({ env }) {
    const port = Number(env.PORT ?? 4000);
    const { startMs, memoryBytes } = FIGURES;
    return {
      steps: [
        { afterMs: startMs, do: 'listen', port },
        ...say(startMs, [`App running on port ${port}`]),
      ],
      signals: {},
      memoryBytes,
    };
  },
  serve(_context, request, client): Served | Forwarded {
    if (request.path.replace(/\?.*$/s, '') !== '/') return served(request, client, MISSING, false);
    const { upstream } = client;
    if (upstream === undefined) {
      const headers = { connection: JSON.stringify(DATABASE.account) };
      const asked = { method: 'POSTGRES', path: `SELECT vote FROM ${VOTES.table}`, headers };
      const { host, port } = DATABASE;
      return { forward: { host, port, request: asked, timeoutMs: TIMEOUT_MS } };
    }
    const text =
      typeof upstream === 'string' || !upstream.ok ? '' : decoder.decode(upstream.response.body);
    const votes = text.startsWith('[') ? (JSON.parse(text) as { vote: string }[]) : [];
    const share = (option: string): string => {
      const some = votes.filter((one) => one.vote === option).length;
      return votes.length === 0 ? '50.0' : ((100 * some) / votes.length).toFixed(1);
    };
    const total = votes.length;
    const words = ['No votes yet', '1 vote'][total] ?? `${total} votes`;
    const lines = [
      `<div>Cats ${share('a')}%</div>`,
      `<div>Dogs ${share('b')}%</div>`,
      `<div id="result">${words}</div>`,
    ];
    return served(request, client, { status: 200, title: 'Cats vs Dogs -- Result', lines }, false);
  },
};

export const VOTING_SERVERS: Readonly<Record<string, ProgramModel>> = {
  'voting-vote': vote,
  'voting-result': result,
};
