import type { Disk, NodeTree } from './disk.ts';
import type { Place } from './place.ts';

/**
 * What looking at a place gave last, such as where a path leads or what a directory holds. A server
 * looks at the same files at each request; as long as the disks that were looked at are the same
 * versions, it sees the same. Derived, so it stands outside of the state.
 */
interface Seen {
  readonly what: unknown;
  /** The disks that were looked at, and what was on them. */
  readonly disks: readonly { readonly key: string; readonly tree: NodeTree }[];
}

export type DiskOf = (key: string) => Disk;

/** Looks at one place that are kept; beyond, all of them are forgotten. */
const SEEN_LIMIT = 512;

export class KnownPaths {
  readonly #places = new WeakMap<Place, Map<string, Seen>>();

  /**
   * What `look` gives, or gave when it was looked last and the disks were the same.
   *
   * @param key what is looked for; the same key means the same look
   * @param look sees nothing but the place and its disks
   */
  recall<T>(place: Place, key: string, diskOf: DiskOf, look: (diskOf: DiskOf) => T): T {
    const all = this.#of(place);
    const before = all.get(key);
    if (before && isSame(before, diskOf)) return before.what as T;
    const disks: { key: string; tree: NodeTree }[] = [];
    const what = look(noting(diskOf, disks));
    if (all.size >= SEEN_LIMIT) all.clear();
    all.set(key, { what, disks });
    return what;
  }

  #of(place: Place): Map<string, Seen> {
    let all = this.#places.get(place);
    if (!all) this.#places.set(place, (all = new Map<string, Seen>()));
    return all;
  }
}

function isSame({ disks }: Seen, diskOf: DiskOf): boolean {
  for (const { key, tree } of disks) if (diskOf(key).tree !== tree) return false;
  return true;
}

const noting =
  (diskOf: DiskOf, disks: { key: string; tree: NodeTree }[]): DiskOf =>
  (key) => {
    const disk = diskOf(key);
    if (!disks.some((one) => one.key === key)) disks.push({ key, tree: disk.tree });
    return disk;
  };
