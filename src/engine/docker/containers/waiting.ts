import type { EventType, Kernel } from '../../sim/kernel.ts';
import type { Waiter } from '../../sim/process.ts';
import { LATER, type Processes } from '../../sim/processes.ts';
import type { Table } from '../../sim/store.ts';
import type { ContainerRow } from './row.ts';

/**
 * Waiting for a container to end (moby/moby v29.7 `daemon/container/state.go`, `Wait`). A restart
 * by policy counts as an end: whoever waits is told the exit code of the run that is over.
 *
 * `settled` is ours: no start is under way. moby holds a lock while it starts a container.
 */
export type WaitCondition = 'not-running' | 'next-exit' | 'removed' | 'settled';

export interface WaitResult {
  /** -1 when the time was up. */
  readonly exitCode: number;
  /** The container's error; `context deadline exceeded` when the time was up. */
  readonly error?: string;
}

interface WaiterRow {
  readonly condition: WaitCondition;
  readonly asker: Waiter;
}

const DIGITS = 9;
const DEADLINE = 'context deadline exceeded';

export class Waiting {
  readonly #processes: Processes;
  readonly #rows: Table<string, WaiterRow>;
  readonly #count: Table<string, number>;
  readonly #timeout: EventType<{ key: string }>;

  constructor(kernel: Kernel, processes: Processes) {
    this.#processes = processes;
    this.#rows = kernel.store.table<WaiterRow>('docker/waiters');
    this.#count = kernel.store.table<number>('docker/waiter-count');
    this.#timeout = kernel.event('docker/wait-timeout', ({ key }) =>
      this.#tell(key, { exitCode: -1, error: DEADLINE }),
    );
  }

  /** The result, or LATER when the asker will be told; -1 and an error after `timeoutMs`. */
  wait(
    row: ContainerRow,
    condition: WaitCondition,
    asker: Waiter,
    timeoutMs?: number,
  ): WaitResult | typeof LATER {
    const { running, starting } = row.state;
    if (condition === 'not-running' && !running) return resultOf(row);
    if (condition === 'settled' && !starting) return resultOf(row);
    const count = (this.#count.get(row.machine) ?? 0) + 1;
    this.#count.set(row.machine, count);
    const key = `${row.machine} ${row.id} ${String(count).padStart(DIGITS, '0')}`;
    this.#rows.set(key, { condition, asker });
    if (timeoutMs !== undefined) this.#timeout.after(timeoutMs, { key });
    return LATER;
  }

  /** A run is over. */
  ended(row: ContainerRow): void {
    this.#tellAll(row, ({ condition }) => condition === 'not-running' || condition === 'next-exit');
  }

  /** A start has come to its end, good or bad. */
  settled(row: ContainerRow): void {
    this.#tellAll(row, ({ condition }) => condition === 'settled');
  }

  /** The container is gone; its row is the last that was known. */
  removed(row: ContainerRow): void {
    this.#tellAll(row, () => true);
  }

  #tellAll(row: ContainerRow, isMeant: (waiter: WaiterRow) => boolean): void {
    for (const [key, waiter] of this.#rows.withPrefix(`${row.machine} ${row.id} `)) {
      if (isMeant(waiter)) this.#tell(key, resultOf(row));
    }
  }

  #tell(key: string, result: WaitResult): void {
    const waiter = this.#rows.get(key);
    if (!waiter) return;
    this.#rows.delete(key);
    this.#processes.reply(waiter.asker, result);
  }
}

export const resultOf = ({ state }: ContainerRow): WaitResult => ({
  exitCode: state.exitCode,
  ...(state.error === '' ? {} : { error: state.error }),
});
