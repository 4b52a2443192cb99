import type { ContainerConfig, CreateBody, HostConfig, PortMap, Resources } from '../api.ts';
import type { Healthcheck } from '../../oci/image.ts';
import { parseSignal } from '../signals.ts';
import { FIGURES } from '../../containerd/figures.ts';
import { restartPolicyOf } from './defaults.ts';
import { isNoPolicy, restartPolicyProblem } from './restart-policy.ts';

/**
 * What is wrong with a request for a container, in the daemon's words (moby/moby v29.7
 * `daemon/container.go`, `verifyContainerSettings`; `daemon/daemon_unix.go`,
 * `verifyPlatformContainerResources`; `daemon/internal/runconfig/`).
 */
const MIN_MEMORY = 6 * 1024 * 1024;
const MILLISECOND_NS = 1_000_000;
const HOSTNAME_LIMIT = 64;
const PORT_LIMIT = 65_535;

type Problem = string | undefined;

/** The first thing that is wrong with a create; undefined when nothing is. */
export function createProblem(body: CreateBody): Problem {
  const host = body.HostConfig ?? {};
  return (
    networkModeProblem(body, host) ??
    cpuSharesProblem(host) ??
    configProblem(body) ??
    hostConfigProblem(host) ??
    (byteLength(body.Hostname ?? '') > HOSTNAME_LIMIT
      ? `hostname ${JSON.stringify(body.Hostname)} is too long (maximum ${HOSTNAME_LIMIT} bytes)`
      : undefined) ??
    resourcesProblem(host, false) ??
    modesProblem(host)
  );
}

const byteLength = (text: string): number => new TextEncoder().encode(text).length;

function networkModeProblem(body: CreateBody, host: Partial<HostConfig>): Problem {
  const { NetworkMode: mode = '', Links, Dns, ExtraHosts, PortBindings } = host;
  const some = (value: object | null | undefined): boolean =>
    value !== undefined && value !== null && Object.keys(value).length > 0;
  if (mode === 'container' || mode.startsWith('container:')) {
    if (mode.slice('container:'.length) === '') {
      return 'invalid network mode: invalid container format container:<name|id>';
    }
    if (body.Hostname) return 'conflicting options: hostname and the network mode';
    if (some(Links)) {
      return "conflicting options: container type network can't be used with links. This would result in undefined behavior";
    }
    if (some(Dns)) return 'conflicting options: dns and the network mode';
    if (some(ExtraHosts)) {
      return 'conflicting options: custom host-to-IP mapping and the network mode';
    }
    if (some(PortBindings) || host.PublishAllPorts) {
      return 'conflicting options: port publishing and the container type network mode';
    }
    if (some(body.ExposedPorts)) {
      return 'conflicting options: port exposing and the container type network mode';
    }
  }
  if (host.UTSMode === 'host' && body.Hostname) {
    return 'conflicting options: hostname and the UTS mode';
  }
  if (mode === 'host' && some(Links)) {
    return "conflicting options: host type networking can't be used with links. This would result in undefined behavior";
  }
  return undefined;
}

const cpuSharesProblem = ({ CpuShares = 0 }: Partial<HostConfig>): Problem =>
  CpuShares < 0 ? `invalid CPU shares (${CpuShares}): value must be a positive integer` : undefined;

/** `validateContainerConfig`. */
export function configProblem(config: Partial<ContainerConfig>): Problem {
  const { WorkingDir = '', StopSignal = '', Env } = config;
  if (WorkingDir !== '' && !WorkingDir.startsWith('/')) {
    return `the working directory '${WorkingDir}' is invalid, it needs to be an absolute path`;
  }
  if (StopSignal !== '') {
    const read = parseSignal(StopSignal);
    if (!read.ok) return read.message;
  }
  const nameless = (Env ?? []).find((pair) => pair === '' || pair.startsWith('='));
  if (nameless !== undefined) return `invalid environment variable: ${nameless}`;
  return config.Healthcheck && healthcheckProblem(config.Healthcheck);
}

function healthcheckProblem(check: Healthcheck): Problem {
  const { Interval, Timeout, StartPeriod, StartInterval, Retries = 0 } = check;
  const isShort = (value = 0): boolean => value !== 0 && value < MILLISECOND_NS;
  const short = (name: string): string => `${name} in Healthcheck cannot be less than 1ms`;
  if (isShort(Interval)) return short('Interval');
  if (isShort(Timeout)) return short('Timeout');
  if (Retries < 0) return 'Retries in Healthcheck cannot be negative';
  if (isShort(StartPeriod)) return short('StartPeriod');
  return isShort(StartInterval) ? short('StartInterval') : undefined;
}

