import type { CommandTable } from './machine/command.ts';
import { RUNNER } from './shell-language/execute.ts';
import { FURTHER_COMMANDS } from './shell-language/further-commands.ts';
import { addShell, TOOL_COMMANDS } from './shell-language/programs.ts';
import { restingOf, wake, type Resting } from './shell-language/resting.ts';
import { runLine, runWhole, toTheEnd } from './shell-language/run.ts';
import { Exit, Interrupted, Shell, type ShellArgs } from './shell-language/state.ts';
import { isIncomplete } from './shell-language/parser.ts';
import { pause } from './shell-language/waiting.ts';
import { assert } from './sim/assert.ts';
import type { Kernel } from './sim/kernel.ts';
import { Log } from './sim/log.ts';
import { ask, exec, Interrupt, read, unread, type Program } from './sim/process.ts';
import type { Processes } from './sim/processes.ts';
import type { Table } from './sim/store.ts';

/**
 * Where people type: one prompt for each machine. Behind it runs one shell, a durable process that
 * reads lines as from a keyboard; what is typed while a command runs is for that command, or waits.
 * What is printed stays here in the order in which it was written.
 */
export interface PrintedText {
  readonly timeMs: number;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/** What stands at a prompt: what was printed there, and between it what was typed. */
export type ScreenText =
  | PrintedText
  /** A line, or several: at the prompt, behind `> `, or into a command that runs. */
  | {
      readonly timeMs: number;
      readonly typed: 'command' | 'continuation' | 'input';
      readonly text: string;
      readonly cwd: string;
    }
  | { readonly timeMs: number; readonly typed: 'interrupt' | 'end' };

export interface TerminalRow {
  /** The shell behind the prompt; 0 when none was started or it ended. */
  readonly pid: number;
  /** The keyboard: what the shell and its commands read. */
  readonly keyboard: number;
  /** A line, or a script, is running. */
  readonly busy: boolean;
  /** The last line is not complete: the prompt is `> `. */
  readonly continues: boolean;
  readonly exitCode: number;
  readonly cwd: string;
  readonly printed: Log<PrintedText>;
  /** Which part of a script runs, counted from 1, and since when. */
  readonly part: { readonly number: number; readonly sinceMs: number };
}

type News =
  | { readonly op: 'print'; readonly stream: 'stdout' | 'stderr'; readonly text: string }
  | { readonly op: 'done'; readonly exitCode: number; readonly cwd: string; readonly ended?: true }
  | { readonly op: 'begin' }
  | { readonly op: 'continue' }
  | { readonly op: 'part' };

/** Ctrl+D, as keyboards send it. */
const END_OF_INPUT = '\u0004';
/** Model figure: so long nothing is typed between two commands of a script. */
const BETWEEN_COMMANDS_MS = 100;
/**
 * Simplified: a command that prints more than so many characters at a prompt is ended as by Ctrl+C,
 * and again after as many more. Nobody reads them, and a world keeps all that was printed in it.
 */
const PRINT_LIMIT = 32_000_000;
/** Shells within shells, at most so many are looked into. */
const PROCESSES_DEEP = 100;

const serviceOf = (machine: string): string => `terminal/${machine}`;

export class Terminals {
  readonly #kernel: Kernel;
  readonly #processes: Processes;
  readonly #commands: CommandTable;
  readonly #rows: Table<string, TerminalRow>;
  /** For who looks; what the world does never depends on it. */
  readonly #screens: Table<string, Log<ScreenText>>;
  /** How many characters the last line that was typed has printed. */
  readonly #lengths: Table<string, number>;
  readonly #homes = new Map<string, string>();

  constructor(kernel: Kernel, processes: Processes, commands: CommandTable) {
    this.#kernel = kernel;
    this.#processes = processes;
    this.#commands = { ...TOOL_COMMANDS, ...commands };
    this.#rows = kernel.store.table<TerminalRow>('terminals');
    this.#screens = kernel.store.table('terminals/screens', { unhashed: true });
    this.#lengths = kernel.store.table('terminals/lengths', { unhashed: true });
    addShell(processes, this.#commands);
    processes.program('terminal/session', session);
    processes.program('terminal/script', script);
    kernel.event<{ machine: string }>('terminal/ended', ({ machine }) => {
      // One that was killed could not say so itself.
      const { pid } = this.row(machine);
      if (processes.isRunning(pid)) return;
      this.#update(machine, (row) => ({ ...row, pid: 0, busy: false }));
    });
  }

  /** Opens a prompt; `home` is where it stands and the user's home directory. */
  addMachine(machine: string, home: string): void {
    this.knowMachine(machine, home);
    this.#rows.set(machine, this.row(machine));
  }

  /** Has a prompt opened where and when somebody first types. */
  knowMachine(machine: string, home: string): void {
    this.#homes.set(machine, home);
    this.#processes.service<News>(serviceOf(machine), (news) => this.#hear(machine, news));
  }

  /**
   * Types a line, or several. While a command runs it is what the command reads from its standard
   * input; what it leaves is run afterwards. {@link END_OF_INPUT} says to it that this was all.
   */
  type(machine: string, line: string): void {
    const row = this.row(machine);
    if (line === END_OF_INPUT) {
      this.#endInput(machine, row);
      return;
    }
    const typed = row.busy ? 'input' : row.continues ? 'continuation' : 'command';
    this.#show(machine, { timeMs: this.#kernel.now, typed, text: line, cwd: row.cwd });
    if (row.busy) {
      this.#processes.streams.write(row.keyboard, `${line}\n`);
      return;
    }
    this.#lengths.set(machine, 0);
    const record = this.#kernel.record({ actor: 'developer', verb: 'run', object: line });
    this.#kernel.because(record, () => {
      const keyboard = this.#ensureShell(machine);
      this.#update(machine, (before) => ({ ...before, busy: true }));
      this.#processes.streams.write(keyboard, `${line}\n`);
    });
  }

