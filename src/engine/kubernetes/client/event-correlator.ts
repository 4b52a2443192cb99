import type { Kernel } from '../../sim/kernel.ts';
import { Ring } from '../../sim/ring.ts';
import type { Table } from '../../sim/store.ts';

/**
 * What a component remembers of the Events it told, so that it repeats itself less
 * (staging/src/k8s.io/client-go/tools/record/events_cache.go, v1.36): the same Event again is
 * counted up; after ten messages of one reason about an object within ten minutes the rest are told
 * as one, "(combined from similar events)"; and about one object it tells 25 at once, then one in
 * five minutes.
 */
export interface Told {
  /** The Event to be counted up; undefined for a new one. */
  readonly name?: string;
  readonly count: number;
  readonly firstTimestamp: string;
}

interface Group {
  readonly messages: readonly string[];
  readonly lastMs: number;
}

interface Memory {
  readonly tokens: number;
  readonly refilledMs: number;
  /** By type and reason. */
  readonly groups: Readonly<Record<string, Group>>;
  /** By type, reason, part of the object and message. */
  readonly told: Readonly<Record<string, Required<Told>>>;
}

const MESSAGES = 10;
const SIMILAR_MS = 600_000;
const BURST = 25;
const TOKEN_MS = 300_000;
/** Objects that are remembered (`maxLruCacheEntries`). */
const OBJECTS = 4096;
const COMBINED = '(combined from similar events): ';

export interface Telling {
  /** Who tells, and about which object. */
  readonly source: string;
  readonly kind: string;
  readonly part: string;
  readonly message: string;
  readonly timestamp: string;
  /** Makes up the name of a new Event. */
  readonly newName: (nth: number) => string;
}

export interface Correlated extends Told {
  readonly message: string;
  /** What the Event is, or is going to be, called. */
  readonly called: string;
}

export class EventCorrelator {
  readonly #kernel: Kernel;
  readonly #memories: Table<string, Memory>;
  /** Who is remembered, in the order in which they were met. */
  readonly #order: Ring<string>;

  private constructor(kernel: Kernel) {
    const { store } = kernel;
    this.#kernel = kernel;
    this.#memories = store.table<Memory>('client/told');
    this.#order = new Ring<string>(store, 'client/told-order', OBJECTS);
  }

  /** The one of a world: what is remembered is kept apart by who tells. */
  static of(kernel: Kernel): EventCorrelator {
    let known = correlators.get(kernel);
    if (!known) {
      known = new EventCorrelator(kernel);
      correlators.set(kernel, known);
    }
    return known;
  }

  /** What is to be told; undefined when it is to be left out. */
  correlate(telling: Telling, mayDrop: boolean): Correlated | undefined {
    const { now } = this.#kernel;
    const { source, kind, part, timestamp } = telling;
    const before = this.#memories.get(source) ?? this.#begin(source);
    const group = groupWith(before.groups[kind], telling.message, now);
    const combines = mayDrop && group.messages.length >= MESSAGES;
    const message = combines ? COMBINED + telling.message : telling.message;
    const key = combines ? kind : `${kind} ${part} ${telling.message}`;
    const known = before.told[key];
    const refills = Math.floor((now - before.refilledMs) / TOKEN_MS);
    const tokens = Math.min(BURST, before.tokens + refills);
    const isTold = !mayDrop || tokens > 0;
    const nth = Object.keys(before.told).length;
    const called = known?.name ?? telling.newName(nth);
    const count = (known?.count ?? 0) + 1;
    const firstTimestamp = known?.firstTimestamp ?? timestamp;
    this.#memories.set(source, {
      tokens: isTold && mayDrop ? tokens - 1 : tokens,
      refilledMs: tokens === BURST ? now : before.refilledMs + refills * TOKEN_MS,
      groups: { ...before.groups, [kind]: combines ? { ...group, messages: KEPT } : group },
      told: latest({ ...before.told, [key]: { name: called, count, firstTimestamp } }),
    });
    if (!isTold) return undefined;
    return { ...(known && { name: known.name }), called, count, firstTimestamp, message };
  }

  #begin(source: string): Memory {
    if (this.#order.size === OBJECTS) this.#memories.delete(this.#order.shift() ?? '');
    this.#order.append(source);
    return { tokens: BURST, refilledMs: this.#kernel.now, groups: {}, told: {} };
  }
}

/** The group is full: messages are not remembered any longer, only that it is. */
const KEPT: readonly string[] = Array.from({ length: MESSAGES }, (_, i) => String(i));

function groupWith(before: Group | undefined, message: string, now: number): Group {
  const recent = before && now - before.lastMs <= SIMILAR_MS ? before.messages : [];
  const isKnown = recent === KEPT || recent.includes(message);
  return { messages: isKnown ? recent : [...recent, message], lastMs: now };
}

/** Different Events that are remembered of one object. */
const EVENTS = 64;

function latest(told: Memory['told']): Memory['told'] {
  const entries = Object.entries(told);
  return entries.length <= EVENTS ? told : Object.fromEntries(entries.slice(-EVENTS));
}

/** Wiring: which one belongs to which world. What it remembers is in the world's tables. */
const correlators = new WeakMap<Kernel, EventCorrelator>();
