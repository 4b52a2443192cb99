import { addHashes, hashPair, hashValue, type Hash, type Hashed } from './hash.ts';

/**
 * A persistent list that only grows: each version is one cell on top of the version before. What
 * a process has been told so far, a terminal's lines: cheap to append, free to keep.
 */
export class Log<T> implements Hashed {
  readonly #last: T | undefined;
  readonly #before: Log<T> | undefined;
  readonly length: number;
  #hash: Hash | undefined;

  private constructor(before: Log<T> | undefined, last: T | undefined) {
    this.#before = before;
    this.#last = last;
    this.length = before ? before.length + 1 : 0;
  }

  static empty<T>(): Log<T> {
    return new Log<T>(undefined, undefined);
  }

  append(item: T): Log<T> {
    return new Log(this, item);
  }

  last(): T | undefined {
    return this.#last;
  }

  /** The items, oldest first; with `from`, those at that position and after. */
  toArray(from = 0): T[] {
    const items: T[] = [];
    for (let cell: Log<T> = this; cell.#before && cell.length > from; cell = cell.#before) {
      items.push(cell.#last as T);
    }
    return items.reverse();
  }

  /** How many items at the beginning it shares with another version of it, as far as can be told. */
  sharedWith(other: Log<T>): number {
    let [a, b]: [Log<T>, Log<T>] = [this, other];
    while (a !== b && a.#before && b.#before) {
      if (a.length >= b.length) a = a.#before;
      else b = b.#before;
    }
    return a === b ? a.length : 0;
  }

  /** Without recursion: a log may be a hundred thousand cells long. */
  hash(): Hash {
    const open: Log<T>[] = [];
    let cell: Log<T> | undefined = this;
    while (cell && cell.#hash === undefined) {
      open.push(cell);
      cell = cell.#before;
    }
    let hash = cell ? (cell.#hash ?? 0) : 0;
    for (const next of open.reverse()) {
      hash = addHashes(hash, hashPair(next.length, hashValue(next.#last ?? null)));
      next.#hash = hash;
    }
    return hash;
  }
}
