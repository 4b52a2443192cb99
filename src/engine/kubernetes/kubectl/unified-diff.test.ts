import { describe, expect, it } from 'vitest';
import { unifiedDiff } from './unified-diff.ts';

const numbered = (count: number): string =>
  Array.from({ length: count }, (_, index) => `${index + 1}\n`).join('');

describe('differences as diff -u shows them', () => {
  it('says nothing of equal texts', () => {
    expect(unifiedDiff('a\nb\n', 'a\nb\n')).toBe('');
  });

  it('shows a change with three lines around it', () => {
    const before = numbered(9);
    expect(unifiedDiff(before, before.replace('5', 'five'))).toBe(
      '@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n',
    );
  });

  it('shows a new text, and one that is gone', () => {
    expect(unifiedDiff('', 'a\nb\n')).toBe('@@ -0,0 +1,2 @@\n+a\n+b\n');
    expect(unifiedDiff('a\n', '')).toBe('@@ -1 +0,0 @@\n-a\n');
  });

  it('makes two hunks of changes that are far from each other', () => {
    const before = numbered(20);
    const after = before.replace('2\n', 'two\n').replace('19\n', '');
    expect(unifiedDiff(before, after).match(/^@@.*$/gm)).toEqual([
      '@@ -1,5 +1,5 @@',
      '@@ -16,5 +16,4 @@',
    ]);
  });
});
