import { expect, it } from 'vitest';
import { expand } from './expansion.ts';

/** Rows of third_party/forked/golang/expansion/expand_test.go `TestMapping` (v1.36). */
const VALUES: Readonly<Record<string, string>> = {
  VAR_A: 'A',
  VAR_B: 'B',
  VAR_C: 'C',
  VAR_REF: '$(VAR_A)',
  VAR_EMPTY: '',
};

it.each([
  ['$(VAR_A)', 'A'],
  ['___$(VAR_B)___', '___B___'],
  ['___$(VAR_C)', '___C'],
  ['$(VAR_A)-$(VAR_A)', 'A-A'],
  ['$(VAR_A)-1', 'A-1'],
  ['$(VAR_REF)', '$(VAR_A)'],
  ['$(VAR_EMPTY)', ''],
  ['foo-$(VAR_EMPTY)-bar', 'foo--bar'],
  ['$(VAR_UNKNOWN)', '$(VAR_UNKNOWN)'],
  ['$$(VAR_A)', '$(VAR_A)'],
  ['$$$(VAR_A)', '$A'],
  ['$$$$(VAR_A)', '$$(VAR_A)'],
  ['$VAR_A', '$VAR_A'],
  ['${VAR_A}', '${VAR_A}'],
  ['$(VAR_A', '$(VAR_A'],
  ['$', '$'],
  ['$$', '$'],
  ['$(VAR_A', '$(VAR_A'],
  ['--$(VAR_A)--$', '--A--$'],
  ['$()', '$()'],
  ['$(VAR_A)$(VAR_B)', 'AB'],
  ['f000-$$VAR_A', 'f000-$VAR_A'],
  ['foo\\$(VAR_C)bar', 'foo\\Cbar'],
  ['foo\\\\$(VAR_C)bar', 'foo\\\\Cbar'],
])('%s becomes %s', (text, expected) => {
  expect(expand(text, (name) => VALUES[name])).toBe(expected);
});
