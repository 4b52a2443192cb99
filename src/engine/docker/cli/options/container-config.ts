import { resolvePath } from '../../../machine/command.ts';
import type { CreateBody, HostConfig, PortBinding, Resources } from '../../api.ts';
import { parsePortRange, parsePublish, splitPort } from '../../publish.ts';
import { ramInBytes } from '../../units.ts';
import { parseMac } from '../../../go/address.ts';
import { parseDuration } from '../../../go/duration.ts';
import { parseInteger } from '../../../go/numbers.ts';
import { goQuote } from '../../../go/quote.ts';
import { readWords, type Flags } from '../pflag.ts';
import { isRefused, refuse, type Refused } from '../../../go/refused.ts';
import { readFlags } from '../spec/command-spec.ts';
import { CONTAINER } from '../spec/container.ts';
import { gpuRequest } from './gpus.ts';
import { isQualifiedDevice, parseDevice } from './device.ts';
import { parseEndpoints } from './endpoints.ts';
import { keyValueFiles, pairs, withEnvironment, type FileTexts } from './key-values.ts';
import { parseUlimit } from './lists.ts';
import { parseMount, type MountSpec } from './mount.ts';
import { parseRestart } from './restart.ts';
import { parseCpus } from './values.ts';
import { parseVolume } from './volume-spec.ts';

/**
 * From the flags of `docker run` and `docker create` to the body of the request (docker/cli v29.7
 * `cli/command/container/opts.go`, `parse`). What no flag says is left to the daemon.
 */
export interface Surroundings {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** The files that --env-file, --label-file and seccomp profiles name. */
  readonly files: FileTexts;
}

export const NOWHERE: Surroundings = { cwd: '/', env: {}, files: {} };

/** The words behind `docker run`, read and checked as docker does before it asks the daemon. */
export function parseRunFlags(
  words: readonly string[],
  around: Surroundings = NOWHERE,
): CreateBody | Refused {
  const { flags = '', hidden = '' } = CONTAINER.commands!.run!;
  const specs = [...readFlags(flags), ...readFlags(hidden)];
  const read = readWords(words, specs, false);
  if (read.kind === 'wrong') return refuse(read.message);
  return containerBody(read.flags, read.args, around);
}

export function containerBody(
  flags: Flags,
  args: readonly string[],
  around: Surroundings,
): CreateBody | Refused {
  const mac = flags.text('mac-address');
  if (mac !== '' && parseMac(mac.trim()) === undefined) {
    return refuse(`${mac} is not a valid mac address`);
  }
  const swappiness = Number(flags.text('memory-swappiness', '-1'));
  if (swappiness !== -1 && (swappiness < 0 || swappiness > 100)) {
    return refuse(`invalid value: ${swappiness}. Valid memory swappiness range is 0-100`);
  }
  const volumes = volumesOf(flags, around.cwd);
  if (isRefused(volumes)) return volumes;
  const ports = portsOf(flags);
  if (isRefused(ports)) return ports;
  const devices = devicesOf(flags);
  if (isRefused(devices)) return devices;
  const texts = textsOf(flags, around);
  if (isRefused(texts)) return texts;
  const modes = modesOf(flags);
  if (isRefused(modes)) return modes;
  const restart = parseRestart(flags.text('restart', 'no'));
  if (isRefused(restart)) return restart;
  const storage = optionsOf(flags, around);
  if (isRefused(storage)) return storage;
  const health = healthOf(flags);
  if (isRefused(health)) return health;
  if (flags.has('rm') && restart.Name !== '' && restart.Name !== 'no') {
    return refuse('conflicting options: cannot specify both --restart and --rm');
  }
  const endpoints = parseEndpoints(flags);
  if (isRefused(endpoints)) return endpoints;
  const [image = '', ...command] = args;
  return {
    Image: image,
    ...(command.length > 0 ? { Cmd: command } : {}),
    ...configOf(flags),
    ...texts,
    ...(health ? { Healthcheck: health } : {}),
    ...(volumes.anonymous.length > 0 ? { Volumes: setOf(volumes.anonymous) } : {}),
    ...(ports.exposed.length > 0 ? { ExposedPorts: setOf(ports.exposed) } : {}),
    HostConfig: {
      ...hostOf(flags),
      ...resourcesOf(flags),
      ...modes,
      ...storage,
      ...devices,
      Binds: volumes.binds,
      Mounts: volumes.mounts as HostConfig['Mounts'] & {},
      PortBindings: ports.bindings,
      NetworkMode: endpoints.mode,
      RestartPolicy: restart,
    },
    NetworkingConfig: { EndpointsConfig: endpoints.endpoints },
  };
}

