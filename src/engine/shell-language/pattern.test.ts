import { expect, test } from 'vitest';
import { matches, readPattern } from './pattern.ts';

test('a class of characters is what POSIX names, and no other word is one', () => {
  const holds = (pattern: string, text: string) => matches(readPattern(pattern), text);
  expect(holds('[[:upper:]][[:digit:]]', 'A1')).toBe(true);
  expect(holds('[[:upper:]]', 'a')).toBe(false);
  expect(holds('[![:space:]]', ' ')).toBe(false);
  for (const name of ['constructor', 'toString', 'vowel'])
    expect(holds(`[[:${name}:]]`, 'a'), name).toBe(false);
});
