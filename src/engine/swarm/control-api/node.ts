import { goQuote } from '../../go/quote.ts';
import type { NodeAvailability, NodeRole, NodeSpec } from '../api.ts';
import type { SwarmRooms } from '../managers/rooms.ts';
import type { NodeObject } from '../objects.ts';
import type { Change } from '../store.ts';
import { compareStates } from '../task.ts';
import { failure, NO_LEADER, OUT_OF_SEQUENCE, type Failure } from './failure.ts';

/** Changing and removing nodes (moby/swarmkit v2.1 `manager/controlapi/node.go`). */
const ROLES: readonly string[] = ['worker', 'manager'];
const AVAILABILITIES: readonly string[] = ['active', 'pause', 'drain'];

/** Why a specification is none, in the daemon's own words (`convert/node.go`). */
export function nodeSpecProblem({ Role, Availability }: Partial<NodeSpec>): string | undefined {
  if (!ROLES.includes((Role ?? '').toLowerCase())) return `invalid Role: ${goQuote(Role ?? '')}`;
  return AVAILABILITIES.includes((Availability ?? '').toLowerCase())
    ? undefined
    : `invalid Availability: ${goQuote(Availability ?? '')}`;
}

export function updateNode(
  { store, quorum }: SwarmRooms,
  swarm: string,
  node: NodeObject,
  version: number,
  asked: NodeSpec,
): Failure | undefined {
  if (node.spec.Role === 'manager' && asked.Role.toLowerCase() === 'worker') {
    const managers = store.list(swarm, 'node').filter(({ manager }) => manager !== undefined);
    if (managers.length === 1 && managers[0]?.id === node.id) {
      const why = 'attempting to demote the last manager of the swarm';
      return failure('FailedPrecondition', why);
    }
    const member = node.manager?.raftId;
    if (member === undefined || !quorum.members(swarm).includes(member)) {
      return failure('NotFound', "can't find manager in raft memberlist");
    }
    if (!quorum.canRemove(swarm, member)) {
      const why = "can't remove member from the raft: this would result in a loss of quorum";
      return failure('FailedPrecondition', why);
    }
  }
  if (version !== node.version) return OUT_OF_SEQUENCE;
  const spec: NodeSpec = {
    ...asked,
    Role: asked.Role.toLowerCase() as NodeRole,
    Availability: asked.Availability.toLowerCase() as NodeAvailability,
  };
  return store.write(swarm, [{ kind: 'node', set: { ...node, spec } }]) ? undefined : NO_LEADER;
}

export function removeNode(
  { store, quorum, kernel }: SwarmRooms,
  swarm: string,
  node: NodeObject,
  force: boolean,
): Failure | undefined {
  const { id, manager } = node;
  if (node.spec.Role === 'manager' && manager && quorum.members(swarm).includes(manager.raftId)) {
    const why =
      `node ${id} is a cluster manager and is a member of the raft cluster. It must be demoted to ` +
      'worker before removal';
    return failure('FailedPrecondition', why);
  }
  if (!force && node.state === 'ready') {
    return failure('FailedPrecondition', `node ${id} is not down and can't be removed`);
  }
  const orphans = store
    .tasksOn(swarm, id)
    .filter(({ status }) => compareStates(status.state, 'complete') < 0)
    .map((task): Change => {
      const message = 'Task belonged to a node that has been deleted';
      const status = { state: 'orphaned', atMs: kernel.now, message } as const;
      return { kind: 'task', set: { ...task, status } };
    });
  return store.write(swarm, [...orphans, { kind: 'node', delete: id }]) ? undefined : NO_LEADER;
}
