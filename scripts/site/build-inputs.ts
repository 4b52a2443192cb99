/**
 * Whether dist/ is the build of what is in the work tree now.
 *
 * Everything a build reads is hashed: sources, content, locked packages, settings, Node, and the
 * commit, since pages say when they last changed. The hash lies in dist/ itself, which every build
 * empties first: a build made with other settings can never pass for this one.
 */
import { execFileSync, type StdioOptions } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDERS = ['content', 'deploy', 'public', 'src'];
const FILES = ['astro.config.mjs', 'package-lock.json', 'tsconfig.json'];
const SETTINGS = ['SITE_URL', 'REPOSITORY_URL', 'BASE_PATH'];
const STAMP = '.inputs';

function filesUnder(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.includes('.test.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort((a, b) => (a < b ? -1 : 1));
}

function currentCommit(root: string): string {
  try {
    const stdio: StdioOptions = ['ignore', 'pipe', 'ignore'];
    return execFileSync('git', ['rev-parse', 'HEAD'], {
      cwd: root,
      encoding: 'utf8',
      stdio,
    }).trim();
  } catch {
    return 'no git';
  }
}

/** The hash of everything a build of the site in `root` reads. */
export function hashInputs(root: string): string {
  const hash = createHash('sha256');
  const files = [
    ...FILES.map((file) => join(root, file)).filter((file) => existsSync(file)),
    ...FOLDERS.flatMap((folder) => filesUnder(root, folder)),
  ];
  for (const file of files) {
    const bytes = readFileSync(file);
    hash.update(`${file.slice(root.length)}\0${String(bytes.length)}\0`).update(bytes);
  }
  for (const name of SETTINGS) hash.update(`${name}=${process.env[name] ?? ''}\0`);
  hash.update(`${process.version}\0${currentCommit(root)}`);
  return hash.digest('hex');
}

/** Whether `dist` was built from the inputs with this hash. */
export function isBuiltFrom(dist: string, inputs: string): boolean {
  const stamp = join(dist, STAMP);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === inputs;
}

/** Marks `dist` as built from the inputs with this hash. */
export function markBuilt(dist: string, inputs: string): void {
  writeFileSync(join(dist, STAMP), inputs);
}
