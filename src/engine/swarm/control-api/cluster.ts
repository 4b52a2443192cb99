import type { NodeRole } from '../api.ts';
import { mergeSpec, type PartialSpec } from '../managers/cluster-defaults.ts';
import { DEFAULT_CLUSTER_SPEC } from '../managers/cluster-defaults.ts';
import { newToken } from '../managers/join-tokens.ts';
import { newUnlockKey } from '../managers/locking.ts';
import { newRootCa } from '../managers/root-ca.ts';
import type { SwarmRooms } from '../managers/rooms.ts';
import type { ClusterObject } from '../objects.ts';
import { failure, NO_LEADER, OUT_OF_SEQUENCE, type Failure } from './failure.ts';

/** Changing a swarm itself (moby/swarmkit v2.1 `manager/controlapi/cluster.go`). */
export interface Rotation {
  readonly worker: boolean;
  readonly manager: boolean;
  readonly unlockKey: boolean;
}

const MIN_EXPIRY_NS = 3_600 * 1_000_000_000;

export function updateCluster(
  { store, kernel }: SwarmRooms,
  swarm: string,
  version: number,
  asked: PartialSpec,
  rotation: Rotation,
): Failure | undefined {
  const cluster = store.get(swarm, 'cluster', swarm);
  if (!cluster) return NO_LEADER;
  const spec = mergeSpec(DEFAULT_CLUSTER_SPEC, asked);
  if (spec.CAConfig.NodeCertExpiry < MIN_EXPIRY_NS) {
    return failure('InvalidArgument', 'minimum certificate expiry time is: 1h0m0s');
  }
  if (spec.Dispatcher.HeartbeatPeriod < 0) {
    return failure('InvalidArgument', 'heartbeat time period cannot be a negative duration');
  }
  if (version !== cluster.version) return OUT_OF_SEQUENCE;
  const draw = (what: string) => kernel.random('swarm', swarm, what, cluster.version);
  const forced = spec.CAConfig.ForceRotate ?? 0;
  const isRotated = forced !== (cluster.spec.CAConfig.ForceRotate ?? 0);
  const rootCa = isRotated ? newRootCa(draw('ca')) : cluster.rootCa;
  const token = (role: NodeRole): string =>
    isRotated || rotation[role] ? newToken(rootCa, draw(role)) : cluster.joinTokens[role];
  const { unlockKey, ...rest } = cluster;
  const key = !spec.EncryptionConfig.AutoLockManagers
    ? undefined
    : unlockKey === undefined || rotation.unlockKey
      ? newUnlockKey(draw('unlock'))
      : unlockKey;
  const set: ClusterObject = {
    ...{ ...rest, spec, rootCa },
    joinTokens: { worker: token('worker'), manager: token('manager') },
    ...(key !== undefined && { unlockKey: key }),
  };
  return store.write(swarm, [{ kind: 'cluster', set }]) ? undefined : NO_LEADER;
}
