import { contentBytes, type Entry } from '../oci/entry.ts';
import { putEntry, removePath, type FileTree } from '../oci/tree.ts';
import { OrderedMap } from '../sim/ordered-map.ts';

/**
 * A file system: a persistent tree of entries, paths without a slash at either end. The files of a
 * machine, the writable layer of a container over its image, a tmpfs are each one disk, one row of
 * the world; what they did not change they share.
 */
export type Node = Entry & {
  /** When it was last written, virtual ms; left out by images, see {@link Disk.bornMs}. */
  readonly modifiedMs?: number;
};

export type NodeTree = OrderedMap<string, Node>;

export interface Disk {
  readonly tree: NodeTree;
  /** The time of everything that carries none of its own. */
  readonly bornMs: number;
  /** A tmpfs with a size: so many bytes of pages fit, and so many are taken. */
  readonly limitBytes?: number;
  /** Of any other: what was written to it beyond what it began with. */
  readonly usedBytes?: number;
}

export const EMPTY_NODES: NodeTree = OrderedMap.empty<string, Node>();

const ROOT: Node = { type: 'dir', mode: 0o755, uid: 0, gid: 0 };
const PAGE_BYTES = 4096;

/** The pages of a tmpfs that an entry takes. */
export const pagesOf = (node: Node | undefined): number =>
  node?.type === 'file' ? Math.ceil(contentBytes(node.content) / PAGE_BYTES) * PAGE_BYTES : 0;

/** The entry at a path of the disk; a directory that is only implied by what is in it counts. */
export function nodeIn(tree: FileTree, path: string): Node | undefined {
  const node = tree.get(path);
  if (node) return node;
  if (path === '') return ROOT;
  for (const [key] of tree.entries(`${path}/`))
    return key.startsWith(`${path}/`) ? ROOT : undefined;
  return undefined;
}

/** Names directly in a directory of the disk, in order; what lies deeper is stepped over. */
export function namesIn(tree: FileTree, path: string): string[] {
  const prefix = path === '' ? '' : `${path}/`;
  const names: string[] = [];
  let from: string | undefined = prefix;
  while (from !== undefined) {
    let next: string | undefined;
    for (const [key] of tree.entries(from)) {
      if (!key.startsWith(prefix)) break;
      const name = key.slice(prefix.length).split('/', 1)[0] ?? '';
      if (name !== '' && names.at(-1) !== name) names.push(name);
      if (key.length === prefix.length + name.length) continue;
      // `0` comes right after `/`: the first key behind everything below this name.
      next = `${prefix}${name}0`;
      break;
    }
    from = next;
  }
  return [...new Set(names)];
}

/** The disk with an entry set; undefined when its pages do not fit. */
export function putNode(disk: Disk, path: string, node: Node): Disk | undefined {
  const { usedBytes = 0, limitBytes } = disk;
  const moreBytes = pagesOf(node) - pagesOf(disk.tree.get(path));
  if (limitBytes !== undefined && usedBytes + moreBytes > limitBytes) return undefined;
  const tree = putEntry(disk.tree, path, node);
  // What it began with takes no place, and gives none back.
  return moreBytes === 0
    ? { ...disk, tree }
    : { ...disk, tree, usedBytes: Math.max(0, usedBytes + moreBytes) };
}

/** The disk without a path and all below it. */
export function removeNode(disk: Disk, path: string): Disk {
  const tree = removePath(disk.tree, path);
  const { usedBytes = 0 } = disk;
  if (usedBytes === 0) return { ...disk, tree };
  let freedBytes = pagesOf(disk.tree.get(path));
  for (const [, node] of disk.tree.withPrefix(`${path}/`)) freedBytes += pagesOf(node);
  return { ...disk, tree, usedBytes: Math.max(0, usedBytes - freedBytes) };
}

/** How many bytes of a file still fit at a path, what it holds now given back. */
export function roomFor(disk: Disk, path: string): number {
  if (disk.limitBytes === undefined) return Infinity;
  return disk.limitBytes - (disk.usedBytes ?? 0) + pagesOf(disk.tree.get(path));
}
