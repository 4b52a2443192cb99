import { assert, broken } from './assert.ts';
import { BufferedMap } from './buffered-map.ts';
import { addHashes, hashPair, hashValue, type Hash } from './hash.ts';
import { OrderedMap, type Difference, type Key } from './ordered-map.ts';
import { Index, type Keys } from './table-index.ts';

export type { Index };

/**
 * A world's state: named tables of plain values, each a persistent ordered map. Every room keeps
 * what it knows in tables of its own, so the whole world can be kept, hashed, compared and taken
 * back in one place.
 *
 * Values are never changed once set: to change one, set a new value that shares what stayed.
 */
export interface Snapshot {
  readonly tables: readonly unknown[];
}

/** What a store keeps: a table, or something else whose versions share what they have in common. */
export interface Kept {
  readonly options: TableOptions;
  readonly size: number;
  /** This moment's state, by reference. */
  snapshot(): unknown;
  restore(snapshot: never): void;
  hash(): Hash;
}

interface TableSnapshot {
  readonly rows: OrderedMap<Key, unknown>;
  readonly indexes: readonly OrderedMap<string, Keys<Key>>[];
}

export interface TableOptions {
  /**
   * Left out of the world's hash: records about the run (its trace), not the state it is in.
   * It is part of checkpoints all the same.
   */
  unhashed?: boolean;
}

export class Store {
  readonly #tables = new Map<string, Kept>();
  #nextOwner = 1;
  #epoch = 0;

  /**
   * How often the state was taken back. Who keeps what is derived from tables outside of them, as
   * it is read in every step, makes it anew when this is not what it was.
   */
  get epoch(): number {
    return this.#epoch;
  }

