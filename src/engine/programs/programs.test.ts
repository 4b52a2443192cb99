import { describe, expect, it } from 'vitest';
import { nginx, readSite } from './nginx.ts';
import type { FileView, ProcessPlan } from './program.ts';
import { modelOf, planProgram } from './registry.ts';

const encoder = new TextEncoder();

/** Files by path; directories are there by what is in them. */
function view(files: Readonly<Record<string, string>>): FileView {
  const paths = Object.keys(files);
  const clean = (path: string) => path.replace(/\/+/g, '/');
  return {
    read: (path) => (Object.hasOwn(files, path) ? encoder.encode(files[path]) : undefined),
    kind(path) {
      if (Object.hasOwn(files, clean(path))) return 'file';
      return paths.some((one) => one.startsWith(`${clean(path)}/`)) ? 'dir' : undefined;
    },
    list: (path) =>
      [...new Set(paths.filter((one) => one.startsWith(`${path}/`)))]
        .map((one) => one.slice(path.length + 1).split('/')[0] ?? '')
        .sort(),
  };
}

const IMAGE = {
  '/bin/sh': '',
  '/usr/sbin/nginx': '',
  '/docker-entrypoint.sh': '',
  '/docker-entrypoint.d/10-a.sh': '',
  '/docker-entrypoint.d/15-b.envsh': '',
  '/docker-entrypoint.d/readme': '',
  '/etc/nginx/conf.d/default.conf': 'server { listen 8080; root /srv; index a.html; }',
  '/srv/a.html': '<p>a</p>',
  '/srv/data.json': '{}',
};

const plan = (argv: readonly string[], env = {}, files = IMAGE): ProcessPlan => {
  const made = planProgram({ argv, env, hostname: 'box', files: view(files) });
  if ('failed' in made) throw new Error(made.message);
  return made;
};
const said = ({ steps }: ProcessPlan) =>
  steps.flatMap((step) => (step.do === 'log' ? [`${step.stream}: ${step.text}`] : []));
const ending = ({ steps }: ProcessPlan) => {
  const last = steps.at(-1);
  return last?.do === 'exit' ? [last.afterMs, last.code] : undefined;
};
const script = (text: string, env = {}) => plan(['sh', '-c', text], env);

describe('a shell in a container', () => {
  it('follows its script and ends with the last status', () => {
    const course = script('echo one; sleep 2; false || echo "two $WHO"; exit 7', { WHO: 'you' });
    expect(said(course)).toEqual(['stdout: one', 'stdout: two you']);
    const [, second] = course.steps.filter((step) => step.do === 'log');
    expect(second?.afterMs).toBeGreaterThanOrEqual(2000);
    expect(ending(course)?.[1]).toBe(7);
    expect(ending(script('true && false'))?.[1]).toBe(1);
    expect(said(script('echo $HOSTNAME; echo ${constructor:-none}'))).toEqual([
      'stdout: box',
      'stdout: none',
    ]);
  });

  it('says what it does not find, and goes on', () => {
    const course = script('nosuch; echo $?');
    expect(said(course)).toEqual(['stderr: sh: nosuch: not found', 'stdout: 127']);
    expect(said(script('constructor'))).toEqual(['stderr: sh: constructor: not found']);
    expect(ending(script('echo "open'))?.[1]).toBe(2);
  });

  it('ignores SIGTERM as a first process does, unless it became another program', () => {
    expect(script('sleep 60').signals.SIGTERM).toBe('ignore');
    const became = script('exec nginx -g "daemon off;"');
    expect(became.signals.SIGTERM).toMatchObject({ exitCode: 0 });
    expect(ending(became)).toBeUndefined();
  });
});

describe('what cannot start', () => {
  it('is told in the words of runc', () => {
    const failure = (...argv: string[]) => {
      const made = planProgram({ argv, env: {}, hostname: 'box', files: view(IMAGE) });
      return 'failed' in made ? [made.exitCode, made.message] : undefined;
    };
    expect(failure('nosuch')).toEqual([127, 'exec: "nosuch": executable file not found in $PATH']);
    expect(failure('/nosuch')).toEqual([
      127,
      'exec: "/nosuch": stat /nosuch: no such file or directory',
    ]);
    expect(failure('/etc/nginx')).toEqual([126, 'exec: "/etc/nginx": is a directory']);
    expect(failure('toString')?.[0]).toBe(127);
    expect(failure('/docker-entrypoint.sh', 'nosuch')?.[0]).toBe(127);
    expect(failure('/bin/sh')).toBeUndefined();
  });
});

describe('nginx', () => {
  const start = plan(['/docker-entrypoint.sh', 'nginx', '-g', 'daemon off;']);

  it('is prepared by its entrypoint, which goes through the scripts that are there', () => {
    const lines = said(start).filter((line) => line.startsWith('stdout'));
    expect(lines.map((line) => line.replace('stdout: /docker-entrypoint.sh: ', ''))).toEqual([
      '/docker-entrypoint.d/ is not empty, will attempt to perform configuration',
      'Looking for shell scripts in /docker-entrypoint.d/',
      'Launching /docker-entrypoint.d/10-a.sh',
      'Sourcing /docker-entrypoint.d/15-b.envsh',
      'Ignoring /docker-entrypoint.d/readme',
      'Configuration complete; ready for start up',
    ]);
    expect(said(plan(['/docker-entrypoint.sh', 'sh', '-c', 'echo hi']))).toEqual(['stdout: hi']);
    const many: string[] = Array.from({ length: 50_000 }, () => 'docker-entrypoint.sh');
    expect(modelOf([...many, 'nginx'])).toBe(nginx);
  });

  it('listens where its configuration says, after it has started', () => {
    const listening = start.steps.filter((step) => step.do === 'listen');
    expect(listening.map((step) => step.port)).toEqual([8080]);
    expect(readSite(view({}))).toEqual({
      ports: [80],
      root: '/usr/share/nginx/html',
      index: ['index.html'],
    });
    expect(ending(plan(['nginx']))?.[1]).toBe(0);
  });

  it('serves files and its own pages for what is not there', () => {
    const get = (path: string, method = 'GET') => {
      const context = { argv: [], env: {}, hostname: 'box', files: view(IMAGE) };
      const request = { method, path, headers: { 'user-agent': 'curl/8' } };
      const served = nginx.serve?.(context, request, { ip: '10.0.0.9', timeMs: 7000 });
      const body = new TextDecoder().decode(served?.response.body);
      return { ...served?.response, body, log: served?.log?.text };
    };
    expect(get('/')).toMatchObject({ status: 200, body: '<p>a</p>' });
    expect(get('/data.json').headers?.['Content-Type']).toBe('application/json');
    expect(get('/', 'HEAD')).toMatchObject({ body: '', headers: { 'Content-Length': '8' } });
    const missing = get('/nope?x=1');
    expect(missing.body).toBe(
      '<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n' +
        '<center><h1>404 Not Found</h1></center>\r\n<hr><center>nginx/1.29.3</center>\r\n' +
        '</body>\r\n</html>\r\n',
    );
    expect(missing.log).toBe(
      `10.0.0.9 - - [05/Jan/2026:00:00:07 +0000] "GET /nope?x=1 HTTP/1.1" 404 ${missing.body.length} "-" "curl/8" "-"`,
    );
    expect(get('/../etc/passwd').status).toBe(400);
    expect(get('/', 'POST').status).toBe(405);
  });

  it('tells how it ends', () => {
    const quit = start.signals.SIGQUIT;
    if (quit === undefined || quit === 'ignore') throw new Error('nginx heeds SIGQUIT');
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
