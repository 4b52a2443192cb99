import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { judge, loadAdapter, readTables } from './judge.ts';

/** The engine is held to each table of upstream facts that the project keeps. */
const here = import.meta.dirname;

/** Titles of the tests that prove an area's rows by hand; they run as tests of their own. */
function handWritten(area: string): Set<string> {
  const folder = join(here, area);
  if (!existsSync(folder)) return new Set();
  const sources = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  const titles = sources.flatMap((text) => [...text.matchAll(/\b(?:it|test)\(\s*(['"`])(.+?)\1/g)]);
  return new Set(titles.map((match) => match[2] ?? ''));
}

describe('tables of upstream facts', () => {
  const tables = readTables(join(here, 'tables'));

  test.each(tables.map((table) => [table.area, table] as const))('%s', async (area, table) => {
    const judgements = judge(table, await loadAdapter(area), handWritten(area));
    const failed = judgements.flatMap((one) =>
      one.outcome === 'failed' ? [`${one.row.id}: ${one.why}`] : [],
    );
    expect(judgements.length).toBeGreaterThan(0);
    expect(failed).toEqual([]);
  });
});
