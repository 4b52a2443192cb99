import type { Kernel } from '../sim/kernel.ts';
import type { Table } from '../sim/store.ts';
import { FIGURES } from './figures.ts';

/**
 * Disks that have become slow. Unpacking a layer and starting a container wait for the disk; so
 * does whoever waits for them.
 *
 * Simplified: what programs read and write later costs no time.
 */
/** What unpacking a layer comes to. */
export interface Unpacking {
  readonly bytes: number;
  readonly durationMs: number;
}

export class DiskSpeed {
  readonly #slow: Table<string, true>;

  constructor(kernel: Kernel) {
    this.#slow = kernel.store.table<true>('containerd/slow-disks');
  }

  setSlow(machine: string, slow: boolean): void {
    if (slow) this.#slow.set(machine, true);
    else this.#slow.delete(machine);
  }

  /** From asking for a task to its first instruction. */
  startMs(machine: string): number {
    return FIGURES.startMs * this.#times(machine);
  }

  unpacking(machine: string, bytes: number): Unpacking {
    const usualMs = FIGURES.unpackMs + Math.ceil(bytes / FIGURES.unpackBytesPerMs);
    return { bytes, durationMs: usualMs * this.#times(machine) };
  }

  #times(machine: string): number {
    return this.#slow.has(machine) ? FIGURES.slowDiskTimes : 1;
  }
}
