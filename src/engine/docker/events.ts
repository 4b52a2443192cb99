import { EPOCH_UNIX_MS } from '../sim/clock.ts';
import type { EventType, Kernel } from '../sim/kernel.ts';
import type { Waiter } from '../sim/process.ts';
import { LATER, type Processes } from '../sim/processes.ts';
import type { Index, Table } from '../sim/store.ts';
import { familiarName, parseReference } from '../oci/reference.ts';
import { answer, fail } from './answer.ts';
import type { EngineResponse, EventAction, EventKind, EventMessage } from './api.ts';
import { readFilters, type Filters } from './filters.ts';
import { readTimestamp } from './timestamps.ts';

/**
 * The daemon's events: the last of them are kept, all are told to whoever listens (moby/moby v29.7
 * `daemon/events/events.go`, `filter.go`, `daemon/server/router/system/system_routes.go`,
 * `getEvents`).
 */
export interface NewEvent {
  readonly Type: EventKind;
  readonly Action: EventAction;
  /** Of the object: a container's, an image's, a network's id, a volume's name. */
  readonly ID: string;
  readonly Attributes?: Readonly<Record<string, string>>;
  /** `swarm` for what happens to the whole of it. */
  readonly scope?: EventMessage['scope'];
}

interface ListenerRow {
  readonly machine: string;
  readonly stream: number;
  /** The query's text; nothing for all. */
  readonly filters: string;
  readonly asker: Waiter;
}

/** `eventsLimit`. */
const KEPT = 256;
const SEQUENCE_DIGITS = 9;
const NANOSECONDS = 1_000_000;

export class Events {
  readonly #kernel: Kernel;
  readonly #processes: Processes;
  readonly #kept: Table<string, EventMessage>;
  readonly #counts: Table<string, number>;
  readonly #listeners: Table<number, ListenerRow>;
  readonly #byMachine: Index<number, ListenerRow>;
  readonly #until: EventType<{ stream: number }>;

  constructor(kernel: Kernel, processes: Processes) {
    this.#kernel = kernel;
    this.#processes = processes;
    this.#kept = kernel.store.table<EventMessage>('docker/events');
    this.#counts = kernel.store.table<number>('docker/event-counts');
    this.#listeners = kernel.store.table<ListenerRow, number>('docker/event-listeners');
    this.#byMachine = this.#listeners.index(({ machine }) => [machine]);
    this.#until = kernel.event('docker/events-until', ({ stream }) => this.#leave(stream));
  }

  /** Tells everybody that something happened to an object of this machine's daemon. */
  emit(machine: string, event: NewEvent): void {
    const { Type, Action, ID, Attributes = {}, scope = 'local' } = event;
    const unixMs = this.#kernel.now + EPOCH_UNIX_MS;
    const message: EventMessage = {
      Type,
      Action,
      Actor: { ID, Attributes },
      scope,
      time: Math.floor(unixMs / 1000),
      timeNano: unixMs * NANOSECONDS,
    };
    const count = this.#counts.get(machine) ?? 0;
    this.#counts.set(machine, count + 1);
    this.#kept.set(keyOf(machine, count), message);
    if (count >= KEPT) this.#kept.delete(keyOf(machine, count - KEPT));
    for (const { stream, filters } of this.#byMachine.values(machine)) {
      const read = readFilters(filters);
      if (read.ok && !includes(read.filters, message)) continue;
      if (!this.#processes.streams.write(stream, message)) this.#leave(stream);
    }
  }

  /** `GET /events`: writes to the stream what was kept, then what happens until it is over. */
  listen(
    machine: string,
    query: Readonly<Record<string, string>>,
    stream: number,
    asker: Waiter,
  ): EngineResponse | typeof LATER {
    const since = readTimestamp(query.since);
    if (!since.ok) return fail(400, `invalid value for 'since': ${since.message}`);
    const until = readTimestamp(query.until);
    if (!until.ok) return fail(400, `invalid value for 'until': ${until.message}`);
    if (until.timeMs !== undefined && until.timeMs < (since.timeMs ?? -Infinity)) {
      const [from, to] = [query.since ?? '', query.until ?? ''];
      return fail(400, `\`since\` time (${from}) cannot be after \`until\` time (${to})`);
    }
    const read = readFilters(query.filters);
    if (!read.ok) return fail(400, read.message);
    if (since.timeMs !== undefined || until.timeMs !== undefined) {
      for (const message of this.kept(machine, since.timeMs, until.timeMs)) {
        if (includes(read.filters, message)) this.#processes.streams.write(stream, message);
      }
    }
    const { now } = this.#kernel;
    if (until.timeMs !== undefined && until.timeMs < now) {
      this.#processes.streams.close(stream);
      return answer(200, {});
    }
    this.#listeners.set(stream, { machine, stream, filters: query.filters ?? '', asker });
    if (until.timeMs !== undefined) this.#until.after(until.timeMs - now, { stream });
    return LATER;
  }

  /** Those that are still kept, oldest first. */
  kept(machine: string, sinceMs = -Infinity, untilMs = Infinity): EventMessage[] {
    const messages: EventMessage[] = [];
    for (const [, message] of this.#kept.withPrefix(`${machine} `)) {
      const timeMs = Math.round(message.timeNano / NANOSECONDS) - EPOCH_UNIX_MS;
      if (timeMs >= sinceMs && timeMs <= untilMs) messages.push(message);
    }
    return messages;
  }

  /** The daemon of a machine stops: its listeners go, and what it kept, which lay in its memory. */
  close(machine: string): void {
    for (const [key] of [...this.#kept.withPrefix(`${machine} `)]) this.#kept.delete(key);
    for (const stream of this.#byMachine.keys(machine)) this.#leave(stream);
  }

  #leave(stream: number): void {
    const row = this.#listeners.get(stream);
    if (!row) return;
    this.#listeners.delete(stream);
    this.#processes.streams.close(stream);
    this.#processes.reply(row.asker, answer(200, {}));
  }
}

const keyOf = (machine: string, count: number): string =>
  `${machine} ${String(count).padStart(SEQUENCE_DIGITS, '0')}`;

const KINDS = ['daemon', 'container', 'plugin', 'volume', 'network', 'service', 'node'] as const;

/** Whether an event is asked for (`filter.go`, `Include`). */
function includes(filters: Filters, { Type, Action, Actor, scope }: EventMessage): boolean {
  const { ID, Attributes } = Actor;
  const name = Attributes.name ?? '';
  const isPrefix = filters
    .get('event')
    .some((value) => ['health_status', 'exec_create', 'exec_start'].includes(value));
  return (
    (isPrefix ? filters.fuzzy('event', Action) : filters.exact('event', Action)) &&
    filters.exact('type', Type) &&
    filters.exact('scope', scope) &&
    KINDS.every((kind) => filters.fuzzy(kind, ID) || filters.fuzzy(kind, name)) &&
    isOfImage(filters, Type === 'image' ? name : (Attributes.image ?? ''), ID) &&
    filters.pairs('label', Attributes)
  );
}

const isOfImage = (filters: Filters, name: string, id: string): boolean =>
  [id, name, withoutTag(id), withoutTag(name)].some((text) => filters.exact('image', text));

function withoutTag(text: string): string {
  const parsed = parseReference(text);
  return parsed.ok ? familiarName(parsed.reference) : text;
}
