import { HOUR } from '../../sim/clock.ts';
import type { Kernel } from '../../sim/kernel.ts';
import { Ring } from '../../sim/ring.ts';
import { eventTerm, indexTerm, termsOf } from '../api/index-terms.ts';
import type { Event } from '../api/cluster-objects.ts';
import { eventOf, type ToldEvent } from '../api/told-event.ts';
import { keyOf, type KubeObject } from '../apimachinery/object.ts';

/**
 * Where Events are kept: apart from other objects, as large clusters keep them
 * (kube-apiserver `--etcd-servers-overrides=/events#…`), one row for each write, oldest first. The
 * latest row of a name counts. An Event goes an hour after it was last written (`--event-ttl`,
 * 1h0m0s; pkg/registry/core/event/storage/storage.go, v1.36).
 *
 * Simplified: at most 20,000 writes are kept, and what grows too old goes without a word to
 * watchers.
 */
export type EventRow = { readonly revision: number; readonly atMs: number } & (
  | { readonly told: ToldEvent }
  /** As somebody wrote it. */
  | { readonly object: KubeObject }
  /** It was deleted: `namespace/name`. */
  | { readonly gone: string }
);

const TTL_MS = HOUR;
export const EVENT_WRITES = 20_000;

export class EventLog {
  readonly #kernel: Kernel;
  readonly #rows: Ring<EventRow>;

  constructor(kernel: Kernel, cluster: string) {
    this.#kernel = kernel;
    this.#rows = new Ring<EventRow>(kernel.store, `etcd/${cluster}/events`, EVENT_WRITES);
  }

  append(row: EventRow): void {
    for (let old = this.#oldest(); old && this.#isOld(old); old = this.#oldest()) {
      this.#rows.shift();
    }
    this.#rows.append(row);
  }

  get(namespace: string, name: string): Event | undefined {
    const key = `${namespace}/${name}`;
    const row = this.#rows
      .perChunk((rows) => this.#byKey(rows))
      .findLast((those) => those.has(key))
      ?.get(key);
    return row && this.#isLive(row) ? this.objectOf(row) : undefined;
  }

  /** Events of a namespace, or of all (`''`), in key order. */
  list(namespace: string): Event[] {
    const latest = new Map<string, EventRow>();
    for (const those of this.#rows.perChunk((rows) => this.#byKey(rows))) {
      for (const [key, row] of those) latest.set(key, row);
    }
    const found: [string, EventRow][] = [];
    for (const [key, row] of latest) {
      const isIn = namespace === '' || key.startsWith(`${namespace}/`);
      if (isIn && this.#isLive(row)) found.push([key, row]);
    }
    found.sort(([a], [b]) => (a < b ? -1 : 1));
    return found.flatMap(([, row]) => this.objectOf(row) ?? []);
  }

  /** Events that an index term leads to. */
  byTerm(term: string): Event[] {
    return this.list('').filter(
      (event) =>
        term === eventTerm(event.involvedObject.uid) ||
        termsOf('events', event).includes(indexTerm('events', term)),
    );
  }

  /** The Event that a row is about; undefined for one that was deleted. */
  objectOf(row: EventRow): Event | undefined {
    if ('gone' in row) return undefined;
    if ('object' in row) return row.object as Event;
    let event = made.get(row);
    if (!event) {
      event = eventOf(row.told, row.revision, (...name) => this.#kernel.random(...name));
      made.set(row, event);
    }
    return event;
  }

  /** The latest row of each Event among some. */
  #byKey(rows: readonly EventRow[]): Map<string, EventRow> {
    const latest = new Map<string, EventRow>();
    for (const row of rows) {
      const object = this.objectOf(row);
      latest.set(object ? keyOf(object) : 'gone' in row ? row.gone : '', row);
    }
    return latest;
  }

  #oldest(): EventRow | undefined {
    return this.#rows.get(this.#rows.first);
  }

  #isOld({ atMs }: EventRow): boolean {
    return atMs + TTL_MS <= this.#kernel.now;
  }

  #isLive(row: EventRow): boolean {
    return !('gone' in row) && !this.#isOld(row);
  }
}

/** What was made of rows: a cache of a pure function. */
const made = new WeakMap<EventRow, Event>();
