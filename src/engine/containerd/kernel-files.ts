import { EMPTY_NODES, type NodeTree } from '../machine/disk.ts';
import { directory, symlink, textFile } from '../oci/entry.ts';
import { FIGURES } from './figures.ts';
import type { Memory } from './memory.ts';
import { usedMs, type Processors } from './processors.ts';
import { hostnameOf, type ContainerRow, type ProcessRow, type Rows } from './rows.ts';

/**
 * What the kernel shows a container of itself: `/proc` (proc(5)) and the limits of its control
 * group below `/sys/fs/cgroup` (Linux `Documentation/admin-guide/cgroup-v2.rst`).
 *
 * Simplified: a few files of many; `/proc/self` is the first process, whoever asks.
 */
export interface KernelView {
  readonly rows: Rows;
  readonly memory: Memory;
  readonly processors: Processors;
  readonly nowMs: number;
}

const KIB = 1024;
const RELEASE = '6.12.0';
const NANO = 1e9;
const PERIOD_US = 100_000;
const US_PER_MS = 1000;
const DEFAULT_SHARES = 1024;

/** The tree of `/proc` or `/sys` of a container. */
export function kernelTree(which: 'proc' | 'sys', key: string, view: KernelView): NodeTree {
  const container = view.rows.containers.get(key);
  const files: Record<string, string> = {};
  if (container && which === 'proc') Object.assign(files, procFiles(key, container, view));
  if (container && which === 'sys') Object.assign(files, cgroupFiles(key, view));
  let tree = EMPTY_NODES.set('', directory(0o555));
  for (const [path, text] of Object.entries(files)) {
    for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
      if (!tree.has(path.slice(0, at))) tree = tree.set(path.slice(0, at), directory(0o555));
    }
    tree = tree.set(path, textFile(text, 0o444));
  }
  return which === 'proc' ? tree.set('self', symlink('1')) : tree;
}

function procFiles(key: string, container: ContainerRow, view: KernelView) {
  const files: Record<string, string> = {};
  for (const row of view.rows.processesOf(key)) Object.assign(files, processFiles(row, view));
  const { machineMemoryBytes } = FIGURES;
  const used = view.memory.used(key);
  const kib = (bytes: number) => `${String(Math.floor(bytes / KIB)).padStart(11)} kB\n`;
  const free = machineMemoryBytes - used;
  const seconds = (view.nowMs / 1000).toFixed(2);
  const cpus = Array.from(
    { length: view.rows.processorsOf(container.machine) },
    (_, i) => `processor\t: ${i}\nvendor_id\t: GenuineIntel\nmodel name\t: Model CPU\n\n`,
  );
  return {
    ...files,
    cpuinfo: cpus.join(''),
    filesystems: 'nodev\tproc\nnodev\ttmpfs\nnodev\toverlay\n\text4\n',
    loadavg: `0.00 0.00 0.00 1/${view.rows.processesOf(key).length} 1\n`,
    meminfo:
      `MemTotal:${kib(machineMemoryBytes)}MemFree: ${kib(free)}` +
      `MemAvailable:${kib(free).slice(4)}SwapTotal:${kib(0)}SwapFree: ${kib(0)}`,
    mounts: mountLines(container),
    uptime: `${seconds} ${seconds}\n`,
    version: `Linux version ${RELEASE} (model) #1 SMP\n`,
    'sys/kernel/hostname': `${hostnameOf(container)}\n`,
    'sys/kernel/osrelease': `${RELEASE}\n`,
    'sys/kernel/ostype': 'Linux\n',
  };
}

