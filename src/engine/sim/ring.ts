import { assert } from './assert.ts';
import { addHashes, hashPair, hashValue, type Hash } from './hash.ts';
import type { Kept, Store, TableOptions } from './store.ts';

/**
 * The last so many of a row of things numbered one after the other: records of a trace, writes of a
 * history. Appending costs next to nothing, and a version is kept by reference: things stand in
 * chunks, a version knows from where to where it reaches, and only who goes on from a version that
 * was taken back copies the chunk it writes to.
 */
interface Chunk<T> {
  readonly items: T[];
  /** What was derived from a full chunk; see {@link Ring.perChunk}. */
  derived?: unknown;
}

interface RingSnapshot<T> {
  readonly chunks: readonly Chunk<T>[];
  readonly first: number;
  readonly next: number;
}

const CHUNK = 256;

export class Ring<T> implements Kept {
  readonly options: TableOptions;
  readonly #limit: number;
  /** The chunk at 0 begins with the greatest multiple of the chunk's size up to `first`. */
  #chunks: Chunk<T>[] = [];
  #shared = false;
  #first: number;
  #next: number;

  /** @param first the number of the first thing there will be */
  constructor(store: Store, name: string, limit: number, first = 1, options: TableOptions = {}) {
    assert(limit > 0, `${name} keeps at least one`);
    this.options = options;
    this.#limit = limit;
    this.#first = first;
    this.#next = first;
    store.keep(name, this);
  }

  get size(): number {
    return this.#next - this.#first;
  }

  /** The number of the oldest that is kept. */
  get first(): number {
    return this.#first;
  }

  /** The number that the next will have. */
  get next(): number {
    return this.#next;
  }

  /** Appends one; gives its number. */
  append(item: T): number {
    const number = this.#next;
    if (this.#shared) {
      this.#chunks = [...this.#chunks];
      this.#shared = false;
    }
    const at = this.#chunkAt(number);
    const chunk = this.#chunks[at];
    if (chunk) chunk.items.push(item);
    else {
      const items: T[] = [];
      // Numbers need not begin with a chunk.
      items.length = number % CHUNK;
      items.push(item);
      this.#chunks.push({ items });
    }
    this.#next += 1;
    if (this.size > this.#limit) this.#dropFirst();
    return number;
  }

  /** Drops the oldest; gives it. */
  shift(): T | undefined {
    const oldest = this.get(this.#first);
    if (oldest === undefined) return undefined;
    if (this.#shared) {
      this.#chunks = [...this.#chunks];
      this.#shared = false;
    }
    this.#dropFirst();
    return oldest;
  }

  get(number: number): T | undefined {
    if (number < this.#first || number >= this.#next) return undefined;
    return this.#chunks[this.#chunkAt(number)]?.items[number % CHUNK];
  }

  /** Those from a number on, oldest first, as they are when each is reached. */
  *from(number: number): Generator<T, void> {
    for (let at = Math.max(number, this.#first); at < this.#next; at++) yield this.get(at)!;
  }

  /**
   * What `derive` makes of each run of things, oldest first: of a full chunk once, and again of those
   * that changed. Numbers within a run go up one by one from `from`.
   */
  perChunk<D>(derive: (items: readonly T[], from: number) => D): D[] {
    return this.#chunks.map((chunk, i) => {
      const start = (Math.floor(this.#first / CHUNK) + i) * CHUNK;
      const from = Math.max(start, this.#first);
      const to = Math.min(start + CHUNK, this.#next);
      if (from !== start || to !== start + CHUNK) {
        return derive(chunk.items.slice(from - start, to - start), from);
      }
      chunk.derived ??= derive(chunk.items, from);
      return chunk.derived as D;
    });
  }

  hash(): Hash {
    let hash = 0;
    let number = this.#first;
    for (const item of this.from(number)) {
      hash = addHashes(hash, hashPair(number, hashValue(item)));
      number += 1;
    }
    return hash;
  }

  snapshot(): RingSnapshot<T> {
    this.#shared = true;
    return { chunks: this.#chunks, first: this.#first, next: this.#next };
  }

  restore({ chunks, first, next }: RingSnapshot<T>): void {
    this.#first = first;
    this.#next = next;
    this.#shared = false;
    this.#chunks = [...chunks];
    const last = this.#chunks.at(-1);
    // Others may have gone on from here before: their things stay theirs.
    if (last)
      this.#chunks[this.#chunks.length - 1] = { items: last.items.slice(0, this.#inLast()) };
  }

  /** How many places of the last chunk are in use. */
  #inLast(): number {
    return ((this.#next - 1) % CHUNK) + 1;
  }

  #chunkAt(number: number): number {
    return Math.floor(number / CHUNK) - Math.floor(this.#first / CHUNK);
  }

  #dropFirst(): void {
    this.#first += 1;
    if (this.#first % CHUNK === 0) this.#chunks.shift();
  }
}
