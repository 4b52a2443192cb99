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
interface Group {
  readonly type: string;
  readonly reason: string;
  readonly messages: readonly string[];
  readonly lastMs: number;
}

interface Told {
  readonly type: string;
  readonly reason: string;
  readonly part: string;
  readonly message: string;
  readonly count: number;
  readonly firstMs: number;
  readonly nth: number;
}

interface Memory {
  readonly tokens: number;
  readonly refilledMs: number;
  readonly groups: readonly Group[];
  readonly told: readonly Told[];
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
  readonly type: string;
  readonly reason: string;
  readonly part: string;
  readonly message: string;
}

export interface Correlated {
  readonly message: string;
  /** How often it was told; 1 for a new Event. */
  readonly count: number;
  /** When it was told first, and as the how many-th of those about the object: they name it. */
  readonly firstMs: number;
  readonly nth: number;
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
    const { source, type, reason } = telling;
    const before = this.#memories.get(source) ?? this.#begin(source);
    const { groups, told } = before;
    const inGroup = groups.findIndex((one) => one.type === type && one.reason === reason);
    const group = groupWith(groups[inGroup], telling, now);
    const combines = mayDrop && group.messages.length >= MESSAGES;
    const message = combines ? COMBINED + telling.message : telling.message;
    const part = combines ? '' : telling.part;
    const at = told.findIndex(
      (one) =>
        one.type === type &&
        one.reason === reason &&
        one.part === part &&
        (combines ? one.message === COMBINED : one.message === message),
    );
    const known = told[at];
    const { count, firstMs, nth } = known ?? { count: 0, firstMs: now, nth: told.length };
    const refills = Math.floor((now - before.refilledMs) / TOKEN_MS);
    const tokens = Math.min(BURST, before.tokens + refills);
    const isTold = !mayDrop || tokens > 0;
    const kept = combines ? { ...group, messages: KEPT } : group;
    const text = combines ? COMBINED : message;
    const next = { type, reason, part, message: text, count: count + 1, firstMs, nth };
    this.#memories.set(source, {
      tokens: isTold && mayDrop ? tokens - 1 : tokens,
      refilledMs: tokens === BURST ? now : before.refilledMs + refills * TOKEN_MS,
      groups: inGroup < 0 ? [...groups, kept] : groups.with(inGroup, kept),
      told: at < 0 ? [...told, next].slice(-EVENTS) : told.with(at, next),
    });
    return isTold ? { count: count + 1, firstMs, nth, message } : undefined;
  }

  #begin(source: string): Memory {
    if (this.#order.size === OBJECTS) this.#memories.delete(this.#order.shift() ?? '');
    this.#order.append(source);
    return { tokens: BURST, refilledMs: this.#kernel.now, groups: [], told: [] };
  }
}

/** The group is full: messages are not remembered any longer, only that it is. */
const KEPT: readonly string[] = Array.from({ length: MESSAGES }, (_, i) => String(i));

function groupWith(before: Group | undefined, telling: Telling, now: number): Group {
  const { type, reason, message } = telling;
  const recent = before && now - before.lastMs <= SIMILAR_MS ? before.messages : [];
  const isKnown = recent === KEPT || recent.includes(message);
  return { type, reason, messages: isKnown ? recent : [...recent, message], lastMs: now };
}

/** Different Events that are remembered of one object. */
const EVENTS = 64;

/** Wiring: which one belongs to which world. What it remembers is in the world's tables. */
const correlators = new WeakMap<Kernel, EventCorrelator>();
