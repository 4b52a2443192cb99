import { assert } from '../sim/assert.ts';
import type { EventType, Kernel } from '../sim/kernel.ts';
import { ask, type Ending } from '../sim/process.ts';
import { LATER, type Processes } from '../sim/processes.ts';
import type { Index, Table } from '../sim/store.ts';
import type { Addresses } from './address.ts';
import type { DnsAnswer, DnsQuestion, QueryFinder } from './dns-message.ts';
import {
  CONNECT,
  type Address,
  type Caller,
  type Exchange,
  type Forward,
  type HttpFailure,
  type HttpOutcome,
  type HttpRequest,
  type HttpResponse,
  type Listener,
  type Server,
} from './exchange.ts';
import { HeldRequests } from './held-requests.ts';
import type { InterfaceFinder, LookupListener, NameFinder } from './interface.ts';
import type { Links } from './link.ts';
import { Names } from './names.ts';

/**
 * Requests over the network: who listens where, which way a request goes, what comes back. A
 * request crosses the link, is answered by the program that listens, and the answer crosses back;
 * each of the three takes virtual time. Nothing here knows what a container is.
 *
 * Simplified: one exchange is one connection; there are no packets and no keep-alive; of TLS there
 * is only whether it is spoken and who signed the server's certificate.
 */
export { CONNECT };
export type {
  Address,
  Caller,
  Forward,
  HttpFailure,
  HttpOutcome,
  HttpRequest,
  HttpResponse,
  Listener,
  Server,
  Upstream,
} from './exchange.ts';

/**
 * Rewrites where a connection goes, as kube-proxy's rules and Docker's published ports do. Gives
 * the next address, a failure, or undefined when it has nothing to say. A pure look at its owner's
 * tables: it is asked at the moment a connection is made.
 */
export type Translator = (from: Caller, to: Address) => Address | HttpFailure | undefined;

/** Whether packets may pass; those that may not are dropped, and who sent them waits. */
export type Guard = (from: Caller, to: Address) => boolean;

/** Says who a caller in a container is: its name in the trace and its address. */
export type PlaceFinder = (place: string) => Omit<Caller, 'machine' | 'place'> | undefined;

export interface HttpOptions {
  /** Given up after this long; 30 s when left out. */
  readonly timeoutMs?: number;
  /** Given up after this long where no connection was made by then. */
  readonly connectMs?: number;
  /** Not in the trace: probes. */
  readonly quiet?: boolean;
}

/** Where a program listens that takes connections to every address of its machine. */
export const ANY_ADDRESS = '0.0.0.0';
/** By which one is seen who asks oneself. */
export const LOOPBACK = '127.0.0.1';

const TIMEOUT_MS = 30_000;
/** A machine asks three times, a second apart, who has an address (Linux `mcast_solicit`). */
const ABSENT_MS = 3_000;
/** More often nobody passes one request on. */
const FORWARD_LIMIT = 256;
const REWRITES = 8;
/** Model figures: a request and the head of a response. */
const REQUEST_BYTES = 200;
const HEAD_BYTES = 250;

const keyOf = ({ ip, port, on }: Address): string =>
  `${on === undefined ? '' : `${on}/`}${ip}:${port}`;

/** What a request is called in the trace. */
const objectOf = ({ request, asked }: Exchange): string =>
  `request ${request.method} http://${request.host ?? keyOf(asked)}${request.path}`;

