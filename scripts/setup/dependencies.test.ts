import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { explainInstallFailure, installDifference } from './dependencies.mjs';
import { runsTypeScript } from './node-runtime.mjs';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'dependencies-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const ASTRO = { version: '7.3.5', integrity: 'sha512-a' };
const FOR_OTHERS = { version: '1.0.0', integrity: 'sha512-b', optional: true };
const LOCK = { 'node_modules/astro': ASTRO, 'node_modules/for-mac': FOR_OTHERS };

/** A project whose lock file and whose record of the install name these packages. */
function project(locked: object, installed?: object): void {
  const write = (file: string, packages: object) =>
    writeFileSync(join(root, file), JSON.stringify({ packages: { ...packages } }));
  write('package-lock.json', { '': {}, ...locked });
  if (installed === undefined) return;
  mkdirSync(join(root, 'node_modules', 'astro'), { recursive: true });
  write('node_modules/.package-lock.json', installed);
}

describe('node_modules', () => {
  test('matches the lock file without the packages made for other machines', () => {
    project(LOCK, { 'node_modules/astro': ASTRO });
    expect(installDifference(root)).toBeUndefined();
  });

  test('does not match when nothing was installed', () => {
    project(LOCK);
    expect(installDifference(root)).toBe('node_modules was not installed by npm');
  });

  test.each([
    ['another version', { version: '7.3.4', integrity: 'sha512-a' }],
    ['other bytes', { version: '7.3.5', integrity: 'sha512-z' }],
  ])('does not match with %s', (_what, astro) => {
    project(LOCK, { 'node_modules/astro': astro });
    expect(installDifference(root)).toContain('node_modules/astro is ');
  });

  test('does not match when a package was deleted, is missing or is left over', () => {
    project(LOCK, { 'node_modules/astro': ASTRO });
    rmSync(join(root, 'node_modules', 'astro'), { recursive: true });
    expect(installDifference(root)).toBe('node_modules/astro was removed');
    project(LOCK, {});
    expect(installDifference(root)).toBe('node_modules/astro is not installed');
    project({}, { 'node_modules/astro': ASTRO });
    expect(installDifference(root)).toBe('node_modules/astro is no longer in the lock file');
  });

  test('cannot be judged without a lock file', () => {
    expect(installDifference(root)).toContain('package-lock.json');
  });
});

describe('a failed install', () => {
  test.each(['getaddrinfo ENOTFOUND registry', 'ECONNREFUSED 127.0.0.1:9', 'code ENOTCACHED'])(
    'without network (%s) says what is needed',
    (output) => {
      expect(explainInstallFailure(`npm error ${output}`)).toMatch(/registry could not be reached/);
    },
  );

  test('for another reason shows what npm said', () => {
    expect(explainInstallFailure('npm error code ENOSPC')).toContain('npm error code ENOSPC');
  });
});

test.each([
  ['v20.20.2', false],
  ['v22.12.0', false],
  ['v22.18.0', true],
  ['v23.5.0', false],
  ['v24.21.0', true],
])('Node %s runs TypeScript: %s', (version, expected) => {
  expect(runsTypeScript(version)).toBe(expected);
});
