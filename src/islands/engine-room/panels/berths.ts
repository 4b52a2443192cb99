import { BERTH_ITSELF, CELL_STATES, codeOfState, packChange } from './cell-states.ts';
import type { Berth, MapAnswer } from './messages.ts';

/**
 * The map of a world as it is kept beside it: berths, and in each the cells of what is there. A cell
 * that is freed stays empty until something comes that takes it, so nothing else moves. What changed
 * is noted in order; a page that knows a revision is told only what came after it.
 */
interface Place {
  readonly berth: number;
  readonly cell: number;
}

/** Changes that are kept; a page that is further behind is told all. */
const CHANGES_KEPT = 65_536;
/** Cells of one berth; what is more than that is counted, and has none. */
const CELLS_LIMIT = BERTH_ITSELF;

export class Berths {
  #revision = 0;
  /** The revision before the first change that is kept. */
  #oldest = 0;
  #changes: number[] = [];
  #berths: Berth[] = [];
  #numbers = new Map<string, number>();
  #berthStates: number[] = [];
  readonly #cells: Uint8Array[] = [];
  readonly #counts: number[] = [];
  readonly #free: number[][] = [];
  readonly #places = new Map<string, Place>();
  readonly #keys: (string | undefined)[][] = [];
  /** What has no cell, by its key: its state. */
  readonly #beyond = new Map<string, number>();

  /** The number of a berth, which is made if need be: all pages are told of that anew. */
  berth(name: string, platform: Berth['platform']): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.#berths.length;
    this.#berths.push({ name, platform });
    this.#numbers.set(name, number);
    this.#berthStates.push(0);
    this.#cells.push(new Uint8Array(8));
    this.#counts.push(0);
    this.#free.push([]);
    this.#keys.push([]);
    this.#forgetChanges();
    return number;
  }

  nameOf(number: number): string {
    return this.#berths[number]?.name ?? '';
  }

  /** All that is anywhere. */
  *keys(): Generator<string, void> {
    yield* this.#places.keys();
    yield* this.#beyond.keys();
  }

  stateOfBerth(number: number, state: string): void {
    const code = codeOfState(state);
    if (this.#berthStates[number] === code) return;
    this.#berthStates[number] = code;
    this.#note(packChange(number, BERTH_ITSELF, code));
  }

  /** Has something at a berth in a state, wherever it was before. */
  set(key: string, berth: number, state: string): void {
    const before = this.#places.get(key);
    if (before && before.berth !== berth) this.remove(key);
    const place = before?.berth === berth ? before : this.#take(key, berth);
    if (place) this.#paint(place, codeOfState(state));
    else this.#beyond.set(key, codeOfState(state));
  }

  remove(key: string): void {
    this.#beyond.delete(key);
    const place = this.#places.get(key);
    if (!place) return;
    this.#places.delete(key);
    this.#keys[place.berth]![place.cell] = undefined;
    this.#free[place.berth]!.push(place.cell);
    this.#paint(place, 0);
  }

  /** What is at a berth, in the order of its cells. */
  keysAt(berth: number): string[] {
    return (this.#keys[berth] ?? []).filter((key) => key !== undefined);
  }

  /** @param since the revision that the page has; undefined when it has none */
  answer(since: number | undefined): MapAnswer {
    const revision = this.#revision;
    const beyond = CELL_STATES.map(() => 0);
    for (const state of this.#beyond.values()) beyond[state]! += 1;
    if (since !== undefined && since >= this.#oldest && since <= revision) {
      const changes = Uint32Array.from(this.#changes.slice(since - this.#oldest));
      return { kind: 'changes', revision, beyond, changes };
    }
    const total = this.#counts.reduce((sum, count) => sum + count, 0);
    const cells = new Uint8Array(total);
    let at = 0;
    this.#counts.forEach((count, berth) => {
      cells.set(this.#cells[berth]!.subarray(0, count), at);
      at += count;
    });
    return {
      ...{ kind: 'whole', revision, beyond, cells },
      berths: [...this.#berths],
      berthStates: Uint8Array.from(this.#berthStates),
      cellCounts: Uint16Array.from(this.#counts),
    };
  }

  #take(key: string, berth: number): Place | undefined {
    const free = this.#free[berth]!;
    const cell = free.pop() ?? this.#counts[berth]!;
    if (cell >= CELLS_LIMIT) return undefined;
    if (cell === this.#counts[berth]) this.#counts[berth] = cell + 1;
    const place = { berth, cell };
    this.#beyond.delete(key);
    this.#places.set(key, place);
    this.#keys[berth]![cell] = key;
    return place;
  }

  #paint({ berth, cell }: Place, state: number): void {
    let cells = this.#cells[berth]!;
    if (cell >= cells.length) {
      const wider = new Uint8Array(cells.length * 2);
      wider.set(cells);
      this.#cells[berth] = cells = wider;
    }
    if (cells[cell] === state) return;
    cells[cell] = state;
    this.#note(packChange(berth, cell, state));
  }

  #note(change: number): void {
    this.#changes.push(change);
    this.#revision += 1;
    if (this.#changes.length < 2 * CHANGES_KEPT) return;
    this.#changes = this.#changes.slice(-CHANGES_KEPT);
    this.#oldest = this.#revision - CHANGES_KEPT;
  }

  #forgetChanges(): void {
    this.#changes = [];
    this.#revision += 1;
    this.#oldest = this.#revision;
  }
}
