import { BufferedMap } from './buffered-map.ts';
import { OrderedMap, type Key } from './ordered-map.ts';

/** The keys under one term, as they are kept: of a single one, itself. */
export type Keys<K extends Key> = K | OrderedMap<K, true>;

/** The same while they are written to: of very many, with writes that wait. */
type OpenKeys<K extends Key> = Keys<K> | BufferedMap<K, true>;

/** So many keys are put into their tree at once: it is a leaf. */
const FEW = 32;

const NO_TERMS: readonly string[] = [];

/** Rows of a table by term, in key order. */
export class Index<K extends Key, V> {
  readonly #termsOf: (value: V, key: K) => readonly string[];
  readonly #row: (key: K) => V;
  readonly #newOwner: () => number;
  #terms = new BufferedMap<string, OpenKeys<K>>();
  /** Terms whose keys may have writes that wait. */
  #opened: string[] = [];
  #owner: number;

  /**
   * @param row the row under a key that is there
   * @param newOwner gives another owner each time (see ordered-map.ts)
   */
  constructor(
    termsOf: (value: V, key: K) => readonly string[],
    row: (key: K) => V,
    newOwner: () => number,
  ) {
    this.#termsOf = termsOf;
    this.#row = row;
    this.#newOwner = newOwner;
    this.#owner = newOwner();
  }

  keys(term: string): K[] {
    const keys = this.#terms.get(term);
    if (keys === undefined) return [];
    if (keys instanceof BufferedMap) return [...keys.settled(this.#owner).keys()];
    return isMany(keys) ? [...keys.keys()] : [keys];
  }

  values(term: string): V[] {
    return this.keys(term).map(this.#row);
  }

  count(term: string): number {
    const keys = this.#terms.get(term);
    if (keys === undefined) return 0;
    return isMany(keys) ? keys.size : 1;
  }

  /** Follows a write of the table; an absent side means that no row is there. */
  follow(key: K, before: V | undefined, after: V | undefined): void {
    const old = before === undefined ? NO_TERMS : this.#termsOf(before, key);
    const now = after === undefined ? NO_TERMS : this.#termsOf(after, key);
    let same = 0;
    while (same < old.length && same < now.length && old[same] === now[same]) same += 1;
    for (let i = same; i < old.length; i++) {
      if (!now.includes(old[i]!)) this.#remove(old[i]!, key);
    }
    for (let i = same; i < now.length; i++) {
      if (!old.includes(now[i]!)) this.#add(now[i]!, key);
    }
    if (this.#terms.isFull) this.#terms.settled(this.#owner);
  }

  #add(term: string, key: K): void {
    const keys = this.#terms.get(term);
    if (keys === undefined) this.#terms.replace(term, key, undefined);
    if (keys === undefined || keys === key) return;
    if (keys instanceof BufferedMap) {
      if (keys.get(key) === undefined) keys.replace(key, true, undefined);
      return;
    }
    const many = isMany(keys) ? keys : OrderedMap.empty<K, true>().set(keys, true, this.#owner);
    const more = many.set(key, true, this.#owner);
    if (more.size < FEW) this.#terms.replace(term, more, keys);
    else {
      this.#terms.replace(term, new BufferedMap(more), keys);
      this.#opened.push(term);
    }
  }

  #remove(term: string, key: K): void {
    const keys = this.#terms.get(term);
    if (keys === key) this.#terms.delete(term);
    if (keys === undefined || !isMany(keys) || keys.get(key) === undefined) return;
    if (keys.size === 1) this.#terms.delete(term);
    else if (keys instanceof BufferedMap) keys.delete(key);
    else this.#terms.replace(term, keys.delete(key, this.#owner), keys);
  }

  /** This moment's terms, by reference. */
  snapshot(): OrderedMap<string, Keys<K>> {
    for (const term of this.#opened) {
      const keys = this.#terms.get(term);
      if (!(keys instanceof BufferedMap)) continue;
      this.#terms.replace(term, keys.settled(this.#owner), keys);
    }
    const terms = this.#terms.settled(this.#owner) as OrderedMap<string, Keys<K>>;
    this.#opened = [];
    this.#owner = this.#newOwner();
    return terms;
  }

  restore(terms: OrderedMap<string, Keys<K>>): void {
    this.#terms = new BufferedMap<string, OpenKeys<K>>(terms);
    this.#opened = [];
    this.#owner = this.#newOwner();
  }
}

const isMany = <K extends Key>(
  keys: OpenKeys<K>,
): keys is OrderedMap<K, true> | BufferedMap<K, true> =>
  keys instanceof OrderedMap || keys instanceof BufferedMap;
