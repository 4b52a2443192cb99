import type { Flags } from '../../docker/cli/pflag.ts';
import { parseDuration } from '../../go/duration.ts';
import { isRefused } from '../../go/refused.ts';

/**
 * A swarm's specification with what flags change of it (docker/cli v29.7
 * `cli/command/swarm/opts.go`, `mergeSwarmSpec`).
 */
export interface SpecChange {
  readonly Orchestration?: { readonly TaskHistoryRetentionLimit?: number };
  readonly Dispatcher?: { readonly HeartbeatPeriod?: number };
  readonly Raft?: { readonly KeepOldSnapshots?: number; readonly SnapshotInterval?: number };
  readonly CAConfig?: { readonly NodeCertExpiry?: number; readonly ForceRotate?: number };
  readonly EncryptionConfig?: { readonly AutoLockManagers: boolean };
}

const nanoseconds = (text: string): number => {
  const value = parseDuration(text);
  return isRefused(value) ? 0 : value;
};

export function mergeFlags<S extends SpecChange>(spec: S, flags: Flags): S & SpecChange {
  const number = (name: string): number => Number(flags.text(name, '0'));
  return {
    ...spec,
    ...(flags.changed('task-history-limit') && {
      Orchestration: { TaskHistoryRetentionLimit: number('task-history-limit') },
    }),
    ...(flags.changed('dispatcher-heartbeat') && {
      Dispatcher: { HeartbeatPeriod: nanoseconds(flags.text('dispatcher-heartbeat')) },
    }),
    ...((flags.changed('max-snapshots') || flags.changed('snapshot-interval')) && {
      Raft: {
        ...spec.Raft,
        ...(flags.changed('max-snapshots') && { KeepOldSnapshots: number('max-snapshots') }),
        ...(flags.changed('snapshot-interval') && {
          SnapshotInterval: number('snapshot-interval'),
        }),
      },
    }),
    ...(flags.changed('cert-expiry') && {
      CAConfig: { ...spec.CAConfig, NodeCertExpiry: nanoseconds(flags.text('cert-expiry')) },
    }),
    ...(flags.changed('autolock') && {
      EncryptionConfig: { AutoLockManagers: flags.has('autolock') },
    }),
  };
}
