import type { Command } from '../../machine/command.ts';
import {
  listProcesses,
  ownProcess,
  signalProcess,
  type ProcessInfo,
} from '../../machine/processes.ts';
import { readSignal, SIGNAL_NAMES, signalNumber, signalOf } from '../../machine/signals.ts';
import type { Self, Signal } from '../../sim/process.ts';
import { baseName, fail, isBusybox, say, type Step } from './console.ts';
import { commandOf, nameOf } from './ps.ts';

/**
 * kill, killall, pkill, pgrep and pidof (busybox 1.37 `procps/`; util-linux 2.41 `misc-utils/kill.c`;
 * procps-ng 4 `src/pgrep.c`).
 */
const REASONS = { ESRCH: 'No such process', EPERM: 'Operation not permitted' } as const;

const nameOfSignal = (signal: Signal): string => signal.replace(/^SIG/, '');

function* listSignals(self: Self, words: readonly string[]): Step<number> {
  if (words.length === 0) {
    const lines = SIGNAL_NAMES.map(
      (name, i) => `${String(i + 1).padStart(2)}) ${nameOfSignal(name)}\n`,
    );
    yield* say(self, lines.join(''));
    return 0;
  }
  for (const word of words) {
    const number = /^\d+$/.test(word) ? Number(word) & 0x7f : undefined;
    const signal = number === undefined ? readSignal(word) : signalOf(number);
    if (signal === undefined) return yield* fail(self, `kill: unknown signal '${word}'`);
    yield* say(
      self,
      number === undefined ? `${signalNumber(signal)}\n` : `${nameOfSignal(signal)}\n`,
    );
  }
  return 0;
}

export const kill: Command = function* (line, self) {
  const words = line.argv.slice(1);
  let signal: Signal = 'SIGTERM';
  const [first = ''] = words;
  if (first === '-l' || first === '-L') return yield* listSignals(self, words.slice(1));
  if (first.startsWith('-') && first !== '--') {
    words.shift();
    const name =
      first === '-s' || first === '-n'
        ? (words.shift() ?? '')
        : first.replace(/^-(s(?=[A-Za-z]))?/, '');
    const found = name === '0' ? 'SIG0' : (readSignal(name) ?? readSignal(first.slice(1)));
    if (found === undefined) return yield* fail(self, `kill: bad signal name '${name}'`);
    signal = found;
  }
  if (words[0] === '--') words.shift();
  if (words.length === 0) return yield* fail(self, 'kill: you need to specify whom to kill');
  let errors = 0;
  for (const word of words) {
    if (!/^-?\d+$/.test(word)) {
      errors += 1;
      yield* fail(self, `kill: invalid number '${word}'`);
      continue;
    }
    const fault = yield* signalProcess(line.machine, Number(word), signal);
    if (fault === undefined) continue;
    errors += 1;
    yield* fail(self, `kill: can't kill pid ${word}: ${REASONS[fault]}`);
  }
  return errors === 0 ? 0 : 1;
};

interface Wanted {
  readonly pattern: string;
  readonly full: boolean;
  readonly exact: boolean;
}

function matches(process: ProcessInfo, { pattern, full, exact }: Wanted): boolean {
  const text = full ? commandOf(process) : nameOf(process);
  try {
    return new RegExp(exact ? `^(?:${pattern})$` : pattern).test(text);
  } catch {
    return false;
  }
}

function* found(place: string, wanted: Wanted): Step<ProcessInfo[]> {
  const own = yield* ownProcess(place);
  const rows = yield* listProcesses(place);
  return rows.filter((row) => row.pid !== own.pid && matches(row, wanted));
}

export const pgrep: Command = function* (line, self) {
  const flags = line.argv.slice(1).filter((word) => word.startsWith('-'));
  const [pattern] = line.argv.slice(1).filter((word) => !word.startsWith('-'));
  if (pattern === undefined) {
    return yield* fail(
      self,
      "pgrep: no matching criteria specified\nTry `pgrep --help' for more information.",
      2,
    );
  }
  const has = (letter: string) =>
    flags.some((flag) => !flag.startsWith('--') && flag.includes(letter));
  const rows = yield* found(line.machine, { pattern, full: has('f'), exact: has('x') });
  const text = (row: ProcessInfo) => {
    if (has('a')) return `${row.pid} ${commandOf(row)}`;
    return has('l') ? `${row.pid} ${nameOf(row)}` : String(row.pid);
  };
  if (has('c')) yield* say(self, `${rows.length}\n`);
  else yield* say(self, rows.map((row) => `${text(row)}\n`).join(''));
  return rows.length > 0 ? 0 : 1;
};

export const pkill: Command = function* (line, self) {
  const words = line.argv.slice(1);
  const [pattern] = words.filter((word) => !word.startsWith('-'));
  if (pattern === undefined) {
    return yield* fail(
      self,
      "pkill: no matching criteria specified\nTry `pkill --help' for more information.",
      2,
    );
  }
  const flags = words.filter((word) => word.startsWith('-'));
  const signal = flags.map((flag) => readSignal(flag.slice(1))).find((one) => one !== undefined);
  const has = (letter: string) => flags.some((flag) => flag === `-${letter}`);
  const rows = yield* found(line.machine, { pattern, full: has('f'), exact: has('x') });
  for (const { pid } of rows) yield* signalProcess(line.machine, pid, signal ?? 'SIGTERM');
  return rows.length > 0 ? 0 : 1;
};

export const killall: Command = function* (line, self) {
  const words = line.argv.slice(1);
  let signal: Signal = 'SIGTERM';
  if (words[0]?.startsWith('-') && words[0] !== '-q') {
    const name = words.shift()!.slice(1);
    const chosen = readSignal(name);
    if (chosen === undefined) return yield* fail(self, `killall: bad signal name '${name}'`);
    signal = chosen;
  }
  const quiet = words[0] === '-q';
  if (quiet) words.shift();
  if (words.length === 0) return yield* fail(self, 'killall: you need to specify whom to kill');
  let errors = 0;
  const own = yield* ownProcess(line.machine);
  for (const name of words) {
    const rows = (yield* listProcesses(line.machine)).filter((row) => nameOf(row) === name);
    if (rows.length === 0) {
      errors += 1;
      if (!quiet) yield* fail(self, `killall: ${name}: no process killed`);
    }
    for (const { pid } of rows) {
      if (pid !== own.pid) yield* signalProcess(line.machine, pid, signal);
    }
  }
  return errors === 0 ? 0 : 1;
};

export const pidof: Command = function* (line, self) {
  const names = line.argv.slice(1).filter((word) => !word.startsWith('-'));
  const single = line.argv.includes('-s');
  const rows = yield* listProcesses(line.machine);
  const pids = rows
    .filter((row) =>
      names.some((name) => name === nameOf(row) || name === baseName(row.argv[0] ?? '')),
    )
    .map(({ pid }) => pid)
    .sort((a, b) => b - a);
  if (pids.length === 0) return (yield* isBusybox(line)) ? 1 : 1;
  yield* say(self, `${(single ? pids.slice(0, 1) : pids).join(' ')}\n`);
  return 0;
};
