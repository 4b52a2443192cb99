import { OrderedMap, type Key } from './ordered-map.ts';

/**
 * A map in key order whose writes wait beside the tree ({@link OrderedMap}) until order or a
 * version is asked for. What is written and deleted again meanwhile never gets there, what is
 * written often gets there once, and what was written lately is found without walking down.
 */
export class BufferedMap<K extends Key, V> {
  #tree: OrderedMap<K, V>;
  /** What the tree does not have yet; `GONE` for what it has too much. */
  #written = new Map<K, V | typeof GONE>();
  /** Rows of the tree that were read lately. */
  #read = new Map<K, V>();
  /** A key that the tree was found not to have: one who looks first often writes next. */
  #missing: K | undefined;
  #size: number;

  constructor(tree: OrderedMap<K, V> = OrderedMap.empty()) {
    this.#tree = tree;
    this.#size = tree.size;
  }

  get size(): number {
    return this.#size;
  }

  get(key: K): V | undefined {
    const written = this.#written.get(key);
    if (written === undefined) return this.#stored(key);
    return written === GONE ? undefined : written;
  }

  /** Sets what is not there as it is; `undefined` is not a value. @param before what is there */
  replace(key: K, value: V, before: V | undefined): void {
    if (before === undefined) this.#size += 1;
    this.#written.set(key, value);
  }

  /** Deletes what is there. */
  delete(key: K): void {
    this.#size -= 1;
    if (this.#tree.size === 0 || this.#stored(key) === undefined) this.#written.delete(key);
    else this.#written.set(key, GONE);
  }

  /** Whether so much waits that one who never asks for order pays for it now and then. */
  get isFull(): boolean {
    return this.#written.size > WRITTEN_LIMIT;
  }

  /** The tree with all that waited put in, under an owner (see ordered-map.ts). */
  settled(owner: number): OrderedMap<K, V> {
    const written = this.#written;
    if (written.size === 0) return this.#tree;
    const read = written.size > READ_LIMIT ? new Map<K, V>() : this.#read;
    let tree = this.#tree;
    for (const [key, value] of written.size > FEW ? inOrder(written) : written) {
      if (value === GONE) {
        tree = tree.delete(key, owner);
        read.delete(key);
      } else {
        tree = tree.set(key, value, owner);
        read.set(key, value);
      }
    }
    this.#tree = tree;
    this.#read = read.size > READ_LIMIT ? new Map<K, V>() : read;
    this.#written = new Map();
    this.#missing = undefined;
    return tree;
  }

  #stored(key: K): V | undefined {
    if (this.#tree.size === 0 || key === this.#missing) return undefined;
    const read = this.#read.get(key);
    if (read !== undefined) return read;
    const stored = this.#tree.get(key);
    if (stored === undefined) {
      this.#missing = key;
      return undefined;
    }
    if (this.#read.size >= READ_LIMIT) this.#read = new Map();
    this.#read.set(key, stored);
    return stored;
  }
}

const GONE = Symbol('gone');

/** Rows read lately that are found at once; beyond, all are forgotten. */
const READ_LIMIT = 8192;

/** Writes that wait at most. */
const WRITTEN_LIMIT = 1 << 18;

/** So many writes go into the tree as they came; more go in order, which keeps them together. */
const FEW = 64;

const inOrder = <K extends Key, V>(written: ReadonlyMap<K, V>): [K, V][] =>
  [...written].sort(([a], [b]) => (a < b ? -1 : 1));
