import { BERTH_ITSELF, CELL_STATES, unpackChange } from '../engine-room/panels/cell-states.ts';
import type { Berth, MapAnswer } from '../engine-room/panels/messages.ts';

/** The map as the page has it: what was told whole, and every change since. */
export class MapModel {
  revision: number | undefined;
  berths: readonly Berth[] = [];
  berthStates = new Uint8Array(0);
  /** Of each berth, the states of its cells; the array may be longer than what is used. */
  cells: Uint8Array[] = [];
  counts: number[] = [];
  /** How many cells are in each state. */
  readonly #totals = new Uint32Array(CELL_STATES.length);
  #beyond: readonly number[] = [];
  #widest = 1;

  /** Takes in an answer. @returns the berths that look otherwise now; undefined for all */
  apply(answer: MapAnswer): Set<number> | undefined {
    this.revision = answer.revision;
    this.#beyond = answer.beyond;
    if (answer.kind === 'changes') return this.#change(answer.changes);
    this.berths = answer.berths;
    this.berthStates = answer.berthStates.slice();
    this.counts = [...answer.cellCounts];
    let at = 0;
    this.cells = this.counts.map((count) => answer.cells.slice(at, (at += count)));
    this.#totals.fill(0);
    for (const state of answer.cells) this.#totals[state]! += 1;
    this.#widest = 1;
    this.counts.forEach((count, berth) => this.#widen(berth, count));
    return undefined;
  }

  /** The states of a berth's cells. */
  cellsOf(berth: number): Uint8Array {
    return this.cells[berth]?.subarray(0, this.counts[berth]) ?? NO_CELLS;
  }

  /** How many there are in each state, those that have no cell included. */
  get totals(): number[] {
    return Array.from(this.#totals, (count, state) =>
      state === 0 ? 0 : count + (this.#beyond[state] ?? 0),
    );
  }

  /** As many cells as the fullest berth has. */
  get widest(): number {
    return this.#widest;
  }

  #widen(berth: number, count: number): void {
    if (this.berths[berth]?.name !== '') this.#widest = Math.max(this.#widest, count);
  }

  #change(changes: Uint32Array): Set<number> {
    const touched = new Set<number>();
    for (const change of changes) {
      const [berth, cell, state] = unpackChange(change);
      touched.add(berth);
      if (cell === BERTH_ITSELF) this.berthStates[berth] = state;
      else this.#paint(berth, cell, state);
    }
    return touched;
  }

  #paint(berth: number, cell: number, state: number): void {
    let cells = this.cells[berth]!;
    if (cell >= cells.length) {
      const wider = new Uint8Array(Math.max(8, 2 * cells.length, cell + 1));
      wider.set(cells);
      this.cells[berth] = cells = wider;
    }
    this.counts[berth] = Math.max(this.counts[berth]!, cell + 1);
    this.#widen(berth, cell + 1);
    this.#totals[cells[cell]!]! -= 1;
    this.#totals[state]! += 1;
    cells[cell] = state;
    // What is new in a berth takes the place of nothing that was counted.
    this.#totals[0] = 0;
  }
}

const NO_CELLS = new Uint8Array(0);
