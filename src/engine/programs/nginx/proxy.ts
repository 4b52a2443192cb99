import type { HttpOutcome, Upstream } from '../../net/http.ts';
import type { Forwarded, LogText, NameQuestion } from '../program.ts';
import { readUrl } from '../url.ts';
import { builtOf } from './built.ts';
import type { Directive } from './configuration.ts';
import { errorLine, expand, type Answer, type Exchange } from './exchange.ts';
import { errorPage } from './pages.ts';
import { choosePeer, freePeer, isSingle, triesOf, type Peer, type PeerStates } from './peers.ts';
import { settingOf, timeSettingOf } from './sites.ts';
import { upstreamOf, type Known, type Names } from './upstream.ts';

/**
 * `proxy_pass`: the servers of an upstream are asked one after another, until one answers or the
 * rules say that the request is not to be sent again (nginx 1.29 `src/http/ngx_http_upstream.c`,
 * `ngx_http_upstream_next`, `ngx_http_upstream_test_next`).
 *
 * Simplified: no connections are kept, and nothing is stored.
 */
const TIMEOUT_MS = 60_000;
const NEXT = ['error', 'timeout'];
/** Not sent again once it was sent, unless `proxy_next_upstream non_idempotent` says so. */
const NON_IDEMPOTENT = ['POST', 'LOCK', 'PATCH'];

/** What is remembered of upstreams between requests. */
interface Memory {
  /** When the configuration was read; what was known before is of no use. */
  readonly readMs: number;
  readonly groups: Readonly<Record<string, PeerStates>>;
  readonly names: Names;
}

/** What is told again with what came of a forwarded request. */
interface Note {
  readonly peers: readonly Peer[];
  readonly name: string;
  /** Under which what is known of the peers is remembered. */
  readonly key?: string;
  /** What is known of them where they belong to this request alone. */
  readonly own: PeerStates;
  readonly address: string;
  readonly tried: readonly string[];
  readonly left: number;
  readonly startedMs: number;
}

export type Proxied = Answer | Forwarded | { readonly lookup: NameQuestion };

/** What `proxy_pass` says of one request. */
interface Passing {
  readonly exchange: Exchange;
  readonly location: Directive | undefined;
  readonly proxyHost: string;
  readonly path: string;
  readonly memory: Memory;
}

export function proxy(
  exchange: Exchange,
  location: Directive | undefined,
  target: string,
): Proxied {
  const { client } = exchange;
  const url = readUrl(expand(exchange, target));
  if (typeof url === 'string') return errorPage(exchange, 500);
  const { host, port } = url;
  const readMs = client.resolved?.atMs ?? 0;
  const before = client.state as Memory | undefined;
  const memory =
    before?.readMs === readMs ? before : { readMs, groups: {}, names: {} satisfies Names };
  const passing: Passing = {
    ...{ exchange, location, memory },
    proxyHost: port === 80 ? host : `${host}:${port}`,
    path: pathOf(exchange, location, target),
  };
  const note = client.note as Note | undefined;
  if (client.upstream !== undefined && note) return hear(passing, note, client.upstream);
  const known = upstreamOf(exchange, location, { target, host, port, names: memory.names });
  if ('lookup' in known) return known;
  if ('failure' in known) return refuse(passing, known.failure, { waitedMs: known.waitedMs ?? 0 });
  return begin({ ...passing, memory: { ...memory, names: known.names } }, known);
}

/**
 * With a path of its own, proxy_pass replaces the part that the location matched; with variables in
 * it, all of it.
 */
function pathOf(exchange: Exchange, location: Directive | undefined, target: string): string {
  const { request, uri, rewritten } = exchange;
  const query = /\?.*$/s.exec(request.path)?.[0] ?? '';
  const asked = rewritten ? `${uri}${query}` : request.path;
  if (target.includes('$')) {
    return /^https?:\/\/[^/]+(\/.*)$/.exec(expand(exchange, target))?.[1] ?? asked;
  }
  const given = /^https?:\/\/[^/]+(\/.*)?$/.exec(target)?.[1];
  const prefix = location?.args.length === 1 ? (location.args[0] ?? '') : '';
  return given === undefined ? asked : `${given}${uri.slice(prefix.length)}${query}`;
}

