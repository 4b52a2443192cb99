import { answer, fail } from '../../docker/answer.ts';
import type { EngineResponse, SystemInfo } from '../../docker/api.ts';
import { isRefused } from '../../go/refused.ts';
import { ask, sleep, type Call, type Resumption } from '../../sim/process.ts';
import type { NodeAvailability, NodeRole } from '../api.ts';
import { ALREADY_A_MEMBER, NO_LEADER, notAvailable, WORKER } from '../control-api/failure.ts';
import type { ClusterObject, NodeObject } from '../objects.ts';
import {
  advertiseAddress,
  dataPathProblem,
  joined,
  listenAddress,
  poolProblem,
} from './addresses.ts';
import {
  DEFAULT_ADDRESS_POOL,
  DEFAULT_CLUSTER_SPEC,
  DEFAULT_DATA_PATH_PORT,
  DEFAULT_SUBNET_SIZE,
  mergeSpec,
  type PartialSpec,
} from './cluster-defaults.ts';
import { newToken } from './join-tokens.ts';
import { newRootCa } from './root-ca.ts';
import type { SwarmRooms } from './rooms.ts';
import { newUnlockKey } from './locking.ts';

/**
 * `docker swarm init` (moby/moby v29.7 `daemon/cluster/swarm.go`, `Init`): a machine becomes the first
 * manager of a swarm; with `ForceNewCluster` the only one of the swarm it has.
 */
export interface InitRequest {
  readonly ListenAddr?: string;
  readonly AdvertiseAddr?: string;
  readonly DataPathAddr?: string;
  readonly DataPathPort?: number;
  readonly DefaultAddrPool?: readonly string[] | null;
  readonly ForceNewCluster?: boolean;
  readonly Spec?: PartialSpec;
  readonly AutoLockManagers?: boolean;
  readonly Availability?: NodeAvailability | '';
  readonly SubnetSize?: number;
}

export interface FoundingArgs {
  readonly machine: string;
  readonly request: InitRequest;
}

export type FoundingRequest = FoundingArgs & { readonly op: 'check' | 'found' };

export const FOUNDING_SERVICE = 'swarm/founding';

/** Model figure: making the certificates, and a single manager's election. */
const INIT_MS = 400;

export function* initialize(args: FoundingArgs): Generator<Call, EngineResponse, Resumption> {
  const check = { op: 'check', ...args } satisfies FoundingRequest;
  const problem = yield* ask<EngineResponse | undefined>(FOUNDING_SERVICE, check);
  if (problem) return problem;
  yield* sleep(INIT_MS);
  return yield* ask(FOUNDING_SERVICE, { op: 'found', ...args } satisfies FoundingRequest);
}

/** Why a machine cannot found a swarm; undefined when it can. */
export function initProblem(
  { locals, addresses }: SwarmRooms,
  machine: string,
  request: InitRequest,
): EngineResponse | undefined {
  const local = locals.get(machine);
  if (local && !request.ForceNewCluster) return notAvailable(ALREADY_A_MEMBER);
  if (local && local.member === undefined) return notAvailable(WORKER);
  const name = request.Spec?.Name ?? '';
  if (name !== '' && name !== 'default') return fail(400, 'swarm spec must be named "default"');
  const own = addresses.resolve(machine) ?? '127.0.0.1';
  const listen = listenAddress(request.ListenAddr ?? '', own);
  if (isRefused(listen)) return fail(400, listen.refused);
  const advertise = advertiseAddress(request.AdvertiseAddr ?? '', own, listen.port);
  if (isRefused(advertise)) return fail(400, advertise.refused);
  const wrong =
    dataPathProblem(request.DataPathAddr ?? '', request.DataPathPort ?? 0, own) ??
    poolProblem(request.DefaultAddrPool ?? [], request.SubnetSize ?? DEFAULT_SUBNET_SIZE);
  return wrong === undefined ? undefined : fail(400, wrong);
}