const setOf = (names: readonly string[]): Record<string, Record<string, never>> =>
  Object.fromEntries(names.map((name) => [name, {}]));

function volumesOf(flags: Flags, cwd: string) {
  const binds: string[] = [];
  const anonymous: string[] = [];
  for (const text of new Set(flags.all('volume'))) {
    const volume = parseVolume(text);
    if (isRefused(volume)) return volume;
    if (volume.source === '') anonymous.push(text);
    else if (volume.type === 'bind' && volume.source.startsWith('.')) {
      binds.push(resolvePath(cwd, volume.source) + text.slice(volume.source.length));
    } else binds.push(text);
  }
  const mounts: MountSpec[] = [];
  for (const text of flags.all('mount')) {
    const mount = parseMount(text, cwd);
    if (isRefused(mount)) return mount;
    mounts.push(mount);
  }
  return { binds, anonymous, mounts };
}

/** `published=8080,target=80` as `8080:80/tcp`. */
function shortPublish(text: string): string | Refused {
  if (!text.includes('=')) return text;
  const params: Record<string, string> = { protocol: 'tcp' };
  for (const part of text.split(',')) {
    const at = part.indexOf('=');
    if (at < 1) {
      return refuse(`invalid publish opts format (should be name=value but got '${part}')`);
    }
    params[part.slice(0, at)] = part.slice(at + 1);
  }
  return `${params.published ?? ''}:${params.target ?? ''}/${params.protocol ?? ''}`;
}

function portsOf(flags: Flags) {
  const bindings: Record<string, PortBinding[]> = {};
  const exposed = new Set<string>();
  for (const text of flags.all('publish')) {
    const short = shortPublish(text);
    const mappings = isRefused(short) ? short : parsePublish(short);
    if (isRefused(mappings)) return mappings;
    for (const { port, HostIp, HostPort } of mappings) {
      (bindings[port] ??= []).push({ HostIp, HostPort });
      exposed.add(port);
    }
  }
  for (const text of flags.all('expose')) {
    const { port, protocol } = splitPort(text);
    const range = parsePortRange(port);
    if (isRefused(range)) {
      const why = text === '' ? 'invalid port range: value is empty' : range.refused;
      return refuse(`invalid range format for --expose: ${why}`);
    }
    for (let one = range.first; one <= range.last; one++) {
      exposed.add(`${one}/${protocol.toLowerCase()}`);
    }
  }
  return { bindings, exposed: [...exposed] };
}

function devicesOf(flags: Flags): Partial<Resources> | Refused {
  const all = flags.all('device').filter((text) => !isQualifiedDevice(text));
  const devices = [];
  for (const text of all) {
    const device = parseDevice(text);
    if (isRefused(device)) return device;
    devices.push(device);
  }
  return devices.length > 0 ? { Devices: devices } : {};
}

/** Environment and labels, of files first. */
function textsOf(flags: Flags, { env, files }: Surroundings) {
  const lines = keyValueFiles(flags.all('env-file'), files, env);
  if (isRefused(lines)) return refuse(`--env-file: ${lines.refused}`);
  const labels = keyValueFiles(flags.all('label-file'), files);
  if (isRefused(labels)) return refuse(`--label-file: ${labels.refused}`);
  return {
    Env: [...lines, ...withEnvironment(flags.all('env'), env)],
    Labels: pairs([...labels, ...flags.all('label')]),
  };
}

const MODES: readonly (readonly [string, string, RegExp, string])[] = [
  ['pid', 'PidMode', /^(|host|container:.+)$/, '--pid: invalid PID mode'],
  ['uts', 'UTSMode', /^(|host)$/, '--uts: invalid UTS mode'],
  ['userns', 'UsernsMode', /^(|host)$/, '--userns: invalid USER mode'],
  ['cgroupns', 'CgroupnsMode', /^(|host|private)$/, '--cgroupns: invalid CGROUP mode'],
];

function modesOf(flags: Flags): Partial<HostConfig> | Refused {
  const modes: Record<string, string> = {};
  for (const [name, field, valid, wrong] of MODES) {
    const mode = flags.text(name);
    if (!valid.test(mode)) return refuse(wrong);
    if (mode !== '') modes[field] = mode;
  }
  return modes;
}

