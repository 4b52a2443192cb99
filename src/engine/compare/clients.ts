import type { Addresses } from '../net/address.ts';
import type { Http, HttpOutcome } from '../net/http.ts';
import { SECOND } from '../sim/clock.ts';
import type { EventType, Kernel } from '../sim/kernel.ts';
import type { Processes } from '../sim/processes.ts';
import type { Table } from '../sim/store.ts';
import type { Entry } from './platforms/platform.ts';

/**
 * The clients of the comparison: so many requests a second to each platform, each a real one, from
 * outside, by way of a load balancer that is part of no platform and the same for all: it sends in
 * turn, leaves out who did not answer at all, and takes it back once it answers a probe.
 */
export interface ClientCount {
  readonly sent: number;
  readonly served: number;
  readonly failed: number;
  /** When the last request that failed was sent. */
  readonly lastFailedMs?: number;
  readonly lastError?: string;
  /** What the last one that was served was answered. */
  readonly lastBody?: string;
}

interface ClientRow extends ClientCount {
  readonly entries: readonly Entry[];
  readonly path: string;
  readonly perSecond: number;
  readonly running: boolean;
  /** Since when it goes at this pace. */
  readonly startedMs: number;
  readonly messages: number;
  /** Which entries are left out. */
  readonly out: readonly boolean[];
}

export type ClientsRequest =
  | {
      readonly op: 'start';
      readonly name: string;
      readonly entries: readonly Entry[];
      readonly path: string;
      readonly perSecond: number;
    }
  /** Counts from here on, with another pace where one is given. */
  | { readonly op: 'mark'; readonly name: string; readonly perSecond?: number }
  /** Sends no more; what is under way is counted still. */
  | { readonly op: 'stop'; readonly name: string }
  | { readonly op: 'read'; readonly name: string };

const CLIENTS_TABLE = 'compare/clients';

/** For who looks: what became of a platform's requests since they are counted. */
export function countsOf({ store }: Kernel, name: string): ClientCount | undefined {
  return store.tables().get(CLIENTS_TABLE)?.get(name) as ClientRow | undefined;
}

export const CLIENTS_SERVICE = 'compare/clients';

/** Model figures of the load balancer. */
const TIMEOUT_MS = 2 * SECOND;
/** As HAProxy checks its servers (`inter`). */
const PROBE_EVERY_MS = 2 * SECOND;
/** Where the clients are. */
const FROM = { machine: 'workstation', name: 'client' };
const NOTHING: ClientCount = { sent: 0, served: 0, failed: 0 };

interface Sending {
  readonly name: string;
  readonly startedMs: number;
}

interface Answered extends Sending {
  readonly entry: number;
  readonly sentMs: number;
  readonly outcome: HttpOutcome;
}

interface Probing {
  readonly name: string;
  readonly entry: number;
}

export interface ClientRooms {
  readonly processes: Processes;
  readonly http: Http;
  readonly addresses: Addresses;
}

export class Clients {
  readonly #kernel: Kernel;
  readonly #http: Http;
  readonly #addresses: Addresses;
  readonly #rows: Table<string, ClientRow>;
  readonly #send: EventType<Sending>;
  readonly #answered: EventType<Answered>;
  readonly #probe: EventType<Probing>;
  readonly #probed: EventType<Probing & { readonly outcome: HttpOutcome }>;

