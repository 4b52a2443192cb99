import { describe, expect, test } from 'vitest';
import { runWithTexts } from '../../../src/engine/compose-file/files.ts';
import { loadProject, type LoadOptions } from '../../../src/engine/compose-file/load.ts';
import { dependencyWaves } from '../../../src/engine/compose-file/project/dependency-order.ts';
import {
  OUTSIDE_SERVICE_HASH,
  serviceHash,
} from '../../../src/engine/compose-file/project/hash.ts';
import { normalizeProjectName } from '../../../src/engine/compose-file/project/project-name.ts';
import { restartPolicy } from '../../../src/engine/compose-file/project/restart-policy.ts';
import type { Service } from '../../../src/engine/compose-file/service.ts';

/** Rows that are stories of their own; each test has its row's id as its title. */
const load = (texts: Record<string, string>, options: Partial<LoadOptions> = {}) =>
  runWithTexts(loadProject({ cwd: '/work/simple', environment: {}, ...options }), texts);

function project(texts: Record<string, string>, options?: Partial<LoadOptions>) {
  const loaded = load(texts, options);
  if ('error' in loaded) throw new Error(loaded.error);
  return loaded.project;
}

const errorOf = (texts: Record<string, string>, options?: Partial<LoadOptions>): string => {
  const loaded = load(texts, options);
  return 'error' in loaded ? loaded.error : 'no error';
};

describe('extends from a file', () => {
  const extending = (service: string) =>
    `services: {bar: {extends: {file: other/parts.yaml, service: ${service}}}}`;

  test('extends-reset', () => {
    const parts = [
      'services:',
      '  root: {image: alpine, command: sleep 9}',
      '  base: {extends: {service: root}, command: !reset null}',
    ].join('\n');
    const { services } = project({
      '/work/simple/compose.yaml': extending('base'),
      '/work/simple/other/parts.yaml': parts,
    });
    expect(services.bar).toMatchObject({ image: 'alpine' });
    expect(services.bar?.command).toBeUndefined();
  });

  const reference = (attribute: string) => {
    const parts = `services: {part: {image: foo, ${attribute}}, zot: {image: hidden}}`;
    return errorOf({
      '/work/simple/compose.yaml': extending('part'),
      '/work/simple/other/parts.yaml': parts,
    });
  };
  const UNDEFINED = 'service "bar" depends on undefined service "zot": invalid compose project';

  test('extends-ref:volumes_from', () => {
    expect(reference('volumes_from: [zot]')).toBe(UNDEFINED);
  });

  test('extends-ref:depends_on', () => {
    expect(reference('depends_on: [zot]')).toBe(UNDEFINED);
  });

  test('extends-ref:shared-ipc', () => {
    expect(reference('ipc: "service:zot"')).toBe(UNDEFINED);
  });
});

describe('names and warnings', () => {
  const file = 'services: {web: {image: nginx}}';

  test('project-name-empty-flag', () => {
    const texts = { '/work/simple/compose.yaml': file };
    expect(project(texts, { projectName: '' }).name).toBe('simple');
  });

  test('project-name-root', () => {
    expect(errorOf({ '/compose.yaml': file }, { cwd: '/' })).toContain(
      'project name must not be empty',
    );
  });

  test('project-name-normalise', () => {
    expect(normalizeProjectName('_-My.Shop_2!-b')).toBe('myshop_2-b');
    expect(normalizeProjectName('-_-')).toBe('');
  });

  test('version-obsolete', () => {
    const loaded = load({ '/work/simple/compose.yaml': `version: "3"\n${file}` });
    expect(loaded).not.toHaveProperty('error');
    expect(loaded.warnings).toEqual([
      '/work/simple/compose.yaml: the attribute `version` is obsolete, it will be ignored, ' +
        'please remove it to avoid potential confusion',
    ]);
  });
});

describe('services', () => {
  test('order-fanin', () => {
    const leaves = Array.from({ length: 100 }, (_, at) => `leaf${at}`);
    const lines = leaves.map((name) => `  ${name}: {image: x}`);
    const top = `  top: {image: x, depends_on: [${leaves.join(', ')}]}`;
    const text = ['services:', ...lines, top].join('\n');
    const waves = dependencyWaves(project({ '/work/simple/compose.yaml': text }));
    expect(waves.map((wave) => wave.length)).toEqual([100, 1]);
    expect(new Set(waves.flat()).size).toBe(101);
  });

  test('hash-replicas', () => {
    const service = (count: number): Service => ({
      name: 'web',
      image: 'nginx',
      scale: count,
      deploy: { replicas: count },
    });
    expect(serviceHash(service(1))).toBe(serviceHash(service(2)));
    expect(serviceHash({ ...service(1), image: 'httpd' })).not.toBe(serviceHash(service(1)));
  });

  test('hash-excludes', () => {
    expect([...OUTSIDE_SERVICE_HASH]).toEqual([
      'build',
      'pull_policy',
      'scale',
      'deploy.replicas',
      'depends_on',
      'profiles',
    ]);
    const bare: Service = { name: 'web', image: 'nginx', deploy: { mode: 'replicated' } };
    const full: Service = {
      ...bare,
      build: { context: '.' },
      pull_policy: 'always',
      scale: 3,
      deploy: { mode: 'replicated', replicas: 3 },
      depends_on: { db: { condition: 'service_started', required: true } },
      profiles: ['a'],
    };
    expect(serviceHash(full)).toBe(serviceHash(bare));
    expect(serviceHash({ ...full, deploy: { mode: 'global' } })).not.toBe(serviceHash(bare));
  });

  test('deploy-restart-wins', () => {
    const deploy = { restart_policy: { condition: 'on-failure', max_attempts: 3, delay: 5e9 } };
    expect(restartPolicy({ restart: 'no', deploy })).toEqual({
      name: 'on-failure',
      maximumRetryCount: 3,
    });
  });
});
