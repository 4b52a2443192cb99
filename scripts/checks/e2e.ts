/**
 * `npm run e2e [-- PLAYWRIGHT ARGUMENTS]`: serves dist/ on a free port and drives it in Chromium.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium } from '../setup/chromium.mjs';
import { hashInputs, isBuiltFrom } from '../site/build-inputs.ts';
import { HOST, listenNear } from '../site/listen.ts';
import { normalBase, staticServer } from '../site/static-server.ts';

function runPlaywright(root: string, env: NodeJS.ProcessEnv): Promise<number> {
  const cli = join(root, 'node_modules', '@playwright', 'test', 'cli.js');
  const args = [cli, 'test', ...process.argv.slice(2)];
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit', env });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

async function driveSite(root: string): Promise<number> {
  const folder = join(root, 'dist');
  if (!existsSync(join(folder, 'index.html'))) {
    throw new Error('There is no built site in dist/. Run: npm run build');
  }
  if (!isBuiltFrom(folder, hashInputs(root))) {
    process.stdout.write('Note: dist/ was built from other sources than these (npm run build).\n');
  }
  const chromium = findChromium(root);
  if (chromium === undefined) throw new Error('There is no Chromium. Run: npm run setup');
  const base = normalBase(process.env.BASE_PATH);
  const server = staticServer({ folder, base });
  const port = await listenNear(server, 0, () => {});
  const site = `http://${HOST}:${port}${base}`;
  try {
    return await runPlaywright(root, {
      ...process.env,
      SITE_UNDER_TEST: site,
      CHROMIUM_PATH: chromium,
    });
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

try {
  process.exitCode = await driveSite(process.cwd());
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
