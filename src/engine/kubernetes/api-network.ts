import type { Address, Http, HttpFailure, HttpRequest, HttpResponse } from '../net/http.ts';
import { ask, type Program } from '../sim/process.ts';
import type { Processes } from '../sim/processes.ts';
import { httpService, type HttpAnswer, type HttpRequest as ApiHttpRequest } from './api/http.ts';
import type { Unreachable } from './control-plane.ts';

/**
 * The API server's port on the network: programs in Pods reach it at `kubernetes.default.svc`, a
 * workstation at the address in its kubeconfig (cmd/kube-apiserver/app/options, v1.36).
 *
 * Simplified: a certificate of the client is not asked for; who shows no token is nobody.
 */
export interface NetworkDoor {
  readonly cluster: string;
  /** Where all of several API servers are found: `https://192.168.10.10:6443`. */
  readonly server: string;
  /** What their certificates are signed by. */
  readonly authority: () => string;
  /** The machine of the control plane that has an address. */
  readonly machineWith: (ip: string) => string | undefined;
  /** A machine that answers a client on another. */
  readonly machineFor: (client: string) => string | undefined;
  readonly unreachable: (client: string) => Unreachable | undefined;
  /** A machine that is there, without an API server. */
  readonly refuses: (machine: string) => boolean;
}

const NAME = 'apiserver';
/** net/http's own answer to plain HTTP (Go 1.25 `src/net/http/server.go`). */
const PLAIN = 'Client sent an HTTP request to an HTTPS server.\n';
/** Clients that get their JSON indented (apiserver/pkg/endpoints/handlers/negotiation). */
const PEOPLE = /^(?:curl|Wget|Mozilla\/5\.0)/;

/** What is asked of an API server over HTTP, by whom its certificate names. */
export interface Asked {
  readonly service: string;
  readonly request: HttpRequest;
  readonly signedBy?: string;
  readonly certificate?: ApiHttpRequest['certificate'];
}

export const work: Program<Asked, HttpResponse> = function* (asked) {
  const { service, request, signedBy, certificate } = asked;
  const [path = '', ...rest] = request.path.split('?');
  const lower = Object.entries(request.headers ?? {}).map(([key, value]) => [
    key.toLowerCase(),
    value,
  ]);
  const headers = Object.fromEntries(lower) as Record<string, string>;
  const answer = yield* ask<HttpAnswer>(service, {
    ...{ method: request.method, path: decoded(path), query: rest.join('?'), headers },
    ...(request.body !== undefined && { body: request.body }),
    ...(certificate !== undefined && { certificate }),
  });
  const isShown = PEOPLE.test(headers['user-agent'] ?? '');
  return responseOf(answer, isShown ? indented(answer) : answer.body, signedBy);
};

/** What leads to the port of a cluster's API servers. */
export class ApiNetwork {
  readonly #http: Http;
  readonly #door: NetworkDoor;
  readonly #ip: string;
  readonly #port: number;

  constructor(http: Http, processes: Processes, door: NetworkDoor) {
    this.#http = http;
    this.#door = door;
    const [ip = '', port = ''] = door.server.replace('https://', '').split(':');
    this.#ip = ip;
    this.#port = Number(port);
    const service = httpService(door.cluster);
    const program = programOf(door.cluster);
    processes.program(program, work as Program);
    http.server(program, (_payload, request) => {
      if (!request.secure) return { response: plain(400, PLAIN), afterMs: 0 };
      return { run: program, args: { service, request, signedBy: door.authority() } };
    });
    http.translator(({ machine }, to) => this.#lead(machine, to));
  }

  /** Opens the port on a machine of the control plane. */
  open(machine: string, ip: string): void {
    const server = programOf(this.#door.cluster);
    for (const address of new Set([ip, this.#ip])) {
      const at = { ip: address, port: this.#port, on: machine };
      this.#http.listen(at, { machine, name: NAME, server, payload: {} });
    }
  }

  #lead(client: string, to: Address): Address | HttpFailure | undefined {
    if (to.port !== this.#port || to.on !== undefined) return undefined;
    const { machineWith, machineFor, unreachable, refuses } = this.#door;
    if (to.ip === this.#ip) {
      const why = unreachable(client);
      if (why === 'refused' || why === 'timeout') return why;
      const on = machineFor(client);
      return on === undefined ? 'timeout' : { ...to, on };
    }
    const on = machineWith(to.ip);
    if (on === undefined) return undefined;
    return refuses(on) ? 'refused' : { ...to, on };
  }
}

const programOf = (cluster: string): string => `${NAME}/${cluster}/network`;

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

export const plain = (status: number, text: string): HttpResponse => ({
  status,
  headers: { 'Content-Type': 'text/plain; charset=utf-8' },
  body: new TextEncoder().encode(text),
});

/** JSON as it is shown to people: two spaces, no line end. */
function indented({ headers, body }: HttpAnswer): string {
  if (!(headers['content-type'] ?? '').startsWith('application/json')) return body;
  const lines = body.trimEnd().split('\n');
  // A stream of watch events has one document to a line.
  return lines.length === 1 ? JSON.stringify(JSON.parse(lines[0] ?? 'null'), null, 2) : body;
}

function responseOf(
  { status, headers }: HttpAnswer,
  text: string,
  signedBy?: string,
): HttpResponse {
  const body = new TextEncoder().encode(text);
  const shown = Object.entries(headers).map(([key, value]) => [titled(key), value]);
  const length = { 'Content-Length': String(body.length) };
  const all = { ...(Object.fromEntries(shown) as Record<string, string>), ...length };
  return { status, headers: all, body, ...(signedBy !== undefined && { signedBy }) };
}

const titled = (name: string): string => name.replace(/(^|-)[a-z]/g, (text) => text.toUpperCase());
