import type { EventType, Kernel, Ticket } from '../../sim/kernel.ts';
import type { Table } from '../../sim/store.ts';
import type { Client } from './client.ts';

/**
 * A queue of keys to look at (staging/src/k8s.io/client-go/util/workqueue, v1.36). A key that
 * waits is not added twice: whatever happened meanwhile, one look at the present state is enough.
 *
 * Simplified: a key is worked on within one event, so it cannot be added while it is in work, and
 * workers never run out.
 */
interface Waiting {
  readonly ticket: Ticket;
}

/** Model figure: from a key's arrival to the look at it. */
const SYNC_DELAY_MS = 2;

/** Model figure: how many objects a controller looks through in a millisecond. */
const OBJECTS_PER_MS = 25;

/** When a look that goes through so many objects comes: what happens until then is seen at once. */
export const syncDelayMs = (objects: number): number =>
  SYNC_DELAY_MS + Math.floor(objects / OBJECTS_PER_MS);

const FIRST_RETRY_MS = 5;
const LAST_RETRY_MS = 1_000_000;

export class WorkQueue {
  readonly #kernel: Kernel;
  readonly #waiting: Table<string, Waiting>;
  readonly #failures: Table<string, number>;
  /** Keys that came due while the process was stopped. */
  readonly #held: Table<string, true>;
  readonly #due: EventType<{ key: string }>;

  /**
   * @param client of the component whose queue it is: while its process is stopped, keys wait
   * @param sync looks at one key afresh; false asks to be called again, later each time
   */
  constructor(client: Client, name: string, sync: (key: string) => boolean) {
    const { kernel } = client;
    this.#kernel = kernel;
    this.#waiting = kernel.store.table<Waiting>(`${name}/queue`);
    this.#failures = kernel.store.table<number>(`${name}/failures`);
    this.#held = kernel.store.table<true>(`${name}/held`);
    client.onStart(() => {
      for (const [key] of [...this.#held.entries()]) {
        this.#held.delete(key);
        this.add(key);
      }
    });
    this.#due = kernel.event(`${name}/sync`, ({ key }) => {
      this.#waiting.delete(key);
      if (!client.isRunning) this.#held.set(key, true);
      else if (sync(key)) this.#failures.delete(key);
      else this.#retry(key);
    });
  }

  /** Has a key looked at in `delayMs`, or earlier if it waits for an earlier look already. */
  add(key: string, delayMs: number = SYNC_DELAY_MS): void {
    const waiting = this.#waiting.get(key);
    if (waiting && waiting.ticket.timeMs <= this.#kernel.now + delayMs) return;
    if (waiting) this.#kernel.cancel(waiting.ticket);
    this.#waiting.set(key, { ticket: this.#due.after(delayMs, { key }) });
  }

  /** 5 ms, doubled with each failure in a row. */
  #retry(key: string): void {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    let delayMs = FIRST_RETRY_MS;
    for (let i = 0; i < failures && delayMs < LAST_RETRY_MS; i++) delayMs *= 2;
    this.add(key, Math.min(delayMs, LAST_RETRY_MS));
  }
}
