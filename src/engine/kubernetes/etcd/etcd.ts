import type { Kernel } from '../../sim/kernel.ts';
import { Ring } from '../../sim/ring.ts';
import type { Index, Table } from '../../sim/store.ts';

/**
 * The cluster's memory: keys such as `/registry/pods/default/web-1`, every write at a revision of
 * its own, and the last few thousand writes kept in order so that a watch can go on from one
 * (https://etcd.io/docs/v3.6/learning/data_model/).
 *
 * Simplified: what the members agree on is kept once for all of them, and counts from the moment
 * it is proposed to a leader that reaches a quorum; history is bounded by a number of
 * writes instead of being compacted every five minutes; of a key's revisions none is kept beside its
 * value, which carries its own.
 */
/** One write of the history; an absent side means the key was not there. */
export interface Change {
  readonly key: string;
  readonly before?: object;
  readonly after?: object;
}

export const HISTORY_LIMIT = 10_000;

export class Etcd {
  readonly #entries: Table<string, object>;
  /** Numbered by revision. */
  readonly #history: Ring<Change>;
  readonly #index: Index<string, object>;
  readonly #agree: ((key: string, revision: number) => void) | undefined;

  /**
   * @param termsOf what an entry can be found by, besides its key
   * @param agree has the members agree on a write, where there are several
   */
  constructor(
    kernel: Kernel,
    cluster: string,
    termsOf: (value: object, key: string) => readonly string[],
    agree?: (key: string, revision: number) => void,
  ) {
    this.#agree = agree;
    this.#entries = kernel.store.table<object>(`etcd/${cluster}/entries`);
    this.#history = new Ring<Change>(kernel.store, `etcd/${cluster}/history`, HISTORY_LIMIT);
    this.#index = this.#entries.index(termsOf);
  }

  /** The revision of the latest write; 0 before the first. */
  get revision(): number {
    return this.#history.next - 1;
  }

  /** How many keys there are. */
  get size(): number {
    return this.#entries.size;
  }

  /** The oldest revision that a watch can go on from. */
  get oldestRevision(): number {
    return this.#history.first - 1;
  }

  get(key: string): object | undefined {
    return this.#entries.get(key);
  }

  /**
   * Writes a value made from the revision that the write will have; gives the value.
   * @param before what is under the key
   */
  put<T extends object>(
    key: string,
    before: object | undefined,
    valueAt: (revision: number) => T,
  ): T {
    const revision = this.revision + 1;
    const value = valueAt(revision);
    this.#entries.set(key, value);
    this.#history.append({ key, before, after: value });
    this.#agree?.(key, revision);
    return value;
  }

  /** Counts a write of something that is kept elsewhere; gives its revision. */
  note(change: Change): number {
    const revision = this.#history.append(change);
    this.#agree?.(change.key, revision);
    return revision;
  }

  /** Removes a key; its last value carries the revision of the removal. False when not there. */
  delete(key: string, lastAt: (revision: number) => object): boolean {
    if (!this.#entries.delete(key)) return false;
    this.#history.append({ key, before: lastAt(this.revision + 1) });
    this.#agree?.(key, this.revision);
    return true;
  }

  /** Entries whose key begins with a prefix, in key order. */
  *range(prefix: string): Generator<[string, object], void> {
    yield* this.#entries.withPrefix(prefix);
  }

  byTerm(term: string): object[] {
    return this.#index.values(term);
  }

  countByTerm(term: string): number {
    return this.#index.count(term);
  }

  /** Writes after a revision, oldest first. */
  *changesAfter(revision: number): Generator<Change, void> {
    yield* this.#history.from(revision + 1);
  }
}
