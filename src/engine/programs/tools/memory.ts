import { resolvePath, type Command, type CommandLine } from '../../machine/command.ts';
import { DAY } from '../../sim/clock.ts';
import { now, sleep, type Self } from '../../sim/process.ts';
import {
  listProcesses,
  placeMounts,
  placeResources,
  type PlaceMount,
} from '../../machine/processes.ts';
import { containerOf } from '../../machine/place.ts';
import { isBusybox, left, readOptions, right, say, type Step } from './console.ts';
import { uptimeText } from './identity.ts';
import { commandOf, nameOf, shortClock } from './ps.ts';

/**
 * free, df, mount and top (procps-ng 4, coreutils 9, busybox 1.37).
 *
 * Simplified: `free` shows the machine's memory, as in a real container without lxcfs; the disk is
 * of one size and nothing of a tmpfs counts as used.
 */
interface Memory {
  readonly totalBytes: number;
  readonly usedBytes: number;
}

function* memoryOf(place: string): Step<Memory> {
  const { machineMemoryBytes, memoryBytes } = yield* placeResources(place);
  return { totalBytes: machineMemoryBytes, usedBytes: Math.min(machineMemoryBytes, memoryBytes) };
}

const UNITS: Readonly<Record<string, number>> = { b: 1, k: 1024, m: 1_048_576, g: 1_073_741_824 };

