import type { HttpRequest } from '../../net/http.ts';
import type {
  Client,
  ProcessContext,
  ProcessPlan,
  ProcessStep,
  ProgramModel,
  Served,
} from '../program.ts';
import { httpDate } from '../nginx/answer.ts';
import { stampOf } from '../stamp.ts';
import { ends, lines, say, textIn } from './plans.ts';

/**
 * Apache httpd 2.4: serves files below its document root, logs in the common format to standard
 * output, ends gracefully on SIGWINCH (httpd.apache.org/docs/2.4/stopping.html; error pages of
 * `modules/http/http_protocol.c`).
 *
 * Simplified: of the configuration it reads Listen, DocumentRoot and DirectoryIndex.
 */
const CONF = '/usr/local/apache2/conf/httpd.conf';
const encoder = new TextEncoder();

interface Settings {
  readonly ports: readonly number[];
  readonly root: string;
  readonly index: readonly string[];
}

function settingsOf(context: ProcessContext): Settings {
  const text = textIn(context, CONF) ?? '';
  const values = (name: string) =>
    [...text.matchAll(new RegExp(`^\\s*${name}\\s+(.+)$`, 'gim'))].map((match) => match[1]!.trim());
  const ports = values('Listen').map((word) => Number(word.slice(word.lastIndexOf(':') + 1)));
  return {
    ports: ports.length === 0 ? [80] : ports,
    root: (values('DocumentRoot')[0] ?? '/usr/local/apache2/htdocs').replace(/"/g, ''),
    index: (values('DirectoryIndex')[0] ?? 'index.html').split(/\s+/),
  };
}

const PAGES: Readonly<Record<number, readonly [string, string]>> = {
  400: [
    'Bad Request',
    'Your browser sent a request that this server could not understand.<br />\n',
  ],
  403: ['Forbidden', "You don't have permission to access this resource."],
  404: ['Not Found', 'The requested URL was not found on this server.'],
  405: ['Method Not Allowed', 'The requested method is not allowed for this URL.'],
};

function page(status: number) {
  const [title, words] = PAGES[status] ?? ['Error', ''];
  const text = `<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>${status} ${title}</title>\n</head><body>\n<h1>${title}</h1>\n<p>${words}</p>\n</body></html>\n`;
  return { status, type: 'text/html; charset=iso-8859-1', body: encoder.encode(text) };
}

const TYPES: Readonly<Record<string, string>> = {
  ...{ html: 'text/html', htm: 'text/html', css: 'text/css', txt: 'text/plain' },
  ...{ js: 'text/javascript', json: 'application/json', svg: 'image/svg+xml' },
};

function find(context: ProcessContext, { method, path }: HttpRequest) {
  if (!['GET', 'HEAD', 'POST', 'OPTIONS'].includes(method)) return page(405);
  const { root, index } = settingsOf(context);
  const clean = path.replace(/[?#].*$/s, '').replace(/\/+/g, '/');
  if (clean.split('/').some((part) => part === '..' || /%2e/i.test(part))) return page(400);
  const at = `${root}${clean}`.replace(/\/$/, '');
  const { files } = context;
  const target =
    files.kind(at) === 'dir'
      ? index.map((name) => `${at}/${name}`).find((one) => files.kind(one) === 'file')
      : at;
  if (target === undefined) return page(403);
  const body = files.kind(target) === 'file' ? files.read(target) : undefined;
  if (!body) return page(404);
  return {
    status: 200,
    type: TYPES[target.slice(target.lastIndexOf('.') + 1)] ?? 'text/plain',
    body,
  };
}

/** Somebody else listens there (`server/listen.c` `make_sock`). */
const taken = (port: number): ProcessStep[] => [
  ...say(
    0,
    [
      `(98)Address already in use: AH00072: make_sock: could not bind to address 0.0.0.0:${port}`,
      'no listening sockets available, shutting down',
      'AH00015: Unable to open logs',
    ],
    { stream: 'stderr' },
  ),
  { afterMs: 0, do: 'exit', code: 1 },
];

export const httpd: ProgramModel = {
  plan(context): ProcessPlan {
    const version = context.env.HTTPD_VERSION ?? '2.4.66';
    if (context.argv.includes('-v')) return ends([`Server version: Apache/${version} (Unix)`]);
    if (context.argv.includes('-t')) return ends(['Syntax OK'], 0, 'stderr');
    const named =
      "AH00558: httpd: Could not reliably determine the server's fully qualified domain name, using 127.0.0.1. Set the 'ServerName' directive globally to suppress this message";
    const notices = [
      `[{time}] [mpm_event:notice] [pid 1:tid 1] AH00489: Apache/${version} (Unix) configured -- resuming normal operations`,
      "[{time}] [core:notice] [pid 1:tid 1] AH00094: Command line: 'httpd -D FOREGROUND'",
    ];
    const log = { stream: 'stderr', stamped: 'apache' } as const;
    const end = (name: string, code: string) =>
      lines(
        [
          `[{time}] [mpm_event:notice] [pid 1:tid 1] ${code}: caught ${name}, shutting down${name === 'SIGWINCH' ? ' gracefully' : ''}`,
        ],
        log,
      );
    return {
      steps: [
        ...say(80, [named, named], { stream: 'stderr' }),
        ...settingsOf(context).ports.map(
          (port) => ({ afterMs: 100, do: 'listen', port, taken: taken(port) }) as const,
        ),
        ...say(100, notices, log),
      ],
      signals: {
        SIGWINCH: { exitCode: 0, afterMs: 40, log: end('SIGWINCH', 'AH00492') },
        SIGTERM: { exitCode: 0, afterMs: 20, log: end('SIGTERM', 'AH00491') },
        SIGHUP: 'ignore',
        SIGUSR1: 'ignore',
      },
      memoryBytes: 25_000_000,
    };
  },

  serve(context, request, client: Client): Served {
    const { status, type, body } = find(context, request);
    const sent = request.method === 'HEAD' ? new Uint8Array(0) : body;
    const headers = {
      Date: httpDate(client.timeMs),
      Server: `Apache/${context.env.HTTPD_VERSION ?? '2.4.66'} (Unix)`,
      'Content-Length': String(body.length),
      'Content-Type': type,
    };
    const text = `${client.ip} - - [${stampOf('access', client.timeMs)}] "${request.method} ${request.path} HTTP/1.1" ${status} ${sent.length}`;
    return {
      response: { status, headers, body: sent },
      afterMs: 2,
      log: { stream: 'stdout', text },
    };
  },
};
