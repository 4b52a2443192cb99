import type { CommandLine } from '../machine/command.ts';
import { machineOf } from '../machine/place.ts';
import { assert } from '../sim/assert.ts';
import { ask, Interrupt, write, type Program, type Signal } from '../sim/process.ts';
import { commandNamed } from './registry.ts';

/** `shell/run`: subshells of the shells in containers. */
export { shellRun } from '../shell-language/run.ts';

/**
 * `programs/run`: a process in a container, whatever it runs. A shell starts it for each command it
 * found in its files; the runtime starts it for the first process and for exec. It becomes the
 * command itself, or waits for the plan that the runtime carries out in its name.
 */
export interface RunArgs extends CommandLine {
  /** Known already to the runtime, which says what it runs. */
  readonly command?: string;
  /** Its pid in the container. */
  readonly nsPid?: number;
  /** It is the first process of its container. */
  readonly init?: boolean;
  /** Who starts it where that is no shell, as it calls itself in messages: `env`. */
  readonly by?: string;
  /** As whom it runs from now on, if the one who starts it is root. */
  readonly user?: string;
  /** Its standard input is a terminal. */
  readonly tty?: boolean;
  /** How many processes a shell and all below it may start. */
  readonly budget?: number;
}

/** What a command in a container is started with; most look at the command line alone. */
export interface ContainerLine extends CommandLine {
  readonly nsPid: number | undefined;
  readonly init: boolean | undefined;
  readonly budget: number | undefined;
  readonly tty: boolean | undefined;
}

/** What it asks the service `runtime/MACHINE`. */
export type RunRequest =
  | ({ readonly op: 'enter'; readonly stdout: number; readonly stderr: number } & RunArgs)
  | { readonly op: 'wait'; readonly machine: string; readonly pid: number }
  | {
      readonly op: 'signal';
      readonly machine: string;
      readonly pid: number;
      readonly signal: Signal;
    };

export type EnterAnswer =
  | {
      readonly command: string;
      readonly argv: readonly string[];
      readonly nsPid: number;
      readonly init: boolean;
    }
  | { readonly pid: number }
  | { readonly exitCode: number; readonly message: string };

export const runtimeService = (machine: string): string => `runtime/${machine}`;

export const run: Program<RunArgs, number> = function* (args, self) {
  const { machine, env, cwd } = args;
  const service = runtimeService(machineOf(machine));
  let { command, argv, nsPid, init } = args;
  if (command === undefined) {
    const { stdout, stderr } = self;
    const request: RunRequest = { op: 'enter', stdout, stderr, ...args };
    const answer = yield* ask<EnterAnswer>(service, request);
    if ('message' in answer) {
      yield* write(self.stderr, `${answer.message}\n`);
      return answer.exitCode;
    }
    if ('pid' in answer) return yield* waitFor(service, machine, answer.pid);
    ({ command, argv, nsPid, init } = answer);
  }
  const program = commandNamed(command);
  assert(program, `no command ${command}`);
  const { budget, tty } = args;
  // Shells know more of their process than other commands want to.
  const line: ContainerLine = { machine, argv, env, cwd, nsPid, init, budget, tty };
  return yield* program(line, self);
};

/** Waits for a plan; signals to the one who waits go to it. */
function* waitFor(service: string, machine: string, pid: number) {
  for (;;) {
    try {
      return yield* ask<number>(service, { op: 'wait', machine, pid } satisfies RunRequest);
    } catch (fault) {
      if (!(fault instanceof Interrupt)) throw fault;
      const { signal } = fault;
      yield* ask(service, { op: 'signal', machine, pid, signal } satisfies RunRequest);
    }
  }
}
