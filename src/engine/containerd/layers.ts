import type { LayerEntries } from '../oci/entry.ts';
import { diffTrees, type FileTree } from '../oci/tree.ts';
import type { Change } from './api.ts';

/**
 * What a container changed: as a layer, for a commit, and as the lines of `docker diff`, which
 * tell the directories on the way too (moby v29 `pkg/archive/changes.go`, and containerd 2.2
 * `core/diff`).
 */
export function layerOfContainer(before: FileTree, after: FileTree): LayerEntries {
  return before === after ? [] : diffTrees(before, after);
}

/** Sorted by path. A directory in which something was added, changed or deleted is changed. */
export function changesOf(before: FileTree, after: FileTree): Change[] {
  const kinds = new Map<string, Change['kind']>();
  for (const [path, entry] of layerOfContainer(before, after)) {
    if (path === '') continue;
    const kind = entry.type === 'whiteout' ? 'D' : before.has(path) ? 'C' : 'A';
    kinds.set(path, kind);
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const above = path.slice(0, at);
      if (!kinds.has(above)) kinds.set(above, 'C');
    }
  }
  return [...kinds]
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([path, kind]) => ({ path: `/${path}`, kind }));
}
