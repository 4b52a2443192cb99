import { assert } from '../../sim/assert.ts';
import type { EventType, Kernel, Ticket } from '../../sim/kernel.ts';
import type { Waiter } from '../../sim/process.ts';
import type { Processes } from '../../sim/processes.ts';
import type { Table } from '../../sim/store.ts';
import type { ApiRequest, Watcher, WatchEvent } from '../api/requests.ts';
import type { ResourceName } from '../api/resources.ts';
import { columnsOf } from '../api/tables/rows.ts';
import { failed, success, tooManyRequests, type Result } from '../apimachinery/status.ts';
import { WATCH_DELAY_MS, wordTo } from './api-flows.ts';

const TYPES = {
  ADDED: { type: 'ADDED' },
  MODIFIED: { type: 'MODIFIED' },
  DELETED: { type: 'DELETED' },
};

/** So many watches may wait at once. */
const QUESTIONS_LIMIT = 10_000;

/** A question for changes that is answered when there are some: kubectl's way of watching. */
export interface WatchQuestion {
  readonly request: ApiRequest;
  readonly asker: Waiter;
}

export interface WatchSources {
  /** What has changed for a question; undefined when nothing has. */
  readonly changes: (question: ApiRequest) => unknown;
  readonly revision: () => number;
  /** Whether word gets to somebody now; whoever it does not reach lists again later. */
  readonly isReached: (user: string) => boolean;
}

/** Tells watchers of writes: each change goes to those who want it, a little later. */
export class WatchHub {
  readonly #kernel: Kernel;
  readonly #processes: Processes;
  readonly #watchers = new Map<ResourceName, Watcher[]>();
  readonly #byId = new Map<string, Watcher>();
  readonly #notify: EventType<{ watcher: string; event: WatchEvent }>;
  readonly #answer: EventType<{ question: string }>;
  readonly #timeout: EventType<{ question: string; asker: Waiter }>;
  readonly #questions: Table<string, WatchQuestion>;
  readonly #isReached: (user: string) => boolean;

  constructor(
    kernel: Kernel,
    processes: Processes,
    cluster: string,
    { changes, revision, isReached }: WatchSources,
  ) {
    this.#isReached = isReached;
    this.#kernel = kernel;
    this.#processes = processes;
    this.#questions = kernel.store.table<WatchQuestion>(`apiserver/${cluster}/watches`);
    this.#notify = kernel.event(`apiserver/${cluster}/notify`, ({ watcher, event }) => {
      this.#byId.get(watcher)?.handle(event);
    });
    this.#answer = kernel.event(`apiserver/${cluster}/answer-watch`, ({ question }) => {
      const row = this.#questions.get(question);
      const answer = row && changes(row.request);
      if (!row || answer === undefined) return;
      this.#questions.delete(question);
      this.#processes.reply(row.asker, answer);
    });
    this.#timeout = kernel.event(`apiserver/${cluster}/end-watch`, ({ question, asker }) => {
      const row = this.#questions.get(question);
      if (row?.asker.told !== asker.told) return;
      this.#questions.delete(question);
      // Nothing of what was asked has changed: the present version is as good, as a bookmark says.
      const columns = columnsOf(row.request.resource);
      const resourceVersion = String(revision());
      this.#processes.reply(asker, success({ resourceVersion, events: [], columns }));
    });
  }

  add(watcher: Watcher): void {
    assert(!this.#byId.has(watcher.id), `the watcher ${watcher.id} is there already`);
    this.#byId.set(watcher.id, watcher);
    const those = this.#watchers.get(watcher.resource) ?? [];
    this.#watchers.set(watcher.resource, [...those, watcher]);
  }

  /** Whether anybody would be told of a change. */
  isWatched(resource: ResourceName): boolean {
    return this.#questions.size > 0 || this.#watchers.has(resource);
  }

  /** Keeps a question until there is something to answer; a refusal when there are too many. */
  keep(question: WatchQuestion): Result<never> | undefined {
    const { request, asker } = question;
    if (this.#questions.size >= QUESTIONS_LIMIT) {
      const why = 'too many requests, please try again later';
      return failed(tooManyRequests(why, 1));
    }
    // Endpoints change as the slices do from which they are read.
    const source = request.resource === 'endpoints' ? 'endpointslices' : request.resource;
    const key = `${source} ${asker.pid}`;
    this.#questions.set(key, question);
    if (request.timeoutMs !== undefined) {
      this.#timeout.after(request.timeoutMs, { question: key, asker });
    }
    return undefined;
  }

  /**
   * Sends a change on its way to everyone who wants it.
   * @param name the object as records name it; left out for what the trace need not show
   */
  publish(resource: ResourceName, event: WatchEvent, name?: string): void {
    for (const watcher of this.#watchers.get(resource) ?? NOBODY) {
      if (!watcher.wants(event)) continue;
      const to = watcher.to(event);
      if (!this.#isReached(to)) continue;
      const payload = { watcher: watcher.id, event };
      this.#tell(to, event, name, () => this.#notify.after(WATCH_DELAY_MS, payload));
    }
    if (this.#questions.size === 0) return;
    for (const [key, { request }] of this.#questions.withPrefix(`${resource} `)) {
      if (!concerns(request, event)) continue;
      const payload = { question: key };
      this.#tell(request.user, event, name, () => this.#answer.after(WATCH_DELAY_MS, payload));
    }
  }

  #tell(to: string, event: WatchEvent, name: string | undefined, send: () => Ticket): void {
    if (name === undefined) {
      send();
      return;
    }
    const record = this.#kernel.record({
      actor: 'apiserver',
      verb: 'notify',
      object: name,
      detail: TYPES[event.type],
      flow: wordTo(to),
    });
    this.#kernel.because(record, send);
  }
}

const NOBODY: readonly Watcher[] = [];

function concerns(request: ApiRequest, { object }: WatchEvent): boolean {
  const { namespace, name, resource } = request;
  if (resource !== 'endpoints' && name !== undefined && name !== object.metadata.name) return false;
  return !namespace || namespace === object.metadata.namespace;
}
