import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ClaimTable } from '../../scenarios/claims/claim-table.ts';
import { readClaimTable } from '../../scenarios/claims/read-claim-table.ts';
import { faultsOfReading, refuseFile, type Fault } from '../authoring-error.ts';

const FOLDER = 'content/comparisons';

/** The ids of all comparison tables, in order. */
export function tableIds(root = '.'): string[] {
  return globSync(`${FOLDER}/*.yaml`, { cwd: root })
    .map((file) => basename(file, '.yaml'))
    .sort();
}

/** Reads a table. @throws AuthoringError with every fault of its form */
export function readTable(id: string, root = '.'): ClaimTable {
  const file = `${FOLDER}/${id}.yaml`;
  const read = readClaimTable(id, readFileSync(join(root, file), 'utf8'));
  return read.ok ? read.table : refuseFile(file, read.faults);
}

/**
 * What a page can link to in a table: `row.ROW`, `ROW.COLUMN` and `ROW.COLUMN.proof`.
 *
 * @throws as `readTable`
 */
export function anchorsOfTable(id: string, root = '.'): string[] {
  return readTable(id, root).rows.flatMap((row) => [
    `row.${row.id}`,
    ...row.cells.flatMap(({ id }) => [id, `${id}.proof`]),
  ]);
}

/** The faults of form of all tables. Whether they are true is for the tests: it takes longer. */
export function checkComparisons(root: string): readonly Fault[] {
  return tableIds(root).flatMap((id) => faultsOfReading(() => readTable(id, root)));
}
