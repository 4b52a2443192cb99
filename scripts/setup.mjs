/** `npm run setup`: packages, types and a browser for the tests. */
import { ensureChromium } from './setup/chromium.mjs';
import { ensureContentTypes } from './setup/content-types.mjs';
import { ensureDependencies } from './setup/dependencies.mjs';
import { main, root, say } from './setup/main.mjs';
import { nodeRuntime } from './setup/node-runtime.mjs';

await main(async () => {
  await ensureDependencies(root, say);
  const node = nodeRuntime(root);
  ensureContentTypes(root, node);
  const chromium = await ensureChromium(root, node, say);
  say(`Set-up is done. Tests will drive ${chromium}`);
  return 0;
});
