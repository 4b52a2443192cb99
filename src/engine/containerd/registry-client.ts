import type { Call, Resumption } from '../sim/process.ts';
import { transfer } from '../net/link.ts';
import { toBase64 } from '../oci/base64.ts';
import {
  askAt,
  endpointOf,
  errorsOf,
  lookUpRegistry,
  type RegistryAt,
  type RegistryRequest,
  type RegistryResponse,
} from '../oci/registry.ts';
import type { Credentials, Failure } from './api.ts';
import { FIGURES } from './figures.ts';

/**
 * A client of registries: it finds the host, pays for the way, answers challenges with a password
 * or a token, and asks again where that helps (containerd 2.2
 * `core/remotes/docker/{resolver,authorizer}.go`). For programs, each of which has its own.
 *
 * Simplified: an end that does not answer is tried once, not five times.
 */
export interface ClientOptions {
  readonly machine: string;
  readonly host: string;
  readonly credentials?: Credentials;
  /** A header that worked before. */
  readonly authorization?: string;
  /** The world has registries at all. */
  readonly canAsk: boolean;
}

type Step<T> = Generator<Call, T, Resumption>;

export type Asked =
  | { readonly ok: true; readonly response: RegistryResponse; readonly url: string }
  | { readonly ok: false; readonly problem: Problem };

/** Why there is no answer that one could use. */
export interface Problem {
  /** `denied`: whoever asks may not. */
  readonly kind: 'unreachable' | 'denied' | 'unauthenticated';
  readonly message: string;
  /** What a token service says of it. */
  readonly details?: string;
}

const ATTEMPTS = 5;

/**
 * Registries that may speak plain http, or show a certificate nobody knows: those of the machine
 * itself, as Docker has it, and the worlds' private one, as `insecure-registries` has it.
 */
const INSECURE = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$|^registry\.local:5000$/;

