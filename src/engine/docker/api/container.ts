import type { ContainerConfig, EndpointSettings, HostConfig, PortMap } from './config.ts';
import type { Descriptor } from '../../oci/image.ts';

/**
 * What the daemon says of containers (moby/moby v29.7 `api/types/container/`). Field names and
 * their order are those of the wire. Times are RFC 3339 texts unless a number is said.
 */
export type ContainerStateName =
  'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';

export type HealthStatus = 'none' | 'starting' | 'healthy' | 'unhealthy';

export interface HealthResult {
  readonly Start: string;
  readonly End: string;
  /** 0 healthy; -1 when the probe could not be run or ran too long. */
  readonly ExitCode: number;
  readonly Output: string;
}

export interface Health {
  readonly Status: HealthStatus;
  readonly FailingStreak: number;
  /** The last five, oldest first. */
  readonly Log: readonly HealthResult[];
}

export interface ContainerState {
  readonly Status: ContainerStateName;
  readonly Running: boolean;
  readonly Paused: boolean;
  readonly Restarting: boolean;
  readonly OOMKilled: boolean;
  readonly Dead: boolean;
  readonly Pid: number;
  readonly ExitCode: number;
  readonly Error: string;
  readonly StartedAt: string;
  readonly FinishedAt: string;
  readonly Health?: Health;
}

export interface MountPoint {
  readonly Type?: string;
  readonly Name?: string;
  readonly Source: string;
  readonly Destination: string;
  readonly Driver?: string;
  readonly Mode: string;
  readonly RW: boolean;
  readonly Propagation: string;
}

export interface PortSummary {
  readonly IP?: string;
  readonly PrivatePort: number;
  readonly PublicPort?: number;
  readonly Type: string;
}

/** A row of `GET /containers/json`. */
export interface ContainerSummary {
  readonly Id: string;
  readonly Names: readonly string[];
  readonly Image: string;
  readonly ImageID: string;
  readonly ImageManifestDescriptor?: Descriptor;
  readonly Command: string;
  /** Seconds since 1970. */
  readonly Created: number;
  readonly Ports: readonly PortSummary[];
  readonly SizeRw?: number;
  readonly SizeRootFs?: number;
  readonly Labels: Readonly<Record<string, string>>;
  readonly State: ContainerStateName;
  readonly Status: string;
  readonly HostConfig: { readonly NetworkMode?: string };
  readonly Health?: { readonly Status: HealthStatus; readonly FailingStreak: number };
  readonly NetworkSettings: {
    readonly Networks: Readonly<Record<string, EndpointSettings>>;
  };
  readonly Mounts: readonly MountPoint[];
}

export interface NetworkSettings {
  readonly SandboxID: string;
  readonly SandboxKey: string;
  readonly Ports: PortMap;
  readonly Networks: Readonly<Record<string, EndpointSettings>>;
}

/** `GET /containers/{id}/json`. */
export interface ContainerInspect {
  readonly Id: string;
  readonly Created: string;
  readonly Path: string;
  readonly Args: readonly string[];
  readonly State: ContainerState;
  readonly Image: string;
  readonly ResolvConfPath: string;
  readonly HostnamePath: string;
  readonly HostsPath: string;
  readonly LogPath: string;
  readonly Name: string;
  readonly RestartCount: number;
  readonly Driver: string;
  readonly Platform: string;
  readonly MountLabel: string;
  readonly ProcessLabel: string;
  readonly AppArmorProfile: string;
  readonly ExecIDs: readonly string[] | null;
  readonly HostConfig: HostConfig;
  readonly Storage?: { readonly RootFS?: { readonly Snapshot?: { readonly Name?: string } } };
  readonly SizeRw?: number;
  readonly SizeRootFs?: number;
  readonly Mounts: readonly MountPoint[];
  readonly Config: ContainerConfig;
  readonly NetworkSettings: NetworkSettings;
  readonly ImageManifestDescriptor?: Descriptor;
}

export interface CreateAnswer {
  readonly Id: string;
  readonly Warnings: readonly string[];
}

export interface WaitAnswer {
  readonly Error?: { readonly Message?: string };
  readonly StatusCode: number;
}

