import { civilTime } from '../sim/clock.ts';
import type { HttpRequest } from '../net/http.ts';
import type {
  FileView,
  LogText,
  ProcessContext,
  ProcessPlan,
  ProcessStep,
  ProgramModel,
  Served,
} from './program.ts';

/**
 * nginx 1.29: listens on the ports of its configuration, serves files from its root, logs in the
 * format `main` of its image's configuration, ends gracefully on SIGQUIT and fast on SIGTERM, both
 * with exit code 0 (nginx.org/en/docs/control.html).
 *
 * Simplified: of the configuration it reads `listen`, `root`, `index` and `include`, one server, and
 * it has one worker; a page that is not there leaves no line in the error log.
 * Start and service times are model figures.
 */
export interface NginxSite {
  readonly ports: readonly number[];
  readonly root: string;
  readonly index: readonly string[];
}

const START_MS = 120;
const SERVICE_MS = 2;
const QUIT_MS = 30;
const VERSION = '1.29.3';
const decoder = new TextDecoder();
const encoder = new TextEncoder();

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html',
  htm: 'text/html',
  css: 'text/css',
  js: 'application/javascript',
  json: 'application/json',
  svg: 'image/svg+xml',
  txt: 'text/plain',
};

/** What the configuration says; the defaults where it says nothing. */
export function readSite(files: FileView): NginxSite {
  const listed = files.list('/etc/nginx/conf.d').filter((name) => name.endsWith('.conf'));
  const paths = ['/etc/nginx/nginx.conf', ...listed.map((name) => `/etc/nginx/conf.d/${name}`)];
  const text = paths.map((path) => decoder.decode(files.read(path))).join('\n');
  const directives = text.replace(/#.*$/gm, '').split(/[;{}]/);
  const argumentsOf = (name: string) =>
    directives
      .map((directive) => directive.trim().split(/\s+/))
      .filter(([word]) => word === name)
      .map((words) => words.slice(1));
  const ports = argumentsOf('listen')
    .map(([address = '']) => Number(/(?:^|:)(\d+)$/.exec(address)?.[1] ?? 80))
    .filter((port, i, all) => all.indexOf(port) === i);
  const index = argumentsOf('index')[0] ?? ['index.html'];
  const root = argumentsOf('root')[0]?.[0] ?? '/usr/share/nginx/html';
  return { ports: ports.length === 0 ? [80] : ports, root, index };
}

export const nginx: ProgramModel = {
  plan({ argv, files }): ProcessPlan {
    const notices = [
      'using the "epoll" event method',
      `nginx/${VERSION}`,
      'built by gcc 14.2.0 (Alpine 14.2.0)',
      'OS: Linux 6.12.0',
      'getrlimit(RLIMIT_NOFILE): 1048576:1048576',
      'start worker processes',
      'start worker process 30',
    ];
    const { ports } = readSite(files);
    const steps: ProcessStep[] = notices.map((text) => ({
      afterMs: START_MS,
      do: 'log',
      stream: 'stderr',
      text: `[notice] 1#1: ${text}`,
      stamped: true,
    }));
    for (const port of ports) steps.push({ afterMs: START_MS, do: 'listen', port });
    // Without `daemon off;` the first process leaves its workers behind and the container ends.
    const inForeground = argv.join(' ').includes('daemon off');
    if (!inForeground) steps.push({ afterMs: START_MS, do: 'exit', code: 0 });
    return {
      steps,
      signals: {
        SIGQUIT: { exitCode: 0, afterMs: QUIT_MS, log: shutDown('SIGQUIT', 3, true) },
        SIGTERM: { exitCode: 0, afterMs: 5, log: shutDown('SIGTERM', 15, false) },
        SIGINT: { exitCode: 0, afterMs: 5, log: shutDown('SIGINT', 2, false) },
        SIGHUP: 'ignore',
      },
      memoryBytes: 6_000_000,
    };
  },

  serve(context, request, client): Served {
    const found = find(context, request);
    const headers = {
      Server: `nginx/${VERSION}`,
      'Content-Type': found.type,
      'Content-Length': String(found.body.length),
    };
    const body = request.method === 'HEAD' ? new Uint8Array(0) : found.body;
    const agent = request.headers?.['user-agent'] ?? '-';
    const text =
      `${client.ip} - - [${accessTime(client.timeMs)}] ` +
      `"${request.method} ${request.path} HTTP/1.1" ${found.status} ${body.length} "-" "${agent}" "-"`;
    const response = { status: found.status, headers, body };
    return { response, afterMs: SERVICE_MS, log: { stream: 'stdout', text } };
  },
};

function shutDown(signal: string, number: number, gracefully: boolean): LogText[] {
  const how = gracefully ? 'shutting down' : 'exiting';
  const lines = [
    `[notice] 1#1: signal ${number} (${signal}) received, ${how}`,
    ...(gracefully ? ['[notice] 30#30: gracefully shutting down'] : []),
    '[notice] 30#30: exiting',
    '[notice] 30#30: exit',
    '[notice] 1#1: signal 17 (SIGCHLD) received from 30',
    '[notice] 1#1: worker process 30 exited with code 0',
    '[notice] 1#1: exit',
  ];
  return lines.map((text) => ({ stream: 'stderr', text, stamped: true }));
}

function find({ files }: ProcessContext, { method, path }: HttpRequest) {
  if (method !== 'GET' && method !== 'HEAD') return errorPage(405, 'Not Allowed');
  const { root, index } = readSite(files);
  const clean = (path.split('?')[0] ?? '/').replace(/\/+/g, '/');
  if (clean.split('/').includes('..')) return errorPage(400, 'Bad Request');
  const at = `${root}${clean}`.replace(/\/$/, '');
  if (files.kind(at) === 'dir') {
    const name = index.find((candidate) => files.kind(`${at}/${candidate}`) === 'file');
    if (name === undefined) return errorPage(403, 'Forbidden');
    return page(name, files.read(`${at}/${name}`)!);
  }
  const body = files.read(at);
  return body ? page(at, body) : errorPage(404, 'Not Found');
}

function page(name: string, body: Uint8Array) {
  const type = TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
  return { status: 200, type, body };
}

function errorPage(status: number, words: string) {
  const lines = [
    '<html>',
    `<head><title>${status} ${words}</title></head>`,
    '<body>',
    `<center><h1>${status} ${words}</h1></center>`,
    `<hr><center>nginx/${VERSION}</center>`,
    '</body>',
    '</html>',
    '',
  ];
  return { status, type: 'text/html', body: encoder.encode(lines.join('\r\n')) };
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const two = (value: number): string => String(value).padStart(2, '0');

/** `05/Jan/2026:00:00:07 +0000`. */
function accessTime(timeMs: number): string {
  const t = civilTime(timeMs);
  const clock = `${two(t.hour)}:${two(t.minute)}:${two(t.second)}`;
  return `${two(t.day)}/${MONTHS[t.month - 1] ?? ''}/${t.year}:${clock} +0000`;
}
