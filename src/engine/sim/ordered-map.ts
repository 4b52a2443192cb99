import { assert, broken } from './assert.ts';
import { addHashes, hashPair, hashValue, type Hash, type Hashed } from './hash.ts';

/**
 * A persistent map in key order: a B+ tree whose versions share what they have in common. Keeping
 * an old version costs a reference, so a checkpoint is free; the tree's hash is the sum of its
 * entries' hashes, remembered per node, so hashing a new version costs the path that changed.
 *
 * Keys are strings (compared by UTF-16 code unit, as etcd's are by byte) or numbers, never both.
 *
 * A writer may pass an `owner`. Nodes made under an owner are changed in place by further writes
 * under the same owner, which makes many writes between two checkpoints cheap. A version handed
 * out to be kept must not be written under that owner again: see `Table` in store.ts.
 */
export type Key = string | number;

/** Stands for a writer that shares nothing: every write copies its path. */
export const NO_OWNER = 0;

const WIDTH = 32;

interface Leaf<K extends Key, V> {
  readonly keys: K[];
  readonly values: V[];
  readonly children: undefined;
  size: number;
  hash: Hash | undefined;
  readonly owner: number;
}

/** `keys[i]` is the smallest key below `children[i]`. */
interface Branch<K extends Key, V> {
  readonly keys: K[];
  readonly values: undefined;
  readonly children: Node<K, V>[];
  size: number;
  hash: Hash | undefined;
  readonly owner: number;
}

type Node<K extends Key, V> = Leaf<K, V> | Branch<K, V>;

/** One difference between two versions; an absent side means the key is not there. */
export interface Difference<K extends Key, V> {
  key: K;
  before?: V;
  after?: V;
}

export class OrderedMap<K extends Key, V> implements Hashed {
  readonly #root: Node<K, V>;

  private constructor(root: Node<K, V>) {
    this.#root = root;
  }

  static empty<K extends Key, V>(): OrderedMap<K, V> {
    return new OrderedMap<K, V>(leaf<K, V>([], [], NO_OWNER));
  }

  get size(): number {
    return this.#root.size;
  }

  get(key: K): V | undefined {
    let node = this.#root;
    while (node.children) node = node.children[childFor(node.keys, key)]!;
    const at = lowerBound(node.keys, key);
    return node.keys[at] === key ? node.values[at] : undefined;
  }

  has(key: K): boolean {
    return this.get(key) !== undefined;
  }

