import type { Kernel } from '../../sim/kernel.ts';
import type { Index, Table } from '../../sim/store.ts';

/**
 * The cluster's memory: keys such as `/registry/pods/default/web-1`, every write at a revision of
 * its own, and the last few thousand writes kept in order so that a watch can go on from one
 * (https://etcd.io/docs/v3.6/learning/data_model/).
 *
 * Simplified: a single member, so every write is agreed at once; history is bounded by a number of
 * writes instead of being compacted every five minutes.
 */
export interface Entry {
  readonly value: object;
  readonly createRevision: number;
  readonly modRevision: number;
}

/** One write of the history; an absent side means the key was not there. */
export interface Change {
  readonly key: string;
  readonly before?: object;
  readonly after?: object;
}

export const HISTORY_LIMIT = 10_000;
const REVISION = 'revision';

export class Etcd {
  readonly #entries: Table<string, Entry>;
  readonly #history: Table<number, Change>;
  readonly #counters: Table<string, number>;
  readonly #index: Index<string, Entry>;

  /** @param termsOf what an entry can be found by, besides its key */
  constructor(
    kernel: Kernel,
    cluster: string,
    termsOf: (value: object, key: string) => readonly string[],
  ) {
    this.#entries = kernel.store.table<Entry>(`etcd/${cluster}/entries`);
    this.#history = kernel.store.table<Change, number>(`etcd/${cluster}/history`);
    this.#counters = kernel.store.table<number>(`etcd/${cluster}/counters`);
    this.#index = this.#entries.index((entry, key) => termsOf(entry.value, key));
  }

  /** The revision of the latest write; 0 before the first. */
  get revision(): number {
    return this.#counters.get(REVISION) ?? 0;
  }

  /** The oldest revision that a watch can go on from. */
  get oldestRevision(): number {
    return (this.#history.first()?.[0] ?? 1) - 1;
  }

  get(key: string): Entry | undefined {
    return this.#entries.get(key);
  }

  /** Writes a value made from the revision that the write will have; gives the value. */
  put<T extends object>(key: string, valueAt: (revision: number) => T): T {
    const before = this.#entries.get(key);
    const revision = this.#next();
    const value = valueAt(revision);
    const createRevision = before?.createRevision ?? revision;
    this.#entries.set(key, { value, createRevision, modRevision: revision });
    this.#remember(revision, { key, before: before?.value, after: value });
    return value;
  }

  /** Removes a key; its last value carries the revision of the removal. False when not there. */
  delete(key: string, lastAt: (revision: number) => object): boolean {
    if (!this.#entries.delete(key)) return false;
    const revision = this.#next();
    this.#remember(revision, { key, before: lastAt(revision) });
    return true;
  }

  /** Entries whose key begins with a prefix, in key order. */
  *range(prefix: string): Generator<[string, Entry], void> {
    yield* this.#entries.withPrefix(prefix);
  }

  byTerm(term: string): Entry[] {
    return this.#index.values(term);
  }

  countByTerm(term: string): number {
    return this.#index.count(term);
  }

  /** Writes after a revision, oldest first. */
  *changesAfter(revision: number): Generator<Change, void> {
    for (const [, change] of this.#history.entries(revision + 1)) yield change;
  }

  #next(): number {
    const revision = this.revision + 1;
    this.#counters.set(REVISION, revision);
    return revision;
  }

  #remember(revision: number, change: Change): void {
    this.#history.set(revision, change);
    if (this.#history.size > HISTORY_LIMIT) {
      const oldest = this.#history.first();
      if (oldest) this.#history.delete(oldest[0]);
    }
  }
}
