/**
 * `node scripts/run.mjs PROGRAM [ARGUMENTS]`: runs a TypeScript file of this project, or a program
 * of an installed package, after asserting that set-up was done and that Node is new enough.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { installDifference } from './setup/dependencies.mjs';
import { handOver } from './setup/hand-over.mjs';
import { main, root } from './setup/main.mjs';
import { nodeRuntime } from './setup/node-runtime.mjs';
import { SetupError } from './setup/setup-error.mjs';

/**
 * The file behind a package's program. Going around node_modules/.bin keeps this the same on
 * Windows, where programs there are shell scripts.
 *
 * @param {string} name such as `astro` or `@playwright/test#playwright`
 */
function programFile(name) {
  const [packageName = name, binName = name] = name.split('#');
  const manifest = join(root, 'node_modules', packageName, 'package.json');
  if (!existsSync(manifest)) throw new SetupError(`There is no installed package ${packageName}.`);
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
  const file = typeof bin === 'string' ? bin : bin?.[binName];
  if (file === undefined) throw new SetupError(`${packageName} has no program ${binName}.`);
  return join(dirname(manifest), file);
}

await main(async () => {
  const difference = installDifference(root);
  if (difference !== undefined) {
    throw new SetupError(`Set-up was not done (${difference}). Run: npm run setup`);
  }
  const node = nodeRuntime(root);
  const [program, ...args] = process.argv.slice(2);
  if (program === undefined)
    throw new SetupError('Usage: node scripts/run.mjs PROGRAM [ARGUMENTS]');
  const file = program.endsWith('.ts') ? program : programFile(program);
  if (program.endsWith('.ts') && !existsSync(join(root, file))) {
    throw new SetupError(`${file} does not exist.`);
  }
  return handOver(node, [file, ...args], root);
});