/** `7.8Gi`, `456Mi`, `0B`: procps' scale_size. */
function humanBytes(bytes: number): string {
  const letters = ['B', 'Ki', 'Mi', 'Gi', 'Ti'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < letters.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const text = unit === 0 || value >= 10 ? String(Math.floor(value)) : value.toFixed(1);
  return `${text}${letters[unit]}`;
}

export const free: Command = function* (line, self) {
  const { flags } = readOptions(line.argv, 'bkmgh', {
    ...{ bytes: 'b', kibi: 'k', mebi: 'm', gibi: 'g', human: 'h' },
  });
  const { totalBytes, usedBytes } = yield* memoryOf(line.machine);
  const unit = UNITS[[...flags.keys()].find((flag) => flag in UNITS) ?? 'k'] ?? 1024;
  const text = (bytes: number) =>
    flags.has('h') ? humanBytes(bytes) : String(Math.floor(bytes / unit));
  const freeBytes = totalBytes - usedBytes;
  const values = [totalBytes, usedBytes, freeBytes, 0, 0, freeBytes].map(text);
  const names = ['total', 'used', 'free', 'shared', 'buff/cache', 'available'];
  const busybox = yield* isBusybox(line);
  // Both indent their columns so that numbers end under their names.
  const width = busybox ? [12, 12, 12, 12, 12, 12] : [11, 12, 12, 12, 12, 12];
  const row = (head: string, cells: readonly string[]) =>
    `${head}${cells.map((cell, i) => right(cell, width[i]!)).join('')}\n`;
  const head = busybox ? '       ' : '        ';
  const zero = text(0);
  yield* say(
    self,
    row(head, names) +
      row(left('Mem:', head.length), values) +
      row(left('Swap:', head.length), [zero, zero, zero]),
  );
  return 0;
};

interface MountLine {
  readonly device: string;
  readonly type: string;
  readonly at: string;
  readonly totalBytes: number;
  readonly usedBytes: number;
  /** `rw,relatime` when left out. */
  readonly options?: string;
}

/** What is mounted in a place, in the order of its mounting (runc 1.4 `rootfs_linux.go`). */
function* mountsOf(place: string): Step<MountLine[]> {
  const { machineMemoryBytes, machineDiskBytes, diskUsedBytes } = yield* placeResources(place);
  const disk = { totalBytes: machineDiskBytes, usedBytes: diskUsedBytes };
  if (containerOf(place) === undefined) {
    return [{ device: '/dev/vda1', type: 'ext4', at: '/', ...disk }];
  }
  const half = machineMemoryBytes / 2;
  const { isRootReadOnly, mounts } = yield* placeMounts(place);
  const file = (at: string): MountLine => ({ device: '/dev/vda1', type: 'ext4', at, ...disk });
  const tmpfs = { device: 'tmpfs', type: 'tmpfs', usedBytes: 0 };
  const own = ({ at, type, readOnly, sizeBytes }: PlaceMount): MountLine => {
    const access = readOnly ? 'ro' : 'rw';
    if (type === 'bind') return { ...file(at), options: `${access},relatime` };
    const size = sizeBytes === undefined ? '' : `,size=${Math.ceil(sizeBytes / 1024)}k`;
    const options = `${access},nosuid,nodev,noexec,relatime${size}`;
    return { ...tmpfs, at, totalBytes: sizeBytes ?? half, options };
  };
  const root = isRootReadOnly ? { options: 'ro,relatime' } : {};
  return [
    { device: 'overlay', type: 'overlay', at: '/', ...disk, ...root },
    { ...tmpfs, at: '/dev', totalBytes: 67_108_864 },
    { device: 'shm', type: 'tmpfs', at: '/dev/shm', totalBytes: 67_108_864, usedBytes: 0 },
    ...mounts.map(own),
    ...['/etc/resolv.conf', '/etc/hostname', '/etc/hosts'].map(file),
    { ...tmpfs, at: '/proc/acpi', totalBytes: half },
    { ...tmpfs, at: '/sys/firmware', totalBytes: half },
  ];
}

/** The mounts that paths lie on, each once for each path. */
function mountsUnder(all: readonly MountLine[], paths: readonly string[]): MountLine[] {
  const holds = ({ at }: MountLine, path: string): boolean =>
    at === '/' || path === at || path.startsWith(`${at}/`);
  return paths.flatMap((path) => {
    const on = all.filter((mount) => holds(mount, path));
    return on.sort((a, b) => b.at.length - a.at.length).slice(0, 1);
  });
}

/** `4.5G`, rounded up as df does. */
function shortBytes(bytes: number, isBusyboxs = false): string {
  const letters = ['', 'K', 'M', 'G', 'T'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < letters.length - 1) {
    value /= 1024;
    unit += 1;
  }
  if (unit === 0) return String(value);
  // busybox' make_human_readable_str always has one place.
  if (isBusyboxs) return `${value.toFixed(1)}${letters[unit]}`;
  const tenths = Math.ceil(value * 10) / 10;
  return `${tenths < 10 ? tenths.toFixed(1) : String(Math.ceil(value))}${letters[unit]}`;
}

export const df: Command = function* (line, self) {
  const { flags, words } = readOptions(line.argv, 'hkmPTai');
  const all = yield* mountsOf(line.machine);
  const paths = words.map((word) => resolvePath(line.cwd, word));
  const rows = words.length > 0 ? mountsUnder(all, paths) : all;
  const human = flags.has('h');
  const busybox = yield* isBusybox(line);
  const text = (bytes: number) =>
    human ? shortBytes(bytes, busybox) : String(Math.floor(bytes / 1024));
  const cells = rows.map(({ device, at, totalBytes: size, usedBytes }) => [
    device,
    text(size),
    text(usedBytes),
    text(size - usedBytes),
    `${size === 0 ? 0 : Math.ceil((usedBytes * 100) / size)}%`,
    at,
  ]);
  if (busybox) {
    const header = `Filesystem           ${left(human ? 'Size' : '1K-blocks', 10)
      .trimEnd()
      .padStart(human ? 9 : 9)}      Used Available Use% Mounted on\n`;
    const lines = cells.map(
      ([device = '', size = '', used = '', available = '', use = '', at = '']) =>
        `${left(device, 20)} ${right(size, 9)} ${right(used, 9)} ${right(available, 9)} ${right(use, 4)} ${at}\n`,
    );
    yield* say(self, header + lines.join(''));
    return 0;
  }
  const header = [
    'Filesystem',
    human ? 'Size' : '1K-blocks',
    'Used',
    human ? 'Avail' : 'Available',
    'Use%',
    'Mounted on',
  ];
  const least = [14, 5, 5, 5, 4, 0];
  const widths = header.map((name, i) =>
    Math.max(least[i]!, name.length, ...cells.map((row) => row[i]!.length)),
  );
  const lines = [header, ...cells].map((row) =>
    row
      .map((cell, i) =>
        i === 0 ? left(cell, widths[i]!) : i === 5 ? cell : right(cell, widths[i]!),
      )
      .join(' '),
  );
  yield* say(self, lines.map((one) => `${one}\n`).join(''));
  return 0;
};

export const mount: Command = function* (line, self) {
  const inside = containerOf(line.machine) !== undefined;
  if (line.argv.length > 1 && !line.argv.slice(1).every((word) => word.startsWith('-'))) {
    yield* say({ ...self, stdout: self.stderr }, 'mount: permission denied (are you root?)\n');
    return inside && (yield* isBusybox(line)) ? 1 : 32;
  }
  const lines = (yield* mountsOf(line.machine)).map(
    ({ device, type, at, options = 'rw,relatime' }) =>
      `${device} on ${at} type ${type} (${options})\n`,
  );
  const proc = inside
    ? [
        'proc on /proc type proc (rw,nosuid,nodev,noexec,relatime)\n',
        'sysfs on /sys type sysfs (ro,nosuid,nodev,noexec,relatime)\n',
        'cgroup on /sys/fs/cgroup type cgroup2 (ro,nosuid,nodev,noexec,relatime)\n',
      ]
    : [];
  yield* say(self, [...lines.slice(0, 1), ...proc, ...lines.slice(1)].join(''));
  return 0;
};

/** Seconds between two screens. */
const REFRESH = { busybox: 5, procps: 3 };
const SCREENS_LIMIT = 100;

/**
 * `top`: as many screens as `-n` says; without it, it goes on until it is told to end.
 *
 * Simplified: one that goes on for ever shows its first screen only.
 */
export const top: Command = function* (line, self) {
  const { flags } = readOptions(line.argv, 'bHciSn:d:p:u:w:o:');
  const screens = Math.min(Number(flags.get('n') ?? 1) || 1, SCREENS_LIMIT);
  const usual = (yield* isBusybox(line)) ? REFRESH.busybox : REFRESH.procps;
  const delayMs = Math.round(Number(flags.get('d') ?? usual) * 1000) || 0;
  for (let shown = 1; shown <= screens; shown++) {
    yield* screen(line, self);
    if (shown < screens) yield* sleep(delayMs);
  }
  if (flags.has('n')) return 0;
  for (;;) yield* sleep(DAY);
};

function* screen(line: CommandLine, self: Self): Step<void> {
  const { totalBytes, usedBytes } = yield* memoryOf(line.machine);
  const rows = yield* listProcesses(line.machine);
  const nowMs = yield* now();
  const kb = (bytes: number) => Math.floor(bytes / 1024);
  if (yield* isBusybox(line)) {
    const head =
      `Mem: ${kb(usedBytes)}K used, ${kb(totalBytes - usedBytes)}K free, 0K shrd, 0K buff, 0K cached\n` +
      'CPU:   0% usr   0% sys   0% nic 100% idle   0% io   0% irq   0% sirq\n' +
      `Load average: 0.00 0.00 0.00 1/${rows.length} ${rows.at(-1)?.pid ?? 1}\n` +
      '  PID  PPID USER     STAT   VSZ %VSZ CPU %CPU COMMAND\n';
    const lines = rows.map((p) => {
      const share = Math.floor((p.memoryBytes * 200) / Math.max(1, totalBytes));
      return `${right(p.pid, 5)} ${right(p.ppid, 5)} ${left(p.user.slice(0, 8), 8)} S    ${right(kb(p.memoryBytes * 2), 5)}  ${right(`${share}%`, 3)}   0   0% ${commandOf(p)}\n`;
    });
    yield* say(self, head + lines.join(''));
    return;
  }
  const mib = (bytes: number) => right((bytes / 1_048_576).toFixed(1), 8);
  const running = rows.filter((p) => nameOf(p) === 'top').length;
  const head =
    `top -${uptimeText(nowMs).replace(/^ /, ' ')}\n` +
    `Tasks: ${right(rows.length, 3)} total, ${right(running, 3)} running, ${right(rows.length - running, 3)} sleeping,   0 stopped,   0 zombie\n` +
    '%Cpu(s):  0.0 us,  0.0 sy,  0.0 ni,100.0 id,  0.0 wa,  0.0 hi,  0.0 si,  0.0 st \n' +
    `MiB Mem : ${mib(totalBytes)} total, ${mib(totalBytes - usedBytes)} free, ${mib(usedBytes)} used,      0.0 buff/cache     \n` +
    `MiB Swap:      0.0 total,      0.0 free,      0.0 used. ${mib(totalBytes - usedBytes)} avail Mem \n\n` +
    '    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND\n';
  const lines = rows.map((p) => {
    const share = ((p.memoryBytes * 100) / Math.max(1, totalBytes)).toFixed(1);
    const time = `${shortClock(p.cpuMs)}.${String(Math.floor((p.cpuMs % 1000) / 10)).padStart(2, '0')}`;
    return `${right(p.pid, 7)} ${left(p.user.slice(0, 8), 8)}  20   0 ${right(kb(p.memoryBytes * 2), 7)} ${right(kb(p.memoryBytes), 6)} ${right(kb(p.memoryBytes / 2), 6)} S   0.0 ${right(share, 5)} ${right(time, 9)} ${nameOf(p)}\n`;
  });
  yield* say(self, head + lines.join(''));
}
