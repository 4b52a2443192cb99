import type { LogEntry } from './log.ts';

/** What a group is called, how patient it is, and whom it tells. */
export interface RaftOptions {
  /** Unique in the world: `etcd/main`. */
  readonly name: string;
  /** How members are called in traces: `etcd/control-1`. */
  readonly cast: (member: string) => string;
  /** etcd's `--heartbeat-interval` and `--election-timeout`. */
  readonly heartbeatMs: number;
  readonly electionMs: number;
  /** An entry that a quorum has, told at the leader. */
  readonly onCommit?: (entry: LogEntry) => void;
  /** Somebody leads, or does not any more. */
  readonly onLeadership?: () => void;
  /** Whether a member does nothing now, though it runs; see `Raft.review`. */
  readonly isBusy?: (member: string) => boolean;
}
