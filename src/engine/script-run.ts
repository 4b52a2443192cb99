import type { Kernel } from './sim/kernel.ts';
import { PATIENCE_MS, waitingPatiently, type Life } from './patience.ts';
import { atOnce, type Breathing } from './sim/breath.ts';
import type { Terminals } from './terminal.ts';

/**
 * Runs a script at a machine's prompt to its end, as a patient person would (patience.ts): each
 * command of its own level, a pipeline or a loop, is waited for, or ended by Ctrl+C when it never
 * would end, and the script goes on behind it.
 */
export interface ScriptOutcome {
  readonly exitCode: number;
  /** Why the script could not be run to its end. */
  readonly fault?: string;
}

interface Stage {
  readonly kernel: Kernel;
  readonly terminals: Terminals;
}

/** What is printed is handed to `show` as it comes. */
export function runScript(
  stage: Stage,
  machine: string,
  text: string,
  show: (text: string) => void,
): ScriptOutcome {
  return atOnce(runningScript(stage, machine, text, show));
}

/** As `runScript`, with breaths. */
export function* runningScript(
  { kernel, terminals }: Stage,
  machine: string,
  text: string,
  show: (text: string) => void,
): Breathing<ScriptOutcome> {
  let shown = terminals.row(machine).printed.length;
  const flush = () => {
    const { printed } = terminals.row(machine);
    if (printed.length === shown) return;
    const texts = printed.toArray(shown).map((one) => one.text);
    show(texts.join(''));
    shown = printed.length;
  };
  terminals.runScript(machine, text);
  while (terminals.isBusy(machine)) {
    const { number, sinceMs } = terminals.row(machine).part;
    const life: Life = {
      kernel,
      step: (untilMs) => (kernel.nextEventMs ?? Infinity) <= untilMs && kernel.step(),
      advance: (toMs) => kernel.advance(toMs),
      attempting: (live) => kernel.attempting(live),
      bookmark: () => kernel.bookmark(),
      isOver: () => !terminals.isBusy(machine) || terminals.row(machine).part.number !== number,
      sleepMs: () => terminals.sleepMs(machine),
      interrupt: () => terminals.interrupt(machine),
    };
    const patienceEndMs = (number === 0 ? kernel.now : sinceMs) + PATIENCE_MS;
    const fault = yield* waitingPatiently(life, patienceEndMs);
    flush();
    if (fault !== undefined) return { exitCode: terminals.row(machine).exitCode, fault };
  }
  return { exitCode: terminals.row(machine).exitCode };
}