function optionsOf(flags: Flags, { files }: Surroundings): Partial<HostConfig> | Refused {
  const driver = flags.text('log-driver');
  const logging = flags.all('log-opt');
  if (driver === 'none' && logging.length > 0) {
    return refuse(`invalid logging opts for driver ${driver}`);
  }
  const security: string[] = [];
  for (const option of flags.all('security-opt')) {
    const [, key = '', value = ''] = /^([^=:]*)[=:]?([\s\S]*)$/.exec(option) ?? [];
    if (value === '' && key !== 'no-new-privileges') {
      return refuse(`invalid --security-opt: ${goQuote(option)}`);
    }
    if (key === 'seccomp' && value !== 'builtin' && value !== 'unconfined') {
      const text = files[value];
      if (text === undefined) {
        const why = `open ${value}: no such file or directory`;
        return refuse(`opening seccomp profile (${value}) failed: ${why}`);
      }
      security.push(`seccomp=${text}`);
    } else security.push(option);
  }
  const storage = flags.all('storage-opt');
  if (storage.some((option) => !option.includes('='))) return refuse('invalid storage option');
  const open = security.includes('systempaths=unconfined');
  return {
    LogConfig: { Type: driver, Config: pairs(logging) },
    ...(security.length > 0
      ? { SecurityOpt: security.filter((one) => one !== 'systempaths=unconfined') }
      : {}),
    ...(open ? { MaskedPaths: [], ReadonlyPaths: [] } : {}),
    ...(storage.length > 0 ? { StorageOpt: pairs(storage) } : {}),
  };
}

const DURATIONS = ['interval', 'timeout', 'start-period', 'start-interval'] as const;

function healthOf(flags: Flags): CreateBody['Healthcheck'] | Refused {
  const command = flags.text('health-cmd');
  const ns = Object.fromEntries(
    DURATIONS.map((name) => [name, number(parseDuration(flags.text(`health-${name}`, '0')))]),
  ) as Record<(typeof DURATIONS)[number], number>;
  const retries = number(parseInteger(flags.text('health-retries', '0'), { base: 0 }));
  const any = command !== '' || retries !== 0 || DURATIONS.some((name) => ns[name] !== 0);
  if (flags.has('no-healthcheck')) {
    if (any) return refuse('--no-healthcheck conflicts with --health-* options');
    return { Test: ['NONE'] };
  }
  if (!any) return undefined;
  for (const name of [
    'interval',
    'timeout',
    'retries',
    'start-period',
    'start-interval',
  ] as const) {
    const size = name === 'retries' ? retries : ns[name];
    if (size < 0) return refuse(`--health-${name} cannot be negative`);
  }
  return {
    Test: command === '' ? [] : ['CMD-SHELL', command],
    Interval: ns.interval,
    Timeout: ns.timeout,
    StartPeriod: ns['start-period'],
    StartInterval: ns['start-interval'],
    Retries: retries,
  };
}

/** Flags were checked when they were read, so what is refused here was not given. */
const number = (value: number | Refused): number => (isRefused(value) ? 0 : value);

function configOf(flags: Flags): Partial<CreateBody> {
  const attach = flags.all('attach').map((stream) => stream.toLowerCase());
  const stdin = flags.has('interactive') || attach.includes('stdin');
  const entrypoint = flags.last('entrypoint');
  return {
    ...text(flags, 'hostname', 'Hostname'),
    ...text(flags, 'domainname', 'Domainname'),
    ...text(flags, 'user', 'User'),
    ...text(flags, 'workdir', 'WorkingDir'),
    ...text(flags, 'stop-signal', 'StopSignal'),
    ...(entrypoint === undefined ? {} : { Entrypoint: [entrypoint] }),
    ...(flags.changed('stop-timeout') ? { StopTimeout: Number(flags.last('stop-timeout')) } : {}),
    Tty: flags.has('tty'),
    OpenStdin: flags.has('interactive'),
    StdinOnce: flags.has('interactive') && stdin,
    AttachStdin: stdin,
    AttachStdout: attach.length === 0 || attach.includes('stdout'),
    AttachStderr: attach.length === 0 || attach.includes('stderr'),
  };
}

/** A field that is left out when the flag was not given or says nothing. */
function text(flags: Flags, flag: string, field: string): Record<string, string> {
  const value = flags.text(flag);
  return value === '' ? {} : { [field]: value };
}

const list = (flags: Flags, flag: string, field: string): Record<string, readonly string[]> =>
  flags.changed(flag) ? { [field]: flags.all(flag) } : {};

const on = (flags: Flags, flag: string, field: string): Record<string, boolean> =>
  flags.has(flag) ? { [field]: true } : {};