export class Http {
  readonly #kernel: Kernel;
  readonly #processes: Processes;
  readonly #links: Links;
  readonly #addresses: Addresses;
  readonly #listeners: Table<string, Listener>;
  readonly #byName: Index<string, Listener>;
  readonly #servers = new Map<string, Server>();
  readonly #translators: Translator[] = [];
  readonly #guards: Guard[] = [];
  readonly #places: PlaceFinder[] = [];
  readonly #names: Names;
  readonly #interfaces: InterfaceFinder[] = [];
  readonly #occupied: ((at: Address) => boolean)[] = [];
  readonly #arrive: EventType<Exchange>;
  readonly #forwarded: EventType<{ exchange: Exchange; outcome: HttpOutcome }>;
  readonly #answered: EventType<{
    exchange: Exchange;
    listener: Listener;
    response: HttpResponse;
  }>;
  readonly #worked: EventType<{ exchange: Exchange; listener: Listener; ending: Ending }>;
  readonly #done: EventType<{ exchange: Exchange; outcome: HttpOutcome }>;
  readonly #held: HeldRequests;

  constructor(kernel: Kernel, processes: Processes, links: Links, addresses: Addresses) {
    this.#kernel = kernel;
    this.#processes = processes;
    this.#links = links;
    this.#addresses = addresses;
    this.#listeners = kernel.store.table<Listener>('net/listeners');
    this.#byName = this.#listeners.index((row) => [row.name]);
    this.#arrive = kernel.event('net/http-arrive', (exchange) => this.#serve(exchange));
    this.#forwarded = kernel.event('net/http-forwarded', ({ exchange, outcome }) =>
      this.#hear(exchange, outcome),
    );
    this.#answered = kernel.event('net/http-answered', (answer) => this.#sendBack(answer));
    this.#worked = kernel.event('net/http-worked', ({ exchange, listener, ending }) => {
      if (!('result' in ending)) return this.#fail(exchange, 'reset', 0, true);
      this.#sendBack({ exchange, listener, response: ending.result as HttpResponse });
    });
    this.#done = kernel.event('net/http-done', ({ exchange, outcome }) =>
      this.#tell(exchange, outcome),
    );
    this.#held = new HeldRequests(kernel, (exchange) => this.#timeOut(exchange));
    this.#names = new Names(kernel, processes, addresses);
    processes.service<{ place: string }>('net/listening', ({ place }) =>
      this.portsOf(this.caller({ machine: place, name: place }).name),
    );
    processes.service<{ place: string }>('net/interfaces', ({ place }) => {
      for (const finder of this.#interfaces) {
        const found = finder(place);
        if (found) return found;
      }
      return undefined;
    });
    processes.service<{ from: Caller; to: Address; request: HttpRequest; options: HttpOptions }>(
      'net/http',
      ({ from, to, request, options }, asker) => {
        this.#begin(from, to, request, options, { asker });
        return LATER;
      },
    );
  }

  /** Declares what answers for listeners of a kind: `containerd`. */
  server(name: string, server: Server): void {
    assert(!this.#servers.has(name), `the server ${name} is there already`);
    this.#servers.set(name, server);
  }

  /** Translators are asked in the order they were added; the first that knows decides. */
  translator(translator: Translator): void {
    this.#translators.push(translator);
  }

  /** All must let a connection pass. */
  guard(guard: Guard): void {
    this.#guards.push(guard);
  }

  /** Finders are asked in the order they were added; the first that knows decides. */
  places(finder: PlaceFinder): void {
    this.#places.push(finder);
  }

  names(finder: NameFinder, listener?: LookupListener): void {
    this.#names.finder(finder, listener);
  }

  /** Finders are asked in the order they were added; the first that knows decides. */
  queries(finder: QueryFinder): void {
    this.#names.queryFinder(finder);
  }

  interfaces(finder: InterfaceFinder): void {
    this.#interfaces.push(finder);
  }

  /** Tells of ports that are taken though no program of the world listens there. */
  occupied(isTaken: (at: Address) => boolean): void {
    this.#occupied.push(isTaken);
  }

  /** The addresses a name stands for where it is asked for, in the order they are told. */
  lookup(name: string, place?: string): readonly string[] {
    return this.#names.lookup(name, place);
  }

  /** What a name server says. */
  query(question: DnsQuestion): DnsAnswer | 'silent' {
    return this.#names.query(question);
  }

  /** Whether somebody answers for names in a place, and says that there is no such name. */
  isUnknown(name: string, place: string): boolean {
    return this.#names.isUnknown(name, place);
  }

  /** The caller with all that is known of it. */
  caller(caller: Caller): Caller {
    const slash = caller.machine.indexOf('/');
    if (slash === -1)
      return { ...caller, ip: caller.ip ?? this.#addresses.resolve(caller.machine) };
    const place = caller.machine;
    const machine = place.slice(0, slash);
    for (const finder of this.#places) {
      const found = finder(place);
      if (found) return { ...found, machine, place };
    }
    return { ...caller, machine, place, ip: caller.ip ?? this.#addresses.resolve(machine) };
  }

  /** Opens a port; false when something listens there already. */
  listen(at: Address, listener: Listener): boolean {
    if (this.#listeners.has(keyOf(at)) || this.#occupied.some((is) => is(at))) return false;
    assert(this.#servers.has(listener.server), `no server ${listener.server}`);
    this.#listeners.set(keyOf(at), listener);
    return true;
  }

  /** Closes a port; who waits for an answer there hears that the connection is gone. */
  close(at: Address): void {
    const key = keyOf(at);
    const listener = this.#listeners.get(key);
    if (!listener) return;
    this.#listeners.delete(key);
    const { machine, payload } = listener;
    const hears = ({ from }: Exchange) => this.#links.isUp(from.machine, machine);
    for (const exchange of this.#held.take(key, payload, hears)) {
      const backMs = this.#links.between(exchange.from.machine, machine).latencyMs;
      this.#fail(exchange, 'reset', backMs, true);
    }
  }

  /** Who listens at a port goes on: it is asked again what it did not answer. */
  wake(at: Address): void {
    const payload = this.listenerAt(at)?.payload;
    for (const exchange of this.#held.take(keyOf(at), payload, () => true)) this.#serve(exchange);
  }

  listenerAt(at: Address): Listener | undefined {
    return this.#listeners.get(keyOf(at));
  }

  /** Ports that a named owner holds open: `10.244.1.2:80`. */
  portsOf(name: string): string[] {
    return this.#byName.keys(name);
  }

  /**
   * Sends a request; the event comes with `outcome: HttpOutcome` added to its payload, at the
   * virtual time at which the caller knows.
   */
  request(
    from: Caller,
    to: Address,
    request: HttpRequest,
    then: { event: string; payload: object },
    options: HttpOptions = {},
  ): void {
    this.#begin(from, to, request, options, { then });
  }

  /** Where a connection would end now, rewritten by the translators. */
  route(from: Caller, to: Address): Address | HttpFailure {
    let address = to;
    for (let i = 0; i < REWRITES; i++) {
      let next: Address | HttpFailure | undefined;
      for (const translator of this.#translators) {
        next = translator(from, address);
        if (next !== undefined) break;
      }
      if (next === undefined) return this.#near(from, address);
      if (typeof next === 'string') return next;
      address = next;
    }
    return 'timeout';
  }

  /**
   * An address of the asking machine's own network goes before one that all know; one of a machine
   * itself leads to what listens on all its addresses.
   */
  #near({ machine }: Caller, address: Address): Address {
    const { ip } = address;
    if (address.on !== undefined) return address;
    if (this.#addresses.at(ip, machine) !== undefined) return { ...address, on: machine };
    const isLoopback = ip.startsWith('127.');
    const on = isLoopback ? machine : this.#addresses.machineWith(ip);
    if (on === undefined) return address;
    const seen = isLoopback ? { ...address, on, as: address.as ?? LOOPBACK } : address;
    const everywhere = { ...seen, ip: ANY_ADDRESS, on };
    return this.listenerAt(everywhere) ? everywhere : seen;
  }

  #begin(
    caller: Caller,
    asked: Address,
    request: HttpRequest,
    options: HttpOptions,
    ends: Pick<Exchange, 'then' | 'asker'>,
  ): void {
    const asking = this.caller(caller);
    const startedMs = this.#kernel.now;
    const deadlineMs = startedMs + (options.timeoutMs ?? TIMEOUT_MS);
    const quiet = options.quiet ?? false;
    // Who connects to no address in particular connects to itself (ip(7)).
    const isOwn = asked.ip === ANY_ADDRESS && asked.on === undefined;
    const to = this.route(asking, isOwn ? { ...asked, ip: LOOPBACK } : asked);
    const seen = typeof to === 'string' ? undefined : to.as;
    const from = seen === undefined ? asking : { ...asking, ip: seen };
    const target = typeof to === 'string' ? asked : to;
    const { connectMs } = options;
    const exchange = {
      ...{ from, asked, to: target, request, startedMs, deadlineMs, quiet, ...ends },
      ...(connectMs !== undefined && { connectByMs: startedMs + connectMs }),
    };
    if (to === 'timeout') return this.#unheard(exchange);
    if (to === 'absent') return this.#absent(exchange);
    if (typeof to === 'string') return this.#fail(exchange, to, 0);
    if (!this.#guards.every((passes) => passes(from, to))) return this.#unheard(exchange);
    const machine = this.#machineAt(from, target);
    if (machine === undefined || !this.#links.isUp(from.machine, machine)) {
      return this.#unheard(exchange);
    }
    const durationMs = this.#links.durationMs(from.machine, machine, REQUEST_BYTES);
    const name = this.#nameAt(target);
    const cause = quiet || name === undefined ? 0 : this.#recordRequest(exchange, name, durationMs);
    const send = () => this.#arrive.after(durationMs, exchange);
    if (cause === 0) send();
    else this.#kernel.because(cause, send);
  }

  #machineAt(from: Caller, to: Address): string | undefined {
    if (to.on !== undefined) return to.on;
    if (to.ip.startsWith('127.')) return from.machine;
    return this.#addresses.at(to.ip)?.machine ?? this.listenerAt(to)?.machine;
  }

  /** Who is found at an address, whether anybody listens there or not. */
  #nameAt(to: Address): string | undefined {
    const listener = this.listenerAt(to);
    const row = listener ? undefined : this.#addresses.at(to.ip, to.on);
    if (listener || (row && row.network === undefined)) return listener?.name ?? row?.owner;
    const place = row ? `${row.machine}/${row.owner}` : to.on;
    return place && this.caller({ machine: place, name: row?.machine ?? place }).name;
  }

  #recordRequest(exchange: Exchange, to: string, durationMs: number): number {
    const { from } = exchange;
    return this.#kernel.record({
      actor: from.name,
      verb: 'request',
      object: objectOf(exchange),
      detail: { ip: exchange.to.ip, port: exchange.to.port },
      flow: { channel: 'request', from: from.name, to, bytes: REQUEST_BYTES, durationMs },
    });
  }

  #recordRefusal(exchange: Exchange, durationMs: number): void {
    const { from, to, quiet } = exchange;
    const name = this.#nameAt(to);
    if (quiet || name === undefined) return;
    this.#kernel.record({
      actor: name,
      verb: 'refuse',
      object: objectOf(exchange),
      detail: { ip: to.ip, port: to.port },
      flow: { channel: 'request', from: name, to: from.name, durationMs },
    });
  }

  /** The request has arrived: somebody listens, or the port is closed. */
  #serve(exchange: Exchange): void {
    const listener = this.listenerAt(exchange.to);
    if (!listener) {
      const machine = this.#machineAt(exchange.from, exchange.to) ?? exchange.from.machine;
      const backMs = this.#links.between(exchange.from.machine, machine).latencyMs;
      this.#recordRefusal(exchange, backMs);
      return this.#fail(exchange, 'refused', backMs);
    }
    if (exchange.request.method === CONNECT) {
      const response = { status: 200, headers: {}, body: new Uint8Array(0) };
      this.#answered.after(0, { exchange, listener, response });
      return;
    }
    const server = this.#servers.get(listener.server)!;
    const { request, from, to, upstream, note } = exchange;
    const answer = server(listener.payload as never, request, from, to, upstream, note);
    if (!answer) return this.#held.hold(keyOf(to), listener.payload, exchange);
    if ('forward' in answer) return this.#forward(exchange, answer.forward);
    if ('run' in answer) {
      const then = { event: this.#worked.name, payload: { exchange, listener } };
      return void this.#processes.spawn(answer.run, answer.args, { then });
    }
    if (this.#kernel.now + answer.afterMs >= exchange.deadlineMs) return this.#timeOut(exchange);
    this.#answered.after(answer.afterMs, { exchange, listener, response: answer.response });
  }

  #forward(before: Exchange, { note, ...forward }: Forward): void {
    const { from, host, port, request, timeoutMs, connectMs } = forward;
    const { upstream: _before, note: _noted, forwards = 0, ...rest } = before;
    assert(forwards < FORWARD_LIMIT, `a request is forwarded ${FORWARD_LIMIT} times at most`);
    const exchange = { ...rest, forwards: forwards + 1, ...(note !== undefined && { note }) };
    const [ip] = this.lookup(host, from.machine);
    if (ip === undefined) return this.#serve({ ...exchange, upstream: 'unresolved' });
    const then = { event: this.#forwarded.name, payload: { exchange } };
    // Who asked waits no longer than it said, however long this server would.
    const leftMs = Math.max(0, exchange.deadlineMs - this.#kernel.now);
    this.request(from, { ip, port }, request, then, {
      timeoutMs: Math.min(timeoutMs, leftMs),
      ...(connectMs !== undefined && { connectMs }),
    });
  }

  /** What came of a forwarded request. */
  #hear(exchange: Exchange, outcome: HttpOutcome): void {
    const isLate = !outcome.ok && this.#kernel.now >= exchange.deadlineMs;
    this.#serve({ ...exchange, upstream: isLate ? 'abandoned' : outcome });
  }

  #sendBack(answer: { exchange: Exchange; listener: Listener; response: HttpResponse }): void {
    const { exchange, listener, response } = answer;
    const { from } = exchange;
    // A payload is made once for each time a port is opened, so another one is another program.
    const still = this.listenerAt(exchange.to);
    const backMs = this.#links.between(from.machine, listener.machine).latencyMs;
    if (!still || still.payload !== listener.payload) {
      return this.#fail(exchange, 'reset', backMs, true);
    }
    if (!this.#links.isUp(from.machine, listener.machine)) return this.#timeOut(exchange);
    const bytes = HEAD_BYTES + response.body.length;
    const durationMs = this.#links.durationMs(listener.machine, from.machine, bytes);
    if (this.#kernel.now + durationMs >= exchange.deadlineMs) return this.#timeOut(exchange);
    if (!exchange.quiet) {
      this.#kernel.record({
        actor: listener.name,
        verb: 'answer',
        object: objectOf(exchange),
        detail: { status: response.status, ip: exchange.to.ip },
        flow: { channel: 'request', from: listener.name, to: from.name, bytes, durationMs },
      });
    }
    const outcome: HttpOutcome = {
      ok: true,
      response,
      servedBy: listener.name,
      durationMs: this.#kernel.now + durationMs - exchange.startedMs,
    };
    this.#done.after(durationMs, { exchange, outcome });
  }

  #fail(exchange: Exchange, error: HttpFailure, afterMs: number, isSent = false): void {
    const durationMs = this.#kernel.now + afterMs - exchange.startedMs;
    const sent = isSent && { sent: true as const };
    this.#done.after(afterMs, { exchange, outcome: { ok: false, error, durationMs, ...sent } });
  }

  /** No answer in time to what was sent. */
  #timeOut(exchange: Exchange): void {
    this.#fail(exchange, 'timeout', Math.max(0, exchange.deadlineMs - this.#kernel.now), true);
  }

  /** No connection in time. */
  #unheard(exchange: Exchange): void {
    this.#fail(exchange, 'timeout', this.#connectLeftMs(exchange));
  }

  #absent(exchange: Exchange): void {
    if (this.#connectLeftMs(exchange) <= ABSENT_MS) return this.#unheard(exchange);
    this.#fail(exchange, 'absent', ABSENT_MS);
  }

  #connectLeftMs({ deadlineMs, connectByMs = deadlineMs }: Exchange): number {
    return Math.max(0, Math.min(deadlineMs, connectByMs) - this.#kernel.now);
  }

  #tell({ then, asker }: Exchange, outcome: HttpOutcome): void {
    if (then) this.#kernel.scheduleNamed(0, then.event, { ...then.payload, outcome });
    if (asker) this.#processes.reply(asker, outcome);
  }
}

/** For programs: sends a request and waits for what comes of it. */
export const http = (from: Caller, to: Address, request: HttpRequest, options: HttpOptions = {}) =>
  ask<HttpOutcome>('net/http', { from, to, request, options });