export class RegistryClient {
  readonly #options: ClientOptions;
  #at: RegistryAt | undefined;
  /** What stands in the requests' header; workers of one pull share it. */
  authorization: string | undefined;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.authorization = options.authorization;
  }

  url(path: string): string {
    return `https://${endpointOf(this.#options.host)}${path}`;
  }

  /** Sends a request and brings the answer; a blob in it has not crossed the network yet. */
  *ask(request: RegistryRequest, bytes = 0): Step<Asked> {
    const reached = yield* this.#reach(request);
    if (reached) return { ok: false, problem: reached };
    const statuses: number[] = [];
    for (let attempt = 0; ; attempt++) {
      const sent = yield* this.#send(request, bytes);
      if (!sent.ok) return sent;
      const { status } = sent.response;
      statuses.push(status);
      if (attempt + 1 >= ATTEMPTS) return sent;
      if (status === 401) {
        const problem = yield* this.#answerChallenge(sent.response, statuses);
        if (problem) return { ok: false, problem };
      } else if (!isWorthAnother(statuses)) return sent;
    }
  }

  /** What an answer costs to bring here. */
  *receive(bytes: number): Step<boolean> {
    const { machine } = this.#options;
    return (yield* transfer(this.#at!.end, machine, bytes)).ok;
  }

  get end(): string {
    return this.#at?.end ?? this.#options.host;
  }

  *#reach({ method, path }: RegistryRequest): Step<Problem | undefined> {
    const { host, machine, canAsk } = this.#options;
    if (this.#at) return undefined;
    const found = canAsk ? yield* lookUpRegistry(host, machine) : undefined;
    const fail = (what: string) => this.#failed(method, path, what);
    if (found === undefined) {
      return fail(`dial tcp: lookup ${host.replace(/:\d+$/, '')}: no such host`);
    }
    if ('refused' in found) return fail(`dial tcp ${found.refused}: connect: connection refused`);
    if (!INSECURE.test(host) && found.transport === 'http') {
      return fail('http: server gave HTTP response to HTTPS client');
    }
    if (!INSECURE.test(host) && found.transport === 'https-untrusted') {
      const why = 'x509: certificate signed by unknown authority';
      return fail(`tls: failed to verify certificate: ${why}`);
    }
    this.#at = found;
    return undefined;
  }

  #failed(method: string, path: string, what: string): Problem {
    const verb = method.slice(0, 1) + method.slice(1).toLowerCase();
    const message = `failed to do request: ${verb} "${this.url(path)}": ${what}`;
    return { kind: 'unreachable', message };
  }

  *#send(request: RegistryRequest, bytes: number): Step<Asked> {
    const at = this.#at!;
    const { machine } = this.#options;
    const url = this.url(request.path);
    const there = yield* transfer(machine, at.end, FIGURES.requestBytes + bytes);
    const timedOut = this.#failed(request.method, request.path, 'dial tcp: i/o timeout');
    if (!there.ok) return { ok: false, problem: timedOut };
    const headers = {
      ...request.headers,
      ...(this.authorization === undefined ? {} : { authorization: this.authorization }),
    };
    const response = yield* askAt(at, { ...request, headers, from: machine });
    const back = yield* transfer(at.end, machine, FIGURES.requestBytes);
    return back.ok ? { ok: true, response, url } : { ok: false, problem: timedOut };
  }

  /** Gets what a 401 asks for; the problem when there is nothing to answer with. */
  *#answerChallenge(
    { headers }: RegistryResponse,
    statuses: readonly number[],
  ): Step<Problem | undefined> {
    const challenge = headers['www-authenticate'] ?? '';
    const { credentials } = this.#options;
    const denied = (why: string): Problem => ({ kind: 'denied', message: why });
    if (challenge.startsWith('Basic')) {
      if (!credentials) return denied('authorization failed: no basic auth credentials');
      this.authorization = basic(credentials);
      return undefined;
    }
    const fields = parametersOf(challenge);
    const again = statuses.length > 1 && statuses.at(-2) === 401;
    if (fields.error !== undefined && again) {
      return denied(`server message: ${fields.error}: authorization failed`);
    }
    return yield* this.#fetchToken(fields);
  }

  *#fetchToken(fields: Readonly<Record<string, string>>): Step<Problem | undefined> {
    const { realm = '', service = '', scope = '' } = fields;
    const { credentials, machine } = this.#options;
    const at = this.#at!;
    const there = yield* transfer(machine, at.end, FIGURES.requestBytes);
    const path = `/token?scope=${encodeURIComponent(scope)}&service=${encodeURIComponent(service)}`;
    const url = `${realm}${path.slice('/token'.length)}`;
    const failed = credentials ? 'failed to fetch oauth token' : 'failed to fetch anonymous token';
    if (!there.ok) {
      const message = `failed to authorize: ${failed}: Get "${url}": dial tcp: i/o timeout`;
      return { kind: 'unreachable', message };
    }
    const authorization = credentials && basic(credentials);
    const request: RegistryRequest = {
      method: 'GET',
      path,
      from: machine,
      headers: authorization === undefined ? {} : { authorization },
    };
    const { status, json } = yield* askAt(at, request);
    yield* transfer(at.end, machine, FIGURES.requestBytes);
    if (status !== 200) {
      const { details } = (json ?? {}) as { details?: string };
      const unexpected = `unexpected status from GET request to ${url}: ${statusLine(status)}`;
      const message = `failed to authorize: ${failed}: ${unexpected}`;
      return { kind: 'unauthenticated', message, ...(details === undefined ? {} : { details }) };
    }
    this.authorization = `Bearer ${(json as { token: string }).token}`;
    return undefined;
  }
}

export const basic = ({ user, password }: Credentials): string =>
  `Basic ${toBase64(`${user}:${password}`)}`;

/** `realm="…",service="…"` of a challenge. */
function parametersOf(challenge: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [, key = '', value = ''] of challenge.matchAll(/([a-z_]+)="([^"]*)"/g)) {
    fields[key] = value;
  }
  return fields;
}

/** Too many requests at any time; trouble on the other side once. */
function isWorthAnother(statuses: readonly number[]): boolean {
  const last = statuses.at(-1) ?? 0;
  if (last === 429 || last === 408) return true;
  return [500, 503, 504].includes(last) && statuses.at(-2) !== last;
}

const STATUS_TEXT: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Request Entity Too Large',
  416: 'Requested Range Not Satisfiable',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

export const statusLine = (status: number): string =>
  `${status} ${STATUS_TEXT[status] ?? ''}`.trimEnd();

/** An answer that nobody can use, in containerd's words (`unexpectedResponseErr`). */
export function unexpected(method: string, url: string, response: RegistryResponse): Failure {
  const errors = errorsOf(response);
  const first = `unexpected status from ${method} request to ${url}: ${statusLine(response.status)}`;
  const lines = errors.map(
    (one) => `${one.code.toLowerCase().replaceAll('_', ' ')}: ${one.message}`,
  );
  const message = [first, ...(lines.length > 1 ? ['errors:', ...lines, ''] : lines)].join('\n');
  const code = response.status === 429 ? 'Unavailable' : 'Unknown';
  return { ok: false, code, message, ...(errors.length > 0 ? { errors } : {}) };
}
