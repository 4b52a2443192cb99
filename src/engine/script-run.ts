import { SECOND } from './sim/clock.ts';
import type { Kernel } from './sim/kernel.ts';
import type { Terminals } from './terminal.ts';

/**
 * Runs a script at a machine's prompt to its end, as a patient person would.
 *
 * The rule of patience: a command of the script (a pipeline of its own level: a loop counts as one)
 * that has run for 60 virtual seconds is looked into. If it would end by itself it is let go on,
 * however long it takes: `sleep 1h`, a rollout, a pull. If it never would (`docker logs -f`, a
 * server in the foreground, `watch`, an endless loop) it ends there and then as by Ctrl+C, and the
 * script goes on behind it. The engine being exact, looking into the future is a matter of living
 * it and going back.
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

const PATIENCE_MS = 60 * SECOND;
/** After Ctrl+C a command may clean up for so long; then it is killed. */
const GRACE_MS = 15 * SECOND;
/** How far it is looked ahead: so much virtual time, and so many events, whichever is first. */
const LOOK_AHEAD_MS = 30 * 24 * 3600 * SECOND;
const LOOK_AHEAD_EVENTS = 40_000;
/** No command needs more; a script that asks for more is not run to its end. */
const EVENTS_PER_COMMAND = 20_000_000;

/** What is printed is handed to `show` as it comes. */
export function runScript(
  stage: Stage,
  machine: string,
  text: string,
  show: (text: string) => void,
): ScriptOutcome {
  const { kernel, terminals } = stage;
  let shown = terminals.row(machine).printed.length;
  const flush = () => {
    const { printed } = terminals.row(machine);
    if (printed.length === shown) return;
    show(
      printed
        .toArray(shown)
        .map((one) => one.text)
        .join(''),
    );
    shown = printed.length;
  };
  terminals.runScript(machine, text);
  while (terminals.isBusy(machine)) {
    const { number, sinceMs } = terminals.row(machine).part;
    const isOver = () =>
      !terminals.isBusy(machine) || terminals.row(machine).part.number !== number;
    const fault = liveOne(
      stage,
      machine,
      isOver,
      (number === 0 ? kernel.now : sinceMs) + PATIENCE_MS,
    );
    flush();
    if (fault !== undefined) return { exitCode: terminals.row(machine).exitCode, fault };
  }
  return { exitCode: terminals.row(machine).exitCode };
}

/** Lives one command to its end. */
function liveOne(
  { kernel, terminals }: Stage,
  machine: string,
  isOver: () => boolean,
  untilMs: number,
): string | undefined {
  const live = (endMs: number, events: number): 'over' | 'time' | 'events' => {
    for (let count = 0; count < events; count++) {
      if (isOver()) return 'over';
      const next = kernel.nextEventMs;
      if (next === undefined || next > endMs) {
        kernel.advance(endMs);
        return 'time';
      }
      kernel.step();
    }
    return 'events';
  };
  const tooMuch = `a command of the script takes more than ${EVENTS_PER_COMMAND} events`;
  const first = live(Math.max(untilMs, kernel.now), EVENTS_PER_COMMAND);
  if (first === 'events') return tooMuch;
  if (first === 'over') return undefined;
  const checkpoint = kernel.checkpoint();
  if (live(kernel.now + LOOK_AHEAD_MS, LOOK_AHEAD_EVENTS) === 'over') return undefined;
  kernel.restore(checkpoint);
  for (let tries = 0; tries < 3; tries++) {
    if (!terminals.interrupt(machine)) break;
    const end = live(kernel.now + GRACE_MS, EVENTS_PER_COMMAND);
    if (end === 'over') return undefined;
    if (end === 'events') return tooMuch;
  }
  return 'a command of the script cannot be interrupted';
}
