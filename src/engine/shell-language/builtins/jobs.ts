import { signal } from '../../sim/process.ts';
import { signalProcess } from '../../machine/processes.ts';
import { SIGNAL_NAMES, readSignal } from '../../machine/signals.ts';
import { find } from '../launch.ts';
import { findJob, finishJob, lookAfterJobs } from '../jobs.ts';
import { parseSignal } from '../signals.ts';
import type { Job, Step } from '../state.ts';
import { onSignal } from '../waiting.ts';
import { print, refuse, type Builtin, type Call } from './builtin.ts';

/** Commands about other processes. */
export const wait: Builtin = function* (call) {
  const { shell, args } = call;
  yield* lookAfterJobs(shell);
  if (args[0] === '-n') return yield* waitForNext(call);
  if (args.length === 0) {
    for (const job of shell.jobs) {
      const ended = yield* waitOrTrap(call, job);
      if (ended === undefined) return trapped(call);
    }
    shell.jobs = [];
    return 0;
  }
  let status = 0;
  for (const word of args) {
    const job = findJob(shell, word);
    if (!job) {
      const why = word.startsWith('%') ? 'no such job' : `pid ${word} is not a child of this shell`;
      const sound = /^(%.*|\d+)$/.test(word);
      yield* refuse(
        call,
        sound
          ? word.startsWith('%')
            ? `${word}: ${why}`
            : why
          : `\`${word}': not a pid or valid job spec`,
      );
      status = sound ? 127 : 1;
      continue;
    }
    const ended = yield* waitOrTrap(call, job);
    if (ended === undefined) return trapped(call);
    status = ended;
    shell.jobs = shell.jobs.filter((one) => one !== job);
  }
  return status;
};

/** The status of a job; undefined when a signal with a trap came first. */
function* waitOrTrap({ shell }: Call, job: Job): Step<number | undefined> {
  if (shell.pending.length > 0) return undefined;
  if (job.status !== undefined) return job.status;
  const before = shell.pending.length;
  shell.waitsForJobs = true;
  try {
    return yield* finishJob(shell, job);
  } catch (fault) {
    if (shell.pending.length > before) return undefined;
    throw fault;
  } finally {
    shell.waitsForJobs = false;
  }
}

function trapped({ shell }: Call): number {
  const name = shell.pending[0] ?? 'SIGINT';
  return 128 + (SIGNAL_NAMES.indexOf(name) + 1);
}

/** Simplified: looks at the jobs in turn, every few milliseconds. */
function* waitForNext(call: Call): Step<number> {
  const { shell } = call;
  const running = shell.jobs.filter((job) => job.status === undefined);
  const done = shell.jobs.find((job) => job.status !== undefined) ?? running[0];
  if (!done) return 127;
  const status = (yield* waitOrTrap(call, done)) ?? trapped(call);
  shell.jobs = shell.jobs.filter((one) => one !== done);
  return status;
}

export const jobs: Builtin = function* (call) {
  const { shell, args } = call;
  yield* lookAfterJobs(shell);
  const onlyPids = args.includes('-p');
  const lines = shell.jobs.map((job, i) => {
    const mark = i === shell.jobs.length - 1 ? '+' : i === shell.jobs.length - 2 ? '-' : ' ';
    const state =
      job.status === undefined
        ? 'Running'
        : job.status === 0
          ? 'Done'
          : job.status === 143
            ? 'Terminated'
            : `Exit ${job.status}`;
    const text = job.status === undefined ? `${job.text} &` : job.text;
    return onlyPids ? `${job.pid}\n` : `[${job.id}]${mark}  ${state.padEnd(24)}${text}\n`;
  });
  if (lines.length > 0) yield* print(call, lines.join(''));
  shell.jobs = shell.jobs.filter((job) => job.status === undefined);
  return 0;
};