export interface TopAnswer {
  readonly Processes: readonly (readonly string[])[];
  readonly Titles: readonly string[];
}

/** A row of `GET /containers/{id}/changes`; Kind: 0 modified, 1 added, 2 deleted. */
export interface FilesystemChange {
  readonly Kind: 0 | 1 | 2;
  readonly Path: string;
}

/** Answer of `GET` and `HEAD /containers/{id}/archive`, decoded. */
export interface PathStat {
  readonly name: string;
  readonly size: number;
  /** Go's `os.FileMode`: permission bits with type bits above (dir: bit 31, symlink: bit 27). */
  readonly mode: number;
  readonly mtime: string;
  readonly linkTarget: string;
}

/** Answer of `GET /containers/{id}/archive`: the stat and the tar. */
export interface ArchiveAnswer {
  readonly stat: PathStat;
  readonly tar: Uint8Array;
}

export interface PruneReport {
  readonly ContainersDeleted: readonly string[] | null;
  readonly SpaceReclaimed: number;
}

/** Body of `POST /containers/{id}/exec`. */
export interface ExecCreateBody {
  readonly User?: string;
  readonly Privileged?: boolean;
  readonly Tty?: boolean;
  readonly AttachStdin?: boolean;
  readonly AttachStderr?: boolean;
  readonly AttachStdout?: boolean;
  readonly DetachKeys?: string;
  readonly Env?: readonly string[] | null;
  readonly WorkingDir?: string;
  readonly Cmd?: readonly string[];
}

/** Body of `POST /exec/{id}/start`. */
export interface ExecStartBody {
  readonly Detach?: boolean;
  readonly Tty?: boolean;
}

/** `GET /exec/{id}/json`. */
export interface ExecInspect {
  readonly ID: string;
  readonly Running: boolean;
  readonly ExitCode: number | null;
  readonly ProcessConfig: {
    readonly tty: boolean;
    readonly entrypoint: string;
    readonly arguments: readonly string[];
    readonly privileged: boolean;
    readonly user?: string;
  };
  readonly OpenStdin: boolean;
  readonly OpenStderr: boolean;
  readonly OpenStdout: boolean;
  readonly CanRemove: boolean;
  readonly ContainerID: string;
  readonly DetachKeys: string;
  readonly Pid: number;
}

export interface CpuStats {
  readonly cpu_usage: {
    /** Nanoseconds. */
    readonly total_usage: number;
    readonly usage_in_kernelmode: number;
    readonly usage_in_usermode: number;
  };
  readonly system_cpu_usage?: number;
  readonly online_cpus?: number;
  readonly throttling_data: {
    readonly periods: number;
    readonly throttled_periods: number;
    readonly throttled_time: number;
  };
}

export interface BlkioEntry {
  readonly major: number;
  readonly minor: number;
  readonly op: string;
  readonly value: number;
}

/** What `GET /containers/{id}/stats` answers, and writes to its stream once a second. */
export interface StatsAnswer {
  readonly id?: string;
  readonly name?: string;
  readonly os_type?: string;
  readonly read: string;
  readonly cpu_stats: CpuStats;
  readonly memory_stats: {
    readonly usage?: number;
    readonly stats?: Readonly<Record<string, number>>;
    readonly limit?: number;
  };
  readonly networks?: Readonly<
    Record<
      string,
      {
        readonly rx_bytes: number;
        readonly rx_packets: number;
        readonly rx_errors: number;
        readonly rx_dropped: number;
        readonly tx_bytes: number;
        readonly tx_packets: number;
        readonly tx_errors: number;
        readonly tx_dropped: number;
      }
    >
  >;
  readonly pids_stats: { readonly current?: number; readonly limit?: number };
  readonly blkio_stats: {
    readonly io_service_bytes_recursive: readonly BlkioEntry[] | null;
    readonly io_serviced_recursive: null;
    readonly io_queue_recursive: null;
    readonly io_service_time_recursive: null;
    readonly io_wait_time_recursive: null;
    readonly io_merged_recursive: null;
    readonly io_time_recursive: null;
    readonly sectors_recursive: null;
  };
  readonly num_procs: number;
  readonly storage_stats: Record<string, never>;
  readonly preread: string;
  readonly precpu_stats: CpuStats;
}
