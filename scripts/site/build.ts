/** `npm run build`: builds the site into dist/ and marks what it was built from. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { hashInputs, markBuilt } from './build-inputs.ts';

/**
 * Builds the site in `root` into `root`/dist, its output on the terminal.
 *
 * @returns the exit code of the build
 */
export function buildSite(root: string, args: readonly string[] = []): number {
  const inputs = hashInputs(root);
  const astro = join(root, 'node_modules', 'astro', 'bin', 'astro.mjs');
  const options = { cwd: root, stdio: 'inherit' } as const;
  const { status } = spawnSync(process.execPath, [astro, 'build', ...args], options);
  if (status === 0) markBuilt(join(root, 'dist'), inputs);
  return status ?? 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = buildSite(process.cwd());
}
