import { describe, expect, it } from 'vitest';
import { nginx } from './nginx/nginx.ts';
import type { Client, FileView, Forwarded, ProcessPlan, Served } from './program.ts';
import { lineOf } from './stamp.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Files by path; directories are there by what is in them. */
export function view(files: Readonly<Record<string, string>>): FileView {
  const paths = Object.keys(files);
  const clean = (path: string) => path.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');
  return {
    read: (path) =>
      Object.hasOwn(files, clean(path)) ? encoder.encode(files[clean(path)]) : undefined,
    kind(path) {
      if (Object.hasOwn(files, clean(path))) return 'file';
      return paths.some((one) => one.startsWith(`${clean(path)}/`)) ? 'dir' : undefined;
    },
    list: (path) =>
      [...new Set(paths.filter((one) => one.startsWith(`${clean(path)}/`)))]
        .map((one) => one.slice(clean(path).length + 1).split('/')[0] ?? '')
        .sort(),
  };
}

const MAIN = `
user nginx;
events { worker_connections 1024; }
http {
    types { text/html html; application/json json; }
    default_type application/octet-stream;
    log_format main '$remote_addr - $remote_user [$time_local] "$request" '
                    '$status $body_bytes_sent "$http_referer" '
                    '"$http_user_agent" "$http_x_forwarded_for"';
    access_log /var/log/nginx/access.log main;
    include /etc/nginx/conf.d/*.conf;
}
`;

const SITE = `
upstream api { server api-1:3000; server api-2:3000; }
server {
    listen 8080;
    server_name example.org;
    root /srv;
    index a.html;
    location /old { return 301 /new; }
    location = /health { return 200 "ok\\n"; }
    location /api/ { proxy_pass http://api/; proxy_set_header X-Real-IP $remote_addr; }
    location /docs/ { alias /usr/docs/; }
    location ~ \\.secret$ { deny all; }
    location /app/ { try_files $uri $uri/ /a.html; }
}
server { listen 8080; listen 9090; server_name other.org *.other.org; return 200 "other $host\\n"; }
`;

const site = (conf = SITE) =>
  view({
    '/etc/nginx/nginx.conf': MAIN,
    '/etc/nginx/conf.d/default.conf': conf,
    '/srv/a.html': '<p>a</p>',
    '/srv/data.json': '{}',
    '/srv/key.secret': 'x',
    '/srv/empty/x.txt': 'x',
    '/usr/docs/a.html': 'docs',
  });

const planOf = (argv: readonly string[], files = site()): ProcessPlan =>
  nginx.plan({ argv, env: { NGINX_VERSION: '1.29.3' }, hostname: 'box', files });
const said = ({ steps }: ProcessPlan) =>
  steps.flatMap((step) => (step.do === 'log' ? [lineOf(step, 7000)] : []));
const ports = ({ steps }: ProcessPlan) =>
  steps.flatMap((step) => (step.do === 'listen' ? [step.port] : []));
const exit = ({ steps }: ProcessPlan) => {
  const last = steps.at(-1);
  return last?.do === 'exit' ? last.code : undefined;
};

const ask = (path: string, more: { method?: string; host?: string; port?: number } = {}) => {
  const { method = 'GET', host = 'example.org:8080', port = 8080 } = more;
  const request = { method, path, host, headers: { 'user-agent': 'curl/8' } };
  const client = { ip: '10.0.0.9', timeMs: 7000, port };
  const context = { argv: [], env: {}, hostname: 'box', files: site() };
  return nginx.serve?.(context, request, client);
};
const get = (path: string, more: { method?: string; host?: string; port?: number } = {}) => {
  const served = ask(path, more) as Served;
  const { status, headers, body } = served.response;
  const log = [served.log ?? []].flat().map((line) => lineOf(line, 7000));
  return { status, headers, body: decoder.decode(body), log };
};

describe('nginx starting', () => {
  const start = planOf(['nginx', '-g', 'daemon off;']);

  it('listens on the ports of all its servers, once each', () => {
    expect(ports(start)).toEqual([8080, 9090]);
    expect(exit(start)).toBeUndefined();
    expect(said(start)[1]).toBe('2026/01/05 00:00:07 [notice] 1#1: nginx/1.29.3');
  });

  it('leaves the foreground without daemon off', () => {
    expect(exit(planOf(['nginx']))).toBe(0);
  });

  it('tests a configuration and tells its version', () => {
    expect(said(planOf(['nginx', '-t']))).toEqual([
      'nginx: the configuration file /etc/nginx/nginx.conf syntax is ok',
      'nginx: configuration file /etc/nginx/nginx.conf test is successful',
    ]);
    expect(said(planOf(['nginx', '-v']))).toEqual(['nginx version: nginx/1.29.3']);
  });

  it.each([
    ['server { lissten 80; }', 'unknown directive "lissten" in /etc/nginx/conf.d/default.conf:1'],
    ['server {\n listen 80\n}', 'unexpected "}" in /etc/nginx/conf.d/default.conf:3'],
    ['server {\n', 'unexpected end of file, expecting "}" in /etc/nginx/conf.d/default.conf:2'],
    ['listen 80;', '"listen" directive is not allowed here in /etc/nginx/conf.d/default.conf:1'],
    [
      'server { root; }',
      'invalid number of arguments in "root" directive in /etc/nginx/conf.d/default.conf:1',
    ],
    [
      'include x.conf;',
      'open() "/etc/nginx/x.conf" failed (2: No such file or directory) in /etc/nginx/conf.d/default.conf:1',
    ],
    ['}', 'unexpected "}" in /etc/nginx/conf.d/default.conf:1'],
  ])('refuses %j', (conf, message) => {
    const broken = planOf(['nginx', '-g', 'daemon off;'], site(conf));
    expect(said(broken)).toEqual([
      `2026/01/05 00:00:07 [emerg] 1#1: ${message}`,
      `nginx: [emerg] ${message}`,
    ]);
    expect(exit(broken)).toBe(1);
    expect(ports(broken)).toEqual([]);
  });

  it('tells how it ends', () => {
    const quit = start.signals.SIGQUIT;
    if (quit === undefined || quit === 'ignore' || 'stays' in quit)
      throw new Error('nginx heeds SIGQUIT');
    expect(quit.exitCode).toBe(0);
    expect(quit.log?.map(({ text }) => text)).toEqual([
      '[notice] 1#1: signal 3 (SIGQUIT) received, shutting down',
      '[notice] 30#30: gracefully shutting down',
      '[notice] 30#30: exiting',
      '[notice] 30#30: exit',
      '[notice] 1#1: signal 17 (SIGCHLD) received from 30',
      '[notice] 1#1: worker process 30 exited with code 0',
      '[notice] 1#1: exit',
    ]);
  });
});

