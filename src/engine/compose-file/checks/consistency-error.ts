import { fail } from '../failure.ts';

/** Fails with the words that errors of a project's consistency end with. */
export function invalid(message: string): never {
  fail(`${message}: invalid compose project`);
}
