import type { Kernel } from '../sim/kernel.ts';
import type { Table } from '../sim/store.ts';
import type { MachineFiles } from '../machine/machine-files.ts';
import type { Content } from './content.ts';
import { FIGURES } from './figures.ts';

/**
 * What takes place on the disk of a machine: its system, blobs and unpacked layers, what was written
 * there by the machine and its containers. Writes to a full one fail.
 *
 * Simplified: logs take no place of a machine, and pulls go on when there is none left.
 */
export class DiskSpace {
  readonly #content: Content;
  readonly #files: MachineFiles;
  /** What something else has taken, by machine. */
  readonly #taken: Table<string, number>;

  constructor(kernel: Kernel, content: Content, files: MachineFiles) {
    this.#content = content;
    this.#files = files;
    this.#taken = kernel.store.table<number>('containerd/disk-taken');
    const { machineDiskBytes } = FIGURES;
    files.disks.limit((machine) => wholePages(machineDiskBytes - this.usedOn(machine)));
  }

  usedOn(machine: string): number {
    return (
      FIGURES.systemDiskBytes +
      this.#content.storedBytes(machine) +
      this.#files.disks.writtenOn(machine) +
      (this.#taken.get(machine) ?? 0)
    );
  }

  /** Takes all but a little of what is free now, or gives it back. */
  fill(machine: string, full: boolean): void {
    this.#taken.delete(machine);
    if (!full) return;
    const left = FIGURES.machineDiskBytes - this.usedOn(machine) - FIGURES.diskLeftBytes;
    if (left > 0) this.#taken.set(machine, left);
  }

  isFilled(machine: string): boolean {
    return this.#taken.has(machine);
  }
}

const PAGE_BYTES = 4096;

const wholePages = (bytes: number): number =>
  Math.max(0, Math.floor(bytes / PAGE_BYTES) * PAGE_BYTES);