function hostOf(flags: Flags): Partial<HostConfig> {
  const dns = [...flags.all('dns-option'), ...flags.all('dns-opt')];
  const tmpfs = flags.all('tmpfs').map((one) => {
    const at = one.indexOf(':');
    return at === -1 ? [one, ''] : [one.slice(0, at), one.slice(at + 1)];
  });
  return {
    ...text(flags, 'cidfile', 'ContainerIDFile'),
    ...on(flags, 'rm', 'AutoRemove'),
    ...on(flags, 'privileged', 'Privileged'),
    ...on(flags, 'publish-all', 'PublishAllPorts'),
    ...on(flags, 'read-only', 'ReadonlyRootfs'),
    ...list(flags, 'link', 'Links'),
    ...list(flags, 'dns', 'Dns'),
    ...list(flags, 'dns-search', 'DnsSearch'),
    ...(dns.length > 0 ? { DnsOptions: dns } : {}),
    ...(flags.changed('add-host') ? { ExtraHosts: flags.all('add-host').map(extraHost) } : {}),
    ...list(flags, 'volumes-from', 'VolumesFrom'),
    ...list(flags, 'cap-add', 'CapAdd'),
    ...list(flags, 'cap-drop', 'CapDrop'),
    ...list(flags, 'group-add', 'GroupAdd'),
    ...(flags.changed('gpus') ? { DeviceRequests: flags.all('gpus').map(gpuRequest) } : {}),
    ...text(flags, 'ipc', 'IpcMode'),
    ...text(flags, 'volume-driver', 'VolumeDriver'),
    ...text(flags, 'isolation', 'Isolation'),
    ...text(flags, 'runtime', 'Runtime'),
    ...text(flags, 'cgroup-parent', 'CgroupParent'),
    ...(flags.changed('oom-score-adj') ? { OomScoreAdj: Number(flags.last('oom-score-adj')) } : {}),
    ...(flags.changed('shm-size') ? { ShmSize: number(ramInBytes(flags.text('shm-size'))) } : {}),
    ...(tmpfs.length > 0 ? { Tmpfs: Object.fromEntries(tmpfs) as Record<string, string> } : {}),
    ...(flags.changed('sysctl') ? { Sysctls: pairs(flags.all('sysctl')) } : {}),
    ...(flags.changed('annotation') ? { Annotations: pairs(flags.all('annotation')) } : {}),
    ...(flags.changed('init') ? { Init: flags.has('init') } : {}),
  };
}

/** `name:address`, whatever stood between them. */
function extraHost(value: string): string {
  const at = value.includes('=') ? value.indexOf('=') : value.indexOf(':');
  return `${value.slice(0, at)}:${value.slice(at + 1).replace(/^\[(.+)\]$/, '$1')}`;
}

const BYTES = { memory: 'Memory', 'memory-reservation': 'MemoryReservation' } as const;
const WHOLE = {
  'cpu-shares': 'CpuShares',
  'cpu-period': 'CpuPeriod',
  'cpu-quota': 'CpuQuota',
  'cpu-rt-period': 'CpuRealtimePeriod',
  'cpu-rt-runtime': 'CpuRealtimeRuntime',
  'pids-limit': 'PidsLimit',
  'blkio-weight': 'BlkioWeight',
  'memory-swappiness': 'MemorySwappiness',
} as const;

/** Limits: of `docker run` and `docker update`. */
export function resourcesOf(flags: Flags): Partial<Resources> {
  const limits: Record<string, unknown> = {};
  for (const [flag, field] of Object.entries(BYTES)) {
    if (flags.changed(flag)) limits[field] = number(ramInBytes(flags.text(flag)));
  }
  for (const [flag, field] of Object.entries(WHOLE)) {
    if (flags.changed(flag)) limits[field] = number(parseInteger(flags.text(flag), { base: 0 }));
  }
  if (flags.changed('memory-swap')) {
    const swap = flags.text('memory-swap');
    limits.MemorySwap = swap === '-1' ? -1 : number(ramInBytes(swap));
  }
  if (flags.changed('cpus')) limits.NanoCpus = number(parseCpus(flags.text('cpus')));
  if (flags.has('oom-kill-disable')) limits.OomKillDisable = true;
  const ulimits = flags
    .all('ulimit')
    .map(parseUlimit)
    .filter((one) => typeof one !== 'string');
  if (ulimits.length > 0) limits.Ulimits = ulimits;
  if (flags.changed('device-cgroup-rule')) {
    limits.DeviceCgroupRules = flags.all('device-cgroup-rule');
  }
  return {
    ...limits,
    ...text(flags, 'cpuset-cpus', 'CpusetCpus'),
    ...text(flags, 'cpuset-mems', 'CpusetMems'),
  };
}