export const kill: Builtin = function* (call) {
  const { shell, args } = call;
  let name = 'TERM';
  const targets: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    if (arg === '-l') return yield* listSignals(call, args.slice(at + 1));
    if (arg === '-s' || arg === '-n') name = args[++at] ?? '';
    else if (arg === '--') targets.push(...args.slice(at + 1));
    else if (arg.startsWith('-') && targets.length === 0 && at === 0) name = arg.slice(1);
    else targets.push(arg);
    if (arg === '--') break;
  }
  const sent = parseSignal(name);
  if (!sent) return yield* refuse(call, `${name}: invalid signal specification`);
  if (targets.length === 0) {
    const usage =
      'usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]';
    yield* refuse(call, usage);
    return 2;
  }
  let status = 0;
  for (const target of targets) {
    const job = findJob(shell, target);
    if (job) {
      const reached = job.status === undefined && (yield* signal(job.pid, sent));
      if (!reached) status = yield* refuse(call, `(${job.pid}) - No such process`);
    } else if (target.startsWith('%')) {
      status = yield* refuse(call, `${target}: no such job`);
    } else if (!/^-?\d+$/.test(target)) {
      status = yield* refuse(call, `${target}: arguments must be process or job IDs`);
    } else if (!(yield* killPid(call, Number(target), sent))) {
      status = 1;
    }
  }
  return status;
};

function* killPid(call: Call, pid: number, sent: `SIG${string}`): Step<boolean> {
  const { shell } = call;
  const none =
    shell.flavour === 'bash'
      ? `(${pid}) - No such process`
      : `can't kill pid ${pid}: No such process`;
  if (pid === shell.shellPid && shell.nesting === 0) {
    // What a shell sends itself has come before its next command.
    if (sent === 'SIGKILL') yield* signal(shell.self.pid, sent);
    if (sent !== 'SIG0') yield* onSignal(shell, sent);
    return true;
  }
  if (pid === shell.shellPid && !shell.isContainer && (yield* signal(pid, sent))) return true;
  const fault = yield* signalProcess(shell.place, pid, sent);
  if (!fault) return true;
  const denied =
    shell.flavour === 'bash'
      ? `(${pid}) - Operation not permitted`
      : `can't kill pid ${pid}: Operation not permitted`;
  yield* refuse(call, fault === 'EPERM' ? denied : none);
  return false;
}

function* listSignals(call: Call, words: readonly string[]): Step<number> {
  if (words.length === 0) {
    yield* print(call, `${SIGNAL_NAMES.map((name, i) => `${i + 1}) ${name}`).join(' ')}\n`);
    return 0;
  }
  for (const word of words) {
    const known = readSignal(/^\d+$/.test(word) ? String(Number(word) % 128) : word);
    if (!known) return yield* refuse(call, `${word}: invalid signal specification`);
    const shown = /^\d+$/.test(word) ? known.slice(3) : String(SIGNAL_NAMES.indexOf(known) + 1);
    yield* print(call, `${shown}\n`);
  }
  return 0;
}

/** `type`, `command -v`, `which`: what a name stands for. */
export function* describeName(
  call: Call,
  name: string,
  isBuiltin: (name: string) => boolean,
): Step<{ kind: string; path: string } | undefined> {
  const { shell } = call;
  const alias = shell.aliasesInUse.get(name);
  if (alias !== undefined) return { kind: 'alias', path: alias };
  if (KEYWORDS.includes(name)) return { kind: 'keyword', path: name };
  if (shell.functions.has(name)) return { kind: 'function', path: name };
  if (isBuiltin(name)) return { kind: 'builtin', path: name };
  const found = yield* find(shell, [name]);
  return 'path' in found ? { kind: 'file', path: found.path } : undefined;
}

const KEYWORDS = [
  'if',
  'then',
  'else',
  'elif',
  'fi',
  'for',
  'while',
  'until',
  'do',
  'done',
  'case',
  'esac',
  '{',
  '}',
  '!',
  '[[',
  ']]',
  'function',
  'time',
  'in',
];
