import type { EventType, Kernel } from '../sim/kernel.ts';
import type { Table } from '../sim/store.ts';
import type { Http, HttpOutcome } from '../net/http.ts';
import type { ClusterDns } from './dns/dns.ts';

/**
 * Clients that ask a Service again and again, and count what comes back. Each request is a real
 * one: name, Service address, kube-proxy's choice, the program in the Pod.
 */
export interface Load {
  readonly name: string;
  /** The node from which it asks. */
  readonly machine: string;
  readonly namespace: string;
  readonly service: string;
  readonly port: number;
  readonly path: string;
  readonly everyMs: number;
}

export interface LoadCount {
  readonly load: Load;
  readonly running: boolean;
  readonly sent: number;
  readonly served: number;
  readonly failed: number;
  /** Answers by who gave them: `Pod default/web-5d9c7-x2k4q`. */
  readonly servedBy: Readonly<Record<string, number>>;
  readonly lastBody?: string;
  readonly lastError?: string;
}

export class Traffic {
  readonly #kernel: Kernel;
  readonly #http: Http;
  readonly #dns: ClusterDns;
  readonly #counts: Table<string, LoadCount>;
  readonly #send: EventType<{ name: string }>;
  readonly #answered: EventType<{ name: string; outcome: HttpOutcome }>;

  constructor(kernel: Kernel, http: Http, dns: ClusterDns, cluster: string) {
    this.#kernel = kernel;
    this.#http = http;
    this.#dns = dns;
    this.#counts = kernel.store.table<LoadCount>(`traffic/${cluster}`);
    this.#send = kernel.event(`traffic/${cluster}/send`, ({ name }) => this.#request(name));
    this.#answered = kernel.event(`traffic/${cluster}/answered`, (answer) => this.#count(answer));
  }

  /** Starts a load; one of the same name goes on with the new figures. */
  start(load: Load): void {
    const known = this.#counts.get(load.name);
    const zero = { sent: 0, served: 0, failed: 0, servedBy: {} };
    this.#counts.set(load.name, { ...zero, ...known, load, running: true });
    if (!known?.running) this.#send.after(0, { name: load.name });
  }

  stop(name: string): void {
    if (this.#counts.has(name)) this.#counts.update(name, (row) => ({ ...row, running: false }));
  }

  count(name: string): LoadCount | undefined {
    return this.#counts.get(name);
  }

  #request(name: string): void {
    const { load, running } = this.#counts.need(name);
    if (!running) return;
    this.#counts.update(name, (row) => ({ ...row, sent: row.sent + 1 }));
    this.#kernel.because(0, () => this.#send.after(load.everyMs, { name }));
    const { service, namespace, machine, port, path } = load;
    const target = `Service ${namespace}/${service}`;
    const record = this.#kernel.record(
      {
        actor: name,
        verb: 'request',
        object: target,
        flow: { channel: 'request', from: name, to: target, durationMs: 1 },
      },
      0,
    );
    this.#kernel.because(record, () => {
      const ip = this.#dns.resolve(service, namespace);
      if (ip === undefined) {
        const outcome = { ok: false, error: 'refused', durationMs: 0 } as const;
        this.#answered.after(0, { name, outcome });
        return;
      }
      const then = { event: this.#answered.name, payload: { name } };
      const request = { method: 'GET', path, host: service };
      this.#http.request({ machine, name: target }, { ip, port }, request, then);
    });
  }

  #count({ name, outcome }: { name: string; outcome: HttpOutcome }): void {
    const { load, ...row } = this.#counts.need(name);
    const target = `Service ${load.namespace}/${load.service}`;
    const served = outcome.ok && outcome.response.status < 500;
    this.#kernel.record({
      actor: name,
      verb: served ? 'served' : 'failed',
      object: target,
      ...(outcome.ok
        ? { detail: { status: outcome.response.status, by: outcome.servedBy } }
        : { reason: outcome.error }),
      flow: { channel: 'request', from: target, to: name, durationMs: 1 },
    });
    if (!outcome.ok || !served) {
      const lastError = outcome.ok ? String(outcome.response.status) : outcome.error;
      this.#counts.set(name, { ...row, load, failed: row.failed + 1, lastError });
      return;
    }
    const { servedBy, response } = outcome;
    const times = (row.servedBy[servedBy] ?? 0) + 1;
    this.#counts.set(name, {
      ...row,
      load,
      served: row.served + 1,
      servedBy: { ...row.servedBy, [servedBy]: times },
      lastBody: new TextDecoder().decode(response.body),
    });
  }
}
