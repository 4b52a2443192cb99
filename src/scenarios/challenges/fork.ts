import { runScript } from '../../engine/script-run.ts';
import type { Session } from '../../engine/session.ts';
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
 * time, journal and what was printed are afterwards as they were before.
 */
export function inFork<T>(session: Session, live: (fork: Fork) => T): T {
  const { kernel } = session.world;
  const results: T[] = [];
  kernel.attempt(() => {
    results.push(live(new Fork(session)));
    return false;
  });
  return results[0]!;
}

/** The future of a world that will not have been. */
export class Fork {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
    this.#freePrompt();
  }

  get #kernel(): Kernel {
    return this.#session.world.kernel;
  }

  get now(): number {
    return this.#kernel.now;
  }

  advance(toMs: number): void {
    this.#kernel.advance(Math.max(toMs, this.#kernel.now));
  }

  /**
   * Types steps one after the other, each in a fresh shell in the home directory: functions,
   * variables and the place of the reader's own shell count for nothing.
   */
  ask(steps: readonly Step[]): Asked {
    const { world, machine } = this.#session;
    const lived: LivedStep[] = [];
    for (const step of steps) {
      const startMs = this.now;
      let printed = '';
      const { exitCode, fault } = runScript(world, machine, `cd\n${step.command}`, (text) => {
        printed += text;
      });
      if (fault !== undefined) return { lived, fault: `${step.command}: ${fault}` };
      printed = printed.replace(/\n$/, '');
      lived.push({ ...step, printed, exitCode, startMs, endMs: this.now });
    }
    return { lived };
  }

  /** Ends what the reader left running, as by Ctrl+C. */
  #freePrompt(): void {
    const { terminals } = this.#session.world;
    const { machine } = this.#session;
    for (let tries = 0; tries < INTERRUPTS && terminals.isBusy(machine); tries++) {
      terminals.interrupt(machine);
      const endMs = this.now + GRACE_MS;
      while (terminals.isBusy(machine) && (this.#kernel.nextEventMs ?? Infinity) <= endMs) {
        this.#kernel.step();
      }
    }
  }
}
