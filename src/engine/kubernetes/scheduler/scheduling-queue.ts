import type { EventType, Kernel } from '../../sim/kernel.ts';
import type { Index, Table } from '../../sim/store.ts';

/**
 * Pods that wait for a node (pkg/scheduler/backend/queue, v1.36): the active ones by priority,
 * then by time; those that failed lately, which wait 1 s, 2 s, 4 s … 10 s; and those that fit
 * nowhere, which wait for something to change, five minutes at the longest.
 *
 * Simplified: any change that might help wakes all of the last kind; upstream asks each plugin.
 */
interface Waiting {
  readonly key: string;
  readonly priority: number;
  readonly order: number;
  readonly attempts: number;
  readonly state: 'active' | 'backoff' | 'unschedulable';
  readonly lastTryMs: number;
}

const FIRST_BACKOFF_MS = 1000;
const LAST_BACKOFF_MS = 10_000;
const LEFTOVER_MS = 300_000;
const HIGHEST_PRIORITY = 2_100_000_000;

export class SchedulingQueue {
  readonly #kernel: Kernel;
  readonly #pods: Table<string, Waiting>;
  readonly #active: Table<string, string>;
  readonly #unschedulable: Index<string, Waiting>;
  readonly #counters: Table<string, number>;
  readonly #wake: EventType<{ key: string; order: number; attempts: number }>;

  /** @param ready is called when there is an active Pod */
  constructor(kernel: Kernel, name: string, ready: () => void) {
    this.#kernel = kernel;
    this.#pods = kernel.store.table<Waiting>(`${name}/waiting`);
    this.#unschedulable = this.#pods.index((row) =>
      row.state === 'unschedulable' ? ['unschedulable'] : [],
    );
    this.#active = kernel.store.table<string>(`${name}/active`);
    this.#counters = kernel.store.table<number>(`${name}/counters`);
    this.#wake = kernel.event(`${name}/wake`, ({ key, order, attempts }) => {
      const row = this.#pods.get(key);
      if (row?.order !== order || row.attempts !== attempts) return;
      if (row.state === 'active') return;
      this.#activate(row);
      ready();
    });
  }

  add(key: string, priority: number): void {
    if (this.#pods.has(key)) return;
    const order = (this.#counters.get('order') ?? 0) + 1;
    this.#counters.set('order', order);
    const state = 'active' as const;
    this.#activate({ key, priority, order, attempts: 0, state, lastTryMs: 0 });
  }

  remove(key: string): void {
    const row = this.#pods.get(key);
    if (!row) return;
    this.#active.delete(sortKey(row));
    this.#pods.delete(key);
  }

  get isEmpty(): boolean {
    return this.#active.size === 0;
  }

  /** Takes the Pod whose turn it is; it stays known until it is removed or failed. */
  pop(): { key: string; attempts: number } | undefined {
    const first = this.#active.first();
    if (!first) return undefined;
    const [sorted, key] = first;
    this.#active.delete(sorted);
    const row = this.#pods.update(key, (waiting) => ({
      ...waiting,
      attempts: waiting.attempts + 1,
      lastTryMs: this.#kernel.now,
    }));
    return { key, attempts: row.attempts };
  }

  /** The Pod fits nowhere now: it waits for a change. */
  failed(key: string): void {
    const row = this.#pods.get(key);
    if (!row) return;
    this.#pods.set(key, { ...row, state: 'unschedulable' });
    const { order, attempts } = row;
    this.#wake.after(LEFTOVER_MS, { key, order, attempts });
  }

  /** Something changed that might help: all that wait for it come back after their back-off. */
  moveAll(): void {
    for (const row of this.#unschedulable.values('unschedulable')) {
      this.#pods.set(row.key, { ...row, state: 'backoff' });
      const leftMs = row.lastTryMs + backoffMs(row.attempts) - this.#kernel.now;
      const { key, order, attempts } = row;
      this.#wake.after(Math.max(0, leftMs), { key, order, attempts });
    }
  }

  #activate(row: Waiting): void {
    this.#pods.set(row.key, { ...row, state: 'active' });
    this.#active.set(sortKey(row), row.key);
  }
}

function sortKey({ priority, order }: Waiting): string {
  const rank = String(HIGHEST_PRIORITY - priority).padStart(10, '0');
  return `${rank} ${String(order).padStart(12, '0')}`;
}

/** 1 s, doubled with each try, at most 10 s. */
export function backoffMs(attempts: number): number {
  let delayMs = FIRST_BACKOFF_MS;
  for (let i = 1; i < attempts && delayMs < LAST_BACKOFF_MS; i++) delayMs *= 2;
  return Math.min(delayMs, LAST_BACKOFF_MS);
}
