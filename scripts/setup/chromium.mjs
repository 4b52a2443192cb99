/**
 * A Chromium for the tests and for rendering figures.
 *
 * In order: the one named by CHROMIUM_PATH, a system one, Playwright's own when it was downloaded
 * before. When there is none, set-up downloads Playwright's, and where that host is out of reach
 * it installs the distribution's package, if it may.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { SetupError } from './setup-error.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const ELSEWHERE = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/**
 * Whether a file is a browser that starts. Some distributions put a script at
 * /usr/bin/chromium-browser that only asks for another package.
 *
 * @param {string} path
 */
function starts(path) {
  if (!existsSync(path)) return false;
  if (process.platform === 'win32') return true;
  const run = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: 20_000 });
  return run.status === 0 && /Chrom(e|ium)/.test(run.stdout);
}

/** @param {string} root */
function playwrightBuild(root) {
  try {
    const require = createRequire(join(root, 'package.json'));
    return require('@playwright/test').chromium.executablePath();
  } catch {
    return '';
  }
}

/**
 * The browser to drive, undefined when this machine has none.
 *
 * @param {string} root the folder with package.json
 * @returns {string | undefined}
 * @throws {SetupError} when CHROMIUM_PATH names something that does not start
 */
export function findChromium(root) {
  const named = process.env.CHROMIUM_PATH;
  if (named !== undefined && named !== '') {
    if (starts(named)) return named;
    throw new SetupError(`CHROMIUM_PATH is ${named}, which does not start as a Chromium.`);
  }
  const folders = (process.env.PATH ?? '').split(delimiter);
  const onPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...onPath, ...ELSEWHERE, playwrightBuild(root)].find(starts);
}

/** Whether Playwright's download host answers; a proxy, if there is one, is left to Playwright. */
async function downloadHostAnswers() {
  if (process.env.HTTPS_PROXY !== undefined || process.env.https_proxy !== undefined) return true;
  try {
    const signal = AbortSignal.timeout(5_000);
    await fetch('https://cdn.playwright.dev/', { method: 'HEAD', signal });
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {string} root
 * @param {string} node
 * @param {(line: string) => void} say
 */
async function downloadWithPlaywright(root, node, say) {
  if (!(await downloadHostAnswers())) return;
  say('Set-up: downloading a Chromium for the tests (Playwright).');
  const cli = join(root, 'node_modules', '@playwright', 'test', 'cli.js');
  spawnSync(node, [cli, 'install', '--no-shell', 'chromium'], {
    stdio: 'ignore',
    timeout: 300_000,
    env: { ...process.env, PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '10000' },
  });
}

/** @param {(line: string) => void} say */
function installFromDistribution(say) {
  const has = (/** @type {string} */ program) =>
    spawnSync(program, ['--version'], { stdio: 'ignore', timeout: 20_000 }).status === 0;
  if (process.platform !== 'linux' || !has('apt-get')) return;
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status !== 0) return;
  say('Set-up: installing Chromium for the tests (apt-get install chromium).');
  const apt = (/** @type {string[]} */ ...args) => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const command = isRoot ? ['apt-get', ...args] : ['sudo', '-n', 'apt-get', ...args];
    const [program = '', ...rest] = command;
    return spawnSync(program, rest, { stdio: 'ignore', env, timeout: 600_000 }).status === 0;
  };
  apt('update');
  apt('install', '-y', '--no-install-recommends', 'chromium', 'fonts-liberation');
}

/**
 * The browser to drive, fetched when there is none.
 *
 * @param {string} root
 * @param {string} node the Node to run Playwright's installer with
 * @param {(line: string) => void} say
 * @returns {Promise<string>}
 * @throws {SetupError} when none could be had
 */
export async function ensureChromium(root, node, say) {
  const present = findChromium(root);
  if (present !== undefined) return present;
  await downloadWithPlaywright(root, node, say);
  const downloaded = findChromium(root);
  if (downloaded !== undefined) return downloaded;
  installFromDistribution(say);
  const installed = findChromium(root);
  if (installed !== undefined) return installed;
  throw new SetupError(
    [
      'The tests need a Chromium, and none was found. It could not be downloaded',
      '(cdn.playwright.dev) nor installed from packages (apt-get, as root or with sudo).',
      'Install Chromium or Chrome, or set CHROMIUM_PATH to one, and run npm test again.',
    ].join('\n'),
  );
}
