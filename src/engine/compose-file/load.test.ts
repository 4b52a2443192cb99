import { describe, expect, test } from 'vitest';
import { runWithTexts } from './files.ts';
import { loadDocument, loadProject, type LoadOptions } from './load.ts';
import { printDocument, printProject } from './print/project-text.ts';

type Texts = Record<string, string>;

const load = (texts: Texts, options: Partial<LoadOptions> = {}) =>
  runWithTexts(
    loadProject({ cwd: '/srv/shop', environment: { HOME: '/root' }, ...options }),
    texts,
  );

function project(texts: Texts, options?: Partial<LoadOptions>) {
  const loaded = load(texts, options);
  if ('error' in loaded) throw new Error(loaded.error);
  return loaded.project;
}

function errorOf(texts: Texts, options?: Partial<LoadOptions>): string {
  const loaded = load(texts, options);
  return 'error' in loaded ? loaded.error : 'no error';
}

const web = (image: string): string => `services: {web: {image: "${image}"}}`;

describe('which files are read', () => {
  test('the first known name, with its override, here or above', () => {
    const texts = {
      '/srv/shop/docker-compose.yml': web('old'),
      '/srv/shop/compose.yaml': web('new'),
      '/srv/shop/compose.override.yaml': 'services: {web: {restart: always}}',
    };
    const found = load(texts, { cwd: '/srv/shop/deep/er' });
    expect(found).toMatchObject({
      project: {
        name: 'shop',
        workingDir: '/srv/shop',
        composeFiles: ['/srv/shop/compose.yaml', '/srv/shop/compose.override.yaml'],
        services: { web: { image: 'new', restart: 'always' } },
      },
    });
    expect(found.warnings).toEqual([
      'Found multiple config files with supported names: ' +
        '/srv/shop/compose.yaml, /srv/shop/docker-compose.yml',
      'Using /srv/shop/compose.yaml',
    ]);
  });

  test('those named by -f, COMPOSE_FILE and standard input', () => {
    const texts = { '/srv/shop/a.yml': web('a'), '/srv/other/b.yml': web('b') };
    expect(project(texts, { files: ['a.yml', '../other/b.yml'] })).toMatchObject({
      name: 'shop',
      services: { web: { image: 'b' } },
    });
    const environment = { COMPOSE_FILE: '../other/b.yml:a.yml', COMPOSE_PROJECT_NAME: 'own' };
    expect(project(texts, { environment })).toMatchObject({
      name: 'own',
      workingDir: '/srv/other',
      services: { web: { image: 'a' } },
    });
    expect(project({}, { files: ['-'], stdin: web('in') }).services.web?.image).toBe('in');
  });

  test('nothing, and what is not there', () => {
    expect(errorOf({})).toBe('no configuration file provided: not found');
    expect(errorOf({}, { files: ['x.yml'] })).toBe(
      'open /srv/shop/x.yml: no such file or directory',
    );
    expect(errorOf({ '/srv/shop/compose.yaml': '' })).toBe('empty compose file');
  });
});

describe('variables', () => {
  test('the shell before .env, and a warning for what is set nowhere', () => {
    const texts = {
      '/srv/shop/.env': 'TAG=1\nPORT=80\n',
      '/srv/shop/compose.yaml': web('nginx:${TAG}-${PORT}${NONE}'),
    };
    const loaded = load(texts, { environment: { TAG: '2' } });
    expect(loaded).toMatchObject({ project: { services: { web: { image: 'nginx:2-80' } } } });
    expect(loaded.warnings).toEqual([
      'The "NONE" variable is not set. Defaulting to a blank string.',
    ]);
  });

  test('env_file below environment, a bare name from the surroundings', () => {
    const texts = {
      '/srv/shop/web.env': 'A=file\nB="${HOME}/b"\n',
      '/srv/shop/compose.yaml':
        'services: {web: {image: x, env_file: web.env, environment: [A=own, HOME, NOWHERE]}}',
    };
    expect(project(texts).services.web).toMatchObject({
      environment: { A: 'own', B: '/root/b', HOME: '/root', NOWHERE: null },
    });
    expect(project(texts).services.web).not.toHaveProperty('env_file');
  });
});

