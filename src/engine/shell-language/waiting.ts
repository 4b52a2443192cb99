import { Interrupt, join, now, signal, sleep, type Signal } from '../sim/process.ts';
import { Interrupted, type Shell, type Step } from './state.ts';
import { isHarmless, statusOf } from './signals.ts';

/**
 * How a shell waits and what signals do to it meanwhile. One with a trap is kept for later, as
 * shells do: the trap runs when the command in the foreground has ended.
 */

/** Waits for a process of its own; its exit status. */
export function* waitFor(
  shell: Shell,
  pid: number,
  group: readonly number[] = [pid],
): Step<number> {
  return yield* inForeground(shell, group, function* () {
    return statusOf(yield* join(pid));
  });
}

/** Does something that may have to wait; signals go to the processes in the foreground too. */
export function* inForeground<T>(
  shell: Shell,
  pids: readonly number[],
  work: () => Step<T>,
): Step<T> {
  const before = shell.foreground;
  shell.foreground = pids;
  shell.interrupts = 0;
  try {
    let done: { readonly result: T } | undefined;
    while (!done) {
      try {
        done = { result: yield* work() };
      } catch (fault) {
        if (!(fault instanceof Interrupt)) throw fault;
        yield* onSignal(shell, fault.signal);
        if (shell.waitsForJobs && shell.pending.length > 0) throw fault;
      }
    }
    if (shell.interrupts > 0) interrupted(shell);
    return done.result;
  } finally {
    shell.foreground = before;
  }
}

/** A signal came to the shell. Comes back when the shell goes on with what it did. */
export function* onSignal(shell: Shell, name: Signal): Step<void> {
  const action = shell.traps.get(name.slice(3));
  if (action === '' || (action === undefined && isHarmless(name))) return;
  if (action !== undefined) {
    shell.pending.push(name);
    return;
  }
  if (shell.args.init) return;
  if (name === 'SIGINT') shell.interrupts += 1;
  const sent = name === 'SIGINT' && shell.interrupts > 1 ? 'SIGKILL' : name;
  for (const pid of shell.foreground) yield* signal(pid, sent);
  if (name !== 'SIGINT') throw new Interrupt(name);
  // The command in the foreground has the first word: it may have to clean up.
  if (shell.foreground.length === 0) interrupted(shell);
}

function interrupted(shell: Shell): never {
  shell.interrupts = 0;
  if (shell.onInterrupt === 'die') throw new Interrupt('SIGINT');
  shell.status = 130;
  throw new Interrupted();
}

/** Lets virtual time pass; a signal may cut it short. */
export function* pause(shell: Shell, delayMs: number): Step<void> {
  try {
    yield* sleep(delayMs);
  } catch (fault) {
    if (!(fault instanceof Interrupt)) throw fault;
    yield* onSignal(shell, fault.signal);
  }
}

/** What `SECONDS` is told of. */
export function* refreshClock(shell: Shell): Step<void> {
  shell.nowMs = yield* now();
}

const STEPS_PER_MS = 100;

/** Model figure: a hundred commands of the shell itself take a millisecond. */
export function* tick(shell: Shell): Step<void> {
  shell.steps += 1;
  if (shell.steps % STEPS_PER_MS === 0) yield* pause(shell, 1);
}

/** Runs the traps of signals that came meanwhile. */
export function* runTraps(shell: Shell): Step<void> {
  while (shell.pending.length > 0) {
    const name = shell.pending.shift()!;
    const action = shell.traps.get(name.slice(3));
    if (action === undefined || action === '') continue;
    const { status } = shell;
    yield* shell.runner.text(shell, action, shell.fds);
    shell.status = status;
  }
}
