import { rfc3339Nano } from '../sim/clock.ts';
import type { Kernel } from '../sim/kernel.ts';
import { FIGURES } from '../containerd/figures.ts';
import type { SwarmInfo, SystemInfo, VersionAnswer } from './api.ts';
import { API_VERSION, CONTAINERD, ENGINE, INIT, KERNEL_VERSION, RUNC } from './versions.ts';

/** What the daemon says of itself (moby/moby v29.7 `daemon/info.go`, `info_unix.go`). */
export interface SystemCounts {
  readonly running: number;
  readonly paused: number;
  readonly stopped: number;
  readonly images: number;
  readonly listeners: number;
}

const HEX = '0123456789abcdef';
const GROUPS = [8, 4, 4, 4, 12];
const LOG_DRIVERS = [
  ...['awslogs', 'fluentd', 'gcplogs', 'gelf', 'journald', 'json-file', 'local', 'splunk'],
  'syslog',
];

/** @param swarm the daemon's place in one; left out outside of any */
export function systemInfo(
  kernel: Kernel,
  machine: string,
  counts: SystemCounts,
  swarm: SwarmInfo = NO_SWARM,
): SystemInfo {
  const { running, paused, stopped, images, listeners } = counts;
  const random = kernel.random('docker', machine, 'daemon');
  return {
    ID: GROUPS.map((length) => random.text(length, HEX)).join('-'),
    Containers: running + paused + stopped,
    ContainersRunning: running,
    ContainersPaused: paused,
    ContainersStopped: stopped,
    Images: images,
    Driver: 'overlayfs',
    DriverStatus: [['driver-type', 'io.containerd.snapshotter.v1']],
    Plugins: {
      Volume: ['local'],
      Network: ['bridge', 'host', 'ipvlan', 'macvlan', 'null', 'overlay'],
      Authorization: null,
      Log: LOG_DRIVERS,
    },
    ...LIMITS,
    IPv4Forwarding: true,
    Debug: false,
    NFd: 25,
    OomKillDisable: false,
    NGoroutines: 48,
    SystemTime: rfc3339Nano(kernel.now),
    LoggingDriver: 'json-file',
    CgroupDriver: 'systemd',
    CgroupVersion: '2',
    NEventsListener: listeners,
    KernelVersion: KERNEL_VERSION,
    OperatingSystem: 'Debian GNU/Linux 13 (trixie)',
    OSVersion: '13',
    OSType: 'linux',
    Architecture: 'x86_64',
    IndexServerAddress: 'https://index.docker.io/v1/',
    RegistryConfig: REGISTRIES,
    NCPU: FIGURES.onlineCpus,
    MemTotal: FIGURES.machineMemoryBytes,
    GenericResources: null,
    DockerRootDir: '/var/lib/docker',
    ...NO_PROXY,
    Name: machine,
    Labels: [],
    ExperimentalBuild: false,
    ServerVersion: ENGINE.version,
    Runtimes: { 'io.containerd.runc.v2': { path: 'runc' }, runc: { path: 'runc' } },
    DefaultRuntime: 'runc',
    Swarm: swarm,
    LiveRestoreEnabled: false,
    Isolation: '',
    InitBinary: 'docker-init',
    ContainerdCommit: { ID: CONTAINERD.commit },
    RuncCommit: { ID: RUNC.commit },
    InitCommit: { ID: INIT.commit },
    SecurityOptions: ['name=apparmor', 'name=seccomp,profile=builtin', 'name=cgroupns'],
    FirewallBackend: { Driver: 'iptables' },
    CDISpecDirs: ['/etc/cdi', '/var/run/cdi'],
    Containerd: {
      Address: '/run/containerd/containerd.sock',
      Namespaces: { Containers: 'moby', Plugins: 'plugins.moby' },
    },
    Warnings: swarm.Warnings ?? null,
  };
}

const NO_PROXY = { HttpProxy: '', HttpsProxy: '', NoProxy: '' };

/** What the kernel lets containers be held to. */
const LIMITS = {
  MemoryLimit: true,
  SwapLimit: true,
  CpuCfsPeriod: true,
  CpuCfsQuota: true,
  CPUShares: true,
  CPUSet: true,
  PidsLimit: true,
} as const;

const REGISTRIES = {
  InsecureRegistryCIDRs: ['::1/128', '127.0.0.0/8'],
  IndexConfigs: {
    'docker.io': { Name: 'docker.io', Mirrors: [], Secure: true, Official: true },
  },
  Mirrors: null,
};

const NO_SWARM: SwarmInfo = {
  NodeID: '',
  NodeAddr: '',
  LocalNodeState: 'inactive',
  ControlAvailable: false,
  Error: '',
  RemoteManagers: null,
};

export function systemVersion(): VersionAnswer {
  const Details = {
    ApiVersion: API_VERSION,
    Arch: 'amd64',
    BuildTime: ENGINE.buildTime,
    Experimental: 'false',
    GitCommit: ENGINE.commit,
    GoVersion: ENGINE.goVersion,
    KernelVersion: KERNEL_VERSION,
    MinAPIVersion: ENGINE.minApiVersion,
    Os: 'linux',
  };
  const part = (Name: string, { version, commit }: { version: string; commit: string }) => ({
    ...{ Name, Version: version },
    Details: { GitCommit: commit },
  });
  return {
    Platform: { Name: 'Docker Engine - Community' },
    Version: ENGINE.version,
    ApiVersion: API_VERSION,
    MinAPIVersion: ENGINE.minApiVersion,
    Os: 'linux',
    Arch: 'amd64',
    Components: [
      { Name: 'Engine', Version: ENGINE.version, Details },
      part('containerd', CONTAINERD),
      part('runc', RUNC),
      part('docker-init', INIT),
    ],
    GitCommit: ENGINE.commit,
    GoVersion: ENGINE.goVersion,
    KernelVersion: KERNEL_VERSION,
    BuildTime: ENGINE.buildTime,
  };
}