describe('nginx answering', () => {
  it('serves files below its root with their types', () => {
    expect(get('/')).toMatchObject({ status: 200, body: '<p>a</p>' });
    expect(get('/data.json').headers['Content-Type']).toBe('application/json');
    expect(get('/', { method: 'HEAD' })).toMatchObject({
      body: '',
      headers: { 'Content-Length': '8' },
    });
    expect(get('/docs/').body).toBe('docs');
    expect(get('/empty')).toMatchObject({
      status: 301,
      headers: { Location: 'http://example.org:8080/empty/' },
    });
    expect(get('/empty/').status).toBe(403);
    expect(get('/', { method: 'POST' }).status).toBe(405);
  });

  it('has its own page for what is not there, and says so in both logs', () => {
    const missing = get('/nope?x=1');
    expect(missing.body).toBe(
      '<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n' +
        '<center><h1>404 Not Found</h1></center>\r\n<hr><center>nginx/1.29.3</center>\r\n' +
        '</body>\r\n</html>\r\n',
    );
    expect(missing.log).toEqual([
      '2026/01/05 00:00:07 [error] 30#30: *1 open() "/srv/nope" failed (2: No such file or directory), client: 10.0.0.9, server: example.org, request: "GET /nope?x=1 HTTP/1.1", host: "example.org:8080"',
      `10.0.0.9 - - [05/Jan/2026:00:00:07 +0000] "GET /nope?x=1 HTTP/1.1" 404 ${missing.body.length} "-" "curl/8" "-"`,
    ]);
  });

  it('never leaves its root', () => {
    for (const path of ['/../etc/passwd', '/%2e%2e/etc/passwd', '/a/../../etc/passwd', '/%zz']) {
      expect(get(path).status, path).toBe(400);
    }
  });

  it('chooses server and location as nginx does', () => {
    expect(get('/', { host: 'www.other.org:9090', port: 9090 }).body).toBe('other www.other.org\n');
    expect(get('/', { host: 'unknown' }).body).toBe('<p>a</p>');
    expect(get('/health')).toMatchObject({ status: 200, body: 'ok\n' });
    expect(get('/old/x').headers.Location).toBe('http://example.org:8080/new');
    expect(get('/key.secret').status).toBe(403);
    expect(get('/app/deep/link').body).toBe('<p>a</p>');
  });

  it('passes requests on and tells what came of them', () => {
    const first = ask('/api/users?id=1');
    expect(first).toMatchObject({
      forward: {
        host: 'api-1',
        port: 3000,
        request: { path: '/users?id=1', headers: { 'x-real-ip': '10.0.0.9' } },
      },
    });
    const again = (upstream: Client['upstream'], asked = first) => {
      const context = { argv: [], env: {}, hostname: 'box', files: site() };
      const request = { method: 'GET', path: '/api/users?id=1', host: 'example.org' };
      const { note } = (asked as Forwarded).forward;
      const client = { ip: '10.0.0.9', timeMs: 7000, port: 8080, note, upstream };
      return nginx.serve?.(context, request, client);
    };
    const body = encoder.encode('[]');
    const response = { status: 201, headers: { 'Content-Type': 'text/x', Server: 'app' }, body };
    const good = again({ ok: true, response, servedBy: 'api', durationMs: 3 });
    const headers = { Server: 'nginx/1.29.3' };
    expect(good).toMatchObject({ response: { status: 201, body, headers } });
    const second = again({ ok: false, error: 'refused', durationMs: 0 });
    expect(second).toMatchObject({ forward: { host: 'api-2', port: 3000 } });
    const failed = { ok: false, durationMs: 0 } as const;
    const status = (error: 'refused' | 'timeout') =>
      (again({ ...failed, error }, second) as Served).response.status;
    expect(status('refused')).toBe(502);
    expect(status('timeout')).toBe(504);
    expect(again('abandoned')).toMatchObject({ response: { status: 499 } });
  });
});
