/**
 * Decides whether node_modules holds what package-lock.json asks for, and installs it when not.
 *
 * npm leaves a record of what it installed in node_modules/.package-lock.json. Comparing that
 * record with the lock file costs milliseconds and also holds for an install done by hand.
 * Plain JavaScript: this runs before there is a TypeScript-capable Node.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from './setup-error.mjs';

/** @typedef {{ version?: string, integrity?: string, optional?: boolean, link?: boolean }} Locked */

/**
 * @param {string} file
 * @returns {Record<string, Locked> | undefined} the packages by path, undefined without the file
 */
function readLock(file) {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
  } catch {
    return undefined;
  }
}

/**
 * The first difference between the lock file and what is installed, in words; undefined when
 * node_modules matches. A package marked optional may be absent: npm leaves out those made for
 * another machine.
 *
 * @param {string} root the folder with package.json
 * @returns {string | undefined}
 */
export function installDifference(root) {
  const wanted = readLock(join(root, 'package-lock.json'));
  if (wanted === undefined) return 'package-lock.json is missing or broken';
  const installed = readLock(join(root, 'node_modules', '.package-lock.json'));
  if (installed === undefined) return 'node_modules was not installed by npm';
  for (const [path, lock] of Object.entries(wanted)) {
    if (path === '') continue;
    const present = installed[path];
    if (present === undefined) {
      if (lock.optional === true) continue;
      return `${path} is not installed`;
    }
    if (present.version !== lock.version || present.integrity !== lock.integrity) {
      return `${path} is ${present.version}, the lock file says ${lock.version}`;
    }
    if (!existsSync(join(root, path))) return `${path} was removed`;
  }
  for (const path of Object.keys(installed)) {
    if (wanted[path] === undefined) return `${path} is no longer in the lock file`;
  }
  return undefined;
}

const UNREACHABLE =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|ENOTCACHED/;

/**
 * What to tell somebody whose install failed.
 *
 * @param {string} output what npm wrote to stderr
 * @returns {string}
 */
export function explainInstallFailure(output) {
  if (UNREACHABLE.test(output)) {
    return [
      'Drydock needs its npm packages once, and the npm registry could not be reached.',
      'Connect to the network (or give npm a proxy or mirror: npm config set registry URL)',
      'and run the same command again. A node_modules folder copied from a machine of the same',
      'kind with the same package-lock.json serves as well. Afterwards no network is needed.',
    ].join('\n');
  }
  const tail = output.trim().split('\n').slice(-15).join('\n');
  return `npm ci failed:\n${tail}\nMend what npm names above and run the same command again.`;
}

/**
 * Runs npm and waits for it.
 *
 * @param {string} root
 * @param {string[]} args
 * @param {'ignore' | 'pipe'} stdout
 */
function npm(root, args, stdout) {
  const cli = process.env.npm_execpath;
  const shell = cli === undefined && process.platform === 'win32';
  const [program, all] = cli === undefined ? ['npm', args] : [process.execPath, [cli, ...args]];
  const stdio = /** @type {const} */ (['ignore', stdout, 'pipe']);
  return spawnSync(program, all, { cwd: root, encoding: 'utf8', shell, stdio: [...stdio] });
}

/**
 * Whether the registry can be reached at all. Without this question npm asks for each of hundreds
 * of packages in turn, which takes minutes. Behind a proxy the answer is left to npm.
 *
 * @param {string} root
 */
async function registryAnswers(root) {
  const proxies = ['HTTPS_PROXY', 'https_proxy', 'npm_config_proxy', 'npm_config_https_proxy'];
  if (proxies.some((name) => (process.env[name] ?? '') !== '')) return true;
  const registry = npm(root, ['config', 'get', 'registry'], 'pipe').stdout?.trim() ?? '';
  if (!/^https?:/.test(registry)) return true;
  try {
    await fetch(registry, { method: 'HEAD', signal: AbortSignal.timeout(10_000) });
    return true;
  } catch (error) {
    const cause = /** @type {{ cause?: { code?: string } }} */ (error).cause;
    const timedOut = error instanceof Error && error.name === 'TimeoutError';
    return !timedOut && !UNREACHABLE.test(cause?.code ?? '');
  }
}

/**
 * Runs `npm ci` when node_modules does not match the lock file. No package of this project needs
 * an install script, so none is run.
 *
 * @param {string} root
 * @param {(line: string) => void} say
 * @returns {Promise<void>}
 * @throws {SetupError} when the install fails
 */
export async function ensureDependencies(root, say) {
  const difference = installDifference(root);
  if (difference === undefined) return;
  say(`Set-up: ${difference}. Installing packages (npm ci); the first time this takes a while.`);
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  args.push('--include=dev', '--include=optional', '--loglevel=error');
  args.push('--fetch-retries=2', '--fetch-retry-mintimeout=2000', '--fetch-retry-maxtimeout=8000');
  // Without the registry npm's own cache may still hold everything.
  if (!(await registryAnswers(root))) args.push('--offline');
  const run = npm(root, args, 'ignore');
  if (run.error !== undefined) throw new SetupError(`npm could not be run: ${run.error.message}`);
  if (run.status !== 0) throw new SetupError(explainInstallFailure(run.stderr));
  const left = installDifference(root);
  if (left !== undefined) throw new SetupError(`npm ci ended, but ${left}.`);
}