  /** The version with `value` under `key`. `undefined` is not a value. */
  set(key: K, value: V, owner: number = NO_OWNER): OrderedMap<K, V> {
    if (value === undefined) broken(`no value to set under ${String(key)}`);
    replaced = undefined;
    const root = insert(this.#root, key, value, owner);
    replaced = undefined;
    const more = takeSpilled<K, V>();
    if (more) return new OrderedMap(branch([root, more], owner));
    return root === this.#root ? this : new OrderedMap(root);
  }

  /** The version without `key`; the same version when it was not there. */
  delete(key: K, owner: number = NO_OWNER): OrderedMap<K, V> {
    if (this.get(key) === undefined) return this;
    let root = remove(this.#root, key, owner);
    while (root.children?.length === 1) root = root.children[0]!;
    if (root.children?.length === 0) root = leaf([], [], owner);
    return root === this.#root ? this : new OrderedMap(root);
  }

  /** The entry with the smallest key. */
  first(): [K, V] | undefined {
    let node = this.#root;
    while (node.children) node = node.children[0]!;
    return node.size === 0 ? undefined : [node.keys[0]!, node.values[0] as V];
  }

  /** Entries in key order from the first key at or after `from`, or from the start. */
  *entries(from?: K): Generator<[K, V], void> {
    yield* walk(this.#root, from);
  }

  /** Entries whose string key starts with `prefix`, in key order. */
  *withPrefix(prefix: K & string): Generator<[K, V], void> {
    for (const entry of walk(this.#root, prefix as K)) {
      if (!(entry[0] as string).startsWith(prefix)) return;
      yield entry;
    }
  }

  *values(): Generator<V, void> {
    for (const [, value] of walk(this.#root, undefined)) yield value;
  }

  *keys(): Generator<K, void> {
    for (const [key] of walk(this.#root, undefined)) yield key;
  }

  hash(): Hash {
    return nodeHash(this.#root);
  }

  /** What leads from this version to `after`, in key order; shared parts are not visited. */
  *differences(after: OrderedMap<K, V>): Generator<Difference<K, V>, void> {
    yield* compare(this.#root, after.#root);
  }
}

function leaf<K extends Key, V>(keys: K[], values: V[], owner: number): Leaf<K, V> {
  return { keys, values, children: undefined, size: keys.length, hash: undefined, owner };
}

function branch<K extends Key, V>(children: Node<K, V>[], owner: number): Branch<K, V> {
  let size = 0;
  for (const child of children) size += child.size;
  const keys = children.map((child) => child.keys[0]!);
  return { keys, values: undefined, children, size, hash: undefined, owner };
}

/** The first position whose key is not smaller than `key`. */
function lowerBound<K extends Key>(keys: readonly K[], key: K): number {
  let from = 0;
  let to = keys.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (keys[middle]! < key) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** The child that holds `key`, or the first child for a key before all. */
function childFor<K extends Key>(keys: readonly K[], key: K): number {
  const at = lowerBound(keys, key);
  return keys[at] === key ? at : Math.max(0, at - 1);
}

const mine = (node: { owner: number }, owner: number): boolean =>
  owner !== NO_OWNER && node.owner === owner;

/** What the last insertion replaced, and the node that it split off; taken at once. */
let replaced: unknown;
let spilled: Node<Key, unknown> | undefined;

function takeSpilled<K extends Key, V>(): Node<K, V> | undefined {
  const more = spilled as Node<K, V> | undefined;
  spilled = undefined;
  return more;
}

/** The node with the entry set; when it grew too wide, its right part is spilled. */
function insert<K extends Key, V>(node: Node<K, V>, key: K, value: V, owner: number): Node<K, V> {
  return node.children ? insertBelow(node, key, value, owner) : insertHere(node, key, value, owner);
}

function insertHere<K extends Key, V>(
  node: Leaf<K, V>,
  key: K,
  value: V,
  owner: number,
): Node<K, V> {
  const at = lowerBound(node.keys, key);
  const replaces = node.keys[at] === key;
  if (replaces) {
    replaced = node.values[at];
    if (replaced === value) return node;
  }
  const target = mine(node, owner) ? node : leaf(node.keys.slice(), node.values.slice(), owner);
  target.hash = undefined;
  if (replaces) {
    target.values[at] = value;
    return target;
  }
  target.keys.splice(at, 0, key);
  target.values.splice(at, 0, value);
  target.size = target.keys.length;
  if (target.size > WIDTH) {
    // A run of growing keys (time, revisions) leaves full leaves behind instead of half-full ones.
    const cut = at === WIDTH ? WIDTH : WIDTH / 2;
    spilled = leaf(target.keys.splice(cut), target.values.splice(cut), owner);
    target.size = cut;
  }
  return target;
}

function insertBelow<K extends Key, V>(
  node: Branch<K, V>,
  key: K,
  value: V,
  owner: number,
): Node<K, V> {
  const at = childFor(node.keys, key);
  const child = node.children[at]!;
  const sizeBefore = child.size;
  const next = insert(child, key, value, owner);
  const more = takeSpilled<K, V>();
  if (replaced === value) return node;
  const target = mine(node, owner) ? node : copyBranch(node, owner);
  target.hash = undefined;
  target.children[at] = next;
  target.keys[at] = next.keys[0]!;
  target.size += next.size - sizeBefore;
  if (!more) return target;
  target.children.splice(at + 1, 0, more);
  target.keys.splice(at + 1, 0, more.keys[0]!);
  target.size += more.size;
  if (target.children.length > WIDTH) {
    const cut = at >= WIDTH - 1 ? WIDTH : WIDTH / 2;
    const right = branch(target.children.splice(cut), owner);
    target.keys.length = cut;
    target.size -= right.size;
    spilled = right;
  }
  return target;
}

const copyBranch = <K extends Key, V>(node: Branch<K, V>, owner: number): Branch<K, V> => ({
  keys: node.keys.slice(),
  values: undefined,
  children: node.children.slice(),
  size: node.size,
  hash: undefined,
  owner,
});

/** The node without `key`, which is known to be below it. It may come back empty. */
function remove<K extends Key, V>(node: Node<K, V>, key: K, owner: number): Node<K, V> {
  if (!node.children) {
    const at = lowerBound(node.keys, key);
    const target = mine(node, owner) ? node : leaf(node.keys.slice(), node.values.slice(), owner);
    target.keys.splice(at, 1);
    target.values.splice(at, 1);
    target.size = target.keys.length;
    target.hash = undefined;
    return target;
  }
  const at = childFor(node.keys, key);
  const child = remove(node.children[at]!, key, owner);
  const target = mine(node, owner) ? node : copyBranch(node, owner);
  target.hash = undefined;
  target.size -= 1;
  if (child.size === 0) {
    target.children.splice(at, 1);
    target.keys.splice(at, 1);
  } else {
    target.children[at] = child;
    target.keys[at] = child.keys[0]!;
  }
  mergeSmall(target, Math.min(at, target.children.length - 1), owner);
  return target;
}

/** Joins a child that shrank with a neighbour, so that deletes do not leave a sparse tree. */
function mergeSmall<K extends Key, V>(node: Branch<K, V>, at: number, owner: number): void {
  const right = node.children[at + 1];
  const left = node.children[at];
  if (!left || !right || left.keys.length + right.keys.length > WIDTH / 2) return;
  if (left.children && right.children) {
    node.children.splice(at, 2, branch([...left.children, ...right.children], owner));
    node.keys.splice(at + 1, 1);
  } else if (left.values && right.values) {
    const joined = leaf([...left.keys, ...right.keys], [...left.values, ...right.values], owner);
    node.children.splice(at, 2, joined);
    node.keys.splice(at + 1, 1);
  }
}

function* walk<K extends Key, V>(node: Node<K, V>, from: K | undefined): Generator<[K, V], void> {
  if (node.children) {
    for (
      let i = from === undefined ? 0 : childFor(node.keys, from);
      i < node.children.length;
      i++
    ) {
      yield* walk(node.children[i]!, from);
    }
    return;
  }
  for (let i = from === undefined ? 0 : lowerBound(node.keys, from); i < node.keys.length; i++) {
    yield [node.keys[i]!, node.values[i] as V];
  }
}

function nodeHash<K extends Key, V>(node: Node<K, V>): Hash {
  if (node.hash !== undefined) return node.hash;
  let hash = 0;
  if (node.children) {
    for (const child of node.children) hash = addHashes(hash, nodeHash(child));
  } else {
    for (let i = 0; i < node.keys.length; i++) {
      hash = addHashes(hash, hashPair(hashValue(node.keys[i]), hashValue(node.values[i])));
    }
  }
  node.hash = hash;
  return hash;
}

/** Walks two trees side by side and steps over every subtree that both share. */
function* compare<K extends Key, V>(
  before: Node<K, V>,
  after: Node<K, V>,
): Generator<Difference<K, V>, void> {
  const old = new Cursor(before);
  const now = new Cursor(after);
  while (old.key !== undefined || now.key !== undefined) {
    if (old.node && old.node === now.node) {
      old.skip();
      now.skip();
    } else if (old.node && now.node) {
      // The larger one first, so that what both share is met as one node on both sides.
      (old.node.size >= now.node.size ? old : now).open();
    } else if (comesFirst(old, now)) {
      if (old.node) old.open();
      else yield { key: old.key!, before: old.take() };
    } else if (comesFirst(now, old)) {
      if (now.node) now.open();
      else yield { key: now.key!, after: now.take() };
    } else if (old.node) old.open();
    else if (now.node) now.open();
    else {
      const key = now.key!;
      const [oldValue, newValue] = [old.take(), now.take()];
      if (oldValue !== newValue) yield { key, before: oldValue, after: newValue };
    }
  }
}

function comesFirst<K extends Key, V>(a: Cursor<K, V>, b: Cursor<K, V>): boolean {
  return a.key !== undefined && (b.key === undefined || a.key < b.key);
}

/** A place in a tree: before a whole subtree (`node`) or before one entry of an opened leaf. */
class Cursor<K extends Key, V> {
  readonly #stack: Node<K, V>[];
  #leaf: Leaf<K, V> | undefined;
  #at = 0;

  constructor(root: Node<K, V>) {
    this.#stack = root.size > 0 ? [root] : [];
  }

  get node(): Node<K, V> | undefined {
    return this.#leaf ? undefined : this.#stack.at(-1);
  }

  /** The next key; of a subtree, its smallest; undefined at the end. */
  get key(): K | undefined {
    return this.#leaf ? this.#leaf.keys[this.#at] : this.#stack.at(-1)?.keys[0];
  }

  skip(): void {
    this.#stack.pop();
  }

  open(): void {
    const node = this.#stack.pop();
    if (node?.children) this.#stack.push(...node.children.slice().reverse());
    else if (node) [this.#leaf, this.#at] = [node, 0];
  }

  /** The value at an entry; steps on. */
  take(): V {
    assert(this.#leaf, 'a value was taken before its leaf was opened');
    const value = this.#leaf.values[this.#at] as V;
    this.#at += 1;
    if (this.#at >= this.#leaf.keys.length) this.#leaf = undefined;
    return value;
  }
}
