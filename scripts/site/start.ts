/** The second half of `npm start`, with packages in place: build what has changed, then serve. */
import { join } from 'node:path';
import { buildSite } from './build.ts';
import { hashInputs, isBuiltFrom } from './build-inputs.ts';
import { serveSite } from './serve.ts';

const root = process.cwd();

async function start(): Promise<number> {
  if (isBuiltFrom(join(root, 'dist'), hashInputs(root))) {
    process.stdout.write('The site is built and up to date.\n');
  } else {
    process.stdout.write('Building the site.\n');
    const status = buildSite(root);
    if (status !== 0) return status;
  }
  await serveSite(root, process.argv.slice(2));
  return 0;
}

try {
  process.exitCode = await start();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
