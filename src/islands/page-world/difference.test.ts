import { expect, test } from 'vitest';
import { differenceOf, linesOf } from './difference.ts';

const compare = (page: string, printed: string) => {
  const { added, missing } = differenceOf(linesOf(page), linesOf(printed));
  return [[...added], missing];
};

test('what is the same has no difference', () => {
  expect(compare('', '')).toEqual([[], 0]);
  expect(compare('a\nb\n\nc', 'a\nb\n\nc')).toEqual([[], 0]);
});

test('lines that are new, gone or others', () => {
  expect(compare('a\nb', 'a\nx\nb')).toEqual([[1], 0]);
  expect(compare('a\nb\nc', 'a\nc')).toEqual([[], 1]);
  expect(compare('a\n3/3\nc', 'a\n5/5\nc')).toEqual([[1], 1]);
  expect(compare('', 'a')).toEqual([[0], 0]);
});

test('long outputs are compared too', () => {
  const page = Array.from({ length: 2000 }, (_, i) => `line ${i}`).join('\n');
  expect(compare(page, page)).toEqual([[], 0]);
  expect(compare(page, page.replace('line 7\n', 'line x\n'))).toEqual([[7], 1]);
});