  constructor(kernel: Kernel, { processes, http, addresses }: ClientRooms) {
    this.#kernel = kernel;
    this.#http = http;
    this.#addresses = addresses;
    this.#rows = kernel.store.table<ClientRow>(CLIENTS_TABLE);
    this.#send = kernel.event('compare/send', (sending) => this.#message(sending));
    this.#answered = kernel.event('compare/answered', (answer) => this.#count(answer));
    this.#probe = kernel.event('compare/probe', ({ name, entry }) => {
      const row = this.#rows.get(name);
      if (row?.running) this.#request(row, entry, this.#probed.name, { name, entry });
    });
    this.#probed = kernel.event('compare/probed', ({ name, entry, outcome }) => {
      if (!outcome.ok) return void this.#probe.after(PROBE_EVERY_MS, { name, entry });
      const row = this.#rows.need(name);
      this.#rows.set(name, { ...row, out: row.out.with(entry, false) });
    });
    processes.service<ClientsRequest>(CLIENTS_SERVICE, (request) => this.#ask(request));
  }

  #ask(request: ClientsRequest): ClientCount {
    const { name } = request;
    if (request.op === 'start') {
      const { entries, path, perSecond } = request;
      const startedMs = this.#kernel.now;
      const fresh = { running: true, startedMs, messages: 0, out: entries.map(() => false) };
      this.#rows.set(name, { ...NOTHING, entries, path, perSecond, ...fresh });
      this.#send.after(0, { name, startedMs });
      return NOTHING;
    }
    const row = this.#rows.get(name);
    if (!row) return NOTHING;
    if (request.op === 'mark') {
      const { entries, path, perSecond, out } = row;
      const startedMs = this.#kernel.now;
      const pace = { perSecond: request.perSecond ?? perSecond, startedMs, messages: 0 };
      this.#rows.set(name, { ...NOTHING, entries, path, out, running: true, ...pace });
      this.#send.after(0, { name, startedMs });
    } else if (request.op === 'stop') this.#rows.set(name, { ...row, running: false });
    const { sent, served, failed, lastFailedMs, lastError, lastBody } = row;
    return { sent, served, failed, lastFailedMs, lastError, lastBody };
  }

  #message({ name, startedMs }: Sending): void {
    const row = this.#rows.get(name);
    if (!row?.running || row.startedMs !== startedMs) return;
    const { now } = this.#kernel;
    const messages = row.messages + 1;
    this.#rows.set(name, { ...row, messages, sent: row.sent + 1 });
    const dueMs = startedMs + Math.floor((messages * SECOND) / row.perSecond);
    this.#send.after(Math.max(0, dueMs - now), { name, startedMs });
    const entry = chosen(row);
    this.#request(row, entry, this.#answered.name, { name, startedMs, entry, sentMs: now });
  }

  #request({ entries, path }: ClientRow, entry: number, event: string, payload: object): void {
    const { machine, port } = entries[entry]!;
    const ip = this.#addresses.resolve(machine) ?? machine;
    const request = { method: 'GET', path, host: 'bookshelf' };
    const options = { timeoutMs: TIMEOUT_MS, quiet: true };
    this.#http.request(FROM, { ip, port }, request, { event, payload }, options);
  }

  #count({ name, startedMs, entry, sentMs, outcome }: Answered): void {
    const row = this.#rows.get(name);
    if (row?.startedMs !== startedMs) return;
    if (outcome.ok && outcome.response.status === 200) {
      const lastBody = new TextDecoder().decode(outcome.response.body);
      this.#rows.set(name, { ...row, served: row.served + 1, lastBody });
      return;
    }
    const lastError = outcome.ok ? String(outcome.response.status) : outcome.error;
    const leaves = !outcome.ok && row.out[entry] === false;
    if (leaves) this.#probe.after(PROBE_EVERY_MS, { name, entry });
    const out = leaves ? row.out.with(entry, true) : row.out;
    const lastFailedMs = Math.max(sentMs, row.lastFailedMs ?? 0);
    this.#rows.set(name, { ...row, failed: row.failed + 1, lastFailedMs, lastError, out });
  }
}

/** The next in turn that is not left out; where all are, the one whose turn it is. */
function chosen({ entries, messages, out }: ClientRow): number {
  for (let i = 0; i < entries.length; i++) {
    const entry = (messages + i) % entries.length;
    if (out[entry] === false) return entry;
  }
  return messages % entries.length;
}