/** `validateHostConfig`; mounts and extra hosts are looked at by volumes and networks. */
export function hostConfigProblem(host: Partial<HostConfig>): Problem {
  const policy = restartPolicyOf(host.RestartPolicy);
  if (host.AutoRemove && !isNoPolicy(policy)) {
    return "can't create 'AutoRemove' container with restart policy";
  }
  const annotations = Object.keys(host.Annotations ?? {});
  return (
    portsProblem(host.PortBindings ?? {}) ??
    restartPolicyProblem(policy) ??
    capabilitiesProblem('CapAdd', host.CapAdd ?? []) ??
    capabilitiesProblem('CapDrop', host.CapDrop ?? []) ??
    (['', 'default'].includes((host.Isolation ?? '').toLowerCase())
      ? undefined
      : `invalid isolation (${host.Isolation ?? ''}): linux only supports 'default'`) ??
    (annotations.includes('')
      ? 'invalid Annotations: the empty string is not permitted as an annotation key'
      : undefined)
  );
}

function portsProblem(ports: PortMap): Problem {
  for (const [key, bindings] of Object.entries(ports)) {
    const match = /^(\d{1,5})(?:\/(tcp|udp|sctp))?$/.exec(key);
    const port = Number(match?.[1]);
    if (!match || port === 0 || port > PORT_LIMIT) {
      return `invalid port specification: ${JSON.stringify(key)}`;
    }
    for (const { HostPort = '' } of bindings ?? []) {
      if (HostPort !== '' && !isPortRange(HostPort)) {
        return `invalid port specification: ${JSON.stringify(HostPort)}`;
      }
    }
  }
  return undefined;
}

function isPortRange(text: string): boolean {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  if (!match) return false;
  const [first, last] = [Number(match[1]), Number(match[2] ?? match[1])];
  return first <= last && last <= PORT_LIMIT;
}

const CAPABILITIES = new Set(
  (
    'AUDIT_CONTROL AUDIT_READ AUDIT_WRITE BLOCK_SUSPEND BPF CHECKPOINT_RESTORE CHOWN ' +
    'DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID IPC_LOCK IPC_OWNER KILL LEASE LINUX_IMMUTABLE ' +
    'MAC_ADMIN MAC_OVERRIDE MKNOD NET_ADMIN NET_BIND_SERVICE NET_BROADCAST NET_RAW PERFMON ' +
    'SETFCAP SETGID SETPCAP SETUID SYSLOG SYS_ADMIN SYS_BOOT SYS_CHROOT SYS_MODULE SYS_NICE ' +
    'SYS_PACCT SYS_PTRACE SYS_RAWIO SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG WAKE_ALARM'
  ).split(' '),
);

/** `daemon/pkg/oci/caps/utils.go`, `NormalizeLegacyCapabilities`. */
function capabilitiesProblem(field: string, names: readonly string[]): Problem {
  for (const name of names) {
    const upper = name.toUpperCase();
    if (upper !== 'ALL' && !CAPABILITIES.has(upper.replace(/^CAP_/, ''))) {
      return `invalid ${field}: unknown capability: ${JSON.stringify(capability(upper))}`;
    }
  }
  return undefined;
}

const capability = (upper: string): string => (upper.startsWith('CAP_') ? upper : `CAP_${upper}`);

/** Limits that do not go together; of an update also those that are not changed are left out. */
export function resourcesProblem(limits: Partial<Resources>, isUpdate: boolean): Problem {
  return memoryProblem(limits, isUpdate) ?? cpuProblem(limits) ?? blockProblem(limits);
}

function memoryProblem(limits: Partial<Resources>, isUpdate: boolean): Problem {
  const { Memory = 0, MemorySwap = 0, MemoryReservation = 0, MemorySwappiness } = limits;
  if (Memory !== 0 && Memory < MIN_MEMORY) return 'Minimum memory limit allowed is 6MB';
  if (Memory > 0 && MemorySwap > 0 && MemorySwap < Memory) {
    return 'Minimum memoryswap limit should be larger than memory limit, see usage';
  }
  if (Memory === 0 && MemorySwap > 0 && !isUpdate) {
    return 'You should always set the Memory limit when using Memoryswap limit, see usage';
  }
  const swappiness = MemorySwappiness ?? -1;
  if (swappiness < -1 || swappiness > 100) {
    return `Invalid value: ${swappiness}, valid memory swappiness range is 0-100`;
  }
  if (MemoryReservation > 0 && MemoryReservation < MIN_MEMORY) {
    return 'Minimum memory reservation allowed is 6MB';
  }
  if (Memory > 0 && MemoryReservation > 0 && Memory < MemoryReservation) {
    return 'Minimum memory limit can not be less than memory reservation limit, see usage';
  }
  return undefined;
}

