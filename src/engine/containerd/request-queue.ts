import type { Kernel } from '../sim/kernel.ts';
import type { Table } from '../sim/store.ts';
import { machineOfKey, type Rows } from './rows.ts';

/**
 * Requests to the servers of a container wait for one another when they want more processor time
 * than its quota gives (cgroup v2 `cpu.max`): a queue that is worked off at the speed of the quota.
 *
 * Simplified: one queue a container, in order; without a quota it is worked off by all processors.
 */
interface QueueRow {
  /** When what has come so far will have been worked off. */
  readonly busyUntilMs: number;
}

const NANO = 1e9;

export class RequestQueue {
  readonly #kernel: Kernel;
  readonly #rows: Rows;
  readonly #queues: Table<string, QueueRow>;

  constructor(kernel: Kernel, rows: Rows) {
    this.#kernel = kernel;
    this.#rows = rows;
    this.#queues = kernel.store.table<QueueRow>('containerd/request-queues');
  }

  /** Takes so much work in; gives how long it waits for what came before, in whole milliseconds. */
  enter(key: string, cpuMs: number): number {
    const { now } = this.#kernel;
    const startMs = Math.max(now, this.#queues.get(key)?.busyUntilMs ?? 0);
    this.#queues.set(key, { busyUntilMs: startMs + cpuMs / this.#speed(key) });
    return Math.floor(startMs - now);
  }

  /** Processor time that was asked for and not yet spent. */
  pendingMs(key: string): number {
    const row = this.#queues.get(key);
    return row ? Math.max(0, row.busyUntilMs - this.#kernel.now) * this.#speed(key) : 0;
  }

  forget(key: string): void {
    this.#queues.delete(key);
  }

  /** Milliseconds of processor time in a millisecond. */
  #speed(key: string): number {
    const { nanoCpus } = this.#rows.limits(key);
    const most = this.#rows.processorsOf(machineOfKey(key));
    return nanoCpus === undefined ? most : Math.min(most, nanoCpus / NANO);
  }
}
