import type { Waiter } from '../sim/process.ts';

/** What is said over the network, who says it to whom, and who listens. */
export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  /** The Host header; the address when left out. */
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What is sent along: a form, a document. */
  readonly body?: string;
  /** It stands for so many requests alike, as those of a big load do; 1 when left out. */
  readonly times?: number;
  /** It comes over TLS. */
  readonly secure?: boolean;
}

/** Opens a connection and sends nothing: whoever listens has answered by listening. */
export const CONNECT = 'CONNECT';

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** It came over TLS: the certificate of who signed the server's. */
  readonly signedBy?: string;
}

export interface Address {
  readonly ip: string;
  readonly port: number;
  /** The one machine on which the address means something, see {@link Addresses.addPool}. */
  readonly on?: string;
  /** The address by which who asks is seen there, where the way changes it: loopback, NAT. */
  readonly as?: string;
  /** The machine that passes it on to there. */
  readonly via?: string;
}

/**
 * Who asks: the machine it asks from, and its name in the trace. Whoever runs in a container says
 * its place (`dev/<id>`) as the machine; the rest is then found out, see {@link Http.places}.
 */
export interface Caller {
  readonly machine: string;
  readonly name: string;
  /** The address the other side sees; the machine's own (its name's) when left out. */
  readonly ip?: string;
  /** The container it asks from: `dev/<id>`. */
  readonly place?: string;
}

/**
 * `unreachable`: there is no way out of its network that leads there; `absent`: it would be on its
 * own network, where nobody has the address.
 */
export type HttpFailure = 'refused' | 'timeout' | 'reset' | 'unreachable' | 'absent';

export type HttpOutcome =
  | {
      readonly ok: true;
      readonly response: HttpResponse;
      /** Name of the listener that answered, as its owner gave it. */
      readonly servedBy: string;
      readonly durationMs: number;
    }
  | {
      readonly ok: false;
      readonly error: HttpFailure;
      readonly durationMs: number;
      /** The connection was made and the request sent; what is missing is an answer. */
      readonly sent?: true;
    };

/** One open port. */
export interface Listener {
  readonly machine: string;
  /** Its name in the trace: `Pod default/web-5d9c7-x2k4q`, `container web`. */
  readonly name: string;
  /** Which server answers, see {@link Http.server}, and what that server is told. */
  readonly server: string;
  readonly payload: unknown;
}

/** A server that asks another one first, as a reverse proxy does, and is then asked again. */
export interface Forward {
  /** Who it is to the other. */
  readonly from: Caller;
  /** A name or an address. */
  readonly host: string;
  readonly port: number;
  readonly request: HttpRequest;
  readonly timeoutMs: number;
  /** How long it waits for a connection; as long as for the answer when left out. */
  readonly connectMs?: number;
  /** Told again together with what came of it: plain data. */
  readonly note?: unknown;
}

/**
 * What came of a forwarded request; `unresolved` when the name stands for nothing, `abandoned` when
 * who asked at first waits no longer.
 */
export type Upstream = HttpOutcome | 'unresolved' | 'abandoned';

/** What a server says; undefined when it does not answer now: it may be asked again. */
export type Server = (
  payload: never,
  request: HttpRequest,
  caller: Caller,
  /** Where it was asked, and what came of what it forwarded. */
  at: Address,
  upstream?: Upstream,
  /** What it noted when it forwarded. */
  note?: unknown,
) =>
  | { readonly response: HttpResponse; readonly afterMs: number }
  | { readonly forward: Forward }
  /** A program whose result is the response; while it works the client waits. */
  | { readonly run: string; readonly args: unknown }
  | undefined;

/** One request on its way, and who is told what came of it. */
export interface Exchange {
  readonly from: Caller;
  readonly asked: Address;
  readonly to: Address;
  readonly request: HttpRequest;
  readonly startedMs: number;
  readonly deadlineMs: number;
  /** When it gives up where it got no connection by then; the deadline, if that is earlier. */
  readonly connectByMs?: number;
  readonly quiet: boolean;
  readonly then?: { readonly event: string; readonly payload: object };
  readonly asker?: Waiter;
  readonly upstream?: Upstream;
  readonly note?: unknown;
  /** How often it was forwarded. */
  readonly forwards?: number;
}