describe('include and extends', () => {
  const texts = {
    '/srv/shop/compose.yaml': `include: [db/compose.yaml]\n${web('x')}`,
    '/srv/shop/db/.env': 'TAG=8\n',
    '/srv/shop/db/compose.yaml':
      'services: {db: {image: "mysql:${TAG}", volumes: ["./data:/data"]}}\nvolumes: {d: {}}',
  };

  test('an included project keeps its directory and its .env', () => {
    expect(project(texts, { allResources: true })).toMatchObject({
      services: { db: { image: 'mysql:8', volumes: [{ source: '/srv/shop/db/data' }] } },
      volumes: { d: { name: 'shop_d' } },
    });
  });

  test('circles are told', () => {
    const circle = { '/srv/shop/compose.yaml': 'include: [compose.yaml]' };
    expect(errorOf(circle)).toBe(
      'include cycle detected:\n/srv/shop/compose.yaml\n include /srv/shop/compose.yaml',
    );
    const services = 'services: {a: {extends: b}, b: {extends: a}}';
    expect(errorOf({ '/srv/shop/compose.yaml': services })).toBe(
      [
        'Circular reference:',
        '  a in /srv/shop/compose.yaml',
        '  extends b in /srv/shop/compose.yaml',
        '  extends a in /srv/shop/compose.yaml',
      ].join('\n'),
    );
  });
});

describe('errors name the place', () => {
  const inFile = (text: string) => errorOf({ '/srv/shop/compose.yaml': text });

  test.each([
    [
      'services: {web: {image: a, foo: 1}}',
      "validating /srv/shop/compose.yaml: services.web additional properties 'foo' not allowed",
    ],
    ['foo: 1', "validating /srv/shop/compose.yaml:  additional properties 'foo' not allowed"],
    [
      'services:\n  web:\n  image: a: b',
      'go-yaml load error in scanner at L3.C11: mapping values are not allowed in this context',
    ],
    [
      'services: {web: {image: a, networks: [front]}}',
      'service "web" refers to undefined network front: invalid compose project',
    ],
    [
      'services: {web: {image: a, deploy: {replicas: "${N}"}}}',
      'error while interpolating services.web.deploy.replicas: failed to cast to expected type: ' +
        'strconv.Atoi: parsing "": invalid syntax',
    ],
  ])('%s', (text, message) => {
    expect(inFile(text)).toBe(message);
  });
});

describe('selection', () => {
  const text = [
    'services:',
    '  web: {image: a, depends_on: [db]}',
    '  db: {image: b, networks: [back]}',
    '  debug: {image: c, profiles: [tools]}',
    'networks: {back: {}}',
  ].join('\n');
  const texts = { '/srv/shop/compose.yaml': text };

  test('profiles, named services and the resources they leave', () => {
    expect(Object.keys(project(texts).services)).toEqual(['db', 'web']);
    expect(Object.keys(project(texts, { profiles: ['tools'] }).services)).toHaveLength(3);
    const db = project(texts, { services: ['db'] });
    expect(Object.keys(db.services)).toEqual(['db']);
    expect(Object.keys(db.networks)).toEqual(['back']);
    expect(Object.keys(project(texts, { services: ['debug'] }).services)).toEqual(['debug']);
    expect(errorOf(texts, { services: ['none'] })).toBe('no such service: none');
  });
});

test('a dollar is two in what is printed, and what is printed reads as the same', () => {
  const texts = {
    '/srv/shop/compose.yaml':
      'services: {web: {image: a, command: "echo $$HOME", ports: ["8080-8081:80-81"]}}',
  };
  const first = printProject(project(texts));
  expect(first).toContain('- $$HOME');
  expect(printProject(project({ '/srv/shop/compose.yaml': first }))).toBe(first);
});

test('without interpolation the document keeps its variables', () => {
  const steps = loadDocument({
    cwd: '/srv/shop',
    environment: {},
    skip: { interpolation: true },
  });
  const loaded = runWithTexts(steps, { '/srv/shop/compose.yaml': web('nginx:${TAG}') });
  if ('error' in loaded) throw new Error(loaded.error);
  expect(printDocument(loaded.document)).toContain('image: nginx:${TAG}');
});
