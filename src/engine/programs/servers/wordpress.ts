import type { HttpRequest, Upstream } from '../../net/http.ts';
import type {
  Client,
  Forwarded,
  ProcessContext,
  ProcessStep,
  ProgramModel,
  Served,
} from '../program.ts';
import { httpDate } from '../nginx/answer.ts';
import { stampOf } from '../stamp.ts';
import { lines, say, textIn } from './plans.ts';

/**
 * WordPress before its installation, behind Apache (docker-library/wordpress
 * `docker-entrypoint.sh`, `wp-config-docker.php`; WordPress 6.9 `wp-load.php`): whoever asks for the
 * site is sent to the installer, once the database lets it in.
 *
 * Simplified: it is never installed, and it asks only whether it may use the database.
 */
const APACHE = 'Apache/2.4.65 (Debian)';
const FIGURES = { copyMs: 900, startMs: 1_000, answerMs: 30, cpuMs: 20, memoryBytes: 45_000_000 };
const TIMEOUT_MS = 10_000;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A variable, or the file that its namesake with `_FILE` names (`getenv_docker`). */
function setting(context: ProcessContext, name: string, otherwise: string): string {
  const file = context.env[`WORDPRESS_${name}_FILE`];
  if (file !== undefined) return (textIn(context, file) ?? '').replace(/[\r\n]+$/, '');
  return context.env[`WORDPRESS_${name}`] ?? otherwise;
}

/** What the entrypoint says before it starts Apache. */
function prepared(context: ProcessContext): ProcessStep[] {
  const given = Object.keys(context.env).filter((name) => name.startsWith('WORDPRESS_'));
  const at = '/var/www/html';
  const isThere = context.files.kind(`${at}/index.php`) === 'file';
  const said = [
    ...(isThere
      ? []
      : [
          `WordPress not found in ${at} - copying now...`,
          `Complete! WordPress has been successfully copied to ${at}`,
        ]),
    ...(isThere || given.length === 0
      ? []
      : [
          `No 'wp-config.php' found in ${at}, but 'WORDPRESS_...' variables supplied; copying 'wp-config-docker.php' (${given.join(' ')})`,
        ]),
  ];
  const write: ProcessStep = {
    afterMs: FIGURES.copyMs,
    do: 'write',
    path: `${at}/index.php`,
    content: "<?php\nrequire __DIR__ . '/wp-blog-header.php';\n",
  };
  return [...say(FIGURES.copyMs, said, { stream: 'stderr' }), ...(isThere ? [] : [write])];
}

export const wordpress: ProgramModel = {
  plan(context) {
    const log = { stream: 'stderr', stamped: 'apache' } as const;
    const php = context.env.PHP_VERSION ?? '8.3.29';
    const named =
      "AH00558: apache2: Could not reliably determine the server's fully qualified domain name, using 127.0.0.1. Set the 'ServerName' directive globally to suppress this message";
    const notices = [
      `[{time}] [mpm_prefork:notice] [pid 1:tid 1] AH00163: ${APACHE} PHP/${php} configured -- resuming normal operations`,
      "[{time}] [core:notice] [pid 1:tid 1] AH00094: Command line: 'apache2 -D FOREGROUND'",
    ];
    const end = (words: string) =>
      lines([`[{time}] [mpm_prefork:notice] [pid 1:tid 1] ${words}`], log);
    return {
      steps: [
        ...prepared(context),
        ...say(FIGURES.startMs, [named, named], { stream: 'stderr' }),
        { afterMs: FIGURES.startMs, do: 'listen', port: 80 },
        ...say(FIGURES.startMs, notices, log),
      ],
      signals: {
        SIGWINCH: {
          exitCode: 0,
          afterMs: 40,
          log: end('AH00170: caught SIGWINCH, shutting down gracefully'),
        },
        SIGTERM: { exitCode: 0, afterMs: 20, log: end('AH00169: caught SIGTERM, shutting down') },
      },
      memoryBytes: FIGURES.memoryBytes,
    };
  },

  serve(context, request, client): Served | Forwarded {
    const [host = '', port = '3306'] = setting(context, 'DB_HOST', 'mysql').split(':');
    if (client.upstream === undefined) {
      const account = {
        user: setting(context, 'DB_USER', 'example username'),
        password: setting(context, 'DB_PASSWORD', 'example password'),
      };
      const headers = { connection: JSON.stringify(account) };
      const asked = { method: 'MYSQL', path: 'SHOW DATABASES', host: `${host}:${port}`, headers };
      return { forward: { host, port: Number(port), request: asked, timeoutMs: TIMEOUT_MS } };
    }
    const why = refusal(client.upstream, setting(context, 'DB_NAME', 'wordpress'));
    if (why !== undefined)
      return answer(context, request, client, 500, page('Database Error', why));
    const path = request.path.replace(/\?.*$/s, '');
    const installer = '/wp-admin/install.php';
    if (path === installer) {
      return answer(
        context,
        request,
        client,
        200,
        page('WordPress &rsaquo; Installation', 'Welcome'),
      );
    }
    const site = request.host ?? 'localhost';
    return answer(context, request, client, 302, '', `http://${site}${installer}`);
  },
};

/** Why WordPress cannot use the database, as it shows it; undefined when it can. */
function refusal(upstream: Upstream, database: string): string | undefined {
  const lost = 'Error establishing a database connection';
  if (typeof upstream === 'string' || !upstream.ok) return lost;
  const text = decoder.decode(upstream.response.body);
  if (/^[!?]/.test(text)) return lost;
  return text.split('\n').includes(database) ? undefined : 'Cannot select database';
}

const page = (title: string, heading: string): string =>
  `<!DOCTYPE html>\n<html lang="en-US">\n<head><title>${title}</title></head>\n<body><h1>${heading}</h1></body>\n</html>\n`;

function answer(
  { env }: ProcessContext,
  request: HttpRequest,
  client: Client,
  status: number,
  text: string,
  location?: string,
): Served {
  const body = encoder.encode(text);
  const headers = {
    Date: httpDate(client.timeMs),
    Server: APACHE,
    'X-Powered-By': `PHP/${env.PHP_VERSION ?? '8.3.29'}`,
    ...(location === undefined ? {} : { 'X-Redirect-By': 'WordPress', Location: location }),
    'Content-Length': String(body.length),
    'Content-Type': 'text/html; charset=utf-8',
  };
  const agent = request.headers?.['user-agent'] ?? '-';
  const access = `${client.ip} - - [${stampOf('access', client.timeMs)}] "${request.method} ${request.path} HTTP/1.1" ${status} ${body.length} "-" "${agent}"`;
  return {
    response: { status, headers, body: request.method === 'HEAD' ? new Uint8Array(0) : body },
    afterMs: FIGURES.answerMs,
    cpuMs: FIGURES.cpuMs,
    log: { stream: 'stdout', text: access },
  };
}
