import { fail } from '../failure.ts';

/** Project names: lower-case letters, digits, `-` and `_`, a letter or digit first. */

/** A name from any text: what may not stand in one is dropped (`NormalizeProjectName`). */
export const normalizeProjectName = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '')
    .replace(/^[_-]+/, '');

/** A name somebody chose must be one already. */
export function checkProjectName(name: string): void {
  if (normalizeProjectName(name) === name) return;
  fail(
    `invalid project name ${JSON.stringify(name)}: must consist only of lowercase alphanumeric ` +
      'characters, hyphens, and underscores as well as start with a letter or number',
  );
}
