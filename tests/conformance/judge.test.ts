import { expect, test } from 'vitest';
import { compare, operation, type Adapter, type FactTable } from './adapter.ts';
import { judge } from './judge.ts';

/** A table judged by the rules, so that a wrong engine cannot pass for a right one. */
const table: FactTable = {
  area: 'sums',
  cases: [
    { id: 'right', op: 'add', from: 'arithmetic', input: { a: 1, b: 2 }, expect: 3 },
    { id: 'wrong', op: 'add', from: 'arithmetic', input: { a: 1, b: 2 }, expect: 4 },
    { id: 'inside', from: 'arithmetic', input: { op: 'add', a: 2, b: 2 }, expect: 4 },
    { id: 'unknown', op: 'divide', from: 'arithmetic', input: { a: 1, b: 0 }, expect: null },
    { id: 'throws', op: 'fall', from: 'arithmetic', input: {}, expect: null },
  ],
};

const adapter: Adapter = {
  area: 'sums',
  operations: [
    operation<{ a: number; b: number }, number>('add', ({ input, expect: expected }) =>
      compare(input.a + input.b, expected),
    ),
    operation(/^fall/, () => {
      throw new Error('fell');
    }),
  ],
};

const outcomes = (proven: string[] = []) =>
  judge(table, adapter, new Set(proven)).map(({ row, outcome }) => `${row.id} ${outcome}`);

test('a row passes only when the engine says what upstream says', () => {
  expect(outcomes()).toEqual([
    'right passed',
    'wrong failed',
    'inside passed',
    'unknown failed',
    'throws failed',
  ]);
});

test('without an adapter every row has failed', () => {
  const verdicts = judge(table, undefined, new Set());
  expect(verdicts.every(({ outcome }) => outcome === 'failed')).toBe(true);
});

test('a test of that title proves no row that is not one of ours, word for word', () => {
  expect(outcomes(['wrong', 'unknown'])).toContain('unknown failed');
});
