/** Each dependency has its line, with the version in use, in the record of dependencies. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const RECORD = 'docs/adr/0006-dependencies.md';

test('package.json and the record of dependencies name the same packages and versions', () => {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Record<
    string,
    Record<string, string>
  >;
  const fields = ['dependencies', 'devDependencies', 'optionalDependencies'];
  const used = fields.flatMap((field) => Object.entries(manifest[field] ?? {}));
  const rows = readFileSync(RECORD, 'utf8').matchAll(/^\| `([^`]+)` \| ([^|]+) \|.*\| (.+) \|$/gm);
  const recorded = [...rows].map(([, name = '', version = '']) => [name, version.trim()]);
  const byName = (a: string[], b: string[]) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1);
  expect(recorded.sort(byName)).toEqual(used.sort(byName));
});
