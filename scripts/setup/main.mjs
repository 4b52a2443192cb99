/** The frame of the three plain-JavaScript commands: run, show a set-up fault as a sentence. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SetupError } from './setup-error.mjs';

/** The folder with package.json. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** @param {string} line */
export function say(line) {
  process.stdout.write(`${line}\n`);
}

/**
 * Runs a command and sets the exit code it gives.
 *
 * @param {() => Promise<number>} command
 */
export async function main(command) {
  try {
    process.exitCode = await command();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