function begin(passing: Passing, { peers, name, key }: Known): Proxied {
  const limit = Number(setting(passing, 'proxy_next_upstream_tries')?.[0] ?? 0);
  const all = triesOf(peers);
  const left = limit > 0 ? Math.min(limit, all) : all;
  const startedMs = passing.exchange.client.timeMs;
  const fresh = { own: {}, address: '', tried: [] };
  return ask(passing, {
    peers,
    name,
    ...(key !== undefined && { key }),
    left,
    startedMs,
    ...fresh,
  });
}

const statesOf = ({ groups }: Memory, { key, own }: Note): PeerStates =>
  key === undefined ? own : Object.hasOwn(groups, key) ? groups[key]! : {};

/** What is known of the peers now, kept where it belongs. */
function keep(memory: Memory, note: Note, states: PeerStates): { memory: Memory; note: Note } {
  if (note.key === undefined) return { memory, note: { ...note, own: states } };
  return { memory: { ...memory, groups: { ...memory.groups, [note.key]: states } }, note };
}

const secondsOf = ({ exchange }: Passing): number => Math.floor(exchange.client.timeMs / 1000);

/** Sends it to the next server in turn. */
function ask(passing: Passing, before: Note, log: readonly LogText[] = []): Proxied {
  const { exchange, path } = passing;
  const { request } = exchange;
  const states = statesOf(passing.memory, before);
  const chosen = choosePeer(before.peers, states, before.tried, secondsOf(passing));
  if (!chosen) {
    const why = `no live upstreams ${CONNECTING}`;
    return refuse(passing, why, { upstream: `http://${before.name}${path}`, log });
  }
  const { memory, note } = keep(passing.memory, before, chosen.states);
  const { address } = chosen.peer;
  const [host = '', port = '80'] = address.split(':');
  const own = proxyHeaders(passing);
  const connectMs = timeSetting(passing, 'proxy_connect_timeout');
  const readMs = timeSetting(passing, 'proxy_read_timeout');
  return {
    forward: {
      ...{ host, port: Number(port), connectMs, timeoutMs: Math.max(connectMs, readMs) },
      request: {
        ...{ method: request.method, path, host: own.host ?? passing.proxyHost },
        headers: { ...request.headers, ...own, connection: 'close' },
        ...(request.body === undefined ? {} : { body: request.body }),
      },
      note: { ...note, address, tried: [...note.tried, address] } satisfies Note,
    },
    state: memory,
    log,
  };
}

/** What came of it: an answer, another try, or a page of nginx's own. */
function hear(passing: Passing, before: Note, upstream: Upstream): Proxied {
  const { exchange, path } = passing;
  const { peers, address } = before;
  if (upstream === 'abandoned') {
    return { status: 499, body: new Uint8Array(0), state: passing.memory };
  }
  const failure = failureOf(passing, upstream, before.left > 1);
  const states = statesOf(passing.memory, before);
  const asked = { address, hasFailed: failure !== undefined, nowS: secondsOf(passing) };
  const freed = freePeer(peers, states, asked);
  const { memory, note } = keep(passing.memory, before, freed.states);
  if (!failure) return answerOf(upstream as HttpOutcome & { ok: true }, memory);
  const about = `http://${address}${path}`;
  const disabled = `upstream server temporarily disabled ${failure.at}`;
  const log = [
    ...(failure.why === undefined ? [] : [errorLine(exchange, 'error', failure.why, about)]),
    ...(freed.isDisabled ? [errorLine(exchange, 'warn', disabled, about)] : []),
  ];
  // A server that timed out is put aside before that is told.
  if (failure.kinds.includes('timeout')) log.reverse();
  const left = isSingle(peers) ? 0 : note.left - 1;
  if (left === 0 || !isNext(passing, note, failure)) {
    return { ...errorPage(exchange, failure.status, log), state: memory };
  }
  return ask({ ...passing, memory }, { ...note, left }, log);
}

interface Failure {
  readonly status: number;
  /** What it is called in `proxy_next_upstream`. */
  readonly kinds: readonly string[];
  readonly why?: string;
  readonly at: string;
}

const CONNECTING = 'while connecting to upstream';
const READING = 'while reading response header from upstream';

