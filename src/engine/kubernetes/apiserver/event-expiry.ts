import { HOUR } from '../../sim/clock.ts';
import type { EventType, Kernel } from '../../sim/kernel.ts';
import { Ring } from '../../sim/ring.ts';
import type { Table } from '../../sim/store.ts';

/**
 * Events go an hour after they were last written (kube-apiserver `--event-ttl`, 1h0m0s when left
 * out; pkg/registry/core/event/storage/storage.go, v1.36).
 *
 * Simplified: at most 20,000 are kept; beyond, those written longest ago go early.
 */
const TTL_MS = HOUR;
export const EVENTS_LIMIT = 20_000;
const WRITES_LIMIT = 200_000;

interface Due {
  readonly key: string;
  readonly dueMs: number;
}

export class EventExpiry {
  readonly #kernel: Kernel;
  readonly #remove: (key: string) => void;
  /** Events in the order in which they go; one that was written again stands there again. */
  readonly #order: Ring<Due>;
  /** When each one goes. */
  readonly #due: Table<string, number>;
  readonly #sweep: EventType<object>;

  /** @param remove deletes an Event by `namespace/name` */
  constructor(kernel: Kernel, cluster: string, remove: (key: string) => void) {
    this.#kernel = kernel;
    this.#remove = remove;
    this.#order = new Ring<Due>(kernel.store, `apiserver/${cluster}/event-order`, WRITES_LIMIT);
    this.#due = kernel.store.table<number>(`apiserver/${cluster}/event-due`);
    this.#sweep = kernel.event(`apiserver/${cluster}/expire-events`, () => {
      for (let first = this.#first(); first; first = this.#first()) {
        const { dueMs } = first;
        if (dueMs > kernel.now) {
          this.#sweep.after(dueMs - kernel.now, {});
          return;
        }
        this.#dropFirst();
      }
    });
  }

  /** An Event was written: its hour begins anew. */
  renew(key: string): void {
    const idle = this.#order.size === 0;
    const dueMs = this.#kernel.now + TTL_MS;
    this.#due.set(key, dueMs);
    if (this.#order.size === WRITES_LIMIT) this.#dropFirst();
    this.#order.append({ key, dueMs });
    if (idle) this.#kernel.because(0, () => this.#sweep.after(TTL_MS, {}));
    while (this.#due.size > EVENTS_LIMIT) this.#dropFirst();
  }

  /** What goes next; those on the way that were written again since are passed over. */
  #first(): Due | undefined {
    for (;;) {
      const first = this.#order.get(this.#order.first);
      if (!first || this.#due.get(first.key) === first.dueMs) return first;
      this.#order.shift();
    }
  }

  #dropFirst(): void {
    const first = this.#first();
    if (!first) return;
    this.#order.shift();
    this.#due.delete(first.key);
    this.#remove(first.key);
  }
}
