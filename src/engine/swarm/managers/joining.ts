import { answer, fail } from '../../docker/answer.ts';
import type { EngineResponse } from '../../docker/api.ts';
import { isRefused } from '../../go/refused.ts';
import { SECOND } from '../../sim/clock.ts';
import { ask, sleep, start, type Call, type Resumption } from '../../sim/process.ts';
import { transfer } from '../../net/link.ts';
import type { NodeAvailability } from '../api.ts';
import {
  ALREADY_A_MEMBER,
  failure,
  JOIN_TIMEOUT,
  NO_LEADER,
  notAvailable,
  refused,
} from '../control-api/failure.ts';
import { advertiseAddress, joined, listenAddress, parseHostPort } from './addresses.ts';
import { describeNode } from './founding.ts';
import { parseToken, roleOf } from './join-tokens.ts';
import { digestOfCa } from './root-ca.ts';
import type { SwarmRooms } from './rooms.ts';

/**
 * `docker swarm join` (moby/moby v29.7 `daemon/cluster/swarm.go`, `Join`; moby/swarmkit v2.1
 * `node/node.go`, `ca/server.go`): a machine asks a manager for the swarm's certificate, shows its
 * token, is given one of its own, and registers.
 */
export interface JoinRequest {
  readonly ListenAddr?: string;
  readonly AdvertiseAddr?: string;
  readonly DataPathAddr?: string;
  readonly RemoteAddrs?: readonly string[];
  readonly JoinToken?: string;
  readonly Availability?: NodeAvailability | '';
}

export interface JoinArgs {
  readonly machine: string;
  readonly request: JoinRequest;
}

export const JOINING_SERVICE = 'swarm/joining';

type Step<T> = Generator<Call, T, Resumption>;

/** How a manager is found at an address: nobody answers, or nobody listens, or there it is. */
type Remote =
  { readonly kind: 'silent' | 'refused' } | { readonly kind: 'manager'; readonly machine: string };

export interface JoiningRequest extends JoinArgs {
  readonly op: 'check' | 'check-later' | 'find' | 'pend' | 'admit';
}

/** Model figure: making a key, and having a manager sign the certificate for it. */
const CERTIFICATE_MS = 300;
const CERTIFICATE_BYTES = 2_048;
/** `ca.GetCertRetryInterval`, and how often the swarm's certificate is asked for. */
const RETRY_MS = 2 * SECOND;
const TRIES = 5;
/** `swarmConnectTimeout` */
const CONNECT_TIMEOUT_MS = 20 * SECOND;

const asked = <T>(op: JoiningRequest['op'], args: JoinArgs): Step<T> =>
  ask<T>(JOINING_SERVICE, { op, ...args } satisfies JoiningRequest);

export function* join(args: JoinArgs): Step<EngineResponse> {
  const problem = yield* asked<EngineResponse | undefined>('check', args);
  if (problem) return problem;
  const remote = yield* asked<Remote>('find', args);
  if (remote.kind === 'manager') return yield* present(args, remote.machine);
  if (remote.kind === 'silent') {
    yield* asked('pend', args);
    yield* sleep(CONNECT_TIMEOUT_MS);
    yield* start('swarm/join-later', args);
    return notAvailable(JOIN_TIMEOUT);
  }
  for (let tries = 1; tries < TRIES; tries++) yield* sleep(RETRY_MS);
  const { host, port } = parseHostPort(args.request.RemoteAddrs?.[0] ?? '') ?? {
    host: '',
    port: 0,
  };
  const why = `dial tcp ${host}:${port}: connect: connection refused`;
  const desc = `connection error: desc = "transport: Error while dialing: ${why}"`;
  return refused(failure('Unavailable', desc));
}

/** Goes on trying until the manager answers, or the machine has left what it never joined. */
export function* joinLater(args: JoinArgs): Step<void> {
  for (;;) {
    const problem = yield* asked<EngineResponse | undefined>('check-later', args);
    // A daemon that is a member by now, or waits no more, has one.
    if (problem) return;
    const remote = yield* asked<Remote>('find', args);
    if (remote.kind === 'manager') {
      yield* present(args, remote.machine);
      return;
    }
    yield* sleep(RETRY_MS);
  }
}

function* present(args: JoinArgs, remote: string): Step<EngineResponse> {
  for (const [from, to] of [
    [args.machine, remote],
    [remote, args.machine],
  ]) {
    yield* transfer(from ?? '', to ?? '', CERTIFICATE_BYTES);
  }
  yield* sleep(CERTIFICATE_MS);
  return yield* asked<EngineResponse>('admit', args);
}

