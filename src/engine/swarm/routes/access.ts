import type { EngineResponse } from '../../docker/api.ts';
import type { Route, RouteCall } from '../../docker/routes/route.ts';
import {
  isFailure,
  LOCKED,
  NO_LEADER,
  NOT_READY,
  notAvailable,
  OUTSIDE,
  refused,
  WORKER,
  type Failure,
} from '../control-api/failure.ts';
import type { LocalRow } from '../managers/locals.ts';
import type { SwarmRooms } from '../managers/rooms.ts';

/**
 * Who may ask what: only a manager's daemon answers for a swarm, and only while it gets through to a
 * leader with a quorum (moby/moby v29.7 `daemon/cluster/cluster.go`, `lockedManagerAction`).
 */
export function accessProblem(
  { locals, quorum }: SwarmRooms,
  machine: string,
): EngineResponse | undefined {
  const local = locals.get(machine);
  if (!local || local.state === 'pending') return notAvailable(OUTSIDE);
  if (local.locked) return notAvailable(LOCKED);
  if (local.state === 'error') return notAvailable(NOT_READY);
  if (local.member === undefined) return notAvailable(WORKER);
  return quorum.serves(local) ? undefined : refused(NO_LEADER);
}

/** What a handler for managers is called with besides: the manager, and its swarm. */
export interface ManagerCall extends RouteCall {
  readonly local: LocalRow;
  readonly swarm: string;
}

/** A handler that only a manager carries out. What it gives may be a failure in swarmkit's words. */
export const byManager =
  (rooms: SwarmRooms, handle: (call: ManagerCall) => EngineResponse | Failure): Route['handle'] =>
  (call) => {
    const problem = accessProblem(rooms, call.machine);
    const local = rooms.locals.get(call.machine);
    if (problem || !local) return problem ?? notAvailable(OUTSIDE);
    const given = handle({ ...call, local, swarm: local.swarm });
    return isFailure(given) ? refused(given) : given;
  };
