import { DEVICE_TREE, deviceDisk } from './devices.ts';
import type { DiskTable } from './disk-table.ts';
import { namesIn, nodeIn, type Disk, type Node } from './disk.ts';
import type { FileFault } from './fault.ts';
import { KnownPaths, type DiskOf } from './known-paths.ts';
import { MACHINE_TREE } from './machine-tree.ts';
import type { Place } from './place.ts';
import { walk, type Found, type Who } from './walk.ts';

/**
 * The ground on which files are looked for: which disks a machine or a container is put together of,
 * where a path leads there, and what is in a directory.
 */
export interface ContainerFiles {
  /** How a container's place is put together; undefined when there is no such container. */
  place(place: string): Place | undefined;
  /** A disk that nobody writes to: what the kernel shows of itself. */
  disk(key: string): Disk | undefined;
  /** As whom a process asks; undefined: as root. */
  who(place: string, pid: number): Who | undefined;
}

export class Grounds {
  readonly #disks: DiskTable;
  readonly #machines = new Map<string, Place>();
  readonly #known = new KnownPaths();
  #containers: ContainerFiles | undefined;

  constructor(disks: DiskTable) {
    this.#disks = disks;
  }

  /** False when the machine is known already. */
  addMachine(machine: string): boolean {
    if (this.#machines.has(machine)) return false;
    const mounts = [
      { at: 'dev', disk: deviceDisk(machine), root: '' },
      { at: '', disk: machine, root: '' },
    ];
    this.#machines.set(machine, { mounts, base: MACHINE_TREE, bornMs: 0 });
    return true;
  }

  /** Tells how places on machines are put together. */
  containers(containers: ContainerFiles): void {
    this.#containers = containers;
  }

  place(name: string): Place | undefined {
    return this.#machines.get(name) ?? this.#containers?.place(name);
  }

  /** As whom a process of a place asks; undefined: as root. */
  who(place: string, pid: number): Who | undefined {
    return place.includes('/') ? this.#containers?.who(place, pid) : undefined;
  }

  /** A disk as it is now; undefined where there is no such place. */
  disk(key: string, name: string): Disk | undefined {
    const place = this.place(name);
    return place && this.#disk(key, name, place);
  }

  #disk(key: string, name: string, place: Place): Disk {
    const disk = this.#disks.get(key);
    if (disk) return disk;
    const shown = key === name ? undefined : this.#containers?.disk(key);
    if (shown) return shown;
    if (key.endsWith(':dev')) return { tree: DEVICE_TREE, bornMs: place.bornMs };
    const tree = key === name ? place.base : MACHINE_TREE;
    return { tree, bornMs: key === name ? place.bornMs : 0 };
  }

  /** Where a path leads; undefined where there is no such place. */
  walk(name: string, path: string, follow: boolean, who?: Who): Found | FileFault | undefined {
    const place = this.place(name);
    if (!place) return undefined;
    const diskOf = (key: string): Disk => this.#disk(key, name, place);
    if (who && who.uid !== 0) return walk({ place, disk: diskOf, who }, path, follow);
    const key = `${follow ? 'to' : 'at'} ${path}`;
    return this.#known.recall(place, key, diskOf, (disk) => walk({ place, disk }, path, follow));
  }

  /** What is in a directory, what is mounted there included, in order of the names. */
  children(name: string, dir: Found): readonly (readonly [string, Node])[] {
    const place = this.place(name);
    if (!place) return [];
    const diskOf = (key: string): Disk => this.#disk(key, name, place);
    const key = `in ${dir.mount.at} ${dir.path}`;
    return this.#known.recall(place, key, diskOf, (disk) => childrenIn(place, dir, disk));
  }

  /** When an entry was last written, virtual ms. */
  timeOf(name: string, node: Node): number {
    return node.modifiedMs ?? this.place(name)?.bornMs ?? 0;
  }
}

function childrenIn(
  place: Place,
  dir: Found,
  diskOf: DiskOf,
): readonly (readonly [string, Node])[] {
  const { tree } = diskOf(dir.mount.disk);
  const names = new Set(namesIn(tree, dir.onDisk));
  const prefix = dir.path === '' ? '' : `${dir.path}/`;
  const mounted = new Map<string, Node>();
  for (const { at, disk, root } of place.mounts) {
    const rest = at.slice(prefix.length);
    if (at === '' || !at.startsWith(prefix) || rest === '' || rest.includes('/')) continue;
    const node = nodeIn(diskOf(disk).tree, root);
    if (node) mounted.set(rest, node);
    names.add(rest);
  }
  return [...names].sort().flatMap((child) => {
    const onDisk = dir.onDisk === '' ? child : `${dir.onDisk}/${child}`;
    const node = mounted.get(child) ?? nodeIn(tree, onDisk);
    return node ? [[child, node] as const] : [];
  });
}
