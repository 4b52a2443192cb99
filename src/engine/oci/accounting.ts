import { contentBytes, type Entry, type LayerEntries } from './entry.ts';
import { OrderedMap } from '../sim/ordered-map.ts';

/**
 * Where an image's bytes come from and which of them nobody can see: a file that a later layer
 * replaces or removes is still downloaded and stored. Counts contents, unpacked; names,
 * permissions and directories weigh nothing.
 */
export interface LayerAccount {
  readonly changes: readonly Change[];
  /** Of files that were not there below. */
  readonly addedBytes: number;
  /** Of files that take the place of one below. */
  readonly overwrittenBytes: number;
  /** Of files below that this layer takes out of sight, by a whiteout or by replacing them. */
  readonly hiddenBytes: number;
  /** Of its files that later layers take out of sight. */
  readonly wastedBytes: number;
}

export interface Change {
  readonly path: string;
  readonly kind: 'added' | 'changed' | 'removed';
  readonly type: Entry['type'];
  /** Of the file this layer brings; 0 when it removes. */
  readonly bytes: number;
  /** Of the files below that went out of sight by this change. */
  readonly hiddenBytes: number;
}

export interface ImageAccount {
  readonly layers: readonly LayerAccount[];
  readonly totalBytes: number;
  readonly wastedBytes: number;
  /** Files that were stored and cannot be seen, the dearest first. */
  readonly wasted: readonly { readonly path: string; readonly bytes: number }[];
  /** What one sees: each path with its entry and the layer, counted from 0, it comes from. */
  readonly tree: OrderedMap<string, Sight>;
}

export interface Sight {
  readonly entry: Entry;
  readonly layer: number;
}

const bytesOf = (entry: Entry): number => (entry.type === 'file' ? contentBytes(entry.content) : 0);
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Accounts for layers, the lowest first. */
export function accountLayers(layers: readonly LayerEntries[]): ImageAccount {
  const ledger = new Ledger(layers.length);
  const changes = layers.map((entries, layer) => ledger.apply(entries, layer));
  const accounts = changes.map((own, layer): LayerAccount => {
    const of = (kind: Change['kind']) =>
      sum(own.filter((c) => c.kind === kind).map((c) => c.bytes));
    return {
      changes: own,
      addedBytes: of('added'),
      overwrittenBytes: of('changed'),
      hiddenBytes: sum(own.map((change) => change.hiddenBytes)),
      wastedBytes: ledger.wastedBytes[layer] ?? 0,
    };
  });
  const wasted = [...ledger.wasted].map(([path, bytes]) => ({ path, bytes }));
  wasted.sort((a, b) => b.bytes - a.bytes || (a.path < b.path ? -1 : 1));
  return {
    layers: accounts,
    totalBytes: sum(accounts.map((one) => one.addedBytes + one.overwrittenBytes)),
    wastedBytes: sum(ledger.wastedBytes),
    wasted,
    tree: ledger.tree,
  };
}

/** The tree while layers are laid upon it. */
class Ledger {
  tree: OrderedMap<string, Sight> = OrderedMap.empty<string, Sight>();
  readonly wastedBytes: number[];
  readonly wasted = new Map<string, number>();

  constructor(layers: number) {
    this.wastedBytes = Array.from({ length: layers }, () => 0);
  }

  apply(entries: LayerEntries, layer: number): Change[] {
    const below = this.tree;
    const hidden = new Map<string, number>();
    // Whiteouts first: they hide lower layers only.
    for (const [path, entry] of entries) {
      if (entry.type === 'whiteout') hidden.set(path, this.#hide(path, true));
      else if (entry.type === 'dir' && entry.opaque) hidden.set(path, this.#hide(path, false));
    }
    return entries.flatMap(([path, entry]): Change[] => {
      const before = below.get(path);
      const gone = hidden.get(path) ?? 0;
      if (entry.type === 'whiteout') {
        const type = before?.entry.type ?? 'file';
        return [{ path, kind: 'removed', type, bytes: 0, hiddenBytes: gone }];
      }
      const isMerge = before?.entry.type === 'dir' && entry.type === 'dir';
      const replaced = isMerge ? 0 : this.#hide(path, true);
      this.tree = this.tree.set(path, { entry, layer });
      const kind = before ? 'changed' : 'added';
      const { type } = entry;
      return [{ path, kind, type, bytes: bytesOf(entry), hiddenBytes: gone + replaced }];
    });
  }

  /** Takes a path and all below it (or only that) out of sight; the bytes that went. */
  #hide(path: string, itself: boolean): number {
    const gone = [...this.tree.withPrefix(`${path}/`)];
    const own = itself ? this.tree.get(path) : undefined;
    if (own) gone.push([path, own]);
    let bytes = 0;
    for (const [at, { entry, layer }] of gone) {
      this.tree = this.tree.delete(at);
      const size = bytesOf(entry);
      if (size === 0) continue;
      bytes += size;
      this.wastedBytes[layer] = (this.wastedBytes[layer] ?? 0) + size;
      this.wasted.set(at, (this.wasted.get(at) ?? 0) + size);
    }
    return bytes;
  }
}
