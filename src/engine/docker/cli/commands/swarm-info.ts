import type { SwarmInfo } from '../../api.ts';
import { humanDuration } from '../../units.ts';

/** The swarm's part of `docker info` (docker/cli v29.7 `cli/command/system/info.go`). */
interface ClusterInfo {
  readonly ID: string;
  readonly DefaultAddrPool: readonly string[] | null;
  readonly SubnetSize: number;
  readonly DataPathPort: number;
  readonly RootRotationInProgress: boolean;
  readonly Spec: {
    readonly Orchestration: { readonly TaskHistoryRetentionLimit: number };
    readonly Raft: {
      readonly SnapshotInterval: number;
      readonly KeepOldSnapshots: number;
      readonly HeartbeatTick: number;
      readonly ElectionTick: number;
    };
    readonly Dispatcher: { readonly HeartbeatPeriod: number };
    readonly CAConfig: { readonly NodeCertExpiry: number; readonly ForceRotate?: number };
    readonly EncryptionConfig: { readonly AutoLockManagers: boolean };
  };
}

const NS_PER_MS = 1_000_000;

export function swarmLines(info: SwarmInfo): string[] {
  const { LocalNodeState: state, Cluster, RemoteManagers } = info;
  if (state === 'inactive' || state === 'locked') return [];
  const isTold = Cluster && info.ControlAvailable && info.Error === '' && state !== 'error';
  const managers = (RemoteManagers ?? []).map(({ Addr }) => Addr).sort();
  return [
    `  NodeID: ${info.NodeID}`,
    ...(info.Error === '' ? [] : [`  Error: ${info.Error}`]),
    `  Is Manager: ${info.ControlAvailable}`,
    ...(isTold ? clusterLines(info, Cluster as unknown as ClusterInfo) : []),
    `  Node Address: ${info.NodeAddr}`,
    ...(managers.length > 0 ? ['  Manager Addresses:'] : []),
    ...managers.map((address) => `   ${address}`),
  ];
}

function clusterLines({ Managers = 0, Nodes = 0 }: SwarmInfo, cluster: ClusterInfo): string[] {
  const { Spec, DefaultAddrPool } = cluster;
  return [
    `  ClusterID: ${cluster.ID}`,
    `  Managers: ${Managers}`,
    `  Nodes: ${Nodes}`,
    ...(DefaultAddrPool
      ? [
          `  Default Address Pool: ${DefaultAddrPool.map((pool) => `${pool}  `).join('')}`,
          `  SubnetSize: ${cluster.SubnetSize}`,
        ]
      : []),
    `  Data Path Port: ${cluster.DataPathPort}`,
    '  Orchestration:',
    `   Task History Retention Limit: ${Spec.Orchestration.TaskHistoryRetentionLimit}`,
    '  Raft:',
    `   Snapshot Interval: ${Spec.Raft.SnapshotInterval}`,
    `   Number of Old Snapshots to Retain: ${Spec.Raft.KeepOldSnapshots}`,
    `   Heartbeat Tick: ${Spec.Raft.HeartbeatTick}`,
    `   Election Tick: ${Spec.Raft.ElectionTick}`,
    '  Dispatcher:',
    `   Heartbeat Period: ${humanDuration(Spec.Dispatcher.HeartbeatPeriod / NS_PER_MS)}`,
    '  CA Configuration:',
    `   Expiry Duration: ${humanDuration(Spec.CAConfig.NodeCertExpiry / NS_PER_MS)}`,
    `   Force Rotate: ${Spec.CAConfig.ForceRotate ?? 0}`,
    `  Autolock Managers: ${Spec.EncryptionConfig.AutoLockManagers}`,
    `  Root Rotation In Progress: ${cluster.RootRotationInProgress}`,
  ];
}
