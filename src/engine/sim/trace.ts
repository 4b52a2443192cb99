import { assert, broken } from './assert.ts';
import { Ring } from './ring.ts';
import type { Store } from './store.ts';

/**
 * What happened, and because of what. Every record names the record that caused it, so a chain
 * leads from any object back to the command that began it. The trace is a ring: the oldest records
 * go when it is full, and a chain that reaches so far back ends there.
 */
export interface TraceRecord {
  /** Position in the run, from 1. */
  readonly id: number;
  readonly timeMs: number;
  /** Who did it: a component or a person's tool, by its cast name (`scheduler`, `kubelet/node-1`). */
  readonly actor: string;
  /** What was done, a short verb of the field: `create`, `bind`, `pull`, `ready`. */
  readonly verb: string;
  /** What it was done to: `Pod default/web-5d9c7-x2k4q`. */
  readonly object: string;
  /** A single CamelCase word where the field has one: `FailedScheduling`. */
  readonly reason?: string;
  /** One sentence, in the product's words where it has them. */
  readonly message?: string;
  /** Plain facts for captions and inspectors. */
  readonly detail?: Readonly<Record<string, unknown>>;
  /** Something that travelled between two members of the cast. */
  readonly flow?: Flow;
  /** The record that caused this one; 0 when nothing in the trace did. */
  readonly cause: number;
}

export interface Flow {
  readonly channel: 'api' | 'watch' | 'bytes' | 'request';
  readonly from: string;
  readonly to: string;
  readonly bytes?: number;
  /** How long it takes in virtual time; 0 when left out. */
  readonly durationMs?: number;
}

export type NewRecord = Omit<TraceRecord, 'id' | 'timeMs' | 'cause'>;

export const TRACE_LIMIT = 50_000;

export class Trace {
  readonly #records: Ring<TraceRecord>;

  constructor(store: Store, limit: number = TRACE_LIMIT) {
    assert(limit > 0, 'a trace keeps at least one record');
    this.#records = new Ring<TraceRecord>(store, 'sim/trace', limit, 1, { unhashed: true });
  }

  append(record: TraceRecord): void {
    const number = this.#records.append(record);
    if (number !== record.id) broken(`record ${record.id} stands at ${number}`);
  }

  get(id: number): TraceRecord | undefined {
    return this.#records.get(id);
  }

  /** Records from `id` on, oldest first. */
  *since(id: number): Generator<TraceRecord, void> {
    yield* this.#records.from(id);
  }

  /** What was done to one object, oldest first. */
  of(object: string): TraceRecord[] {
    return this.#records.perChunk(byObject).flatMap((chunk) => chunk.get(object) ?? []);
  }

  /** From the first known cause to the record itself. */
  chain(id: number): TraceRecord[] {
    const chain: TraceRecord[] = [];
    for (let record = this.get(id); record; record = this.get(record.cause)) chain.push(record);
    return chain.reverse();
  }
}

function byObject(records: readonly TraceRecord[]): Map<string, TraceRecord[]> {
  const found = new Map<string, TraceRecord[]>();
  for (const record of records) {
    const those = found.get(record.object);
    if (those) those.push(record);
    else found.set(record.object, [record]);
  }
  return found;
}
