import { describe, expect, it } from 'vitest';
import { pathMatch } from './path-match.ts';

describe('a pattern of names', () => {
  it('keeps a star within one part', () => {
    expect(pathMatch('foo/*/baz', 'foo/b/baz')).toBe(true);
    expect(pathMatch('foo/*/baz', 'foo/b/c/baz')).toBe(false);
    expect(pathMatch('*', 'a/b')).toBe(false);
    expect(pathMatch('a*b*c', 'axxbyyc')).toBe(true);
    expect(pathMatch('a*c', 'abcb')).toBe(false);
    expect(pathMatch('?', '/')).toBe(false);
  });

  it('knows classes and escapes', () => {
    expect(pathMatch('ba[rz]', 'baz')).toBe(true);
    expect(pathMatch('[^a-c]x', 'dx')).toBe(true);
    expect(pathMatch('[^a-c]x', 'bx')).toBe(false);
    expect(pathMatch('\\*', '*')).toBe(true);
    expect(pathMatch('[\\-x]', '-')).toBe(true);
  });

  it('refuses what is not well formed, whatever the name', () => {
    for (const pattern of ['[-x]', '[', '[a', '[]a]', '[x-]', 'a[', '\\', '[a-']) {
      expect(pathMatch(pattern, 'zzz')).toBe('bad-pattern');
    }
  });

  it('does not go on forever', () => {
    expect(pathMatch('a*'.repeat(1000) + 'b', 'a'.repeat(2000))).toBe(false);
  });
});
