import { answer } from '../../docker/answer.ts';
import { dockerService, type ContainerSummary, type EngineResponse } from '../../docker/api.ts';
import { ask, type Call, type Resumption } from '../../sim/process.ts';
import { NOT_A_MEMBER, notAvailable } from '../control-api/failure.ts';
import type { LocalRow } from './locals.ts';
import type { SwarmRooms } from './rooms.ts';

/** `docker swarm leave` (moby/moby v29.7 `daemon/cluster/swarm.go`, `Leave`). */
export interface LeaveArgs {
  readonly machine: string;
  readonly force: boolean;
}

export const LEAVING_SERVICE = 'swarm/leaving';

type Left = { readonly refusal: EngineResponse } | { readonly node: string };

const LOCKED =
  'Swarm is encrypted and locked. Please unlock it first or use `--force` to ignore this message.';
const AS_MANAGER =
  'You are attempting to leave the swarm on a node that is participating as a manager. ';
const ONLY_WAY =
  'The only way to restore a swarm that has lost consensus is to reinitialize it with ' +
  '`--force-new-cluster`. Use `--force` to suppress this message.';
const LAST_MANAGER =
  'Removing the last manager erases all current state of the swarm. Use `--force` to ignore this ' +
  'message. ';

/** Leaves, and takes the containers of its tasks away. */
export function* leaveSwarm({
  machine,
  force,
}: LeaveArgs): Generator<Call, EngineResponse, Resumption> {
  const left = yield* ask<Left>(LEAVING_SERVICE, { machine, force });
  if ('refusal' in left) return left.refusal;
  const docker = dockerService(machine);
  const filters = JSON.stringify({ label: { [`com.docker.swarm.node.id=${left.node}`]: true } });
  const list = { method: 'GET', path: '/containers/json', query: { all: '1', filters } };
  const found = yield* ask<EngineResponse<ContainerSummary[]>>(docker, list);
  for (const { Id } of found.status === 200 ? found.body : []) {
    yield* ask(docker, { method: 'DELETE', path: `/containers/${Id}`, query: { force: '1' } });
  }
  return answer(200, {});
}

export function leave(rooms: SwarmRooms, { machine, force }: LeaveArgs): Left {
  const { locals, kernel, agent } = rooms;
  const local = locals.get(machine);
  if (!local) return { refusal: notAvailable(NOT_A_MEMBER) };
  if (local.locked && !force) return { refusal: notAvailable(LOCKED) };
  if (local.member !== undefined && !force) {
    return { refusal: notAvailable(AS_MANAGER + warningOf(rooms, local)) };
  }
  const record = kernel.record({
    actor: `agent/${machine}`,
    verb: 'leave',
    object: `swarm ${local.swarm}`,
  });
  kernel.because(record, () => {
    agent.forget(machine);
    dropMember(rooms, local);
    locals.delete(machine);
    rooms.dispatcher.review(local.swarm);
  });
  return { node: local.node };
}

/** What a manager that leaves takes from the others. */
function warningOf({ quorum }: SwarmRooms, local: LocalRow): string {
  const { swarm } = local;
  if (!quorum.serves(local)) return ONLY_WAY;
  const members = quorum.members(swarm);
  const reachable = members.filter((member) => quorum.isReachable(swarm, member)).length;
  const unreachable = members.length - reachable;
  if (reachable - 2 > unreachable) return ONLY_WAY;
  if (reachable === 1 && unreachable === 0) return LAST_MANAGER;
  return (
    `Removing this node leaves ${reachable - 1} managers out of ${members.length}. Without a Raft ` +
    `quorum your swarm will be inaccessible. ${ONLY_WAY}`
  );
}

/** Its member stays in the group, unreachable, until somebody demotes it; the last one ends it. */
function dropMember({ locals, quorum, store }: SwarmRooms, local: LocalRow): void {
  const { swarm, member } = local;
  if (member === undefined) return;
  const others = locals.managersOf(swarm).filter((one) => one.machine !== local.machine);
  if (others.length > 0) {
    quorum.setUp(member, false);
    return;
  }
  for (const id of quorum.raft.member(member)
    ? Object.keys(quorum.raft.member(member)!.members)
    : [])
    if (quorum.raft.member(id)) quorum.raft.forget(id);
  quorum.forget(swarm);
  store.forget(swarm);
}
