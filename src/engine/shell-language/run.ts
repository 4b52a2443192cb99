import { Interrupt, type Program } from '../sim/process.ts';
import { runList, RUNNER, runScript } from './execute.ts';
import { Parser } from './parser.ts';
import {
  Exit,
  ExpansionFault,
  Interrupted,
  Jump,
  Return,
  Shell,
  type ShellArgs,
  type Step,
} from './state.ts';
import { complainAboutSyntax } from './syntax-words.ts';
import { SyntaxFault, type AndOrList, type CommandNode } from './syntax.ts';
import { refreshClock, runTraps } from './waiting.ts';

/**
 * The shell: runs a script, starts each command as a program of its own and waits for it. It knows
 * no product; commands come from a table (on machines) or from files (in containers).
 */
export type { ShellArgs } from './state.ts';

/** A shell, or the part of one that runs side by side; its result is the exit status. */
export const shellRun: Program<ShellArgs, number> = function* (args, self) {
  const shell = new Shell(args, self, RUNNER);
  yield* toTheEnd(shell, function* () {
    if (args.body) yield* runScript(shell, args.body, shell.fds);
    else yield* runWhole(shell, args.script ?? '');
  });
  return shell.status;
};

/** Does what a shell is for, then its EXIT trap; how it ends is the shell's status. */
export function* toTheEnd(shell: Shell, work: () => Step<void>): Step<void> {
  let signalled: Interrupt | undefined;
  if (shell.secondsFromMs === undefined) {
    yield* refreshClock(shell);
    shell.secondsFromMs = shell.nowMs;
  }
  try {
    yield* guarded(shell, work);
  } catch (fault) {
    if (!(fault instanceof Interrupt)) throw fault;
    signalled = fault;
  }
  const action = shell.traps.get('EXIT');
  // dash and ash do not run it when a signal ends them.
  if (action !== undefined && action !== '' && (!signalled || shell.flavour === 'bash')) {
    shell.traps.delete('EXIT');
    const { status } = shell;
    const left = yield* guarded(shell, () => shell.runner.text(shell, action, shell.fds));
    if (!left) shell.status = status;
  }
  if (signalled) throw signalled;
}

/** What ends a script ends here, and whether `exit` did; a signal goes on. */
function* guarded(shell: Shell, work: () => Step<void>): Step<boolean> {
  try {
    yield* work();
    yield* runTraps(shell);
    return false;
  } catch (fault) {
    if (fault instanceof ExpansionFault) shell.status = shell.flavour === 'bash' ? 1 : 2;
    else if (fault instanceof Interrupted) shell.status = 130;
    else if (!(fault instanceof Exit || fault instanceof Jump || fault instanceof Return))
      throw fault;
    return fault instanceof Exit;
  }
}

export interface Hooks {
  /** Told before each pipeline of the script itself. */
  readonly top?: () => Step<void>;
}

/** Reads and runs a text command by command, so what stands before a mistake runs. */
export function* runWhole(shell: Shell, text: string, { top }: Hooks = {}): Step<void> {
  const parser = new Parser(text, 1, shell.aliasesInUse);
  for (;;) {
    let lists;
    try {
      lists = parser.next();
    } catch (fault) {
      if (!(fault instanceof SyntaxFault)) throw fault;
      yield* complainAboutSyntax(shell, shell.fds, fault, text);
      shell.status = 2;
      return;
    }
    if (!lists) return;
    if (shell.source === 'argument' && parser.isAtEnd) shell.tail = tailOf(lists);
    yield* runOne(shell, function* () {
      for (const list of lists) yield* runList(shell, list, shell.fds, top);
    });
  }
}

/** A shell that has nothing more to do does not stay for its last command. */
function tailOf(lists: readonly AndOrList[]): CommandNode | undefined {
  const last = lists.at(-1);
  const pipeline = last?.parts.at(-1)?.pipeline;
  const [only] = pipeline?.commands ?? [];
  if (last?.background || pipeline?.negated || pipeline?.timed) return undefined;
  return pipeline?.commands.length === 1 && only?.kind === 'simple' ? only : undefined;
}

/** At a prompt a failed expansion ends the line only; elsewhere the whole shell. */
function* runOne(shell: Shell, work: () => Step<void>): Step<void> {
  try {
    yield* work();
  } catch (fault) {
    if (!(fault instanceof ExpansionFault)) throw fault;
    shell.status = shell.flavour === 'bash' ? 1 : 2;
    if (fault.fatal && !shell.isInteractive) throw new Exit();
  }
}

/** Runs in a shell that stays: a line at a prompt. */
export function* runLine(shell: Shell, text: string): Step<void> {
  yield* runWhole(shell, text);
  yield* runTraps(shell);
}
