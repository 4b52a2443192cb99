/** `npm run setup`: packages and a browser for the tests, and nothing else. */
import { ensureChromium } from './setup/chromium.mjs';
import { ensureDependencies } from './setup/dependencies.mjs';
import { main, root, say } from './setup/main.mjs';
import { nodeRuntime } from './setup/node-runtime.mjs';

await main(async () => {
  await ensureDependencies(root, say);
  const chromium = await ensureChromium(root, nodeRuntime(root), say);
  say(`Set-up is done. Tests will drive ${chromium}`);
  return 0;
});
