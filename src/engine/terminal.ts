import type { CommandTable } from './machine/command.ts';
import { shellRun, type ShellArgs, type ShellResult } from './shell-language/run.ts';
import { TOOL_COMMANDS, TOOLS } from './shell-language/tools.ts';
import type { Kernel } from './sim/kernel.ts';
import { Log } from './sim/log.ts';
import { ask, close, join, open, read, start, type Program } from './sim/process.ts';
import type { Processes } from './sim/processes.ts';
import type { Table } from './sim/store.ts';

/**
 * Where people type: one prompt for each machine. A line runs in the machine's shell as a durable
 * process, and what it prints stays here in the order in which it was written.
 */
export interface PrintedText {
  readonly timeMs: number;
  readonly text: string;
}

export interface TerminalRow {
  /** The process of the line that runs; 0 when the prompt waits. */
  readonly pid: number;
  readonly exitCode: number;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly printed: Log<PrintedText>;
}

type News = { readonly text: string } | { readonly result: ShellResult };

const serviceOf = (machine: string): string => `terminal/${machine}`;

export class Terminals {
  readonly #kernel: Kernel;
  readonly #processes: Processes;
  readonly #commands: CommandTable;
  readonly #rows: Table<string, TerminalRow>;

  constructor(kernel: Kernel, processes: Processes, commands: CommandTable) {
    this.#kernel = kernel;
    this.#processes = processes;
    this.#commands = { ...TOOL_COMMANDS, ...commands };
    this.#rows = kernel.store.table<TerminalRow>('terminals');
    processes.program('terminal/line', runLine);
    processes.program('terminal/print', print);
    processes.program('shell/run', shellRun);
    for (const [name, tool] of Object.entries(TOOLS)) processes.program(name, tool);
  }

  addMachine(machine: string, cwd: string): void {
    this.#rows.set(machine, { pid: 0, exitCode: 0, cwd, env: {}, printed: Log.empty() });
    this.#processes.service<News>(serviceOf(machine), (news) => {
      if ('text' in news) this.#print(machine, news.text);
      else this.#rows.update(machine, (row) => ({ ...row, pid: 0, ...news.result }));
    });
  }

  /** Types a line; false while the one before still runs. */
  type(machine: string, line: string): boolean {
    const { pid: running, cwd, env, exitCode: status } = this.#rows.need(machine);
    if (running !== 0) return false;
    const record = this.#kernel.record({ actor: 'developer', verb: 'run', object: line });
    const args: ShellArgs = { machine, script: line, cwd, env, commands: this.#commands, status };
    const pid = this.#kernel.because(record, () => this.#processes.spawn('terminal/line', args));
    this.#rows.update(machine, (row) => ({ ...row, pid }));
    return true;
  }

  /** Sets the directory in which the next line is typed. */
  enter(machine: string, cwd: string): void {
    this.#rows.update(machine, (row) => ({ ...row, cwd }));
  }

  row(machine: string): TerminalRow {
    return this.#rows.need(machine);
  }

  isBusy(machine: string): boolean {
    return this.#rows.need(machine).pid !== 0;
  }

  #print(machine: string, text: string): void {
    const timeMs = this.#kernel.now;
    this.#rows.update(machine, (row) => ({
      ...row,
      printed: row.printed.append({ timeMs, text }),
    }));
  }
}

/** Runs one line to its end; what it prints goes to the terminal as it is written. */
const runLine: Program<ShellArgs, number> = function* (args) {
  const { machine, cwd, env } = args;
  const stream = yield* open();
  const printer = yield* start('terminal/print', { machine, stream });
  const shell = yield* start('shell/run', args, { stdout: stream, stderr: stream });
  const ending = yield* join(shell);
  yield* close(stream);
  yield* join(printer);
  const interrupted: ShellResult = { exitCode: 130, cwd, env };
  const result = ending.signal ? interrupted : (ending.result as ShellResult);
  yield* ask(serviceOf(machine), { result } satisfies News);
  return result.exitCode;
};

const print: Program<{ machine: string; stream: number }, number> = function* (args) {
  for (;;) {
    const chunks = yield* read<string>(args.stream);
    if (!chunks) return 0;
    yield* ask(serviceOf(args.machine), { text: chunks.join('') } satisfies News);
  }
};