/** What is wrong before anybody is asked. */
export function joinProblem(
  { locals, addresses }: SwarmRooms,
  { machine, request }: JoinArgs,
  isLater = false,
): EngineResponse | undefined {
  const local = locals.get(machine);
  const isWaiting = isLater && local?.state === 'pending';
  if (local && !isWaiting) return notAvailable(ALREADY_A_MEMBER);
  if (isLater && !local) return fail(500, 'context canceled');
  const own = addresses.resolve(machine) ?? '127.0.0.1';
  const listen = listenAddress(request.ListenAddr ?? '', own);
  if (isRefused(listen)) return fail(400, listen.refused);
  if ((request.RemoteAddrs ?? []).length === 0) {
    return fail(400, 'at least 1 RemoteAddr is required to join');
  }
  return parseToken(request.JoinToken ?? '') ? undefined : fail(500, 'invalid join token');
}

export function findRemote(rooms: SwarmRooms, { machine, request }: JoinArgs): Remote {
  const { addresses, links, locals, docker } = rooms;
  const { host, port } = parseHostPort(request.RemoteAddrs?.[0] ?? '') ?? { host: '', port: 0 };
  const ip = addresses.resolve(host) ?? host;
  const found = ip.startsWith('127.') ? machine : addresses.machineWith(ip);
  if (found === undefined || !links.isUp(machine, found)) return { kind: 'silent' };
  const local = locals.get(found);
  const listens = local?.member !== undefined && local.advertise.endsWith(`:${port}`);
  const isUp = docker.containers.phase(found) === 'up' && local?.locked === false;
  return listens && isUp ? { kind: 'manager', machine: found } : { kind: 'refused' };
}

/** The manager looks at the token, and lets the machine in. */
export function admit(rooms: SwarmRooms, args: JoinArgs): EngineResponse {
  const { locals, quorum, store, kernel, agent, dispatcher, addresses } = rooms;
  const { machine, request } = args;
  const remote = findRemote(rooms, args);
  const through = remote.kind === 'manager' ? locals.get(remote.machine) : undefined;
  if (!through || !quorum.serves(through)) return refused(NO_LEADER);
  const { swarm } = through;
  const cluster = store.get(swarm, 'cluster', swarm);
  const token = parseToken(request.JoinToken ?? '');
  if (!cluster || !token) return refused(NO_LEADER);
  if (token.digest !== digestOfCa(cluster.rootCa)) {
    return fail(500, `remote CA does not match fingerprint. Expected: ${token.digest}`);
  }
  const role = roleOf(cluster, token.token);
  if (role === undefined) {
    const why = 'A valid join token is necessary to join this cluster';
    return refused(failure('InvalidArgument', why));
  }
  const own = addresses.resolve(machine) ?? '127.0.0.1';
  const listen = listenAddress(request.ListenAddr ?? '', own);
  const port = isRefused(listen) ? 0 : listen.port;
  const advertise = advertiseAddress(request.AdvertiseAddr ?? '', own, port);
  const address = isRefused(advertise) ? `${own}:${port}` : joined(advertise);
  const node = store.newId();
  const availability = request.Availability === '' ? undefined : request.Availability;
  const described = describeNode(rooms, { machine, id: node, role, availability });
  const record = kernel.record({
    actor: `agent/${machine}`,
    verb: 'join',
    object: `swarm ${swarm}`,
    detail: { role },
    flow: { channel: 'api', from: `agent/${machine}`, to: `manager/${through.machine}` },
  });
  return kernel.because(record, () => {
    if (!store.write(swarm, [{ kind: 'node', set: described }])) return refused(NO_LEADER);
    locals.set({
      ...{ machine, swarm, node, state: 'active', error: '', locked: false },
      ...{ advertise: address, availability: availability ?? 'active' },
    });
    agent.start(machine);
    if (role === 'manager') addManager(rooms, swarm, node);
    dispatcher.register(swarm, node);
    return answer(200, {});
  });
}

/** A node becomes a member of the managers' group; false when it cannot be now. */
export function addManager(rooms: SwarmRooms, swarm: string, node: string): boolean {
  const { locals, quorum, store } = rooms;
  const local = locals.ofNode(node);
  if (!local) return false;
  const member = local.member ?? quorum.newMember(local.machine);
  const { unlockKey } = store.get(swarm, 'cluster', swarm) ?? {};
  if (local.member === undefined) {
    if (!quorum.add(swarm, member)) return false;
    locals.set({ ...local, member, ...(unlockKey !== undefined && { lockedWith: unlockKey }) });
    quorum.review();
  }
  const row = store.get(swarm, 'node', node);
  if (!row) return false;
  const manager = { raftId: member, address: local.advertise };
  return store.write(swarm, [{ kind: 'node', set: { ...row, manager } }]);
}
