import { runningScript } from '../../engine/script-run.ts';
import type { Session } from '../../engine/session.ts';
import { EVENTS_AT_ONCE, type Breathing } from '../../engine/sim/breath.ts';
import { SECOND } from '../../engine/sim/clock.ts';
import type { Kernel } from '../../engine/sim/kernel.ts';
import type { Step } from '../claims/claim-table.ts';
import type { LivedStep } from '../claims/live-check.ts';

/** What a fork came to; a fault when a command of it could not be lived to its end. */
interface Asked {
  readonly lived: readonly LivedStep[];
  readonly fault?: string;
}

/** After Ctrl+C a command may clean up for so long. */
const GRACE_MS = 15 * SECOND;
const INTERRUPTS = 3;

/**
 * Lives what `live` does in a fork of the session's world, at a free prompt, and goes back: world,
 * time, journal and what was printed are afterwards as they were before, also where it throws or is
 * given up. Between its breaths the world is somewhere in the fork.
 */
export function* inFork<T>(
  session: Session,
  live: (fork: Fork) => Breathing<T>,
  machine = session.machine,
): Breathing<T> {
  const { kernel } = session.world;
  const results: T[] = [];
  yield* kernel.attempting(function* () {
    const fork = new Fork(session, machine);
    yield* fork.freePrompt();
    results.push(yield* live(fork));
    return false;
  });
  return results[0]!;
}

/** The future of a world that will not have been. */
export class Fork {
  readonly #session: Session;
  readonly #machine: string;

  constructor(session: Session, machine: string) {
    this.#session = session;
    this.#machine = machine;
  }

  get #kernel(): Kernel {
    return this.#session.world.kernel;
  }

  get now(): number {
    return this.#kernel.now;
  }

  *advancing(toMs: number): Breathing<void> {
    const endMs = Math.max(toMs, this.now);
    yield* this.#stepping(() => (this.#kernel.nextEventMs ?? Infinity) > endMs);
    this.#kernel.advance(endMs);
  }

  /**
   * Types steps one after the other, each in a fresh shell in the home directory: functions,
   * variables and the place of the reader's own shell count for nothing.
   */
  *asking(steps: readonly Step[]): Breathing<Asked> {
    const { world } = this.#session;
    const lived: LivedStep[] = [];
    for (const step of steps) {
      const startMs = this.now;
      let printed = '';
      const text = `cd\n${step.command}`;
      const { exitCode, fault } = yield* runningScript(world, this.#machine, text, (more) => {
        printed += more;
      });
      if (fault !== undefined) return { lived, fault: `${step.command}: ${fault}` };
      printed = printed.replace(/\n$/, '');
      lived.push({ ...step, printed, exitCode, startMs, endMs: this.now });
    }
    return { lived };
  }

  /** Ends what the reader left running, as by Ctrl+C. */
  *freePrompt(): Breathing<void> {
    const { terminals } = this.#session.world;
    const machine = this.#machine;
    for (let tries = 0; tries < INTERRUPTS && terminals.isBusy(machine); tries++) {
      terminals.interrupt(machine);
      const endMs = this.now + GRACE_MS;
      const isOver = () =>
        !terminals.isBusy(machine) || (this.#kernel.nextEventMs ?? Infinity) > endMs;
      yield* this.#stepping(isOver);
    }
  }

  *#stepping(isOver: () => boolean): Breathing<void> {
    for (let count = 1; !isOver(); count++) {
      this.#kernel.step();
      if (count % EVENTS_AT_ONCE === 0) yield this.#kernel.moment.sequence;
    }
  }
}