  /** Runs a text to its end in a shell of its own: `isBusy` tells when. Needs a free prompt. */
  runScript(machine: string, text: string): void {
    const { cwd } = this.row(machine);
    const args = { ...this.#argsOf(machine, cwd), script: text };
    const pid = this.#start(machine, 'terminal/script', args);
    this.#update(machine, (row) => ({ ...row, ...pid, busy: true }));
  }

  /** Ctrl+C. The second time, what does not end by it is killed. */
  interrupt(machine: string): boolean {
    const { pid, busy, continues } = this.row(machine);
    this.#show(machine, { timeMs: this.#kernel.now, typed: 'interrupt' });
    const isHeard = (busy || continues) && pid !== 0 && this.#processes.signal(pid, 'SIGINT');
    // Until the shell has dropped the lines before, what is typed would still be their continuation.
    if (isHeard) this.#update(machine, (row) => ({ ...row, busy: true }));
    return isHeard;
  }

  /** How long the sleep is that the command which runs is in; 0 when it is in none. */
  sleepMs(machine: string): number {
    let call = this.#processes.waiting(this.row(machine).pid);
    for (let depth = 0; call?.call === 'join' && depth < PROCESSES_DEEP; depth++) {
      call = this.#processes.waiting(call.pid);
    }
    return call?.call === 'sleep' ? call.delayMs : 0;
  }

  /** A command runs and waits for what is typed. */
  isRead(machine: string): boolean {
    const { busy, keyboard } = this.row(machine);
    return busy && this.#processes.streams.isAwaited(keyboard);
  }

  #endInput(machine: string, { busy, keyboard }: TerminalRow): void {
    if (!busy) return;
    this.#show(machine, { timeMs: this.#kernel.now, typed: 'end' });
    this.#processes.streams.endRead(keyboard);
  }

  /** Sets the directory in which the first line is typed. */
  enter(machine: string, cwd: string): void {
    assert(this.row(machine).pid === 0, `the shell of ${machine} was started already`);
    this.#update(machine, (row) => ({ ...row, cwd }));
  }

  /** What can be typed, besides what the shell knows itself. */
  get commandNames(): readonly string[] {
    return [...Object.keys(this.#commands), ...Object.keys(FURTHER_COMMANDS)];
  }

  row(machine: string): TerminalRow {
    return this.#rows.get(machine) ?? this.#unused(machine);
  }

  isBusy(machine: string): boolean {
    return this.row(machine).busy;
  }

  screen(machine: string): Log<ScreenText> {
    return this.#screens.get(machine) ?? Log.empty();
  }

  #unused(machine: string): TerminalRow {
    const cwd = this.#homes.get(machine);
    assert(cwd !== undefined, `${machine} has no prompt`);
    return {
      ...{ pid: 0, keyboard: 0, busy: false, continues: false, exitCode: 0, cwd },
      ...{ printed: Log.empty(), part: { number: 0, sinceMs: 0 } },
    };
  }

  #update(machine: string, change: (row: TerminalRow) => TerminalRow): void {
    this.#rows.set(machine, change(this.row(machine)));
  }

