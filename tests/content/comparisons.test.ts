import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTable, tableIds } from '../../src/build/comparisons/comparisons.ts';
import { LANGUAGES, type ClaimCell } from '../../src/scenarios/claims/claim-table.ts';
import { faultsOfCell } from '../../src/scenarios/claims/judge.ts';
import { liveCheck, type LivedStep } from '../../src/scenarios/claims/live-check.ts';
import { falsehoodsOf, swapsOf } from './falsehoods.ts';

/**
 * Every cell of every comparison is true: what it says is what its commands come to. And every cell
 * can be wrong: whichever number, negation, name, thing or condition of it is changed, it is told.
 * Nor does what one cell says hold in the place of another, but for a few that are alike.
 */
describe.each(tableIds().map((id) => readTable(id)))('comparison $id', (table) => {
  it('has a cell for each column, and many rows', () => {
    expect(table.rows.length).toBeGreaterThanOrEqual(12);
    for (const { cells } of table.rows) {
      expect(cells.map(({ column }) => column)).toEqual(table.columns.map(({ id }) => id));
    }
  });

  const cells = table.rows.flatMap((row) => row.cells);
  const lives = new Map<string, readonly LivedStep[]>();
  const live = (cell: ClaimCell): readonly LivedStep[] => {
    const lived = lives.get(cell.id) ?? liveCheck(cell.check);
    lives.set(cell.id, lived);
    return lived;
  };

  it.each(cells)('$id is proved, and a falsehood in it is not', (cell) => {
    const lived = live(cell);
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

  it.each([
    { where: 'the same row', are: (a: ClaimCell, b: ClaimCell) => rowOf(a) === rowOf(b) },
    { where: 'another row', are: (a: ClaimCell, b: ClaimCell) => rowOf(a) !== rowOf(b) },
  ])('is told of a cell of $where in the place of another', ({ are }) => {
    const pairs = cells.flatMap((a) =>
      cells.flatMap((b) => (a !== b && are(a, b) ? [swapsOf(a, b)] : [])),
    );
    const passed = (which: 'says' | 'words') =>
      pairs.filter((pair) => isFree(pair[which], live)).map((pair) => pair[which]);
    const unseen = { says: passed('says').length, words: passed('words').length };
    const told = `${unseen.says} and ${unseen.words} of ${pairs.length} pass`;
    expect(unseen.says / pairs.length, told).toBeLessThan(MOST_UNSEEN.says);
    expect(unseen.words / pairs.length, told).toBeLessThan(MOST_UNSEEN.words);
  });
});

/**
 * The share of swaps that may pass. Of what a cell says with its proof those that are true of both
 * cells, such as that 2 containers run; of its words alone also those that only deny something in
 * general terms, as the words they replace do.
 */
const MOST_UNSEEN = { says: 0.02, words: 0.05 };

const rowOf = ({ id }: ClaimCell): string => id.split('.')[0] ?? '';

/** Whether nobody tells of anything. A proof that asks for a step there is not tells by that. */
function isFree(cell: ClaimCell, live: (cell: ClaimCell) => readonly LivedStep[]): boolean {
  const lived = live(cell);
  const asked = cell.says.flatMap(({ proof }) => proof.map(({ step }) => step));
  return Math.max(...asked) < lived.length && faultsOfCell(cell, lived).length === 0;
}