function failureOf(
  passing: Passing,
  upstream: Exclude<Upstream, 'abandoned'>,
  mayTryAgain: boolean,
): Failure | undefined {
  const { exchange } = passing;
  const isMusl = builtOf(exchange.context).compiler.includes('Alpine');
  if (upstream === 'unresolved') {
    const why = `connect() failed (113: ${absentIn(isMusl)}) ${CONNECTING}`;
    return { status: 502, kinds: ['error'], why, at: CONNECTING };
  }
  if (upstream.ok) return badStatus(passing, upstream, mayTryAgain);
  const { request } = exchange;
  const { error, sent = false } = upstream;
  const at = sent ? READING : CONNECTING;
  const words = {
    refused: 'connect() failed (111: Connection refused)',
    unreachable: `connect() failed (101: ${isMusl ? 'Network unreachable' : 'Network is unreachable'})`,
    absent: `connect() failed (113: ${absentIn(isMusl)})`,
    timeout: `upstream timed out (110: ${isMusl ? 'Operation' : 'Connection'} timed out)`,
    reset: 'recv() failed (104: Connection reset by peer)',
  };
  const isUnsafe = sent && NON_IDEMPOTENT.includes(request.method);
  return {
    status: error === 'timeout' ? 504 : 502,
    kinds: [error === 'timeout' ? 'timeout' : 'error', ...(isUnsafe ? ['non_idempotent'] : [])],
    why: `${words[error]} ${at}`,
    at,
  };
}

const absentIn = (isMusl: boolean): string => (isMusl ? 'Host is unreachable' : 'No route to host');

/** An answer that says nothing, or one that `proxy_next_upstream` names. */
function badStatus(
  passing: Passing,
  { response: { status } }: HttpOutcome & { ok: true },
  mayTryAgain: boolean,
): Failure | undefined {
  if (status === 0) {
    const why = `upstream sent no valid HTTP/1.0 header ${READING}`;
    return { status: 502, kinds: ['invalid_header'], why, at: READING };
  }
  const { method } = passing.exchange.request;
  const unsafe = NON_IDEMPOTENT.includes(method) ? ['non_idempotent'] : [];
  const failure: Failure = { status, kinds: [`http_${status}`, ...unsafe], at: READING };
  return mayTryAgain && isAllowed(passing, failure) ? failure : undefined;
}

function isNext(passing: Passing, { startedMs }: Note, failure: Failure): boolean {
  const limitMs = timeSetting(passing, 'proxy_next_upstream_timeout', 0);
  const passedMs = passing.exchange.client.timeMs - startedMs;
  return isAllowed(passing, failure) && (limitMs === 0 || passedMs < limitMs);
}

function isAllowed(passing: Passing, { kinds }: Failure): boolean {
  const allowed = setting(passing, 'proxy_next_upstream') ?? NEXT;
  return !allowed.includes('off') && kinds.every((kind) => allowed.includes(kind));
}

function answerOf({ response }: HttpOutcome & { ok: true }, state: Memory): Answer {
  const { status, headers, body } = response;
  const {
    Server: _own,
    server: _too,
    'Content-Length': _length,
    'content-length': _n,
    ...rest
  } = headers;
  const type = rest['Content-Type'] ?? rest['content-type'];
  const { 'Content-Type': _type, 'content-type': _kind, ...kept } = rest;
  return { status, body, headers: kept, state, ...(type === undefined ? {} : { type }) };
}

interface Refusing {
  /** Who was asked, as the log has it. */
  readonly upstream?: string;
  readonly waitedMs?: number;
  /** What was to be told before. */
  readonly log?: readonly LogText[];
}

/** 502, with a line that says why. */
function refuse({ exchange, memory }: Passing, why: string, more: Refusing): Answer {
  const { upstream, waitedMs = 0, log = [] } = more;
  const lines = [...log, errorLine(exchange, 'error', why, upstream)];
  return { ...errorPage(exchange, 502, lines), state: memory, waitedMs };
}

const setting = ({ exchange, location }: Passing, name: string) =>
  settingOf(name, location?.block, exchange.server.directives, exchange.site.http);

const timeSetting = (passing: Passing, name: string, otherwiseMs = TIMEOUT_MS): number =>
  timeSettingOf(setting(passing, name)?.[0]) ?? otherwiseMs;

/** Those of the innermost block that has any. */
function proxyHeaders({ exchange, location }: Passing): Record<string, string> {
  const { server, site } = exchange;
  const set = [location?.block ?? [], server.directives, site.http]
    .map((block) => block.filter(({ name }) => name === 'proxy_set_header'))
    .find(({ length }) => length > 0);
  return Object.fromEntries(
    (set ?? []).map(({ args }) => [(args[0] ?? '').toLowerCase(), expand(exchange, args[1] ?? '')]),
  );
}
