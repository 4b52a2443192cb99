import type { Healthcheck } from '../../oci/image.ts';
import type { ContainerConfig, CreateBody, HostConfig, RestartPolicy } from '../api.ts';

/**
 * A request made whole: Go's zero values and the daemon's defaults, in the order of Go's structs,
 * which is the order `docker inspect` prints (moby/moby v29.7 `api/types/container/`,
 * `daemon/daemon_unix.go`, `adaptContainerSettings`; `daemon/create_unix.go`).
 */
export function configOf(body: CreateBody): ContainerConfig {
  return {
    Hostname: body.Hostname ?? '',
    Domainname: body.Domainname ?? '',
    User: body.User ?? '',
    AttachStdin: body.AttachStdin ?? false,
    AttachStdout: body.AttachStdout ?? false,
    AttachStderr: body.AttachStderr ?? false,
    ...(filled(body.ExposedPorts) ? { ExposedPorts: body.ExposedPorts } : {}),
    Tty: body.Tty ?? false,
    OpenStdin: body.OpenStdin ?? false,
    StdinOnce: body.StdinOnce ?? false,
    Env: body.Env ?? null,
    Cmd: body.Cmd ?? null,
    ...(body.Healthcheck ? { Healthcheck: healthcheckOf(body.Healthcheck) } : {}),
    Image: body.Image ?? '',
    Volumes: filled(body.Volumes) ? (body.Volumes ?? null) : null,
    WorkingDir: body.WorkingDir ?? '',
    Entrypoint: body.Entrypoint ?? null,
    ...(body.NetworkDisabled ? { NetworkDisabled: true } : {}),
    Labels: body.Labels ?? {},
    ...(body.StopSignal ? { StopSignal: body.StopSignal } : {}),
    ...(body.StopTimeout === undefined ? {} : { StopTimeout: body.StopTimeout }),
    ...(body.Shell ? { Shell: body.Shell } : {}),
  };
}

/** In the order of Go's struct; what is zero is left out. */
function healthcheckOf(check: Healthcheck): Healthcheck {
  const { Test, Interval, Timeout, StartPeriod, StartInterval, Retries } = check;
  return {
    ...((Test ?? []).length > 0 ? { Test } : ({} as { Test: readonly string[] })),
    ...(Interval ? { Interval } : {}),
    ...(Timeout ? { Timeout } : {}),
    ...(StartPeriod ? { StartPeriod } : {}),
    ...(StartInterval ? { StartInterval } : {}),
    ...(Retries ? { Retries } : {}),
  };
}

/** Puts the keys of a merged configuration back into their order; those without a value go. */
export function inOrder(config: ContainerConfig): ContainerConfig {
  return configOf(config);
}

/** A list that says nothing is none at all. */
const orNull = (list: readonly string[] | null | undefined): readonly string[] | null =>
  (list ?? []).length === 0 ? null : (list ?? null);

const filled = (value: object | null | undefined): boolean =>
  value !== null && value !== undefined && Object.keys(value).length > 0;

const SHM_BYTES = 64 * 1024 * 1024;

const MASKED_PATHS = [
  '/proc/acpi',
  '/proc/asound',
  '/proc/interrupts',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/sys/devices/virtual/powercap',
  '/sys/firmware',
];
const READONLY_PATHS = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'];

