import type { EventType, Kernel } from '../sim/kernel.ts';
import type { Table } from '../sim/store.ts';
import { FIGURES } from './figures.ts';
import { grows, limitsOf, type ContainerRow, type ProcessRow, type Rows } from './rows.ts';

/**
 * The memory of containers and its limits: when all processes of one hold more than it may have,
 * the kernel ends the biggest (Linux `mm/oom_kill.c`, cgroup v2 `memory.max`).
 *
 * Simplified: there is no page cache and no swap; a container without a limit may fill the machine,
 * and is then the one that loses a process.
 */
export class Memory {
  readonly #kernel: Kernel;
  readonly #rows: Rows;
  readonly #kill: (row: ProcessRow) => void;
  /** Memory that processes outside of containers hold, by machine. */
  readonly #taken: Table<string, number>;
  readonly #soon: EventType<{ key: string }>;
  readonly #full: EventType<{ key: string; pid: number; sinceMs: number }>;

  constructor(kernel: Kernel, rows: Rows, kill: (row: ProcessRow) => void) {
    this.#kernel = kernel;
    this.#rows = rows;
    this.#kill = kill;
    this.#taken = kernel.store.table<number>('containerd/memory-taken');
    this.#soon = kernel.event('containerd/memory-check', ({ key }) => {
      if (rows.tasks.get(key)?.status === 'running') this.check(key);
    });
    this.#full = kernel.event('containerd/memory-full', ({ key, pid, sinceMs }) => {
      if (rows.process(key, pid)?.leakSinceMs === sinceMs) this.check(key);
    });
  }

  /** What one process holds now. */
  held({ memoryBytes, leakSinceMs }: ProcessRow): number {
    if (leakSinceMs === undefined) return memoryBytes;
    return memoryBytes + (this.#kernel.now - leakSinceMs) * FIGURES.leakBytesPerMs;
  }

  used(key: string): number {
    return this.#heldBy(this.#rows.processesOf(key));
  }

  #heldBy(rows: readonly ProcessRow[]): number {
    let sum = 0;
    for (const row of rows) sum += this.held(row);
    return sum;
  }

  /** Something outside of containers takes so much of a machine's memory. */
  take(machine: string, bytes: number): void {
    if (bytes > 0) this.#taken.set(machine, bytes);
    else this.#taken.delete(machine);
  }

  /** What all containers of a machine hold, and what was taken. */
  usedOn(machine: string): number {
    let sum = this.#rows.heldOn(machine) + (this.#taken.get(machine) ?? 0);
    for (const row of this.#rows.leakingOn(machine)) sum += this.held(row) - row.memoryBytes;
    return sum;
  }

  limit(key: string, container = this.#rows.containers.get(key)): number {
    return limitsOf(container).memoryLimitBytes ?? FIGURES.machineMemoryBytes;
  }

  hold(row: ProcessRow, memoryBytes: number): void {
    this.#rows.setProcess({ ...row, memoryBytes });
    this.check(row.key);
  }

  /** From now on it grows, or stops growing and keeps what it has. */
  leak(row: ProcessRow, on: boolean): void {
    if (on === (row.leakSinceMs !== undefined)) return;
    const { leakSinceMs: _since, ...kept } = row;
    const memoryBytes = this.held(row);
    const { now } = this.#kernel;
    this.#rows.setProcess({ ...kept, memoryBytes, ...(on && { leakSinceMs: now }) });
    this.check(row.key);
  }

  /** Looks when what happens now is done: a process began. */
  checkSoon(key: string): void {
    if (this.#rows.limits(key).memoryLimitBytes !== undefined) this.#soon.after(0, { key });
  }

  /** Ends the biggest process when there is too much; else looks again when a leak fills it. */
  check(key: string, container?: ContainerRow): void {
    const rows = this.#rows.processesOf(key);
    const used = this.#heldBy(rows);
    const limit = this.limit(key, container);
    if (used > limit) {
      const victim = this.#biggest(rows);
      if (victim) this.#kill(victim);
      return;
    }
    const leaking = rows.filter(grows);
    for (const { pid, leakSinceMs = 0 } of leaking) {
      const afterMs = Math.ceil((limit - used + 1) / (FIGURES.leakBytesPerMs * leaking.length));
      this.#full.after(afterMs, { key, pid, sinceMs: leakSinceMs });
    }
  }

  #biggest(rows: readonly ProcessRow[]): ProcessRow | undefined {
    let biggest: ProcessRow | undefined;
    for (const row of rows) {
      if (!biggest || this.held(row) > this.held(biggest)) biggest = row;
    }
    return biggest;
  }
}
