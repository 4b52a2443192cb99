import { runningTimeoutOf } from '../options.ts';
import { ask, Interrupt } from '../../../sim/process.ts';
import { parseUnsigned } from '../../../go/numbers.ts';
import { isRefused } from '../../../go/refused.ts';
import type { Pod } from '../../api/pod.ts';
import type { Service } from '../../api/cluster-objects.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { objectNamed, podsOf } from '../pods.ts';
import { refused } from '../problems.ts';
import {
  changes,
  check,
  complain,
  dieWith,
  fatal,
  misused,
  observe,
  print,
  serverOf,
  type Session,
  type Step,
} from '../session.ts';

/**
 * `kubectl port-forward` (staging/src/k8s.io/kubectl/pkg/cmd/portforward/portforward.go and
 * client-go/tools/portforward, v1.36): while it runs, a port of this machine leads to a Pod.
 *
 * Simplified: only HTTP passes, and a free port is the first above 30000 instead of any.
 */
interface Pair {
  readonly local: number;
  readonly remote: number;
}

const FREE_PORTS = 30_000;
const FREE_PORTS_TRIED = 100;

export function* portForward(session: Session): Step<number> {
  const { words, flags } = session;
  if (words.length < 2) {
    yield* misused(session, 'TYPE/NAME and list of ports are required for port-forward');
  }
  yield* runningTimeoutOf(session);
  const { object } = yield* objectNamed(session, words[0] ?? '');
  const [pod] = yield* podsOf(session, object!);
  if (!pod) return yield* fatal(session, 'timed out waiting for the condition');
  const pairs: Pair[] = [];
  for (const word of words.slice(1)) pairs.push(yield* pairOf(session, word, object!, pod));
  const { phase } = pod.status;
  if (phase !== 'Running') {
    const why = `unable to forward port because pod is not running. Current status=${phase}`;
    yield* fatal(session, why);
  }
  const opened: Open[] = [];
  try {
    for (const address of addressesOf(flags.all('address'))) {
      for (const pair of pairs) {
        const open = yield* listen(session, pod, pair, address);
        if (open) opened.push(open);
      }
    }
    if (opened.length === 0) {
      const wanted = pairs.map(({ local, remote }) => `{${local} ${remote}}`).join(' ');
      yield* fatal(session, `unable to listen on any of the requested ports: [${wanted}]`);
    }
    yield* untilGone(session, pod);
  } catch (error) {
    if (error instanceof Interrupt) yield* closeAll(opened);
    throw error;
  }
  yield* closeAll(opened);
  return yield* complain(session, 'error: lost connection to pod');
}

interface Open {
  readonly ip: string;
  readonly port: number;
  readonly on: string;
}

function* closeAll(opened: readonly Open[]): Step<void> {
  for (const at of opened) yield* ask('kubectl/close', { at });
}

/** IPv4 addresses to listen at; `localhost` is also reached by `::1`. */
const addressesOf = (given: readonly string[]): string[] =>
  (given.length > 0 ? given : ['localhost']).map((one) =>
    one === 'localhost' ? '127.0.0.1' : one,
  );

function* listen(
  session: Session,
  { metadata }: Pod,
  { local, remote }: Pair,
  ip: string,
): Step<Open | undefined> {
  const { machine } = session.line;
  const { identity } = session.configuration;
  const server = yield* serverOf(session);
  const first = local === 0 ? FREE_PORTS : local;
  const tried = local === 0 ? FREE_PORTS_TRIED : 1;
  for (let port = first; port < first + tried; port++) {
    const at = { ip, port, on: machine };
    const done = yield* ask<boolean>('kubectl/listen', {
      machine,
      at,
      server,
      namespace: metadata.namespace ?? '',
      pod: metadata.name,
      port: remote,
      stdout: session.self.stdout,
      ...(identity && { identity }),
    });
    if (!done) continue;
    yield* print(session, `Forwarding from ${ip}:${port} -> ${remote}\n`);
    if (ip === '127.0.0.1') yield* print(session, `Forwarding from [::1]:${port} -> ${remote}\n`);
    return at;
  }
  const taken = (host: string, tcp: string): string =>
    `unable to create listener: Error listen ${tcp} ${host}:${local}: bind: address already in use`;
  const both =
    ip === '127.0.0.1' ? [taken(ip, 'tcp4'), taken('[::1]', 'tcp6')] : [taken(ip, 'tcp4')];
  const errors = `[${both.join(' ')}]`;
  yield* complain(
    session,
    `Unable to listen on port ${local}: Listeners failed to create with the following errors: ${errors}`,
  );
  return undefined;
}

/** `8080:80`, `:80`, `80` or the name of a port. */
function* pairOf(session: Session, word: string, object: KubeObject, pod: Pod): Step<Pair> {
  const parts = word.split(':');
  if (parts.length > 2) yield* fatal(session, `invalid port format '${word}'`);
  const [left = '', right = left] = parts;
  const remote = yield* remoteOf(session, right, object, pod);
  const local = parts.length === 2 ? left || '0' : left;
  const number = parseUnsigned(local, 16);
  if (!isRefused(number)) return { local: number, remote };
  if (parts.length === 1) return { local: remote, remote };
  const syntax = `strconv.ParseUint: parsing ${JSON.stringify(local)}: invalid syntax`;
  return yield* fatal(session, `error parsing local port '${local}': ${syntax}`);
}

function* remoteOf(session: Session, word: string, object: KubeObject, pod: Pod): Step<number> {
  const number = /^\d{1,5}$/.test(word) ? Number(word) : undefined;
  if (object.kind !== 'Service') {
    const named = number ?? portNamed(pod, word);
    return (
      named ??
      (yield* fatal(session, `Pod '${pod.metadata.name}' does not have a named port '${word}'`))
    );
  }
  const { spec, metadata } = object as Service;
  const port = spec.ports?.find((one) =>
    number === undefined ? one.name === word : one.port === number,
  );
  if (!port) {
    const what = number === undefined ? 'named port' : 'service port';
    const shown = number === undefined ? `'${word}'` : String(number);
    return yield* fatal(
      session,
      `Service ${number === undefined ? `'${metadata.name}'` : metadata.name} does not have a ${what} ${shown}`,
    );
  }
  const target = port.targetPort ?? port.port;
  if (typeof target === 'number') return target === 0 ? port.port : target;
  const found = portNamed(pod, target);
  return (
    found ??
    (yield* fatal(session, `Pod '${pod.metadata.name}' does not have a named port '${target}'`))
  );
}

function portNamed({ spec }: Pod, name: string): number | undefined {
  for (const { ports = [] } of spec.containers) {
    const found = ports.find((port) => port.name === name);
    if (found) return found.containerPort;
  }
  return undefined;
}

function* untilGone(session: Session, { metadata }: Pod): Step<void> {
  const { name, namespace = '', uid } = metadata;
  const place = { resource: 'pods' as const, namespace, name };
  const begun = yield* observe(session, place);
  if (!begun.ok) return yield* check(session, [refused(begun.failure)]);
  let { resourceVersion } = begun.value;
  const { object } = begun.value;
  if (object?.metadata.uid !== uid) return;
  for (;;) {
    const answer = yield* changes(session, { ...place, resourceVersion });
    if (!answer.ok) return yield* dieWith(session, 'error: lost connection to pod');
    resourceVersion = answer.value.resourceVersion;
    for (const { type, object: now } of answer.value.events) {
      const { phase } = (now as Pod).status;
      if (type === 'DELETED' || phase === 'Succeeded' || phase === 'Failed') return;
    }
  }
}
