import { assert, broken } from './assert.ts';
import type { Breathing } from './breath.ts';
import { addHashes, formatHash, hashValue } from './hash.ts';
import { Instant } from './instant.ts';
import { Random } from './random.ts';
import { Store, type Snapshot, type Table } from './store.ts';
import { Trace, type NewRecord } from './trace.ts';

/**
 * The machine under every room: virtual time, a queue of events, state, trace. A world changes by
 * `dispatch` and `advance` only. Events run one at a time, by time and, within one millisecond, in
 * the order they were scheduled; so the same seed and the same actions give the same world.
 */
export interface Action {
  readonly type: string;
}

/** A point in a run: virtual time, and how many events and actions came before it. */
export interface Moment {
  readonly timeMs: number;
  readonly sequence: number;
}

/** Everything needed to go on from a moment; a handful of references. */
export interface Checkpoint {
  readonly moment: Moment;
  readonly snapshot: Snapshot;
  readonly scheduled: number;
  readonly records: number;
  /** How many rows the state has: what a version of it that shares nothing would hold. */
  readonly rows: number;
}

/** Names one scheduled event, so that it can be called off. */
export interface Ticket {
  readonly timeMs: number;
  readonly order: number;
}

/** A kind of event, as its owner uses it. */
export interface EventType<P> {
  readonly name: string;
  /** Schedules it `delayMs` from now; what is happening now becomes its cause. */
  after(delayMs: number, payload: P): Ticket;
}

export interface KernelOptions {
  seed: number;
  traceLimit?: number;
  /** At most this many events may wait; a world that asks for more is broken. */
  queueLimit?: number;
}

/** Events within one millisecond; more means that handlers wake each other for ever. */
const EVENTS_PER_INSTANT = 5_000_000;

export class Kernel {
  readonly seed: number;
  readonly store = new Store();
  readonly trace: Trace;
  readonly #queue: Table<number, Instant>;
  readonly #queueLimit: number;
  readonly #events = new Map<string, (payload: never) => void>();
  readonly #actions = new Map<string, (action: never) => void>();
  #waiting = 0;
  #timeMs = 0;
  #sequence = 0;
  #scheduled = 0;
  #records = 0;
  #cause = 0;
  #inThisInstant = 0;
  #attempts = 0;
  /** The time of the next event, as long as it is known. */
  #headMs: number | undefined;

  constructor(options: KernelOptions) {
    assert(Number.isSafeInteger(options.seed), 'a seed is an integer');
    this.seed = options.seed;
    this.#queueLimit = options.queueLimit ?? 5_000_000;
    this.#queue = this.store.table<Instant, number>('sim/queue');
    this.trace = new Trace(this.store, options.traceLimit);
  }

  get now(): number {
    return this.#timeMs;
  }

