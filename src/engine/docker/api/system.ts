import type { ContainerSummary } from './container.ts';
import type { Volume } from './volume.ts';

/** What a daemon says of itself (moby/moby v29.7 `api/types/system/`). */
export interface ComponentVersion {
  readonly Name: string;
  readonly Version: string;
  readonly Details?: Readonly<Record<string, string>>;
}

/** `GET /version`. */
export interface VersionAnswer {
  readonly Platform: { readonly Name: string };
  readonly Version: string;
  readonly ApiVersion: string;
  readonly MinAPIVersion: string;
  readonly Os: string;
  readonly Arch: string;
  readonly Components: readonly ComponentVersion[];
  readonly GitCommit: string;
  readonly GoVersion: string;
  readonly KernelVersion: string;
  readonly BuildTime: string;
}

interface Commit {
  readonly ID: string;
}

/** A daemon's place in a swarm (moby/moby v29.7 `api/types/swarm/swarm.go`, `Info`). */
export interface SwarmInfo {
  readonly NodeID: string;
  readonly NodeAddr: string;
  readonly LocalNodeState: 'inactive' | 'pending' | 'active' | 'error' | 'locked';
  readonly ControlAvailable: boolean;
  readonly Error: string;
  readonly RemoteManagers: readonly { readonly NodeID: string; readonly Addr: string }[] | null;
  readonly Nodes?: number;
  readonly Managers?: number;
  /** What a manager says of the whole, without its join tokens. */
  readonly Cluster?: Readonly<Record<string, unknown>>;
  readonly Warnings?: readonly string[];
}

/** `GET /info`. */
export interface SystemInfo {
  readonly ID: string;
  readonly Containers: number;
  readonly ContainersRunning: number;
  readonly ContainersPaused: number;
  readonly ContainersStopped: number;
  readonly Images: number;
  readonly Driver: string;
  readonly DriverStatus: readonly (readonly [string, string])[];
  readonly Plugins: {
    readonly Volume: readonly string[];
    readonly Network: readonly string[];
    readonly Authorization: readonly string[] | null;
    readonly Log: readonly string[];
  };
  readonly MemoryLimit: boolean;
  readonly SwapLimit: boolean;
  readonly CpuCfsPeriod: boolean;
  readonly CpuCfsQuota: boolean;
  readonly CPUShares: boolean;
  readonly CPUSet: boolean;
  readonly PidsLimit: boolean;
  readonly IPv4Forwarding: boolean;
  readonly Debug: boolean;
  readonly NFd: number;
  readonly OomKillDisable: boolean;
  readonly NGoroutines: number;
  readonly SystemTime: string;
  readonly LoggingDriver: string;
  readonly CgroupDriver: string;
  readonly CgroupVersion: string;
  readonly NEventsListener: number;
  readonly KernelVersion: string;
  readonly OperatingSystem: string;
  readonly OSVersion: string;
  readonly OSType: string;
  readonly Architecture: string;
  readonly IndexServerAddress: string;
  readonly RegistryConfig: {
    readonly InsecureRegistryCIDRs: readonly string[];
    readonly IndexConfigs: Readonly<Record<string, unknown>>;
    readonly Mirrors: readonly string[] | null;
  };
  readonly NCPU: number;
  readonly MemTotal: number;
  readonly GenericResources: null;
  readonly DockerRootDir: string;
  readonly HttpProxy: string;
  readonly HttpsProxy: string;
  readonly NoProxy: string;
  readonly Name: string;
  readonly Labels: readonly string[];
  readonly ExperimentalBuild: boolean;
  readonly ServerVersion: string;
  readonly Runtimes: Readonly<Record<string, { readonly path: string }>>;
  readonly DefaultRuntime: string;
  readonly Swarm: SwarmInfo;
  readonly LiveRestoreEnabled: boolean;
  readonly Isolation: string;
  readonly InitBinary: string;
  readonly ContainerdCommit: Commit;
  readonly RuncCommit: Commit;
  readonly InitCommit: Commit;
  readonly SecurityOptions: readonly string[];
  readonly FirewallBackend: { readonly Driver: string };
  readonly CDISpecDirs: readonly string[];
  readonly Containerd: {
    readonly Address: string;
    readonly Namespaces: { readonly Containers: string; readonly Plugins: string };
  };
  readonly Warnings: readonly string[] | null;
}

/** One kind of thing in `GET /system/df`; empty counts are left out on the wire. */
export interface Usage<T> {
  readonly ActiveCount?: number;
  readonly Items?: readonly T[];
  readonly Reclaimable?: number;
  readonly TotalCount?: number;
  readonly TotalSize?: number;
}

/** One image as `docker system df -v` shows it. */
export interface ImageUsage {
  readonly Id: string;
  readonly RepoTags: readonly string[];
  readonly RepoDigests: readonly string[];
  readonly Created: number;
  readonly Size: number;
  /** Bytes that other images have, too. */
  readonly SharedSize: number;
  readonly Labels: Readonly<Record<string, string>> | null;
  readonly Containers: number;
}

/** A record of the build cache (`api/types/build/cache.go`). */
export interface CacheRecord {
  readonly ID: string;
  readonly Parents?: readonly string[];
  readonly Type: string;
  readonly Description: string;
  readonly InUse: boolean;
  readonly Shared: boolean;
  readonly Size: number;
  readonly CreatedAt: string;
  readonly LastUsedAt: string | null;
  readonly UsageCount: number;
}

/** `GET /system/df`. */
export interface DiskUsage {
  readonly ImageUsage?: Usage<ImageUsage>;
  readonly ContainerUsage?: Usage<ContainerSummary>;
  readonly VolumeUsage?: Usage<Volume>;
  readonly BuildCacheUsage?: Usage<CacheRecord>;
}
