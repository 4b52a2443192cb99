import { now } from '../../sim/process.ts';
import { civilTime } from '../../sim/clock.ts';
import type { Command, CommandLine } from '../../machine/command.ts';
import {
  listProcesses,
  ownProcess,
  placeResources,
  type ProcessInfo,
} from '../../machine/processes.ts';
import { baseName, fail, isBusybox, left, right, say, type Step } from './console.ts';

/**
 * ps, as busybox 1.37 `procps/ps.c` has it and as procps-ng 4 has it (`ps`, `ps -ef`, `ps aux`,
 * `-o COLUMNS`, `-p PID`).
 *
 * Simplified: there are no terminals, threads and sessions; memory and processor shares are model
 * figures; columns other than the table's are unknown.
 */
const two = (value: number): string => String(value).padStart(2, '0');

/** Processor time: `00:00:07`. */
const clock = (ms: number): string => {
  const s = Math.floor(ms / 1000);
  return `${two(Math.floor(s / 3600))}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
};

/** Busybox's: minutes and seconds in five places, hours beyond. */
export const shortClock = (ms: number): string => {
  const s = Math.floor(ms / 1000);
  const minutes = Math.floor(s / 60);
  if (minutes >= 1000) return `${Math.floor(minutes / 60)}h${two(minutes % 60)}`;
  return `${minutes}:${two(s % 60)}`;
};

/** When a process started: the time today, the day before that. */
function startOf(startedMs: number, nowMs: number): string {
  const t = civilTime(startedMs);
  if (nowMs - startedMs < 86_400_000) return `${two(t.hour)}:${two(t.minute)}`;
  const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
  return `${months[t.month - 1] ?? ''}${two(t.day)}`;
}

export const commandOf = ({ argv }: ProcessInfo): string => argv.join(' ');
export const nameOf = ({ argv }: ProcessInfo): string => {
  const name = baseName((argv[0] ?? '').replace(/:$/, '').replace(/^-/, ''));
  return name.slice(0, 15);
};

interface View {
  readonly nowMs: number;
  readonly totalBytes: number;
}

interface Column {
  readonly header: string;
  readonly width: number;
  readonly right?: true;
  readonly value: (process: ProcessInfo, view: View) => string;
}

const share = (part: number, whole: number): string => {
  const tenths = whole <= 0 ? 0 : Math.floor((part * 1000) / whole);
  return `${Math.floor(tenths / 10)}.${tenths % 10}`;
};
const cpuShare = ({ cpuMs, startedMs }: ProcessInfo, { nowMs }: View): string =>
  // One that has just begun has had no share yet.
  nowMs - startedMs < 1000 ? '0.0' : share(cpuMs, nowMs - startedMs);
const kilobytes = ({ memoryBytes }: ProcessInfo): string => String(Math.ceil(memoryBytes / 1024));

const COLUMNS: Readonly<Record<string, Column>> = {
  pid: { header: 'PID', width: 7, right: true, value: ({ pid }) => String(pid) },
  ppid: { header: 'PPID', width: 7, right: true, value: ({ ppid }) => String(ppid) },
  user: { header: 'USER', width: 8, value: ({ user }) => user },
  uid: {
    header: 'UID',
    width: 5,
    right: true,
    value: ({ user }) => (user === 'root' ? '0' : user),
  },
  pcpu: { header: '%CPU', width: 4, right: true, value: cpuShare },
  pmem: {
    header: '%MEM',
    width: 4,
    right: true,
    value: ({ memoryBytes }, { totalBytes }) => share(memoryBytes, totalBytes),
  },
  vsz: { header: 'VSZ', width: 6, right: true, value: (p) => String(Number(kilobytes(p)) * 2) },
  rss: { header: 'RSS', width: 5, right: true, value: kilobytes },
  tty: { header: 'TT', width: 8, value: () => '?' },
  stat: { header: 'STAT', width: 4, value: statOf },
  stime: { header: 'STIME', width: 5, value: (p, { nowMs }) => startOf(p.startedMs, nowMs) },
  time: { header: 'TIME', width: 8, right: true, value: ({ cpuMs }) => clock(cpuMs) },
  etime: {
    header: 'ELAPSED',
    width: 11,
    right: true,
    value: ({ startedMs }, { nowMs }) => elapsed(nowMs - startedMs),
  },
  comm: { header: 'COMMAND', width: 15, value: nameOf },
  args: { header: 'COMMAND', width: 27, value: commandOf },
};
const ALIASES: Readonly<Record<string, string>> = {
  ...{ cmd: 'args', command: 'args', '%cpu': 'pcpu', '%mem': 'pmem', state: 'stat', s: 'stat' },
  ...{ vsize: 'vsz', rssize: 'rss', tname: 'tty', tt: 'tty', start_time: 'stime', ucmd: 'comm' },
  ...{ euser: 'user', cputime: 'time' },
};

function statOf({ pid, argv }: ProcessInfo): string {
  const runs = baseName(argv[0] ?? '') === 'ps';
  return `${runs ? 'R' : 'S'}${pid === 1 ? 's' : ''}`;
}

function elapsed(ms: number): string {
  const s = Math.floor(ms / 1000);
  const days = Math.floor(s / 86_400);
  const hours = Math.floor(s / 3600) % 24;
  const rest = `${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  if (days > 0) return `${days}-${two(hours)}:${rest}`;
  return hours > 0 ? `${two(hours)}:${rest}` : rest;
}

function table(columns: readonly Column[], rows: readonly ProcessInfo[], view: View): string {
  const cell = (text: string, column: Column, last: boolean) => {
    if (column.right) return right(text, column.width);
    return last ? text : left(text, column.width);
  };
  const line = (textOf: (column: Column) => string) =>
    columns.map((c, i) => cell(textOf(c), c, i === columns.length - 1)).join(' ');
  const headers = columns.some(({ header }) => header !== '') ? [line(({ header }) => header)] : [];
  return [...headers, ...rows.map((p) => line((c) => c.value(p, view)))]
    .map((text) => `${text}\n`)
    .join('');
}

/** `pid,comm=NAME`: columns with their headers replaced; undefined names the one unknown. */
function readColumns(text: string): Column[] | string {
  const columns: Column[] = [];
  for (const word of text.split(/[ ,]+(?![^=]*$)|,/).filter((part) => part !== '')) {
    const [name = '', header] = word.split('=');
    const known = ALIASES[name] ?? name;
    const column = Object.hasOwn(COLUMNS, known) ? COLUMNS[known] : undefined;
    if (!column) return name;
    const shown = name === 'cmd' && header === undefined ? 'CMD' : header;
    columns.push(shown === undefined ? column : { ...column, header: shown });
  }
  return columns;
}

function* busyboxPs({ machine, argv }: CommandLine, text: string | undefined): Step<string> {
  const rows = yield* listProcesses(machine);
  if (text !== undefined) {
    const nowMs = yield* now();
    const columns = readColumns(text);
    if (typeof columns === 'string') return `bad -o argument '${columns}'`;
    const narrow = columns.map((c) =>
      c.header === 'PID' || c.header === 'PPID' ? { ...c, width: 5 } : c,
    );
    return table(narrow, rows, { nowMs, totalBytes: 1 });
  }
  const lines = rows.map(
    (p) =>
      `${right(p.pid, 5)} ${left(p.user.slice(0, 8), 8)} ${right(shortClock(p.cpuMs), 5)} ${commandOf(p)}\n`,
  );
  return `PID   USER     TIME  COMMAND\n${lines.join('')}${argv.length < 0 ? '' : ''}`;
}

const PS_HELP = `
Usage:
 ps [options]

 Try 'ps --help <simple|list|output|threads|misc|all>'
  or 'ps --help <s|l|o|t|m|a>'
 for additional help text.

For more details see ps(1).
`;

const FULL: readonly Column[] = [
  { ...COLUMNS.user!, header: 'UID' },
  COLUMNS.pid!,
  COLUMNS.ppid!,
  { header: 'C', width: 2, right: true, value: (p, v) => cpuShare(p, v).split('.')[0] ?? '0' },
  COLUMNS.stime!,
  { ...COLUMNS.tty!, header: 'TTY' },
  COLUMNS.time!,
  { ...COLUMNS.args!, header: 'CMD' },
];
const BSD: readonly Column[] = [
  COLUMNS.user!,
  COLUMNS.pid!,
  COLUMNS.pcpu!,
  COLUMNS.pmem!,
  COLUMNS.vsz!,
  COLUMNS.rss!,
  { ...COLUMNS.tty!, header: 'TTY' },
  COLUMNS.stat!,
  { ...COLUMNS.stime!, header: 'START' },
  { header: 'TIME', width: 6, right: true, value: ({ cpuMs }) => shortClock(cpuMs) },
  COLUMNS.args!,
];
const PLAIN: readonly Column[] = [
  COLUMNS.pid!,
  { ...COLUMNS.tty!, header: 'TTY' },
  COLUMNS.time!,
  { ...COLUMNS.comm!, header: 'CMD' },
];

export const ps: Command = function* (line, self) {
  const { machine, argv } = line;
  let output: string | undefined;
  let pids: number[] | undefined;
  let all = false;
  let columns: readonly Column[] = PLAIN;
  for (let at = 1; at < argv.length; at++) {
    const word = argv[at]!;
    if (word === '-o' || word === '-eo' || word === '-ao') {
      output = [output, argv[++at] ?? ''].filter((part) => part !== undefined).join(',');
      all ||= word !== '-o';
    } else if (word === '-p') pids = (argv[++at] ?? '').split(/[ ,]+/).map(Number);
    else if (/^-o./.test(word)) output = word.slice(2);
    else if (/^-[eAafwlFT]+$/.test(word)) {
      all ||= /[eA]/.test(word);
      if (/[fF]/.test(word)) columns = FULL;
    } else if (/^-?[auxwef]+$/.test(word)) {
      all ||= word.includes('x');
      columns = BSD;
    } else if (/^\d+$/.test(word)) pids = [Number(word)];
    else {
      const problem = word.startsWith('--') ? 'unknown gnu long option' : 'garbage option';
      return yield* fail(self, `error: ${problem}\n${PS_HELP.trimEnd()}`);
    }
  }
  if (yield* isBusybox(line)) {
    const text = yield* busyboxPs(line, output);
    if (text.startsWith('bad -o')) return yield* fail(self, `ps: ${text}`);
    yield* say(self, text);
    return 0;
  }
  if (output !== undefined) {
    const chosen = readColumns(output);
    if (typeof chosen === 'string') {
      return yield* fail(
        self,
        `error: unknown user-defined format specifier "${chosen}"\n${PS_HELP.trimEnd()}`,
      );
    }
    columns = chosen;
  }
  const nowMs = yield* now();
  const { machineMemoryBytes } = yield* placeResources(machine);
  const rows = yield* listProcesses(machine);
  const own = yield* ownProcess(machine);
  // Without a terminal, plain ps shows what shares the asker's: its shell and itself.
  const mine = (p: ProcessInfo) => all || p.pid === own.pid || p.pid === own.ppid;
  const chosen = pids ? rows.filter(({ pid }) => pids.includes(pid)) : rows.filter(mine);
  yield* say(self, table(columns, chosen, { nowMs, totalBytes: machineMemoryBytes }));
  return chosen.length === 0 ? 1 : 0;
};
