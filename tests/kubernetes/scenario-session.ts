import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Session } from '../../src/engine/session.ts';

/** For tests: a person at a cluster's workstation, with the manifests of a scenario at hand. */
const FOLDER = join(import.meta.dirname, 'manifests', 'scenarios');

export function scenario(...manifests: readonly string[]) {
  const session = new Session({ preset: 'cluster', seed: 7 });
  for (const name of manifests) session.write(name, readFileSync(join(FOLDER, name), 'utf8'));
  const sh = (line: string): string => session.type(line).printed;
  const code = (line: string): number => session.type(line).exitCode;
  return { session, sh, code };
}
