import { SECOND } from '../sim/clock.ts';
import type { EventType, Kernel } from '../sim/kernel.ts';
import type { Table } from '../sim/store.ts';

/**
 * What a slow disk does to a member of etcd. A member writes each entry to its log and waits until
 * the disk has it; meanwhile it does nothing else, and a leader sends no heartbeats
 * (server/etcdserver/raft.go `start`, server/storage/wal/wal.go `sync`, v3.6). So a write takes as
 * long as the leader's disk, and a disk that keeps a leader longer than the election timeout costs
 * it the leadership.
 *
 * Simplified: on a slow disk a write takes 200 ms, and every 5 to 15 s the disk is busy for up to
 * 3 s, which stops the member; a member without a slow disk never waits. Only people and programs
 * wait for a write: what the components write is there at once.
 */
export const SLOW_WRITE_MS = 200;
const BUSY_EVERY_MS = [5 * SECOND, 15 * SECOND] as const;
const BUSY_MS = [SLOW_WRITE_MS, 3 * SECOND] as const;

interface DiskRow {
  readonly sinceMs: number;
  /** How often it was busy. */
  readonly count: number;
}

export class EtcdDisks {
  readonly #kernel: Kernel;
  readonly #slow: Table<string, DiskRow>;
  readonly #busy: Table<string, { readonly untilMs: number }>;
  readonly #begin: EventType<{ machine: string; sinceMs: number }>;
  readonly #end: EventType<{ machine: string }>;
  readonly #changed: (machine: string) => void;

  /** @param changed a member stopped, or goes on */
  constructor(kernel: Kernel, cluster: string, changed: (machine: string) => void) {
    const name = `etcd/${cluster}`;
    this.#kernel = kernel;
    this.#changed = changed;
    this.#slow = kernel.store.table<DiskRow>(`${name}/slow-disks`);
    this.#busy = kernel.store.table<{ untilMs: number }>(`${name}/busy-disks`);
    this.#begin = kernel.event(`${name}/disk-busy`, ({ machine, sinceMs }) => {
      if (this.#slow.get(machine)?.sinceMs === sinceMs) this.#keepBusy(machine);
    });
    this.#end = kernel.event(`${name}/disk-free`, ({ machine }) => {
      this.#busy.delete(machine);
      this.#changed(machine);
    });
  }

  isSlow(machine: string): boolean {
    return this.#slow.has(machine);
  }

  /** Whether its member does nothing now, because it waits for its disk. */
  isBusy(machine: string): boolean {
    return this.#busy.has(machine);
  }

  /** Whether no member waits. */
  get areFree(): boolean {
    return this.#busy.size === 0;
  }

  setSlow(machine: string, slow: boolean): void {
    if (slow === this.isSlow(machine)) return;
    if (!slow) {
      this.#slow.delete(machine);
      return;
    }
    this.#slow.set(machine, { sinceMs: this.#kernel.now, count: 0 });
    this.#next(machine);
  }

  #draw(machine: string, what: string, [from, to]: readonly [number, number]): number {
    const { sinceMs, count } = this.#slow.need(machine);
    return this.#kernel.random('etcd-disk', machine, what, sinceMs, count).integer(from, to);
  }

  #next(machine: string): void {
    const { sinceMs } = this.#slow.need(machine);
    this.#begin.after(this.#draw(machine, 'pause', BUSY_EVERY_MS), { machine, sinceMs });
  }

  #keepBusy(machine: string): void {
    const durationMs = this.#draw(machine, 'busy', BUSY_MS);
    this.#slow.update(machine, (row) => ({ ...row, count: row.count + 1 }));
    this.#next(machine);
    if (this.isBusy(machine)) return;
    this.#busy.set(machine, { untilMs: this.#kernel.now + durationMs });
    this.#kernel.record({
      actor: `etcd/${machine}`,
      verb: 'wait',
      object: `disk of ${machine}`,
      detail: { durationMs },
    });
    this.#end.after(durationMs, { machine });
    this.#changed(machine);
  }
}