  #show(machine: string, text: ScreenText): void {
    this.#screens.set(machine, this.screen(machine).append(text));
  }

  #argsOf(machine: string, cwd: string): ShellArgs {
    const env = { HOME: '/root', USER: 'root', HOSTNAME: machine, TERM: 'xterm-256color' };
    const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
    return {
      machine,
      cwd,
      env: { ...env, PATH: path, SHELL: '/bin/bash' },
      commands: this.#commands,
    };
  }

  #ensureShell(machine: string): number {
    const { pid, keyboard, cwd } = this.row(machine);
    if (pid !== 0) return keyboard;
    const started = this.#start(machine, 'terminal/session', this.#argsOf(machine, cwd));
    this.#update(machine, (row) => ({ ...row, ...started, continues: false }));
    return started.keyboard;
  }

  #start(machine: string, program: string, args: ShellArgs): { pid: number; keyboard: number } {
    const sink = (stream: string) =>
      this.#processes.streams.open({ service: serviceOf(machine), body: { op: 'print', stream } });
    const keyboard = this.#processes.streams.open();
    const io = { stdin: keyboard, stdout: sink('stdout'), stderr: sink('stderr') };
    const then = { event: 'terminal/ended', payload: { machine } };
    return { pid: this.#processes.spawn(program, args, { io, then }), keyboard };
  }

  #limit(machine: string, printed: number): void {
    const before = this.#lengths.get(machine) ?? 0;
    this.#lengths.set(machine, before + printed);
    if (Math.floor(before / PRINT_LIMIT) === Math.floor((before + printed) / PRINT_LIMIT)) return;
    const text = `\nbash: more than ${PRINT_LIMIT} characters were printed: ended as by Ctrl+C\n`;
    this.#print(machine, { timeMs: this.#kernel.now, stream: 'stderr', text });
    this.interrupt(machine);
  }

  #print(machine: string, printed: PrintedText): void {
    this.#show(machine, printed);
    this.#update(machine, (row) => ({ ...row, printed: row.printed.append(printed) }));
  }

  #hear(machine: string, news: News): void {
    const { now } = this.#kernel;
    if (news.op === 'print') {
      const { stream, text } = news;
      this.#print(machine, { timeMs: now, stream, text });
      this.#limit(machine, text.length);
      return;
    }
    // Simplified: Ctrl+D that no command has read does not end the shell, either.
    if (news.op === 'done') this.#processes.streams.forgetEnd(this.row(machine).keyboard);
    this.#update(machine, (row) => {
      switch (news.op) {
        case 'done': {
          const { exitCode, cwd, ended } = news;
          const pid = ended ? 0 : row.pid;
          return { ...row, pid, busy: false, continues: false, exitCode, cwd };
        }
        case 'begin':
          return { ...row, busy: true };
        case 'continue':
          return { ...row, busy: false, continues: true };
        case 'part':
          return { ...row, part: { number: row.part.number + 1, sinceMs: now } };
      }
    });
  }
}

interface SessionArgs extends ShellArgs {
  /** The shell that goes on, and what was typed for it. */
  readonly resting?: { readonly shell: Resting; readonly text: string };
}

/**
 * The shell behind a prompt: reads lines for ever. For each line it goes on as a new process of the
 * same id, so that it never has been told much, however long somebody types.
 */
const session: Program<SessionArgs, number> = function* (args, self) {
  const { resting, ...rest } = args;
  const shell = new Shell(rest, self, RUNNER);
  if (resting) wake(shell, resting.shell);
  shell.onInterrupt = 'drop';
  const service = serviceOf(args.machine);
  yield* toTheEnd(shell, function* () {
    let text = resting?.text ?? '';
    let isFresh = true;
    for (;;) {
      try {
        if (text === '' || !isFresh) {
          const chunks = yield* read<string>(self.stdin);
          if (!chunks) throw new Exit();
          const [line = '', ...others] = chunks;
          for (const later of others.reverse()) yield* unread(self.stdin, later);
          text += line;
          if (!isFresh) {
            const next: SessionArgs = { ...rest, resting: { shell: restingOf(shell), text } };
            yield* exec('terminal/session', next);
          }
        }
        isFresh = false;
        yield* ask(service, { op: 'begin' } satisfies News);
        if (isIncomplete(text)) {
          yield* ask(service, { op: 'continue' } satisfies News);
          continue;
        }
        const whole = text;
        text = '';
        yield* runLine(shell, whole);
      } catch (fault) {
        if (fault instanceof Interrupt && fault.signal !== 'SIGINT') throw fault;
        if (!(fault instanceof Interrupt || fault instanceof Interrupted)) throw fault;
        text = '';
        shell.status = 130;
      }
      const { status: exitCode, cwd } = shell;
      yield* ask(service, { op: 'done', exitCode, cwd } satisfies News);
    }
  });
  const { status: exitCode, cwd } = shell;
  yield* ask(service, { op: 'done', exitCode, cwd, ended: true } satisfies News);
  return exitCode;
};

/** A script as it would be typed: an interrupt ends the command that runs, not the script. */
const script: Program<ShellArgs, number> = function* (args, self) {
  const shell = new Shell(args, self, RUNNER);
  shell.onInterrupt = 'next';
  const service = serviceOf(args.machine);
  const top = function* () {
    yield* pause(shell, BETWEEN_COMMANDS_MS);
    yield* ask(service, { op: 'part' } satisfies News);
  };
  yield* toTheEnd(shell, () => runWhole(shell, args.script ?? '', { top }));
  const { status: exitCode, cwd } = shell;
  yield* ask(service, { op: 'done', exitCode, cwd, ended: true } satisfies News);
  return exitCode;
};
