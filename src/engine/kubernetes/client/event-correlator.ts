import { hashValue, type Hash, type Hashed } from '../../sim/hash.ts';
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

/** What one teller remembers of an object. */
interface Account {
  readonly source: string;
  readonly groups: Group[];
  readonly told: Told[];
  tokens: number;
  refilledMs: number;
}

/**
 * What is remembered of one object. Under the owner it was made for it is changed in place; another
 * takes a copy first (see ordered-map.ts).
 */
class Memory implements Hashed {
  readonly owner: number;
  readonly accounts: Account[];

  constructor(owner: number, accounts: readonly Account[]) {
    this.owner = owner;
    this.accounts = accounts.map((one) => ({
      ...one,
      groups: one.groups.slice(),
      told: one.told.slice(),
    }));
  }

  hash(): Hash {
    return hashValue(this.accounts);
  }
}

const MESSAGES = 10;
const SIMILAR_MS = 600_000;
const BURST = 25;
const TOKEN_MS = 300_000;
/** Objects that are remembered (`maxLruCacheEntries`). */
const OBJECTS = 4096;
const COMBINED = '(combined from similar events): ';

export interface Telling {
  /** Who tells: component and host. */
  readonly source: string;
  /** The uid of the object that it is about. */
  readonly about: string;
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
  /** What is remembered, in the order in which it was met. */
  readonly #order: Ring<string>;

  private constructor(kernel: Kernel) {
    const { store } = kernel;
    this.#kernel = kernel;
    this.#memories = store.table<Memory>('client/told');
    this.#order = new Ring<string>(store, 'client/told-order', OBJECTS);
  }

  /** The one of a world: what is remembered of an object is kept apart by who tells. */
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
    const { type, reason } = telling;
    const account = this.#accountOf(telling);
    const { groups, told } = account;
    const inGroup = placeOfGroup(groups, telling);
    const group = groupWith(groups[inGroup], telling, now);
    const combines = mayDrop && group.messages.length >= MESSAGES;
    const message = combines ? COMBINED + telling.message : telling.message;
    const part = combines ? '' : telling.part;
    const text = combines ? COMBINED : message;
    const at = placeOfTold(told, { type, reason, part, message: text });
    const { count, firstMs, nth } = told[at] ?? { count: 0, firstMs: now, nth: told.length };
    groups[inGroup] = combines ? { ...group, messages: KEPT } : group;
    told[at] = { type, reason, part, message: text, count: count + 1, firstMs, nth };
    if (told.length > EVENTS) told.shift();
    return takeToken(account, mayDrop, now)
      ? { count: count + 1, firstMs, nth, message }
      : undefined;
  }

  /** What a teller remembers of an object, to be changed in place. */
  #accountOf({ source, about }: Telling): Account {
    const { accounts } = this.#memoryOf(about);
    for (const account of accounts) if (account.source === source) return account;
    const refilledMs = this.#kernel.now;
    const account: Account = { source, groups: [], told: [], tokens: BURST, refilledMs };
    accounts.push(account);
    return account;
  }

  #memoryOf(about: string): Memory {
    const { owner } = this.#memories;
    const known = this.#memories.get(about);
    if (known?.owner === owner) return known;
    if (!known) this.#makeRoom(about);
    const memory = new Memory(owner, known?.accounts ?? []);
    this.#memories.set(about, memory);
    return memory;
  }

  #makeRoom(about: string): void {
    if (this.#order.size === OBJECTS) this.#memories.delete(this.#order.shift() ?? '');
    this.#order.append(about);
  }
}

/** Where a group is, or will be. */
function placeOfGroup(groups: readonly Group[], { type, reason }: Telling): number {
  const at = groups.findIndex((one) => one.type === type && one.reason === reason);
  return at < 0 ? groups.length : at;
}

/** Where what was told is, or will be. */
function placeOfTold(
  told: readonly Told[],
  { type, reason, part, message }: Omit<Telling, 'source' | 'about'>,
): number {
  const at = told.findIndex(
    (one) =>
      one.type === type && one.reason === reason && one.part === part && one.message === message,
  );
  return at < 0 ? told.length : at;
}

/** Whether there was one left, of those that come back with time. */
function takeToken(account: Account, mayDrop: boolean, now: number): boolean {
  const refills = Math.floor((now - account.refilledMs) / TOKEN_MS);
  const tokens = Math.min(BURST, account.tokens + refills);
  const isTold = !mayDrop || tokens > 0;
  account.tokens = isTold && mayDrop ? tokens - 1 : tokens;
  account.refilledMs = tokens === BURST ? now : account.refilledMs + refills * TOKEN_MS;
  return isTold;
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
