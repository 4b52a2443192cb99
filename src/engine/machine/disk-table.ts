import type { Kernel } from '../sim/kernel.ts';
import type { Table } from '../sim/store.ts';
import { pagesOf, roomFor, type Disk } from './disk.ts';

/**
 * The disks of all machines by key: `node-1`, the writable layer of a container there `node-1/<id>`,
 * what is mounted over it and not kept with it `node-1/<id>:tmpfs:run`. With them goes what was
 * written to each machine's own disk, by itself and by its containers.
 *
 * Simplified: a file that replaces one of an image takes only what it is longer.
 */
export class DiskTable {
  readonly #disks: Table<string, Disk>;
  readonly #written: Table<string, number>;
  #freeBytes: (machine: string) => number = () => Infinity;

  constructor(kernel: Kernel) {
    this.#disks = kernel.store.table<Disk>('machine/disks');
    this.#written = kernel.store.table<number>('machine/written');
  }

  /** Tells how many bytes of a machine's disk nothing takes. */
  limit(freeBytes: (machine: string) => number): void {
    this.#freeBytes = freeBytes;
  }

  get(key: string): Disk | undefined {
    return this.#disks.get(key);
  }

  set(key: string, disk: Disk): void {
    this.#count(key, writtenTo(disk) - writtenTo(this.#disks.get(key)));
    this.#disks.set(key, disk);
  }

  /** Forgets a place: its disk and all that belong to it (`place:…`). */
  forget(place: string): void {
    this.#count(place, -writtenTo(this.#disks.get(place)));
    this.#disks.delete(place);
    for (const [key] of this.#disks.withPrefix(`${place}:`)) this.#disks.delete(key);
  }

  /** What was written to the disk of a machine. */
  writtenOn(machine: string): number {
    return this.#written.get(machine) ?? 0;
  }

  /** How many bytes a file at a path of a disk may have. */
  roomFor(key: string, disk: Disk, path: string): number {
    const room = roomFor(disk, path);
    if (isMemory(key)) return room;
    return Math.min(room, this.#freeBytes(machineOf(key)) + pagesOf(disk.tree.get(path)));
  }

  #count(key: string, moreBytes: number): void {
    if (moreBytes === 0 || isMemory(key)) return;
    const machine = machineOf(key);
    const bytes = this.writtenOn(machine) + moreBytes;
    if (bytes > 0) this.#written.set(machine, bytes);
    else this.#written.delete(machine);
  }
}

const writtenTo = (disk: Disk | undefined): number => disk?.usedBytes ?? 0;

/** A tmpfs, or what a daemon shows: none of it lies on the machine's disk. */
const isMemory = (key: string): boolean => key.includes(':');

function machineOf(key: string): string {
  const slash = key.indexOf('/');
  return slash === -1 ? key : key.slice(0, slash);
}
