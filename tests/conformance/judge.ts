import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from 'yaml';
import { findOperation, sameValue, type Adapter, type FactTable, type Row } from './adapter.ts';

/**
 * Judges tables of upstream facts. A row is proved by its area's adapter, by a test of its own
 * (`by hand`, see {@link provenByHand}), or is held to be out of date (`outdated.yaml`); a row whose
 * operation nobody understands has failed.
 */
export type Judgement =
  | { readonly row: Row; readonly outcome: 'passed' }
  | { readonly row: Row; readonly outcome: 'by hand' }
  | { readonly row: Row; readonly outcome: 'outdated'; readonly evidence: string }
  | { readonly row: Row; readonly outcome: 'failed'; readonly why: string };

interface OutdatedRow {
  readonly table: string;
  readonly id: string;
  readonly evidence: string;
}

const here = import.meta.dirname;

/** The tables at a path: a file, or every one in a folder and below, by name. */
export function readTables(path: string): FactTable[] {
  if (!statSync(path).isDirectory()) {
    if (!path.endsWith('.json')) return [];
    const table = JSON.parse(readFileSync(path, 'utf8')) as Partial<FactTable>;
    return Array.isArray(table.cases) && table.area !== undefined ? [table as FactTable] : [];
  }
  return readdirSync(path)
    .sort()
    .flatMap((name) => readTables(join(path, name)));
}

export async function loadAdapter(area: string): Promise<Adapter | undefined> {
  const file = join(here, 'adapters', `${area}.ts`);
  if (!/^[a-z-]+$/.test(area) || !existsSync(file)) return undefined;
  return ((await import(pathToFileURL(file).href)) as { adapter: Adapter }).adapter;
}

/** Whether a row is one of the project's own, word for word: only that is proved by hand. */
function isOwn(area: string, row: Row): boolean {
  const file = join(here, 'tables', `${area}.json`);
  if (!existsSync(file)) return false;
  const own = readTables(file)[0]?.cases.find(({ id }) => id === row.id);
  return own !== undefined && sameValue(own, row);
}

function outdatedRows(): readonly OutdatedRow[] {
  const file = join(here, 'outdated.yaml');
  return existsSync(file)
    ? ((parse(readFileSync(file, 'utf8')) as OutdatedRow[] | null) ?? [])
    : [];
}

/**
 * @param table facts of one area
 * @param adapter undefined when the area has none
 * @param proven titles of the area's own tests that passed; a row's test is titled by its id
 */
export function judge(
  table: FactTable,
  adapter: Adapter | undefined,
  proven: ReadonlySet<string>,
): Judgement[] {
  const outdated = outdatedRows().filter((row) => row.table === table.area);
  return table.cases.map((row, index): Judgement => {
    const own = isOwn(table.area, row);
    const old = own ? outdated.find(({ id }) => id === row.id) : undefined;
    if (old) return { row, outcome: 'outdated', evidence: old.evidence };
    if (own && proven.has(row.id)) return { row, outcome: 'by hand' };
    const operation = adapter && findOperation(adapter, row);
    if (!operation) return { row, outcome: 'failed', why: 'no adapter understands it' };
    try {
      const { holds, got } = operation.run(row, { table, index });
      return holds
        ? { row, outcome: 'passed' }
        : { row, outcome: 'failed', why: `got ${JSON.stringify(got)}` };
    } catch (error) {
      return { row, outcome: 'failed', why: `threw ${String(error)}` };
    }
  });
}
