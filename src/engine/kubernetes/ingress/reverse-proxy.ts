import type { Addresses } from '../../net/address.ts';
import type { Http, HttpRequest, HttpResponse, Upstream } from '../../net/http.ts';
import type { Kernel } from '../../sim/kernel.ts';
import type { Table } from '../../sim/store.ts';
import { SERVICE_NAME } from '../api/cluster-objects.ts';
import { labelTerm } from '../api/index-terms.ts';
import type { ApiDoor } from '../api/requests.ts';
import { findCondition } from '../apimachinery/object.ts';
import { Client } from '../client/client.ts';

/**
 * The data plane of Ingresses and Gateways: takes requests at addresses outside of the cluster and
 * passes each to a Pod of the Service that its rule names, as nginx does.
 *
 * Simplified: it is not a Pod itself; it runs on a worker that is ready, and moves to another when
 * that one is not; a request is passed on once and not tried at another Pod; there is no TLS.
 */
export type Decision =
  | { readonly pass: HttpRequest; readonly to: PodAddress }
  | { readonly answer: number; readonly headers?: Readonly<Record<string, string>> };

export interface PodAddress {
  readonly ip: string;
  readonly port: number;
}

/** One open port; `entry` is what the decision is asked about. */
interface Opening {
  readonly entry: string;
  readonly machine: string;
}

const TIMEOUT_MS = 60_000;
const ANSWER_MS = 1;

const REASONS: Readonly<Record<number, string>> = {
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  404: 'Not Found',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
};

export class ReverseProxy {
  readonly #kernel: Kernel;
  readonly #http: Http;
  readonly #addresses: Addresses;
  readonly #client: Client;
  readonly #name: string;
  readonly #openings: Table<string, Opening>;
  readonly #draws: Table<string, number>;

  /**
   * @param name its cast name, and what its tables are called: `ingress-nginx`
   * @param decide where a request that came in at an opening goes
   */
  constructor(
    rooms: { kernel: Kernel; door: ApiDoor; http: Http; addresses: Addresses },
    name: string,
    decide: (entry: string, request: HttpRequest) => Decision,
  ) {
    const { kernel, door, http, addresses } = rooms;
    this.#kernel = kernel;
    this.#http = http;
    this.#addresses = addresses;
    this.#client = new Client(kernel, door, name);
    this.#name = name;
    this.#openings = kernel.store.table<Opening>(`${name}/openings`);
    this.#draws = kernel.store.table<number>(`${name}/draws`);
    http.server(name, ({ entry }: { entry: string }, request, _caller, _at, upstream) => {
      if (upstream !== undefined) return { response: passedBack(upstream), afterMs: 0 };
      const decision = decide(entry, request);
      if ('answer' in decision) {
        return { response: page(decision.answer, decision.headers), afterMs: ANSWER_MS };
      }
      const { machine } = this.#openingOf(entry);
      const from = { machine, name };
      const { ip, port } = decision.to;
      return { forward: { from, host: ip, port, request: decision.pass, timeoutMs: TIMEOUT_MS } };
    });
    this.#client.watch(
      'nodes',
      'nodes',
      ({ object, previous }) =>
        !previous ||
        findCondition(object.status.conditions, 'Ready')?.status !==
          findCondition(previous.status.conditions, 'Ready')?.status,
      () => this.#settle(),
    );
  }

  /** Takes requests at an address from now on; false when something else listens there. */
  open(ip: string, port: number, entry: string): boolean {
    const key = `${ip}:${port}`;
    const known = this.#openings.get(key);
    if (known) {
      if (known.entry === entry) return true;
      this.close(ip, port);
    }
    const machine = this.#host();
    if (machine === undefined) return false;
    return this.#listen(key, { entry, machine });
  }

  close(ip: string, port: number): void {
    if (this.#openings.delete(`${ip}:${port}`)) this.#http.close({ ip, port });
  }

  /** Addresses and ports that lead to an entry: `192.168.10.250:80`. */
  openingsOf(isOne: (entry: string) => boolean): string[] {
    return [...this.#openings.entries()].flatMap(([key, { entry }]) => (isOne(entry) ? key : []));
  }

  /** A ready Pod behind a port of a Service, drawn at random; undefined when there is none. */
  target(namespace: string, service: string, port: number | string): PodAddress | undefined {
    const found = this.#client.get('services', namespace, service);
    const servicePort = (found?.spec.ports ?? []).find(
      ({ port: number, name }) => number === port || name === port,
    );
    if (!servicePort) return undefined;
    const slices = this.#client.byIndex(
      'endpointslices',
      labelTerm(namespace, SERVICE_NAME, service),
    );
    const targets = slices.flatMap(({ endpoints, ports }) => {
      const at = ports.find(({ name }) => name === (servicePort.name ?? ''))?.port;
      if (at === undefined) return [];
      const ready = endpoints.filter(({ conditions }) => conditions.ready);
      return ready.flatMap(({ addresses }) => addresses.map((ip) => ({ ip, port: at })));
    });
    return targets.length === 0 ? undefined : this.pick(`${namespace}/${service}`, targets);
  }

  /** One of several, drawn anew each time. */
  pick<T>(what: string, choices: readonly T[]): T {
    const draws = (this.#draws.get(what) ?? 0) + 1;
    this.#draws.set(what, draws);
    return this.#kernel.random(this.#name, what, draws).pick(choices);
  }

  #openingOf(entry: string): Opening {
    for (const opening of this.#openings.values()) if (opening.entry === entry) return opening;
    return { entry, machine: '' };
  }

  #listen(key: string, opening: Opening): boolean {
    const [ip = '', port = ''] = key.split(':');
    const { machine, entry } = opening;
    this.#addresses.assign(ip, { machine, owner: this.#name });
    const listener = { machine, name: this.#name, server: this.#name, payload: { entry } };
    if (!this.#http.listen({ ip, port: Number(port) }, listener)) return false;
    this.#openings.set(key, opening);
    return true;
  }

  /** Moves what is on a node that is not ready. */
  #settle(): void {
    for (const [key, opening] of [...this.#openings.entries()]) {
      if (this.#isReady(opening.machine)) continue;
      const machine = this.#host();
      if (machine === undefined) return;
      const [ip = '', port = ''] = key.split(':');
      this.#http.close({ ip, port: Number(port) });
      this.#listen(key, { ...opening, machine });
    }
  }

  #isReady(machine: string): boolean {
    const node = this.#client.get('nodes', '', machine);
    return findCondition(node?.status.conditions, 'Ready')?.status === 'True';
  }

  #host(): string | undefined {
    for (const { metadata, spec } of this.#client.scan('nodes')) {
      const isOpen = !(spec.taints ?? []).some(({ effect }) => effect !== 'PreferNoSchedule');
      if (isOpen && this.#isReady(metadata.name)) return metadata.name;
    }
    return undefined;
  }
}

function passedBack(upstream: Upstream): HttpResponse {
  if (upstream === 'unresolved') return page(502);
  if (upstream === 'abandoned') return page(499);
  if (upstream.ok) return upstream.response;
  return page(upstream.error === 'timeout' ? 504 : 502);
}

/** nginx's own pages (src/http/ngx_http_special_response.c, 1.29). */
function page(status: number, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  const title = `${status} ${REASONS[status] ?? ''}`.trim();
  const text =
    `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n` +
    `<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;
  const body = new TextEncoder().encode(text);
  const all = {
    'Content-Type': 'text/html',
    'Content-Length': String(body.length),
    ...headers,
  };
  return { status, headers: all, body };
}
