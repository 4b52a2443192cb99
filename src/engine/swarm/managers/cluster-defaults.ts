import type { ClusterSpec } from '../api.ts';

/** What a swarm begins with (moby/swarmkit v2.1 `manager/manager.go`, `defaultClusterObject`). */
const NS = 1_000_000_000;
export const DEFAULT_CERTIFICATE_NS = 90 * 24 * 3_600 * NS;
export const DEFAULT_ADDRESS_POOL: readonly string[] = ['10.0.0.0/8'];
export const DEFAULT_SUBNET_SIZE = 24;
export const DEFAULT_DATA_PATH_PORT = 4789;
export const SWARM_PORT = 2377;

export const DEFAULT_CLUSTER_SPEC: ClusterSpec = {
  Name: 'default',
  Labels: {},
  Orchestration: { TaskHistoryRetentionLimit: 5 },
  Raft: {
    SnapshotInterval: 10_000,
    KeepOldSnapshots: 0,
    LogEntriesForSlowFollowers: 500,
    ElectionTick: 10,
    HeartbeatTick: 1,
  },
  Dispatcher: { HeartbeatPeriod: 5 * NS },
  CAConfig: { NodeCertExpiry: DEFAULT_CERTIFICATE_NS },
  TaskDefaults: {},
  EncryptionConfig: { AutoLockManagers: false },
};

/** As much of a specification as a request has. */
export type PartialSpec = {
  readonly [F in keyof ClusterSpec]?: ClusterSpec[F] extends object
    ? Partial<ClusterSpec[F]> | null
    : ClusterSpec[F];
};

/** What a request leaves out stays (moby/moby v29.7 `convert/swarm.go`, `MergeSwarmSpecToGRPC`). */
export function mergeSpec(base: ClusterSpec, asked: PartialSpec): ClusterSpec {
  const number = (value: number | undefined, otherwise: number): number =>
    value === undefined || value === 0 ? otherwise : value;
  const { Orchestration, Raft, Dispatcher, CAConfig, EncryptionConfig } = asked;
  const raft = Raft ?? {};
  return {
    ...base,
    Name: asked.Name === undefined || asked.Name === '' ? base.Name : asked.Name,
    Labels: asked.Labels ? (asked.Labels as Readonly<Record<string, string>>) : base.Labels,
    Orchestration: { ...base.Orchestration, ...Orchestration },
    Raft: {
      SnapshotInterval: number(raft.SnapshotInterval, base.Raft.SnapshotInterval),
      KeepOldSnapshots: raft.KeepOldSnapshots ?? base.Raft.KeepOldSnapshots,
      LogEntriesForSlowFollowers: number(
        raft.LogEntriesForSlowFollowers,
        base.Raft.LogEntriesForSlowFollowers,
      ),
      ElectionTick: number(raft.ElectionTick, base.Raft.ElectionTick),
      HeartbeatTick: number(raft.HeartbeatTick, base.Raft.HeartbeatTick),
    },
    Dispatcher: {
      HeartbeatPeriod: number(Dispatcher?.HeartbeatPeriod, base.Dispatcher.HeartbeatPeriod),
    },
    CAConfig: {
      NodeCertExpiry: number(CAConfig?.NodeCertExpiry, base.CAConfig.NodeCertExpiry),
      ...(CAConfig?.ForceRotate !== undefined && { ForceRotate: CAConfig.ForceRotate }),
    },
    EncryptionConfig: { AutoLockManagers: EncryptionConfig?.AutoLockManagers ?? false },
  };
}
