/** Starting the next program and standing aside: exit code, Ctrl+C and termination pass through. */
import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';

const ORPHAN_CHECK_MS = 500;

/**
 * Calls back when npm, which started this process through a shell, is gone. A SIGTERM sent to npm
 * ends npm and the shell, and would leave a server behind that nobody can see.
 *
 * @param {() => void} orphaned
 */
function watchNpm(orphaned) {
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return;
  const shell = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(timer);
    orphaned();
  }, ORPHAN_CHECK_MS);
  timer.unref();
}

/**
 * Runs a program in the foreground until it ends. Ctrl+C reaches it from the terminal by itself,
 * so this process only has to outlive it; SIGTERM is sent on.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {string} root the folder to run in
 * @returns {Promise<number>} its exit code; 128 + n when signal n ended it
 */
export function handOver(program, args, root) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: 'inherit', env: environment(root) });
    const outlive = () => {};
    const forward = () => child.kill('SIGTERM');
    process.on('SIGINT', outlive);
    process.on('SIGTERM', forward);
    watchNpm(forward);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      process.off('SIGINT', outlive);
      process.off('SIGTERM', forward);
      if (code !== null) resolve(code);
      else resolve(signal === 'SIGINT' ? 130 : signal === 'SIGTERM' ? 143 : 1);
    });
  });
}

/**
 * The environment of every program that set-up starts: the packages' programs first on the path,
 * so that `node` is the pinned one, compiled sources kept for the next start, and no tool reporting
 * to its maker.
 *
 * @param {string} root
 * @returns {NodeJS.ProcessEnv}
 */
function environment(root) {
  const path = [join(root, 'node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter);
  const cache = join(root, 'node_modules', '.cache', 'node');
  return {
    NODE_COMPILE_CACHE: cache,
    ...process.env,
    PATH: path,
    ASTRO_TELEMETRY_DISABLED: '1',
    DO_NOT_TRACK: '1',
  };
}
