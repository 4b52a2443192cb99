/** `npm test`: set up what is missing, a browser included, then run every check. */
import { ensureChromium } from './setup/chromium.mjs';
import { ensureContentTypes } from './setup/content-types.mjs';
import { ensureDependencies } from './setup/dependencies.mjs';
import { handOver } from './setup/hand-over.mjs';
import { main, root, say } from './setup/main.mjs';
import { nodeRuntime } from './setup/node-runtime.mjs';

await main(async () => {
  await ensureDependencies(root, say);
  const node = nodeRuntime(root);
  ensureContentTypes(root, node);
  await ensureChromium(root, node, say);
  return handOver(node, ['scripts/checks/all.ts', ...process.argv.slice(2)], root);
});
