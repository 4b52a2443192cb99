import { expect, it } from 'vitest';
import { shellWords } from './shell-words.ts';

it('splits a text into the words of a shell', () => {
  expect(shellWords('sh -c "echo \\"a b\\"; sleep 1"')).toEqual([
    'sh',
    '-c',
    'echo "a b"; sleep 1',
  ]);
  expect(shellWords("  'a b'c  d\\ e  ")).toEqual(['a bc', 'd e']);
  expect(shellWords('a # the rest is a comment')).toEqual(['a']);
  expect(shellWords('')).toEqual([]);
});
