import { eventMarkOf } from '../../../diagram/event-marks.ts';
import type { Trace, TraceRecord } from '../../../engine/sim/trace.ts';
import type { World } from '../../../engine/world.ts';
import type { EventRow, LoadSecond, LoadSeries, Mark } from './messages.ts';

/**
 * What the trace told of one branch, kept after the trace has let go of it: requests by the second,
 * marks, and the cluster's events. It reads each record once, in the order in which it was lived; in
 * the past there is nothing new to read.
 */
const EVENTS_KEPT = 2_000;
const MARKS_KEPT = 400;
/** Failures that follow each other so closely are one mark. */
const ONE_MARK_MS = 2_000;
/** A request's way to its answer has no more steps. */
const WAY_LIMIT = 40;

interface Second {
  served: number;
  failed: number;
  latencyMs: number;
  timed: number;
}

export class History {
  /** The last record that was read. */
  #read = 0;
  readonly #series = new Map<string, Map<number, Second>>();
  readonly #sampled = new Map<string, { timeMs: number; served: number; failed: number }>();
  #marks: Mark[] = [];
  #events: EventRow[] = [];
  /** When a request was sent, by its record, until its answer is read. */
  readonly #sent = new Map<number, { timeMs: number; times: number }>();

  /** A branch begins with what the one that it left had, as far as the trace still reaches back. */
  static from(parent: History, world: World): History {
    const history = new History();
    const [oldest] = world.kernel.trace.since(1);
    const first = oldest?.id ?? world.kernel.recorded + 1;
    history.#read = first - 1;
    const beforeMs = oldest?.timeMs ?? world.kernel.now;
    history.#marks = parent.#marks.filter(({ timeMs }) => timeMs < beforeMs);
    history.#events = parent.#events.filter(({ record = 0 }) => record < first);
    for (const [name, seconds] of parent.#series) {
      const kept = [...seconds].filter(([second]) => second < Math.floor(beforeMs / 1000));
      history.#series.set(name, new Map(kept.map(([second, counts]) => [second, { ...counts }])));
    }
    return history;
  }

  follow(world: World): void {
    const { kernel } = world;
    const { trace } = kernel;
    for (const record of trace.since(this.#read + 1)) this.#take(record, trace);
    this.#read = Math.max(this.#read, kernel.recorded);
    this.#sample(world);
  }

  /** The seconds from `from` on. */
  series(from: number): LoadSeries[] {
    return [...this.#series].map(([name, seconds]) => ({
      name,
      seconds: [...seconds]
        .filter(([second]) => second >= from)
        .sort(([a], [b]) => a - b)
        .map(([second, counts]) => told(second, counts)),
    }));
  }

  get marks(): readonly Mark[] {
    return this.#marks;
  }

  get events(): readonly EventRow[] {
    return this.#events;
  }

  #take(record: TraceRecord, trace: Trace): void {
    const { verb, actor, object, id, timeMs, detail } = record;
    if (actor === 'client' && verb === 'request') {
      this.#sent.set(id, { timeMs, times: Number(detail?.times ?? 1) });
    } else if (actor === 'client' && (verb === 'served' || verb === 'failed')) {
      this.#answered(record, trace);
    }
    const isTyped = verb === 'run' && actor === 'developer';
    const kind = eventMarkOf(record) ?? (isTyped ? 'act' : undefined);
    const why = kind === 'failure' ? ` ${record.reason ?? verb}` : '';
    if (kind) this.#mark({ timeMs, kind, text: `${object}${why}` });
    if ((verb === 'report' || verb === 'warn') && record.reason !== undefined) this.#event(record);
  }

  #answered(record: TraceRecord, trace: Trace): void {
    const asking = this.#askedBy(record, trace);
    const asked = this.#sent.get(asking);
    this.#sent.delete(asking);
    const second = this.#second(record.object, Math.floor(record.timeMs / 1000));
    const times = asked?.times ?? 1;
    second[record.verb as 'served' | 'failed'] += times;
    if (asked && record.verb === 'served') {
      second.latencyMs += (record.timeMs - asked.timeMs) * times;
      second.timed += times;
    }
  }

  /** The request that an answer is for is one of its causes; those in between are its way. */
  #askedBy({ cause }: TraceRecord, trace: Trace): number {
    let at = cause;
    for (let depth = 0; depth < WAY_LIMIT && at > 0 && !this.#sent.has(at); depth++) {
      at = trace.get(at)?.cause ?? 0;
    }
    return at;
  }

  #second(name: string, second: number): Second {
    let seconds = this.#series.get(name);
    if (!seconds) this.#series.set(name, (seconds = new Map<number, Second>()));
    let counts = seconds.get(second);
    if (!counts) seconds.set(second, (counts = { served: 0, failed: 0, latencyMs: 0, timed: 0 }));
    return counts;
  }

  /** The clients of a comparison leave no records: what they counted since the last look. */
  #sample(world: World): void {
    const { now } = world.kernel;
    const rows = world.kernel.store.tables().get('compare/clients');
    for (const [key, value] of rows?.entries() ?? []) {
      const name = String(key);
      const { served, failed } = value as { served: number; failed: number };
      const last = this.#sampled.get(name);
      if (last && now <= last.timeMs) continue;
      this.#sampled.set(name, { timeMs: now, served, failed });
      if (!last) continue;
      const isAnew = served < last.served || failed < last.failed;
      this.#spread(name, last.timeMs, now, {
        served: isAnew ? served : served - last.served,
        failed: isAnew ? failed : failed - last.failed,
      });
    }
  }

  /** Counts of a stretch of time, evenly over its seconds, whole in all. */
  #spread(
    name: string,
    fromMs: number,
    toMs: number,
    counts: Pick<Second, 'served' | 'failed'>,
  ): void {
    const first = Math.floor(fromMs / 1000);
    const parts = Math.max(1, Math.floor(toMs / 1000) - first);
    for (const kind of ['served', 'failed'] as const) {
      for (let part = 0; part < parts; part++) {
        const share =
          Math.floor((counts[kind] * (part + 1)) / parts) -
          Math.floor((counts[kind] * part) / parts);
        this.#second(name, first + part)[kind] += share;
      }
    }
  }

  #mark(mark: Mark): void {
    const last = this.#marks.at(-1);
    const follows = last?.kind === 'failure' && mark.timeMs - last.timeMs < ONE_MARK_MS;
    if (mark.kind === 'failure' && follows) return;
    this.#marks.push(mark);
    if (this.#marks.length > MARKS_KEPT) this.#marks.shift();
  }

  #event({ id, timeMs, verb, object, reason = '', message = '' }: TraceRecord): void {
    this.#events.push({
      ...{ key: `k${id}`, timeMs, source: 'kubernetes', warning: verb === 'warn' },
      ...{ reason, message, ref: { object }, record: id },
    });
    if (this.#events.length > 2 * EVENTS_KEPT) this.#events = this.#events.slice(-EVENTS_KEPT);
  }
}

function told(second: number, { served, failed, latencyMs, timed }: Second): LoadSecond {
  return { second, served, failed, ...(timed > 0 && { latencyMs: Math.round(latencyMs / timed) }) };
}
