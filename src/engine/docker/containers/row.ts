import type { Platform } from '../../oci/platform.ts';
import type { ContainerConfig, HostConfig } from '../api.ts';

/**
 * A container as the daemon knows it (moby/moby v29.7 `daemon/container/container.go`,
 * `state.go`). Rows are plain values: whoever changes one sets a new one. Networks and volumes
 * keep what is theirs under the container's id.
 */
export interface ContainerRow {
  readonly machine: string;
  /** 64 hexadecimal digits. */
  readonly id: string;
  /** Without a slash. */
  readonly name: string;
  /** How many were created on the machine before; newer ones are listed first. */
  readonly sequence: number;
  readonly createdMs: number;
  /** The image's name in full, and the digest it stood for at the time. */
  readonly image: string;
  readonly digest: string;
  /** The platform that was asked for. */
  readonly platform?: Platform;
  /** The image's configuration taken in. */
  readonly config: ContainerConfig;
  readonly hostConfig: HostConfig;
  readonly state: ContainerStateRow;
  readonly restartCount: number;
  /** The last wait before a restart; see restart-policy.ts. */
  readonly restartDelayMs: number;
  /** The restart manager was called off by stop or kill, until the next start by hand. */
  readonly restartCanceled: boolean;
  readonly manuallyStopped: boolean;
  readonly manuallyRestarted: boolean;
  readonly startedBefore: boolean;
}

export interface ContainerStateRow {
  /** Also while it waits to be restarted, and while it is paused. */
  readonly running: boolean;
  readonly paused: boolean;
  readonly restarting: boolean;
  readonly oomKilled: boolean;
  readonly removing: boolean;
  readonly dead: boolean;
  /** A start is under way: nobody else may begin one. */
  readonly starting: boolean;
  readonly pid: number;
  readonly exitCode: number;
  readonly error: string;
  readonly startedMs?: number;
  readonly finishedMs?: number;
}

export const CREATED: ContainerStateRow = {
  running: false,
  paused: false,
  restarting: false,
  oomKilled: false,
  removing: false,
  dead: false,
  starting: false,
  pid: 0,
  exitCode: 0,
  error: '',
};

export const rowKey = (machine: string, id: string): string => `${machine} ${id}`;
export const keyOfRow = ({ machine, id }: ContainerRow): string => rowKey(machine, id);