/** Founds a swarm, for a request without problems; the answer is the node's id. */
export function found(rooms: SwarmRooms, machine: string, request: InitRequest): EngineResponse {
  const { locals, quorum, store, kernel, addresses, agent, dispatcher, allocator } = rooms;
  if (locals.get(machine)) return foundAnew(rooms, machine);
  const own = addresses.resolve(machine) ?? '127.0.0.1';
  const listen = listenAddress(request.ListenAddr ?? '', own);
  const port = isRefused(listen) ? 0 : listen.port;
  const advertise = advertiseAddress(request.AdvertiseAddr ?? '', own, port);
  const address = isRefused(advertise) ? own : joined(advertise);
  const [swarm, node] = [store.newId(), store.newId()];
  const member = quorum.newMember(machine);
  const availability = request.Availability === '' ? undefined : request.Availability;
  const cluster = newCluster(rooms, swarm, request);
  locals.set({
    ...{ machine, swarm, node, state: 'active', error: '', member, locked: false },
    ...{ advertise: address, availability: availability ?? 'active' },
    ...(cluster.unlockKey !== undefined && { lockedWith: cluster.unlockKey }),
  });
  const record = kernel.record({
    actor: `manager/${machine}`,
    verb: 'init',
    object: `swarm ${swarm}`,
  });
  kernel.because(record, () => {
    agent.start(machine);
    quorum.raft.start({ [member]: machine });
    const described = describeNode(rooms, { machine, id: node, role: 'manager', availability });
    const set: NodeObject = { ...described, manager: { raftId: member, address } };
    store.write(swarm, [
      { kind: 'cluster', set: cluster },
      { kind: 'node', set },
    ]);
    dispatcher.register(swarm, node);
    allocator.founded(swarm);
  });
  return answer(200, node);
}

function newCluster({ kernel }: SwarmRooms, swarm: string, request: InitRequest): ClusterObject {
  const rootCa = newRootCa(kernel.random('swarm', swarm, 'ca'));
  const token = (role: NodeRole): string =>
    newToken(rootCa, kernel.random('swarm', swarm, 'token', role, 0));
  const spec = mergeSpec(DEFAULT_CLUSTER_SPEC, request.Spec ?? {});
  const AutoLockManagers = request.AutoLockManagers ?? spec.EncryptionConfig.AutoLockManagers;
  const pool = request.DefaultAddrPool ?? [];
  return {
    ...{ id: swarm, version: 0, createdAtMs: 0, updatedAtMs: 0 },
    spec: { ...spec, EncryptionConfig: { AutoLockManagers } },
    joinTokens: { worker: token('worker'), manager: token('manager') },
    ...(AutoLockManagers && {
      unlockKey: newUnlockKey(kernel.random('swarm', swarm, 'unlock', 0)),
    }),
    addressPool: pool.length === 0 ? DEFAULT_ADDRESS_POOL : pool,
    subnetSize: request.SubnetSize ? request.SubnetSize : DEFAULT_SUBNET_SIZE,
    dataPathPort: request.DataPathPort ? request.DataPathPort : DEFAULT_DATA_PATH_PORT,
    rootCa,
  };
}

/** A node as its daemon describes itself; not registered yet. */
export function describeNode(
  { docker, addresses }: SwarmRooms,
  node: {
    readonly machine: string;
    readonly id: string;
    readonly role: NodeRole;
    readonly availability?: NodeAvailability | undefined;
  },
): NodeObject {
  const { machine, id, role, availability = 'active' } = node;
  const info = docker.look<SystemInfo>(machine, '/info').body;
  return {
    ...{ id, version: 0, createdAtMs: 0, updatedAtMs: 0 },
    spec: { Role: role, Availability: availability, Labels: {} },
    ...{ machine, hostname: info.Name, ip: addresses.resolve(machine) ?? '127.0.0.1' },
    ...{ cpus: info.NCPU, memoryBytes: info.MemTotal, engineVersion: info.ServerVersion },
    engineLabels: {},
    ...{ architecture: info.Architecture, os: info.OSType },
    ...{ state: 'unknown', message: '' },
  };
}

/**
 * `--force-new-cluster`: the managers that cannot be reached any more are left out.
 *
 * Simplified: a manager that was left out does not go on as a swarm of its own; it has to leave and
 * to join again.
 */
function foundAnew(rooms: SwarmRooms, machine: string): EngineResponse {
  const { locals, quorum, store, kernel, dispatcher } = rooms;
  const own = locals.get(machine)!;
  const { swarm, node } = own;
  const others = locals.managersOf(swarm).filter((local) => local.machine !== machine);
  for (const { member = '' } of [own, ...others]) quorum.raft.forget(member);
  for (const local of others) {
    const { member: _, ...rest } = local;
    locals.set({ ...rest, state: 'error', error: NO_LEADER.message });
  }
  const member = quorum.newMember(machine);
  locals.set({ ...own, member, locked: false });
  const record = kernel.record({
    actor: `manager/${machine}`,
    verb: 'init',
    object: `swarm ${swarm}`,
    detail: { force: true },
  });
  kernel.because(record, () => {
    quorum.raft.start({ [member]: machine });
    const managers = store.list(swarm, 'node').filter(({ manager }) => manager !== undefined);
    store.write(
      swarm,
      managers.map((row) => {
        const { manager, ...rest } = row;
        const address = manager?.address ?? own.advertise;
        const kept = row.id === node ? { manager: { raftId: member, address } } : {};
        return { kind: 'node', set: { ...rest, ...kept } };
      }),
    );
    dispatcher.review(swarm);
  });
  return answer(200, node);
}
