import { HOUR } from '../../sim/clock.ts';
import type { EventType, Kernel } from '../../sim/kernel.ts';
import type { Table } from '../../sim/store.ts';

/**
 * Events go an hour after they were last written (kube-apiserver `--event-ttl`, 1h0m0s when left
 * out; pkg/registry/core/event/storage/storage.go, v1.36).
 *
 * Simplified: at most 20,000 are kept; beyond, those written longest ago go early.
 */
const TTL_MS = HOUR;
export const EVENTS_LIMIT = 20_000;

interface Due {
  readonly key: string;
  readonly dueMs: number;
}

export class EventExpiry {
  readonly #kernel: Kernel;
  readonly #remove: (key: string) => void;
  /** Events in the order in which they go. */
  readonly #order: Table<number, Due>;
  /** Where each one stands in it. */
  readonly #due: Table<string, number>;
  readonly #sweep: EventType<object>;
  readonly #counters: Table<string, number>;

  /** @param remove deletes an Event by `namespace/name` */
  constructor(kernel: Kernel, cluster: string, remove: (key: string) => void) {
    this.#kernel = kernel;
    this.#remove = remove;
    this.#order = kernel.store.table<Due, number>(`apiserver/${cluster}/event-order`);
    this.#due = kernel.store.table<number>(`apiserver/${cluster}/event-due`);
    this.#counters = kernel.store.table<number>(`apiserver/${cluster}/event-counters`);
    this.#sweep = kernel.event(`apiserver/${cluster}/expire-events`, () => {
      for (let first = this.#order.first(); first; first = this.#order.first()) {
        const { dueMs } = first[1];
        if (dueMs > kernel.now) {
          this.#sweep.after(dueMs - kernel.now, {});
          return;
        }
        this.#drop(...first);
      }
    });
  }

  /** An Event was written: its hour begins anew. */
  renew(key: string): void {
    const idle = this.#order.size === 0;
    const before = this.#due.get(key);
    if (before !== undefined) this.#order.delete(before);
    const at = (this.#counters.get('next') ?? 0) + 1;
    this.#counters.set('next', at);
    this.#due.set(key, at);
    this.#order.set(at, { key, dueMs: this.#kernel.now + TTL_MS });
    if (idle) this.#kernel.because(0, () => this.#sweep.after(TTL_MS, {}));
    const first = this.#order.size > EVENTS_LIMIT ? this.#order.first() : undefined;
    if (first) this.#drop(...first);
  }

  #drop(at: number, { key }: Due): void {
    this.#order.delete(at);
    this.#due.delete(key);
    this.#remove(key);
  }
}