function cpuProblem(limits: Partial<Resources>): Problem {
  const { NanoCpus = 0, CpuPeriod = 0, CpuQuota = 0, CpusetCpus = '', CpusetMems = '' } = limits;
  const count = FIGURES.onlineCpus;
  if (NanoCpus > 0 && CpuPeriod > 0) {
    return 'Conflicting options: Nano CPUs and CPU Period cannot both be set';
  }
  if (NanoCpus > 0 && CpuQuota > 0) {
    return 'Conflicting options: Nano CPUs and CPU Quota cannot both be set';
  }
  if (NanoCpus < 0 || NanoCpus > count * 1e9) {
    return `range of CPUs is from 0.01 to ${count}.00, as there are only ${count} CPUs available`;
  }
  if (CpuPeriod !== 0 && (CpuPeriod < 1000 || CpuPeriod > 1_000_000)) {
    return 'CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)';
  }
  if (CpuQuota > 0 && CpuQuota < 1000) return 'CPU cfs quota can not be less than 1ms (i.e. 1000)';
  return (
    cpusetProblem(CpusetCpus, count - 1, 'cpus', 'CPUs') ??
    cpusetProblem(CpusetMems, 0, 'mems', 'memory nodes')
  );
}

/** `0-2,4`: all there are (`pkg/sysinfo/sysinfo.go`, `parsers.ParseUintList`). */
function cpusetProblem(text: string, last: number, name: string, what: string): Problem {
  for (const part of text === '' ? [] : text.split(',')) {
    const match = /^(\d+)(?:-(\d+))?$/.exec(part);
    if (!match || Number(match[1]) > Number(match[2] ?? match[1])) {
      return `Invalid value ${text} for cpuset ${name}: invalid format: ${text}`;
    }
    if (Number(match[2] ?? match[1]) > last) {
      const available = last === 0 ? '0' : `0-${last}`;
      return `Requested ${what} are not available - requested ${text}, available: ${available}`;
    }
  }
  return undefined;
}

function blockProblem({ BlkioWeight = 0, ...limits }: Partial<Resources>): Problem {
  if (BlkioWeight > 0 && (BlkioWeight < 10 || BlkioWeight > 1000)) {
    return 'Range of blkio weight is from 10 to 1000';
  }
  if (limits.IOMaximumBandwidth || limits.IOMaximumIOps) {
    return 'Invalid QoS settings: linux does not support Maximum IO Bandwidth or Maximum IO IOps';
  }
  return undefined;
}

function modesProblem(host: Partial<HostConfig>): Problem {
  const { IpcMode = '', PidMode = '', UTSMode = '', ShmSize = 0, OomScoreAdj = 0 } = host;
  const isContainer = (mode: string): boolean => /^container:./.test(mode);
  if (!['', 'none', 'private', 'host', 'shareable'].includes(IpcMode) && !isContainer(IpcMode)) {
    return `invalid IPC mode: ${IpcMode}`;
  }
  if (!['', 'host'].includes(PidMode) && !isContainer(PidMode)) {
    return `invalid PID mode: ${PidMode}`;
  }
  if (ShmSize < 0) return 'SHM size can not be less than 0';
  if (!['', 'host'].includes(UTSMode)) return `invalid UTS mode: ${UTSMode}`;
  if (OomScoreAdj < -1000 || OomScoreAdj > 1000) {
    return `Invalid value ${OomScoreAdj}, range for oom score adj is [-1000, 1000]`;
  }
  const { Runtime = '', CgroupnsMode = '' } = host;
  if (!['', 'runc', 'io.containerd.runc.v2'].includes(Runtime)) {
    return `unknown or invalid runtime name: ${Runtime}`;
  }
  return ['', 'private', 'host'].includes(CgroupnsMode)
    ? undefined
    : `invalid cgroup namespace mode: ${CgroupnsMode}`;
}

/** What is done all the same, with a word of warning. */
export function createWarnings(host: Partial<HostConfig>): string[] {
  const warnings: string[] = [];
  const swappiness = host.MemorySwappiness ?? -1;
  if (swappiness >= 0) {
    warnings.push(
      'Your kernel does not support memory swappiness capabilities or the cgroup is not mounted. Memory swappiness discarded.',
    );
  }
  if (host.OomKillDisable) {
    warnings.push('Your kernel does not support OomKillDisable. OomKillDisable discarded.');
  }
  if (host.NetworkMode === 'host' && Object.keys(host.PortBindings ?? {}).length > 0) {
    warnings.push('Published ports are discarded when using host network mode');
  }
  const empty = Object.entries(host.PortBindings ?? {}).filter(
    ([, bindings]) => (bindings ?? []).length === 0,
  );
  if (empty.length > 0) {
    const ports = empty.map(([port]) => port).join(', ');
    warnings.push(
      `Following container port(s) have an empty list of port-bindings: ${ports}. Such bindings will be discarded in a future version.`,
    );
  }
  return warnings;
}