export function hostConfigOf(given: Partial<HostConfig> = {}): HostConfig {
  const memory = given.Memory ?? 0;
  const isPrivileged = given.Privileged ?? false;
  return {
    Binds: orNull(given.Binds),
    ContainerIDFile: given.ContainerIDFile ?? '',
    LogConfig: {
      Type: given.LogConfig?.Type || 'json-file',
      Config: given.LogConfig?.Config ?? {},
    },
    NetworkMode: networkModeOf(given.NetworkMode),
    PortBindings: given.PortBindings ?? {},
    RestartPolicy: restartPolicyOf(given.RestartPolicy),
    AutoRemove: given.AutoRemove ?? false,
    VolumeDriver: given.VolumeDriver ?? '',
    VolumesFrom: orNull(given.VolumesFrom),
    ConsoleSize: given.ConsoleSize ?? [0, 0],
    ...(filled(given.Annotations) ? { Annotations: given.Annotations } : {}),
    CapAdd: orNull(given.CapAdd),
    CapDrop: orNull(given.CapDrop),
    CgroupnsMode: given.CgroupnsMode || 'private',
    Dns: orNull(given.Dns),
    DnsOptions: given.DnsOptions ?? [],
    DnsSearch: given.DnsSearch ?? [],
    ExtraHosts: orNull(given.ExtraHosts),
    GroupAdd: orNull(given.GroupAdd),
    IpcMode: given.IpcMode || 'private',
    Cgroup: given.Cgroup ?? '',
    Links: orNull(given.Links),
    OomScoreAdj: given.OomScoreAdj ?? 0,
    PidMode: given.PidMode ?? '',
    Privileged: isPrivileged,
    PublishAllPorts: given.PublishAllPorts ?? false,
    ReadonlyRootfs: given.ReadonlyRootfs ?? false,
    SecurityOpt: given.SecurityOpt ?? (isPrivileged ? ['label=disable'] : null),
    ...(filled(given.StorageOpt) ? { StorageOpt: given.StorageOpt } : {}),
    ...(filled(given.Tmpfs) ? { Tmpfs: given.Tmpfs } : {}),
    UTSMode: given.UTSMode ?? '',
    UsernsMode: given.UsernsMode ?? '',
    ShmSize: given.ShmSize || SHM_BYTES,
    ...(filled(given.Sysctls) ? { Sysctls: given.Sysctls } : {}),
    Runtime: given.Runtime || 'runc',
    Isolation: given.Isolation ?? '',
    ...resourcesOf(given, memory),
    ...((given.Mounts ?? []).length > 0 ? { Mounts: given.Mounts } : {}),
    MaskedPaths: given.MaskedPaths ?? (isPrivileged ? null : MASKED_PATHS),
    ReadonlyPaths: given.ReadonlyPaths ?? (isPrivileged ? null : READONLY_PATHS),
    ...(given.Init === undefined ? {} : { Init: given.Init }),
  };
}

/** `default` is how a client says the bridge without knowing the system. */
const networkModeOf = (mode = ''): string => (mode === '' || mode === 'default' ? 'bridge' : mode);

export const restartPolicyOf = (given: Partial<RestartPolicy> = {}): RestartPolicy => ({
  Name: given.Name || 'no',
  MaximumRetryCount: given.MaximumRetryCount ?? 0,
});

function resourcesOf(given: Partial<HostConfig>, memory: number) {
  const unlimitedPids = given.PidsLimit === undefined || (given.PidsLimit ?? 0) <= 0;
  return {
    CpuShares: given.CpuShares ?? 0,
    Memory: memory,
    NanoCpus: given.NanoCpus ?? 0,
    CgroupParent: given.CgroupParent ?? '',
    BlkioWeight: given.BlkioWeight ?? 0,
    BlkioWeightDevice: given.BlkioWeightDevice ?? [],
    BlkioDeviceReadBps: given.BlkioDeviceReadBps ?? [],
    BlkioDeviceWriteBps: given.BlkioDeviceWriteBps ?? [],
    BlkioDeviceReadIOps: given.BlkioDeviceReadIOps ?? [],
    BlkioDeviceWriteIOps: given.BlkioDeviceWriteIOps ?? [],
    CpuPeriod: given.CpuPeriod ?? 0,
    CpuQuota: given.CpuQuota ?? 0,
    CpuRealtimePeriod: given.CpuRealtimePeriod ?? 0,
    CpuRealtimeRuntime: given.CpuRealtimeRuntime ?? 0,
    CpusetCpus: given.CpusetCpus ?? '',
    CpusetMems: given.CpusetMems ?? '',
    Devices: given.Devices ?? [],
    DeviceCgroupRules: given.DeviceCgroupRules ?? null,
    DeviceRequests: given.DeviceRequests ?? null,
    MemoryReservation: given.MemoryReservation ?? 0,
    // Twice the memory, unless said otherwise.
    MemorySwap: given.MemorySwap || (memory > 0 ? memory * 2 : 0),
    // Neither is known to version 2 of control groups.
    MemorySwappiness: null,
    OomKillDisable: null,
    PidsLimit: unlimitedPids ? null : (given.PidsLimit ?? null),
    Ulimits: given.Ulimits ?? null,
    CpuCount: given.CpuCount ?? 0,
    CpuPercent: given.CpuPercent ?? 0,
    IOMaximumIOps: given.IOMaximumIOps ?? 0,
    IOMaximumBandwidth: given.IOMaximumBandwidth ?? 0,
  };
}