  /** A new table. Names are unique: a room prefixes its own, `kubernetes/etcd`. */
  table<V, K extends Key = string>(name: string, options: TableOptions = {}): Table<K, V> {
    const table = new Table<K, V>(name, options, () => this.#nextOwner++);
    this.keep(name, table);
    return table;
  }

  /** Has something kept besides tables. */
  keep(name: string, kept: Kept): void {
    const known = this.#tables.get(name);
    assert(!known || known instanceof PromisedTable, `the table ${name} is there already`);
    this.#tables.set(name, kept);
  }

  /**
   * Keeps places for tables of a room that may be made later: hash and checkpoints of the world are
   * the same before and after.
   */
  promise(names: readonly string[]): void {
    for (const name of names) this.keep(name, new PromisedTable());
  }

  /** This moment's state, kept by reference: no copying now or later. */
  snapshot(): Snapshot {
    return { tables: [...this.#tables.values()].map((table) => table.snapshot()) };
  }

  restore(snapshot: Snapshot): void {
    const tables = [...this.#tables.values()];
    assert(tables.length === snapshot.tables.length, 'a snapshot of another kind of world');
    this.#epoch += 1;
    tables.forEach((table, i) => table.restore(snapshot.tables[i] as never));
  }

  /** The hash of all tables that count; see hash.ts. Costs what changed since it was last asked. */
  hash(): Hash {
    let hash = 0;
    for (const [name, table] of this.#tables) {
      if (!table.options.unhashed) {
        hash = addHashes(hash, hashPair(hashValue(name), table.hash()));
      }
    }
    return hash;
  }

  /** For inspectors and reports: the tables by name, in the order they were made. */
  tables(): ReadonlyMap<string, Table<Key, unknown>> {
    const tables = new Map<string, Table<Key, unknown>>();
    for (const [name, kept] of this.#tables) {
      if (kept instanceof Table) tables.set(name, kept as Table<Key, unknown>);
    }
    return tables;
  }
}

/** Stands for a table that nobody has needed yet. */
class PromisedTable implements Kept {
  readonly options: TableOptions = {};
  readonly size = 0;

  snapshot(): undefined {
    return undefined;
  }

  restore(): void {
    // There is nothing to be taken back.
  }

  hash(): Hash {
    return OrderedMap.empty().hash();
  }
}

/** So many rows are walked before a version is made for the walk. */
const FEW = 32;

/**
 * A table of {@link Store}: rows in key order, with indexes that follow every write.
 */
export class Table<K extends Key, V> implements Kept {
  readonly name: string;
  readonly options: TableOptions;
  readonly #indexes: Index<K, V>[] = [];
  readonly #newOwner: () => number;
  #rows = new BufferedMap<K, V>();
  #owner: number;
  #version = 0;
  /** The last snapshot, as long as no row has changed since. */
  #kept: TableSnapshot | undefined;

  constructor(name: string, options: TableOptions, newOwner: () => number) {
    this.name = name;
    this.options = options;
    this.#newOwner = newOwner;
    this.#owner = newOwner();
  }

  get size(): number {
    return this.#rows.size;
  }

  /** This moment's rows as a version that later writes leave alone. */
  get rows(): OrderedMap<K, V> {
    const rows = this.#settled();
    this.#owner = this.#newOwner();
    return rows;
  }

  /** Under whose name values may be changed in place: those made since the last version was kept. */
  get owner(): number {
    return this.#owner;
  }

  /** Another number whenever a row has changed: what is derived from all rows stays valid else. */
  get version(): number {
    return this.#version;
  }

  get(key: K): V | undefined {
    return this.#rows.get(key);
  }

  /** The row that must be there. */
  need(key: K): V {
    const value = this.get(key);
    if (value === undefined) broken(`${this.name} has no ${String(key)}`);
    return value;
  }

  has(key: K): boolean {
    return this.get(key) !== undefined;
  }

  /** `undefined` is not a value. */
  set(key: K, value: V): void {
    if (value === undefined) broken(`no value to set under ${String(key)}`);
    const before = this.#rows.get(key);
    if (before === value) return;
    this.#rows.replace(key, value, before);
    this.#changed(key, before, value);
  }

  /** Sets the row that must be there to what `change` makes of it; gives the new row. */
  update(key: K, change: (value: V) => V): V {
    const value = change(this.need(key));
    this.set(key, value);
    return value;
  }

  /** True when the key was there. */
  delete(key: K): boolean {
    const before = this.#rows.get(key);
    if (before === undefined) return false;
    this.#rows.delete(key);
    this.#changed(key, before, undefined);
    return true;
  }

  #changed(key: K, before: V | undefined, after: V | undefined): void {
    this.#version += 1;
    this.#kept = undefined;
    for (const index of this.#indexes) index.follow(key, before, after);
    if (this.#rows.isFull) this.#settled();
  }

  #settled(): OrderedMap<K, V> {
    return this.#rows.settled(this.#owner);
  }

  /** Rows in key order as they are now, whatever is written while one walks them. */
  *entries(from?: K): Generator<[K, V], void> {
    yield* this.#walk(this.#settled().entries(from));
  }

  /** Rows whose key starts with `prefix`, in key order, as they are now. */
  *withPrefix(prefix: K & string): Generator<[K, V], void> {
    yield* this.#walk(this.#settled().withPrefix(prefix));
  }

  *values(): Generator<V, void> {
    for (const [, value] of this.entries()) yield value;
  }

  /** A short walk is taken at once; for a longer one this version is kept, and writes copy. */
  *#walk(rows: Generator<[K, V], void>): Generator<[K, V], void> {
    const few: [K, V][] = [];
    for (let next = rows.next(); !next.done; next = rows.next()) {
      few.push(next.value);
      if (few.length === FEW) {
        this.#owner = this.#newOwner();
        break;
      }
    }
    yield* few;
    if (few.length === FEW) yield* rows;
  }

  /** The row with the smallest key. */
  first(): [K, V] | undefined {
    return this.#settled().first();
  }

  /**
   * An index that finds rows by what `termsOf` says of them. Make indexes before the first row.
   * It travels with snapshots by reference and never counts in the hash.
   */
  index(termsOf: (value: V, key: K) => readonly string[]): Index<K, V> {
    assert(this.size === 0, `an index on ${this.name} must be made before its first row`);
    const index = new Index<K, V>(termsOf, (key) => this.need(key), this.#newOwner);
    this.#indexes.push(index);
    return index;
  }

  hash(): Hash {
    return this.rows.hash();
  }

  snapshot(): TableSnapshot {
    // Nothing was changed in place either: that needs a row set under an owner of after the snapshot.
    return (this.#kept ??= {
      rows: this.rows,
      indexes: this.#indexes.map((index) => index.snapshot() as never),
    });
  }

  /** @param snapshot undefined for the time before this table was made, see {@link Store.promise} */
  restore(snapshot: TableSnapshot | undefined): void {
    this.#kept = undefined;
    this.#owner = this.#newOwner();
    this.#rows = new BufferedMap(snapshot?.rows as unknown as OrderedMap<K, V> | undefined);
    this.#version += 1;
    this.#indexes.forEach((index, i) => {
      index.restore((snapshot?.indexes[i] ?? OrderedMap.empty()) as never);
    });
  }

  /** What changed in this table from one snapshot's rows to now. */
  differencesSince(rows: OrderedMap<K, V>): Generator<Difference<K, V>, void> {
    return rows.differences(this.rows);
  }
}
