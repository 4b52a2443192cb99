import type { EventType, Kernel } from '../sim/kernel.ts';
import type { Table } from '../sim/store.ts';
import type { Http, HttpOutcome } from '../net/http.ts';
import type { ClusterDns } from './dns/dns.ts';

/**
 * Clients that ask a Service again and again, and count what comes back. Each request is a real
 * one: name, Service address, kube-proxy's choice, the program in the Pod.
 *
 * Up to {@link SINGLE_RATE} requests a second go one by one. Above that so many messages a second go
 * out, each standing for several requests that share one connection's fate; the counts are exact.
 */
export interface Load {
  readonly namespace: string;
  readonly service: string;
  readonly port: number;
  readonly path: string;
  readonly pace: Pace;
}

/** So many requests a second, whatever comes of them; or clients that wait for their answers. */
export type Pace =
  { readonly perSecond: number } | { readonly clients: number; readonly thinkMs: number };

export interface LoadCount {
  readonly load: Load;
  readonly running: boolean;
  readonly startedMs: number;
  /** Messages sent since then: what the next one is timed by. */
  readonly messages: number;
  readonly sent: number;
  readonly served: number;
  readonly failed: number;
  /** Answers by who gave them: `Pod default/web-5d9c7-x2k4q`. */
  readonly servedBy: Readonly<Record<string, number>>;
  readonly lastBody?: string;
  readonly lastError?: string;
}

/** Where the clients are: inside of the cluster's network, on no node of it. */
export const CLIENT = 'client';

/** Messages a second at most. */
export const SINGLE_RATE = 200;
/** Requests a second at most, and clients. */
export const RATE_LIMIT = 100_000;
const CLIENT_LIMIT = 1_000;

interface Sending {
  readonly key: string;
  /** When its load started: one that was started anew has other messages. */
  readonly startedMs: number;
}

interface Answered extends Sending {
  readonly times: number;
  readonly outcome: HttpOutcome;
}

export class Traffic {
  readonly #kernel: Kernel;
  readonly #http: Http;
  readonly #dns: ClusterDns;
  readonly #counts: Table<string, LoadCount>;
  readonly #send: EventType<Sending>;
  readonly #answered: EventType<Answered>;

  constructor(kernel: Kernel, http: Http, dns: ClusterDns, cluster: string) {
    this.#kernel = kernel;
    this.#http = http;
    this.#dns = dns;
    this.#counts = kernel.store.table<LoadCount>(`traffic/${cluster}`);
    this.#send = kernel.event(`traffic/${cluster}/send`, (sending) => this.#message(sending));
    this.#answered = kernel.event(`traffic/${cluster}/answered`, (answer) => this.#count(answer));
  }

  /** Starts a load on a Service; one that runs there goes on with the new pace. */
  start(load: Load): void {
    const key = keyOf(load);
    const zero = { sent: 0, served: 0, failed: 0, servedBy: {} };
    const startedMs = this.#kernel.now;
    const known = this.#counts.get(key);
    this.#counts.set(key, { ...zero, ...known, load, running: true, startedMs, messages: 0 });
    const { pace } = load;
    const first = 'clients' in pace ? Math.min(pace.clients, CLIENT_LIMIT) : 1;
    for (let i = 0; i < first; i++) this.#send.after(0, { key, startedMs });
  }

  stop(namespace: string, service: string): void {
    const key = `${namespace}/${service}`;
    if (this.#counts.has(key)) this.#counts.update(key, (row) => ({ ...row, running: false }));
  }

  count(namespace: string, service: string): LoadCount | undefined {
    return this.#counts.get(`${namespace}/${service}`);
  }

  /** All loads there were, by Service. */
  counts(): LoadCount[] {
    return [...this.#counts.values()];
  }

  #message({ key, startedMs }: Sending): void {
    const row = this.#counts.need(key);
    if (!row.running || row.startedMs !== startedMs) return;
    const { load, messages } = row;
    const times = this.#next(key, row);
    this.#counts.set(key, { ...row, messages: messages + 1, sent: row.sent + times });
    const { service, namespace, port, path } = load;
    const target = `Service ${key}`;
    const record = this.#kernel.record(
      {
        actor: CLIENT,
        verb: 'request',
        object: target,
        ...(times > 1 && { detail: { times } }),
        flow: { channel: 'request', from: CLIENT, to: target, durationMs: 1 },
      },
      0,
    );
    const about = { key, startedMs, times };
    this.#kernel.because(record, () => {
      const ip = this.#dns.resolve(service, namespace);
      if (ip === undefined) {
        const outcome = { ok: false, error: 'refused', durationMs: 0 } as const;
        this.#answered.after(0, { ...about, outcome });
        return;
      }
      const then = { event: this.#answered.name, payload: about };
      const request = { method: 'GET', path, host: service, ...(times > 1 && { times }) };
      this.#http.request({ machine: CLIENT, name: target }, { ip, port }, request, then);
    });
  }

  /** Schedules the next message of a steady load; gives how many requests this one stands for. */
  #next(key: string, { load: { pace }, startedMs, messages }: LoadCount): number {
    if ('clients' in pace) return 1;
    const perSecond = Math.min(pace.perSecond, SINGLE_RATE);
    const dueMs = startedMs + Math.floor(((messages + 1) * 1000) / perSecond);
    this.#kernel.because(0, () =>
      this.#send.after(Math.max(0, dueMs - this.#kernel.now), { key, startedMs }),
    );
    const requestsBy = (message: number) => Math.floor((message * pace.perSecond) / perSecond);
    return requestsBy(messages + 1) - requestsBy(messages);
  }

  #count({ key, startedMs, times, outcome }: Answered): void {
    const { load, ...row } = this.#counts.need(key);
    const target = `Service ${key}`;
    const served = outcome.ok && outcome.response.status < 500;
    this.#kernel.record({
      actor: CLIENT,
      verb: served ? 'served' : 'failed',
      object: target,
      ...(outcome.ok
        ? { detail: { status: outcome.response.status, by: outcome.servedBy } }
        : { reason: outcome.error }),
      flow: { channel: 'request', from: target, to: CLIENT, durationMs: 1 },
    });
    this.#think(key, startedMs, load.pace);
    if (!outcome.ok || !served) {
      const lastError = outcome.ok ? String(outcome.response.status) : outcome.error;
      this.#counts.set(key, { ...row, load, failed: row.failed + times, lastError });
      return;
    }
    const { servedBy, response } = outcome;
    this.#counts.set(key, {
      ...row,
      load,
      served: row.served + times,
      servedBy: { ...row.servedBy, [servedBy]: (row.servedBy[servedBy] ?? 0) + times },
      lastBody: new TextDecoder().decode(response.body),
    });
  }

  /** A client that has its answer asks again after a while. */
  #think(key: string, startedMs: number, pace: Pace): void {
    if (!('clients' in pace)) return;
    this.#kernel.because(0, () => this.#send.after(Math.max(1, pace.thinkMs), { key, startedMs }));
  }
}

const keyOf = ({ namespace, service }: Load): string => `${namespace}/${service}`;
