import { expect, test } from 'vitest';
import type { Search } from '../../search/search.ts';
import { readQueries, runQueries, scoreOf } from './evaluate.ts';

const answers: Record<string, string[]> = { a: ['p/1', 'p/2'], b: ['p/2', 'p/1'], c: [] };
const search = { ids: (query: string) => Promise.resolve(answers[query] ?? []) } as Search;

test('scores count first places, first three, and reciprocal places', async () => {
  const lines = ['a', 'b', 'c', 'd'].map((q) => JSON.stringify({ q, lang: 'ko', want: ['p/1'] }));
  const outcomes = await runQueries(readQueries(lines.join('\n'), 'x'), { ko: search, en: search });
  expect(scoreOf(outcomes)).toEqual({
    ko: { queries: 4, success1: 0.25, success3: 0.5, mrr: 0.375, empty: 0.5 },
    en: { queries: 0, success1: 0, success3: 0, mrr: 0, empty: 0 },
  });
});

test('a line that is no query is told by its number', () => {
  expect(() => readQueries('{"q":"a","lang":"ko","want":[]}\n{"q":1}', 'x.jsonl')).toThrow(
    'x.jsonl:2',
  );
});
