import { answer, fail } from '../../docker/answer.ts';
import type { EngineResponse } from '../../docker/api.ts';
import type { Random } from '../../sim/random.ts';
import { notAvailable, OUTSIDE, WORKER } from '../control-api/failure.ts';
import type { SwarmRooms } from './rooms.ts';

/**
 * Autolock: a manager that was stopped keeps its keys encrypted and takes part again when somebody
 * gives it the unlock key (moby/moby v29.7 `daemon/cluster/swarm.go`, `UnlockSwarm`; moby/swarmkit
 * v2.1 `manager/encryption/encryption.go`).
 */
const PREFIX = 'SWMKEY-1-';
/** 32 bytes in base 64 without padding. */
const KEY_LENGTH = 43;
const BASE_64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export const newUnlockKey = (random: Random): string => PREFIX + random.text(KEY_LENGTH, BASE_64);

const isKey = (text: string): boolean =>
  text.startsWith(PREFIX) && /^[A-Za-z0-9+/]+$/.test(text.slice(PREFIX.length));

/** Managers that can be reached encrypt their keys under the swarm's key, or under none. */
export function spreadKey({ locals, quorum }: SwarmRooms, swarm: string, key?: string): void {
  for (const local of locals.managersOf(swarm)) {
    if (local.locked || !quorum.isReachable(swarm, local.member ?? '')) continue;
    const { lockedWith: _, ...rest } = local;
    locals.set(key === undefined ? rest : { ...rest, lockedWith: key });
  }
}

/** Gives a manager the key. */
export function unlock(
  { locals, agent, quorum, dispatcher }: SwarmRooms,
  machine: string,
  key: string,
): EngineResponse {
  const local = locals.get(machine);
  if (!local) return notAvailable(OUTSIDE);
  if (local.member === undefined) return notAvailable(WORKER);
  if (!local.locked) return fail(409, 'swarm is not locked');
  if (!isKey(key)) return fail(400, 'invalid key string');
  if (key !== local.lockedWith) {
    return fail(401, 'swarm could not be unlocked: invalid key provided');
  }
  locals.set({ ...local, locked: false });
  agent.start(machine);
  quorum.setUp(local.member, true);
  dispatcher.review(local.swarm);
  return answer(200, {});
}
