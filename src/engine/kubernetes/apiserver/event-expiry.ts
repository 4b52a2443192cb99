import { HOUR } from '../../sim/clock.ts';
import type { EventType, Kernel } from '../../sim/kernel.ts';
import type { Table } from '../../sim/store.ts';

/**
 * Events go an hour after they were last written (kube-apiserver `--event-ttl`, 1h0m0s when left
 * out; pkg/registry/core/event/storage/storage.go, v1.36).
 */
const TTL_MS = HOUR;

export class EventExpiry {
  readonly #kernel: Kernel;
  /** Events in the order in which they go: `due time, key` -> key. */
  readonly #order: Table<string, string>;
  readonly #due: Table<string, number>;
  readonly #sweep: EventType<object>;

  /** @param remove deletes an Event by `namespace/name` */
  constructor(kernel: Kernel, cluster: string, remove: (key: string) => void) {
    this.#kernel = kernel;
    this.#order = kernel.store.table<string>(`apiserver/${cluster}/event-order`);
    this.#due = kernel.store.table<number>(`apiserver/${cluster}/event-due`);
    this.#sweep = kernel.event(`apiserver/${cluster}/expire-events`, () => {
      for (let first = this.#order.first(); first; first = this.#order.first()) {
        const [at, key] = first;
        const dueMs = this.#due.need(key);
        if (dueMs > kernel.now) {
          this.#sweep.after(dueMs - kernel.now, {});
          return;
        }
        this.#order.delete(at);
        this.#due.delete(key);
        remove(key);
      }
    });
  }

  /** An Event was written: its hour begins anew. */
  renew(key: string): void {
    const idle = this.#order.size === 0;
    const before = this.#due.get(key);
    if (before !== undefined) this.#order.delete(orderOf(before, key));
    const dueMs = this.#kernel.now + TTL_MS;
    this.#due.set(key, dueMs);
    this.#order.set(orderOf(dueMs, key), key);
    if (idle) this.#kernel.because(0, () => this.#sweep.after(TTL_MS, {}));
  }
}

const orderOf = (dueMs: number, key: string): string => `${String(dueMs).padStart(16, '0')} ${key}`;