  get moment(): Moment {
    return { timeMs: this.#timeMs, sequence: this.#sequence };
  }

  /** How many things were recorded so far: a measure of the work that was done. */
  get recorded(): number {
    return this.#records;
  }

  /** True when what is lived now may not come to stay. */
  get isTrying(): boolean {
    return this.#attempts > 0;
  }

  /** The record that what happens now is caused by; 0 for none. */
  get cause(): number {
    return this.#cause;
  }

  /** A random sub-stream; see {@link Random}. */
  random(...name: (string | number)[]): Random {
    return new Random(this.seed, name);
  }

  /** Declares a kind of event and what it does. Names are unique: `kubelet/sync-pod`. */
  event<P>(name: string, handler: (payload: P) => void): EventType<P> {
    assert(!this.#events.has(name), `the event ${name} has a handler already`);
    this.#events.set(name, handler);
    return { name, after: (delayMs, payload) => this.scheduleNamed(delayMs, name, payload) };
  }

  /** Declares a kind of action that a person can take. */
  action<A extends Action>(type: A['type'], handler: (action: A) => void): void {
    assert(!this.#actions.has(type), `the action ${type} has a handler already`);
    this.#actions.set(type, handler);
  }

  /** Schedules an event by name, for a room that keeps names of others' events in its state. */
  scheduleNamed(delayMs: number, type: string, payload: unknown): Ticket {
    if (!(Number.isSafeInteger(delayMs) && delayMs >= 0)) broken(`${delayMs} ms until ${type}`);
    if (!this.#events.has(type)) broken(`no handler for the event ${type}`);
    if (this.#waiting >= this.#queueLimit)
      broken(`more than ${this.#queueLimit} events are waiting`);
    const ticket = { timeMs: this.#timeMs + delayMs, order: this.#scheduled };
    this.#scheduled += 1;
    this.#waiting += 1;
    if (this.#headMs !== undefined && ticket.timeMs < this.#headMs) this.#headMs = ticket.timeMs;
    this.#instant(ticket.timeMs).add(ticket.order, { type, payload, cause: this.#cause });
    return ticket;
  }

  /** Calls a scheduled event off; false when it has run or was called off already. */
  cancel(ticket: Ticket): boolean {
    if (!this.#queue.get(ticket.timeMs)?.has(ticket.order)) return false;
    const instant = this.#instant(ticket.timeMs);
    instant.remove(ticket.order);
    this.#taken(ticket.timeMs, instant);
    return true;
  }

  /** The events of a millisecond, to be changed in place. */
  #instant(timeMs: number): Instant {
    const { owner } = this.#queue;
    const known = this.#queue.get(timeMs);
    if (known?.owner === owner) return known;
    const instant = known ? known.copy(owner) : Instant.empty(owner);
    this.#queue.set(timeMs, instant);
    return instant;
  }

  /** One event less waits. */
  #taken(timeMs: number, instant: Instant): void {
    this.#waiting -= 1;
    if (instant.size > 0) return;
    this.#queue.delete(timeMs);
    if (timeMs === this.#headMs) this.#headMs = undefined;
  }

  /** Carries out a person's action now. */
  dispatch(action: Action): void {
    const handler = this.#actions.get(action.type) as ((action: Action) => void) | undefined;
    assert(handler, `no handler for the action ${action.type}`);
    this.#sequence += 1;
    this.#cause = 0;
    handler(action);
    this.#cause = 0;
  }

  /** The time of the next event; undefined when nothing is scheduled. */
  get nextEventMs(): number | undefined {
    this.#headMs ??= this.#queue.first()?.[0];
    return this.#headMs;
  }

  /** Runs the next event, if any: virtual time jumps to it. False when nothing is scheduled. */
  step(): boolean {
    const timeMs = this.nextEventMs;
    if (timeMs === undefined) return false;
    assert(timeMs >= this.#timeMs, 'time does not run backwards');
    this.#inThisInstant = timeMs === this.#timeMs ? this.#inThisInstant + 1 : 0;
    if (this.#inThisInstant >= EVENTS_PER_INSTANT) broken(`time stands still at ${timeMs} ms`);
    const instant = this.#instant(timeMs);
    const event = instant.take();
    if (!event) broken(`nothing is due at ${timeMs} ms`);
    this.#taken(timeMs, instant);
    this.#timeMs = timeMs;
    this.#sequence += 1;
    this.#cause = event.cause;
    (this.#events.get(event.type) as (payload: unknown) => void)(event.payload);
    this.#cause = 0;
    return true;
  }

  /** Runs every event up to and at `toMs`; the clock then shows `toMs`. */
  advance(toMs: number): void {
    assert(toMs >= this.#timeMs, `cannot advance back from ${this.#timeMs} to ${toMs}`);
    for (let next = this.nextEventMs; next !== undefined && next <= toMs;) {
      this.step();
      next = this.nextEventMs;
    }
    this.#timeMs = toMs;
  }

  /**
   * Runs events until `done()` holds, looking after each. False, with the clock at the limit, when
   * it did not come to hold within `limitMs` from now.
   */
  advanceUntil(done: () => boolean, limitMs: number): boolean {
    const endMs = this.#timeMs + limitMs;
    while (!done()) {
      const next = this.nextEventMs;
      if (next === undefined || next > endMs) {
        this.#timeMs = endMs;
        return done();
      }
      this.step();
    }
    return true;
  }

  /** Notes what happened, caused by what is happening now. Gives the record's id. */
  record(record: NewRecord, cause: number = this.#cause): number {
    this.#records += 1;
    const id = this.#records;
    const { actor, verb, object, reason, message, detail, flow } = record;
    // All records have one shape, whatever they leave out: that is quicker to make and smaller.
    const timeMs = this.#timeMs;
    const full = { id, timeMs, actor, verb, object, reason, message, detail, flow, cause };
    this.trace.append(full);
    return id;
  }

  /** Runs `work` with a record as the cause of all it does. */
  because<T>(record: number, work: () => T): T {
    const outer = this.#cause;
    this.#cause = record;
    try {
      return work();
    } finally {
      this.#cause = outer;
    }
  }

  checkpoint(): Checkpoint {
    let rows = 0;
    for (const table of this.store.tables().values()) rows += table.size;
    return {
      rows,
      moment: this.moment,
      snapshot: this.store.snapshot(),
      scheduled: this.#scheduled,
      records: this.#records,
    };
  }

  restore(checkpoint: Checkpoint): void {
    this.store.restore(checkpoint.snapshot);
    this.#timeMs = checkpoint.moment.timeMs;
    this.#sequence = checkpoint.moment.sequence;
    this.#scheduled = checkpoint.scheduled;
    this.#records = checkpoint.records;
    this.#cause = 0;
    this.#inThisInstant = 0;
    this.#headMs = undefined;
    this.#waiting = 0;
    for (const instant of this.#queue.values()) this.#waiting += instant.size;
  }

  /** @returns what takes the state back to here */
  bookmark(): () => void {
    const here = this.checkpoint();
    return () => {
      this.restore(here);
    };
  }

  /**
   * Carries out `live`, and goes back to here when it says that it came to nothing, is given up, or
   * throws.
   * @returns what it said
   */
  *attempting(live: () => Breathing<boolean>): Breathing<boolean> {
    const here = this.checkpoint();
    let stays = false;
    this.#attempts += 1;
    try {
      stays = yield* live();
      return stays;
    } finally {
      this.#attempts -= 1;
      if (!stays) this.restore(here);
    }
  }

  /** Names the whole state, time and position included: 13 hexadecimal digits. */
  hash(): string {
    const position = hashValue([this.#timeMs, this.#sequence, this.#scheduled, this.seed]);
    return formatHash(addHashes(this.store.hash(), position));
  }
}
