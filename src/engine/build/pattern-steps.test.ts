import { describe, expect, it } from 'vitest';
import { expressionFits } from './pattern-steps.ts';
import { compilePattern, PatternMatcher } from './patterns.ts';

const fits = (pattern: string, path: string) =>
  expressionFits(compilePattern(pattern)?.source ?? '^$')(path);

describe('a path pattern', () => {
  it.each([
    ['a/*/c', 'a/b/c', true],
    ['a/*/c', 'a/b/b/c', false],
    ['**/c?', 'a/b/cd', true],
    ['**/c?', 'cd', true],
    ['a/**/c[x-z]', 'a/b/d/cy', true],
    ['a/**/c[^x-z]', 'a/cy', false],
    ['a.[+]', 'a.+', true],
    ['a\\*b', 'a*b', true],
    ['a\\*b', 'axb', false],
    ['?', '😀', true],
    ['^?', 'a', true],
    ['a^?', 'a^b', false],
  ])('%s and %s: %s', (pattern, path, expected) => {
    expect(fits(pattern, path)).toBe(expected);
  });

  it('of many ** and * takes no longer than pattern times path', () => {
    const path = 'a/'.repeat(500);
    expect(fits(`${'**/a'.repeat(200)}b`, path)).toBe(false);
    expect(fits('*a'.repeat(1_000), 'a'.repeat(999))).toBe(false);
  });

  it('of a list of a hundred thousand is looked at only as far as it fits', () => {
    const list = Array.from({ length: 100_000 }, (_, n) => `dir${n}/*`);
    const matcher = PatternMatcher.read(list) as PatternMatcher;
    expect(matcher.matches('dir99999/x')).toBe(true);
    expect(matcher.matches('other')).toBe(false);
  });
});
