/** The types of the content collections, which Astro writes and TypeScript and ESLint read. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from './setup-error.mjs';

/**
 * Writes them where a fresh clone has none; `astro check` and every build renew them.
 *
 * @param {string} root the folder with package.json
 * @param {string} node the Node to run Astro with
 * @throws {SetupError} when Astro cannot read the project
 */
export function ensureContentTypes(root, node) {
  if (existsSync(join(root, '.astro', 'content.d.ts'))) return;
  const astro = join(root, 'node_modules', 'astro', 'bin', 'astro.mjs');
  const env = { ...process.env, ASTRO_TELEMETRY_DISABLED: '1' };
  const run = spawnSync(node, [astro, 'sync'], { cwd: root, encoding: 'utf8', env });
  if (run.status !== 0) throw new SetupError(`astro sync failed:\n${run.stdout}${run.stderr}`);
}
