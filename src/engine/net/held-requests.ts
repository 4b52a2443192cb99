import type { EventType, Kernel, Ticket } from '../sim/kernel.ts';
import type { Index, Table } from '../sim/store.ts';
import type { Exchange } from './exchange.ts';

/**
 * Requests that somebody has taken and does not answer: a program that hangs, or is paused. Whoever
 * asked waits. They are answered when the program goes on, reset when its socket is closed, and
 * given up when the caller's time is over, whichever comes first (tcp(7), close(2): what was not
 * read is answered with a reset).
 */
interface Held {
  readonly exchange: Exchange;
  /** The key of the port that took it. */
  readonly at: string;
  /** What the listener was opened with; one that came later has never heard of the request. */
  readonly payload: unknown;
  readonly due: Ticket;
}

const NEXT = 'next';

export class HeldRequests {
  readonly #kernel: Kernel;
  readonly #rows: Table<number, Held>;
  readonly #byPort: Index<number, Held>;
  readonly #counter: Table<string, number>;
  readonly #due: EventType<{ id: number }>;

  /** @param late the caller's time is over */
  constructor(kernel: Kernel, late: (exchange: Exchange) => void) {
    this.#kernel = kernel;
    this.#rows = kernel.store.table<Held, number>('net/held');
    this.#byPort = this.#rows.index(({ at }) => [at]);
    this.#counter = kernel.store.table<number>('net/held-counter');
    this.#due = kernel.event('net/http-held', ({ id }) => {
      const { exchange } = this.#rows.need(id);
      this.#rows.delete(id);
      late(exchange);
    });
  }

  hold(at: string, payload: unknown, exchange: Exchange): void {
    const id = (this.#counter.get(NEXT) ?? 0) + 1;
    this.#counter.set(NEXT, id);
    const due = this.#due.after(Math.max(0, exchange.deadlineMs - this.#kernel.now), { id });
    this.#rows.set(id, { exchange, at, payload, due });
  }

  /** Takes back those of a port for which a condition holds, oldest first. */
  take(at: string, payload: unknown, isTaken: (exchange: Exchange) => boolean): Exchange[] {
    if (this.#rows.size === 0) return [];
    const taken: Exchange[] = [];
    for (const id of this.#byPort.keys(at)) {
      const row = this.#rows.need(id);
      if (row.payload !== payload || !isTaken(row.exchange)) continue;
      this.#rows.delete(id);
      this.#kernel.cancel(row.due);
      taken.push(row.exchange);
    }
    return taken;
  }
}
