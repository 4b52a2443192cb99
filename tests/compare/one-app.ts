import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** For tests: the application of the comparison, as its folder has it. */
export const ONE_APP = join(import.meta.dirname, '../../src/scenarios/compare/one-app/files');

/** Its files by their path below the folder, in the order of the paths. */
export function oneAppFiles(): Record<string, string> {
  const entries = readdirSync(ONE_APP, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ONE_APP.length + 1))
    .sort((a, b) => (a < b ? -1 : 1));
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(ONE_APP, path), 'utf8')]));
}
