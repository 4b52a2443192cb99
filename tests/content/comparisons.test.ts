import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTable, tableIds } from '../../src/build/comparisons/comparisons.ts';
import { LANGUAGES } from '../../src/scenarios/claims/claim-table.ts';
import { faultsOfCell } from '../../src/scenarios/claims/judge.ts';
import { liveCheck } from '../../src/scenarios/claims/live-check.ts';
import { falsehoodsOf } from './falsehoods.ts';

/**
 * Every cell of every comparison is true: what it says is what its commands come to. And every cell
 * can be wrong: whichever number, negation, name or condition of it is changed, it is told.
 */
describe.each(tableIds().map((id) => readTable(id)))('comparison $id', (table) => {
  it('has a cell for each column, and many rows', () => {
    expect(table.rows.length).toBeGreaterThanOrEqual(12);
    for (const { cells } of table.rows) {
      expect(cells.map(({ column }) => column)).toEqual(table.columns.map(({ id }) => id));
    }
  });

  const cells = table.rows.flatMap((row) => row.cells);

  it.each(cells)('$id is proved, and a falsehood in it is not', (cell) => {
    const lived = liveCheck(cell.check);
    expect(faultsOfCell(cell, lived)).toEqual([]);
    const planted = new Set<string>();
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), (by) => {
        for (const { name, cell: other } of falsehoodsOf(cell, by)) {
          planted.add(name);
          const message = `nobody tells of ${name}, by ${by}`;
          expect(faultsOfCell(other, lived).length, message).toBeGreaterThan(0);
        }
      }),
      { numRuns: 20 },
    );
    // For each sentence a negation in each language, and at least one condition turned round.
    const least = cell.says.length * (LANGUAGES.length + 1);
    expect(planted.size).toBeGreaterThanOrEqual(least);
  });
});
