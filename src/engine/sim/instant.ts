import { addHashes, hashPair, hashValue, type Hash, type Hashed } from './hash.ts';

/** Something that waits for its time. */
export interface QueuedEvent {
  readonly type: string;
  readonly payload: unknown;
  readonly cause: number;
}

/**
 * The events of one millisecond, in the order in which they were scheduled. Under the owner it was
 * made for it is changed in place; another takes a copy first (see ordered-map.ts).
 */
export class Instant implements Hashed {
  readonly owner: number;
  readonly #orders: number[];
  /** Undefined for those that were called off. */
  readonly #events: (QueuedEvent | undefined)[];
  /** Those before have run. */
  #head = 0;
  #size: number;

  private constructor(owner: number, orders: number[], events: (QueuedEvent | undefined)[]) {
    this.owner = owner;
    this.#orders = orders;
    this.#events = events;
    this.#size = 0;
    for (const event of events) if (event) this.#size += 1;
  }

  static empty(owner: number): Instant {
    return new Instant(owner, [], []);
  }

  get size(): number {
    return this.#size;
  }

  copy(owner: number): Instant {
    return new Instant(owner, this.#orders.slice(this.#head), this.#events.slice(this.#head));
  }

  /** Adds an event after all others. */
  add(order: number, event: QueuedEvent): void {
    this.#orders.push(order);
    this.#events.push(event);
    this.#size += 1;
  }

  /** Takes the next event out. */
  take(): QueuedEvent | undefined {
    while (this.#head < this.#events.length) {
      const at = this.#head;
      const event = this.#events[at];
      this.#events[at] = undefined;
      this.#head += 1;
      if (!event) continue;
      this.#size -= 1;
      return event;
    }
    return undefined;
  }

  has(order: number): boolean {
    return this.#events[this.#find(order)] !== undefined;
  }

  /** Calls an event off that is there. */
  remove(order: number): void {
    this.#events[this.#find(order)] = undefined;
    this.#size -= 1;
  }

  /** Where an event stands; -1 when it is not there. */
  #find(order: number): number {
    let from = this.#head;
    let to = this.#orders.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.#orders[middle]! < order) from = middle + 1;
      else to = middle;
    }
    return this.#orders[from] === order ? from : -1;
  }

  hash(): Hash {
    let hash = 0;
    for (let at = this.#head; at < this.#events.length; at++) {
      const event = this.#events[at];
      if (event) hash = addHashes(hash, hashPair(this.#orders[at]!, hashValue(event)));
    }
    return hash;
  }
}
