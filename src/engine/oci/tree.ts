import { OrderedMap } from '../sim/ordered-map.ts';
import { byPath, readContent, type Entry, type LayerEntries, type LayerEntry } from './entry.ts';

/**
 * The tree that a stack of layers shows, as overlayfs merges them: an upper entry replaces a lower
 * one, two directories merge, whiteouts remove (image-spec `layer.md`, applying changesets).
 * Trees are persistent: containers of one image share one tree, and a change shares the rest.
 */
export type FileTree = OrderedMap<string, Entry>;

export const EMPTY_TREE: FileTree = OrderedMap.empty<string, Entry>();

const applied = new WeakMap<FileTree, WeakMap<LayerEntries, FileTree>>();

/** `tree` under one more layer. Equal arguments give the same tree, computed once. */
export function applyLayer(tree: FileTree, entries: LayerEntries): FileTree {
  let above = applied.get(tree);
  if (!above) applied.set(tree, (above = new WeakMap<LayerEntries, FileTree>()));
  let result = above.get(entries);
  if (!result) {
    result = tree;
    // Whiteouts hide lower layers only, wherever they stand in the archive.
    for (const [path, entry] of entries) {
      if (entry.type === 'whiteout') result = removePath(result, path);
      else if (entry.type === 'dir' && entry.opaque) result = removeBelow(result, path);
    }
    for (const [path, entry] of entries) {
      if (entry.type === 'whiteout') continue;
      result = putEntry(withParents(result, path), path, withoutMarker(entry));
    }
    above.set(entries, result);
  }
  return result;
}

/** Directories that an archive does not name are made. */
function withParents(tree: FileTree, path: string): FileTree {
  const at = path.lastIndexOf('/');
  if (at <= 0) return tree;
  const above = path.slice(0, at);
  if (tree.has(above)) return tree;
  return withParents(tree, above).set(above, { type: 'dir', mode: 0o755, uid: 0, gid: 0 });
}

function withoutMarker(entry: Entry): Entry {
  if (entry.type !== 'dir' || !entry.opaque) return entry;
  const { mode, uid, gid } = entry;
  return { type: 'dir', mode, uid, gid };
}

/** Sets an entry; what is not a directory in both takes away what was below. */
export function putEntry(tree: FileTree, path: string, entry: Entry): FileTree {
  const before = tree.get(path);
  const clear = before?.type === 'dir' && entry.type !== 'dir';
  return (clear ? removeBelow(tree, path) : tree).set(path, entry);
}

export function removePath(tree: FileTree, path: string): FileTree {
  return removeBelow(tree, path).delete(path);
}

function removeBelow(tree: FileTree, path: string): FileTree {
  let result = tree;
  for (const [below] of tree.withPrefix(`${path}/`)) result = result.delete(below);
  return result;
}

/** The layer that leads from one tree to another: what is new or changed, and whiteouts. */
export function diffTrees(before: FileTree, after: FileTree): LayerEntries {
  const entries: [string, LayerEntry][] = [];
  for (const { key, after: entry } of before.differences(after)) {
    if (entry !== undefined) entries.push([key, entry]);
    else if (!isHidden(before, after, key)) entries.push([key, { type: 'whiteout' }]);
  }
  return entries.sort(byPath);
}

/** A path under a directory that is gone, or became a file, needs no whiteout of its own. */
function isHidden(before: FileTree, after: FileTree, path: string): boolean {
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
    const above = path.slice(0, at);
    const now = after.get(above);
    if (now ? now.type !== 'dir' : before.has(above)) return true;
  }
  return false;
}

const LINKS = 40;

/** Where an absolute path leads, symbolic links followed; undefined in a loop or a dead end. */
export function resolveInTree(tree: FileTree, path: string): string | undefined {
  const partsOf = (text: string): string[] =>
    text
      .split('/')
      .filter((part) => part !== '' && part !== '.')
      .reverse();
  const left = partsOf(path);
  let done = '';
  for (let links = 0; left.length > 0;) {
    const part = left.pop()!;
    if (part === '..') {
      done = done.slice(0, Math.max(0, done.lastIndexOf('/')));
      continue;
    }
    const at = done === '' ? part : `${done}/${part}`;
    const entry = tree.get(at);
    if (entry?.type === 'symlink') {
      if (++links > LINKS) return undefined;
      if (entry.target.startsWith('/')) done = '';
      left.push(...partsOf(entry.target));
      continue;
    }
    if (entry && entry.type !== 'dir' && left.length > 0) return undefined;
    done = at;
  }
  return done;
}

/** The entry at an absolute path, links followed; the root is a directory of its own. */
export function entryAt(tree: FileTree, path: string): Entry | undefined {
  const at = resolveInTree(tree, path);
  if (at === undefined) return undefined;
  if (at === '') return { type: 'dir', mode: 0o755, uid: 0, gid: 0 };
  return tree.get(at);
}

export function readTreeFile(tree: FileTree, path: string): Uint8Array | undefined {
  const entry = entryAt(tree, path);
  return entry?.type === 'file' ? readContent(entry.content) : undefined;
}

/** Names directly in a directory, in order. */
export function listTree(tree: FileTree, path: string): string[] {
  const at = resolveInTree(tree, path);
  if (at === undefined) return [];
  const prefix = at === '' ? '' : `${at}/`;
  const names = new Set<string>();
  for (const [key] of tree.withPrefix(prefix)) {
    names.add(key.slice(prefix.length).split('/')[0]!);
  }
  return [...names];
}
