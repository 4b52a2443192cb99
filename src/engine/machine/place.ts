import type { FileTree } from '../oci/tree.ts';

/**
 * A place names whose files a process sees: a machine (`host`) or a container on it
 * (`host/<64-hex id>`). A place is a list of mounts, each showing a part of a disk at a path.
 */
export interface Mount {
  /** Where it is seen, without slashes at the ends; '' is the root. */
  readonly at: string;
  /** The key of the disk, and the path of it that is shown. */
  readonly disk: string;
  readonly root: string;
  readonly readOnly?: true;
  /** Those inside see a file system in memory. */
  readonly inMemory?: true;
}

export interface Place {
  /** The longest paths first, the root last. */
  readonly mounts: readonly Mount[];
  /** What its root disk holds before the first write, and since when. */
  readonly base: FileTree;
  readonly bornMs: number;
}

export const machineOf = (place: string): string => {
  const slash = place.indexOf('/');
  return slash === -1 ? place : place.slice(0, slash);
};

/** The container a place lies in; undefined for a machine's own. */
export const containerOf = (place: string): string | undefined => {
  const slash = place.indexOf('/');
  return slash === -1 ? undefined : place.slice(slash + 1);
};

/** Where a path of the place lies: the mount with the longest path that leads there. */
export function mountOf(place: Place, path: string): { mount: Mount; path: string } {
  for (const mount of place.mounts) {
    const { at, root } = mount;
    if (at !== '' && path !== at && !path.startsWith(`${at}/`)) continue;
    const rest = at === '' ? path : path.slice(at.length + 1);
    return { mount, path: root === '' ? rest : rest === '' ? root : `${root}/${rest}` };
  }
  throw new Error('a place has a root');
}

/** Longer paths first, so that the first that fits is the innermost. */
export const byDepth = (a: Mount, b: Mount): number => b.at.length - a.at.length;
