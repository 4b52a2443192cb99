import { civilTime, DAY, EPOCH_UNIX_MS } from '../../sim/clock.ts';
import type { ProcessView } from '../../containerd/api.ts';
import { answer, fail } from '../answer.ts';
import type { EngineResponse, TopAnswer } from '../api.ts';

/**
 * `docker top`: what ps says on the machine of a container's processes (moby/moby v29.7
 * `daemon/top_unix.go`; procps-ng 4 `ps`).
 *
 * Simplified: `-ef`, `-eF`, `aux`, `-o FIELDS` and their likes; options that only sort or widen
 * are taken and change nothing.
 */
interface Shown {
  readonly title: string;
  readonly of: (process: ProcessView, context: Context) => string;
}

interface Context {
  readonly nowMs: number;
  readonly tty: string;
  readonly memoryBytes: number;
}

const two = (value: number): string => String(value).padStart(2, '0');

function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const days = Math.floor(seconds / 86_400);
  const text = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60]
    .map(two)
    .join(':');
  return days > 0 ? `${days}-${text}` : text;
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

function startTime(startedMs: number, nowMs: number): string {
  const t = civilTime(startedMs);
  const isToday =
    Math.floor((startedMs + EPOCH_UNIX_MS) / DAY) === Math.floor((nowMs + EPOCH_UNIX_MS) / DAY);
  return isToday ? `${two(t.hour)}:${two(t.minute)}` : `${MONTHS[t.month - 1] ?? ''}${two(t.day)}`;
}

function elapsed(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const days = Math.floor(hours / 24);
  const tail = `${two(minutes)}:${two(seconds % 60)}`;
  if (days > 0) return `${days}-${two(hours % 24)}:${tail}`;
  return hours > 0 ? `${two(hours)}:${tail}` : tail;
}

const percentCpu = ({ cpuMs, startedMs }: ProcessView, { nowMs }: Context): number =>
  (cpuMs / Math.max(1, nowMs - startedMs)) * 100;
const kilobytes = ({ memoryBytes }: ProcessView): string => String(Math.round(memoryBytes / 1024));
const name = ({ argv }: ProcessView): string => (argv[0] ?? '').split('/').pop() ?? '';
const bsdTime = ({ cpuMs }: ProcessView): string =>
  `${Math.floor(cpuMs / 60_000)}:${two(Math.floor(cpuMs / 1000) % 60)}`;

const words = ({ argv }: ProcessView): string => argv.join(' ');
const field = (title: string, of: Shown['of']): Shown => ({ title, of });
const percentMemory = (process: ProcessView, { memoryBytes }: Context): string =>
  ((process.memoryBytes / memoryBytes) * 100).toFixed(1);

const FIELDS: Readonly<Record<string, Shown>> = {
  user: field('USER', ({ user }) => user),
  euser: field('EUSER', ({ user }) => user),
  uid: field('UID', ({ user }) => (user === 'root' ? '0' : user)),
  pid: field('PID', ({ pid }) => String(pid)),
  ppid: field('PPID', ({ ppid }) => String(ppid)),
  c: field('C', (process, context) => String(Math.floor(percentCpu(process, context)))),
  pcpu: field('%CPU', (process, context) => percentCpu(process, context).toFixed(1)),
  '%cpu': field('%CPU', (process, context) => percentCpu(process, context).toFixed(1)),
  pmem: field('%MEM', percentMemory),
  '%mem': field('%MEM', percentMemory),
  vsz: field('VSZ', kilobytes),
  rss: field('RSS', kilobytes),
  tty: field('TT', (_process, { tty }) => tty),
  tt: field('TT', (_process, { tty }) => tty),
  stat: field('STAT', () => 'Ss'),
  state: field('S', () => 'S'),
  s: field('S', () => 'S'),
  stime: field('STIME', ({ startedMs }, { nowMs }) => startTime(startedMs, nowMs)),
  start: field('STARTED', ({ startedMs }, { nowMs }) => startTime(startedMs, nowMs)),
  etime: field('ELAPSED', ({ startedMs }, { nowMs }) => elapsed(nowMs - startedMs)),
  time: field('TIME', ({ cpuMs }) => clock(cpuMs)),
  comm: field('COMMAND', name),
  ucmd: field('CMD', name),
  cmd: field('CMD', words),
  args: field('COMMAND', words),
  command: field('COMMAND', words),
};

const FULL: readonly Shown[] = [
  field('UID', ({ user }) => user),
  ...['pid', 'ppid', 'c', 'stime'].map((key) => FIELDS[key]!),
  field('TTY', (_process, { tty }) => tty),
  ...['time', 'cmd'].map((key) => FIELDS[key]!),
];

const BSD: readonly Shown[] = [
  ...['user', 'pid', '%cpu', '%mem', 'vsz', 'rss'].map((key) => FIELDS[key]!),
  field('TTY', (_process, { tty }) => tty),
  FIELDS.stat!,
  field('START', ({ startedMs }, { nowMs }) => startTime(startedMs, nowMs)),
  field('TIME', bsdTime),
  FIELDS.command!,
];

const SHORT: readonly Shown[] = [
  FIELDS.pid!,
  field('TTY', (_process, { tty }) => tty),
  FIELDS.time!,
  field('CMD', name),
];

type Columns = { readonly shown: readonly Shown[] } | { readonly problem: string };

/** What `ps ARGS` would show. */
function columnsOf(psArgs: string): Columns {
  const given = psArgs.split(' ').filter((word) => word !== '');
  const own: Shown[] = [];
  for (let at = 0; at < given.length; at++) {
    const word = given[at]!;
    const match = /^-?[aAdefFjlNrTuwxX]*o(.*)$/.exec(word) ?? /^--format(?:=(.*))?$/.exec(word);
    if (!match) continue;
    const list = match[1] !== undefined && match[1] !== '' ? match[1] : given[++at];
    if (list === undefined) return { problem: 'error: user-defined sort or format is missing' };
    for (const part of list.split(',').filter((text) => text !== '')) {
      const [key = '', title] = part.split('=');
      const known = Object.hasOwn(FIELDS, key.toLowerCase())
        ? FIELDS[key.toLowerCase()]
        : undefined;
      if (!known) return { problem: `error: unknown user-defined format specifier "${key}"` };
      own.push(title === undefined ? known : { ...known, title });
    }
  }
  if (own.length > 0) return { shown: own };
  const flags = given.join('');
  if (/^-\w*[fF]/.test(flags)) return { shown: FULL };
  if (flags.includes('u')) return { shown: BSD };
  return { shown: SHORT };
}

export function top(
  processes: readonly ProcessView[],
  psArgs: string,
  context: Context,
): EngineResponse {
  for (const [, key, value] of psArgs.matchAll(/\s+(\S*)=\s*(PID\S*)/g)) {
    if (key !== 'pid') return fail(500, `specifying "${key ?? ''}=${value ?? ''}" is not allowed`);
  }
  const columns = columnsOf(psArgs === '' ? '-ef' : psArgs);
  if ('problem' in columns) return fail(500, `ps: ${columns.problem}`);
  const { shown } = columns;
  if (!shown.some(({ title }) => title === 'PID')) {
    return fail(500, "Couldn't find PID field in ps output");
  }
  return answer<TopAnswer>(200, {
    Processes: processes.map((process) => shown.map(({ of }) => of(process, context))),
    Titles: shown.map(({ title }) => title),
  });
}
