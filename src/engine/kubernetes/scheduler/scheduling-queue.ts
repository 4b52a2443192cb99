import type { EventType, Kernel } from '../../sim/kernel.ts';
import type { Index, Table } from '../../sim/store.ts';
import { ActivePods } from './active-pods.ts';

/**
 * Pods that wait for a node (pkg/scheduler/backend/queue, v1.36): the active ones by priority,
 * then by time; those that failed lately, which wait 1 s, 2 s, 4 s … 10 s; those that fit nowhere,
 * which wait for an event that the plugins say may help that kept them off, five minutes at the
 * longest; and those whose gates are shut.
 *
 * Simplified: a Pod's back-off ends on the millisecond and before that it is not tried, even when
 * nothing else waits. The rows are the state; whose turn it is is derived from them, and put in order
 * anew after the world was taken back.
 */
export interface Waiting {
  readonly key: string;
  readonly priority: number;
  readonly order: number;
  /** Tries so far. */
  readonly attempts: number;
  readonly state: 'active' | 'backoff' | 'unschedulable' | 'gated';
  readonly lastTryMs: number;
  /** The plugins that kept it off at its last try; any event may help when there is none. */
  readonly rejectors: readonly string[];
}

const FIRST_BACKOFF_MS = 1000;
const LAST_BACKOFF_MS = 10_000;
const LEFTOVER_MS = 300_000;
const NONE: readonly string[] = [];

export class SchedulingQueue {
  readonly #kernel: Kernel;
  readonly #pods: Table<string, Waiting>;
  /** May hold rows that are no longer so: only what {@link #first} finds counts. */
  readonly #active = new ActivePods<Waiting>();
  #made: number;
  readonly #byState: Index<string, Waiting>;
  readonly #counters: Table<string, number>;
  readonly #wake: EventType<{ key: string; order: number; attempts: number }>;

  /** @param ready is called when there is an active Pod */
  constructor(kernel: Kernel, name: string, ready: () => void) {
    this.#kernel = kernel;
    this.#pods = kernel.store.table<Waiting>(`${name}/waiting`);
    this.#byState = this.#pods.index((row) => (row.state === 'active' ? NONE : [row.state]));
    this.#made = kernel.store.epoch;
    this.#counters = kernel.store.table<number>(`${name}/counters`);
    this.#wake = kernel.event(`${name}/wake`, ({ key, order, attempts }) => {
      const row = this.#pods.get(key);
      if (row?.order !== order || row.attempts !== attempts) return;
      if (row.state === 'active' || row.state === 'gated') return;
      this.#activate({ ...row, state: 'active' });
      ready();
    });
  }

  add(key: string, priority: number, gated: boolean): void {
    const known = this.#pods.get(key);
    if (known && (known.state === 'gated') === gated) return;
    const order = known?.order ?? (this.#counters.get('order') ?? 0) + 1;
    if (!known) this.#counters.set('order', order);
    const state = gated ? 'gated' : 'active';
    const row = {
      key,
      priority,
      order,
      attempts: 0,
      state,
      lastTryMs: 0,
      rejectors: NONE,
    } as const;
    if (gated) this.#pods.set(key, row);
    else this.#activate(row);
  }

  remove(key: string): void {
    this.#pods.delete(key);
  }

  get isEmpty(): boolean {
    return this.#first() === undefined;
  }

  /** Takes the Pod whose turn it is; its try is counted when it failed, or else it is removed. */
  pop(): { key: string; attempts: number } | undefined {
    const first = this.#first();
    if (!first) return undefined;
    this.#active.dropFirst();
    return { key: first.key, attempts: first.attempts + 1 };
  }

  /** The row of the Pod whose turn it is; those that were removed or changed meanwhile go. */
  #first(): Waiting | undefined {
    if (this.#made !== this.#kernel.store.epoch) this.#putInOrder();
    for (let row = this.#active.first; row; row = this.#active.first) {
      if (this.#pods.get(row.key) === row) return row;
      this.#active.dropFirst();
    }
    return undefined;
  }

  /** After the world was taken back. */
  #putInOrder(): void {
    this.#made = this.#kernel.store.epoch;
    this.#active.clear();
    for (const row of this.#pods.values()) if (row.state === 'active') this.#active.push(row);
  }

  /** The Pod fits nowhere now: it waits for a change. */
  failed(key: string, rejectors: readonly string[]): void {
    const row = this.#pods.get(key);
    if (!row) return;
    const attempts = row.attempts + 1;
    const lastTryMs = this.#kernel.now;
    this.#pods.set(key, { ...row, state: 'unschedulable', attempts, lastTryMs, rejectors });
    const { order } = row;
    this.#wake.after(LEFTOVER_MS, { key, order, attempts });
  }

  /**
   * A Pod was decided for a node and could not be bound: it is tried again after a back-off.
   *
   * @param attempts how often it was tried
   */
  retry(key: string, priority: number, attempts = 1): void {
    this.remove(key);
    const order = (this.#counters.get('order') ?? 0) + 1;
    this.#counters.set('order', order);
    const lastTryMs = this.#kernel.now;
    const row = { key, priority, order, attempts, lastTryMs, rejectors: [] };
    this.#backOff({ ...row, state: 'backoff' });
  }

  get hasUnschedulable(): boolean {
    return this.#byState.count('unschedulable') > 0;
  }

  /** Something changed: those come back after their back-off whom it may help. */
  moveWhere(mayHelp: (row: Waiting) => boolean): void {
    for (const row of this.#byState.values('unschedulable')) {
      if (mayHelp(row)) this.#backOff(row);
    }
  }

  /** As after a start of the scheduler: all wait anew, whatever was. */
  startOver(): void {
    for (const state of ['backoff', 'unschedulable']) {
      for (const row of this.#byState.values(state)) {
        this.#activate({ ...row, state: 'active', attempts: 0, lastTryMs: 0 });
      }
    }
  }

  #backOff(row: Waiting): void {
    this.#pods.set(row.key, { ...row, state: 'backoff' });
    const leftMs = row.lastTryMs + backoffMs(row.attempts) - this.#kernel.now;
    const { key, order, attempts } = row;
    this.#wake.after(Math.max(0, leftMs), { key, order, attempts });
  }

  #activate(row: Waiting): void {
    this.#pods.set(row.key, row);
    if (this.#made === this.#kernel.store.epoch) this.#active.push(row);
  }
}

/** 1 s, doubled with each try, at most 10 s. */
export function backoffMs(attempts: number): number {
  let delayMs = FIRST_BACKOFF_MS;
  for (let i = 1; i < attempts && delayMs < LAST_BACKOFF_MS; i++) delayMs *= 2;
  return Math.min(delayMs, LAST_BACKOFF_MS);
}