function processFiles(row: ProcessRow, { rows, memory }: KernelView): Record<string, string> {
  const { nsPid, argv, user } = row;
  const name = (argv[0] ?? '').replace(/^.*\//, '').slice(0, 15);
  const parent = rows.process(row.key, row.ppid)?.nsPid ?? 0;
  const four = (id: number) => `${id}\t${id}\t${id}\t${id}`;
  const status =
    `Name:\t${name}\nState:\tS (sleeping)\nTgid:\t${nsPid}\nPid:\t${nsPid}\nPPid:\t${parent}\n` +
    `Uid:\t${four(user.uid)}\nGid:\t${four(user.gid)}\n` +
    `VmRSS:\t${String(Math.floor(memory.held(row) / KIB)).padStart(8)} kB\nNSpid:\t${nsPid}\n`;
  return {
    [`${nsPid}/cmdline`]: argv.map((word) => `${word}\0`).join(''),
    [`${nsPid}/comm`]: `${name}\n`,
    [`${nsPid}/cgroup`]: '0::/\n',
    [`${nsPid}/status`]: status,
  };
}

function mountLines({ mounts, spec }: ContainerRow): string {
  const flag = spec.readOnlyRoot ? 'ro' : 'rw';
  const lines = [
    `overlay / overlay ${flag},relatime 0 0`,
    'proc /proc proc rw,nosuid,nodev,noexec,relatime 0 0',
    'tmpfs /dev tmpfs rw,nosuid,size=65536k,mode=755 0 0',
    'sysfs /sys sysfs ro,nosuid,nodev,noexec,relatime 0 0',
    'cgroup /sys/fs/cgroup cgroup2 ro,nosuid,nodev,noexec,relatime 0 0',
  ];
  for (const { at, disk, readOnly, inMemory } of mounts ?? []) {
    if (['', 'dev', 'proc', 'sys'].includes(at)) continue;
    const isTmpfs = inMemory === true || disk.includes(':tmpfs:');
    const [device, type] = isTmpfs ? ['tmpfs', 'tmpfs'] : ['/dev/vda1', 'ext4'];
    lines.push(`${device} /${at} ${type} ${readOnly ? 'ro' : 'rw'},relatime 0 0`);
  }
  for (const { target, source } of spec.mounts ?? []) {
    if ('shown' in source && !source.path) lines.push(`tmpfs ${target} tmpfs ro,relatime 0 0`);
  }
  return `${lines.join('\n')}\n`;
}

/**
 * How a container used processors (Linux `kernel/sched/cpuacct.c`, `kernel/sched/core.c`
 * `cpu_extra_stat_show`, 6.12).
 *
 * Simplified: no time is spent in the kernel, a period in which a quota stops a thread is one in
 * which it could run, and nothing is saved up for a burst.
 */
function cpuStat(key: string, { rows, processors }: KernelView): string {
  const usageUs = Math.round(usedMs(key, rows, processors) * US_PER_MS);
  const { quotaMs, heldMs } = processors.throttling(key);
  const periods = Math.floor((quotaMs * US_PER_MS) / PERIOD_US);
  const fields = {
    ...{ usage_usec: usageUs, user_usec: usageUs, system_usec: 0 },
    'core_sched.force_idle_usec': 0,
    ...{ nr_periods: periods, nr_throttled: heldMs > 0 ? periods : 0 },
    throttled_usec: Math.round(heldMs * US_PER_MS),
    ...{ nr_bursts: 0, burst_usec: 0 },
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name} ${value}\n`);
  return lines.join('');
}

function cgroupFiles(key: string, view: KernelView): Record<string, string> {
  const { rows, memory } = view;
  const { memoryLimitBytes, nanoCpus, cpuShares = DEFAULT_SHARES, pidsLimit } = rows.limits(key);
  const quota = nanoCpus === undefined ? 'max' : Math.round((nanoCpus / NANO) * PERIOD_US);
  // runc `libcontainer/cgroups/utils.go`, ConvertCPUSharesToCgroupV2Value before 1.4.
  const weight = 1 + Math.floor(((cpuShares - 2) * 9999) / 262_142);
  const processes = rows.processesOf(key);
  const files: Record<string, string> = {
    'cgroup.procs': processes.map(({ nsPid }) => `${nsPid}\n`).join(''),
    'cpu.stat': cpuStat(key, view),
    'cpu.max': `${quota} ${PERIOD_US}\n`,
    'cpu.weight': `${weight}\n`,
    'memory.current': `${Math.floor(memory.used(key))}\n`,
    'memory.max': `${memoryLimitBytes ?? 'max'}\n`,
    'pids.current': `${processes.length}\n`,
    'pids.max': `${pidsLimit ?? 'max'}\n`,
  };
  return Object.fromEntries(
    Object.entries(files).map(([name, text]) => [`fs/cgroup/${name}`, text]),
  );
}
