/** `npm start`: set up what is missing, build what has changed, serve the site. */
import { ensureDependencies } from './setup/dependencies.mjs';
import { handOver } from './setup/hand-over.mjs';
import { main, root, say } from './setup/main.mjs';
import { nodeRuntime } from './setup/node-runtime.mjs';

await main(async () => {
  await ensureDependencies(root, say);
  return handOver(nodeRuntime(root), ['scripts/site/start.ts', ...process.argv.slice(2)], root);
});
