import { atOnce, EVENTS_AT_ONCE, type Breathing } from './sim/breath.ts';
import { SECOND } from './sim/clock.ts';
import type { Kernel } from './sim/kernel.ts';
import { stretch } from './sim/pieces.ts';

/**
 * How long a patient person waits for a command. One that has run for 60 virtual seconds is looked
 * into. If it would end by itself it is let go on, however long it takes: `sleep 1h`, a rollout, a
 * pull. If it never would (`docker logs -f`, a server in the foreground, `watch`, an endless loop)
 * it ends there and then as by Ctrl+C. The engine being exact, looking into the future is a matter
 * of living it, and of going back if it was in vain.
 */
export interface Life {
  readonly kernel: Kernel;
  /** Lives the next event by a time; false when none is there by then. */
  readonly step: (untilMs: number) => boolean;
  readonly advance: (toMs: number) => void;
  /** Lives as told, and goes back to here when that came to nothing. */
  readonly attempting: (live: () => Breathing<boolean>) => Breathing<boolean>;
  /** Gives what takes the world back to where it is now, for one who lives it by pieces. */
  readonly bookmark: () => () => void;
  /** The command has ended. */
  readonly isOver: () => boolean;
  /** How long the sleep is that it is in, as in `sleep 24h`; 0 when it is in none. */
  readonly sleepMs: () => number;
  /** Ctrl+C; false when nothing can be interrupted. */
  readonly interrupt: () => boolean;
}

export const PATIENCE_MS = 60 * SECOND;
/** After Ctrl+C a command may clean up for so long; then it is killed. */
const GRACE_MS = 15 * SECOND;
/**
 * How far it is looked ahead: so much virtual time, and so many events, whichever is first. A sleep
 * that has begun is looked through to its end, whatever else happens in a day.
 */
const LOOK_AHEAD_MS = 30 * 24 * 3600 * SECOND;
const LOOK_AHEAD_EVENTS = 40_000;
/** No command needs more; a script that asks for more is not run to its end. */
const EVENTS_PER_COMMAND = 20_000_000;

/**
 * Lives one command to its end.
 *
 * @param patienceEndMs until when it is waited for without a question
 * @returns why it could not be lived to its end, or undefined
 */
export function waitPatiently(life: Life, patienceEndMs: number): string | undefined {
  return atOnce(waitingPatiently(life, patienceEndMs));
}

/** As `waitPatiently`, with breaths. */
export function* waitingPatiently(
  life: Life,
  patienceEndMs: number,
): Breathing<string | undefined> {
  const { kernel } = life;
  const tooMuch = `a command of the script takes more than ${EVENTS_PER_COMMAND} events`;
  const end = yield* living(life, Math.max(patienceEndMs, kernel.now));
  if (end === 'time' && (yield* life.attempting(() => comingToAnEnd(life)))) return undefined;
  if (end !== 'time') return end === 'over' ? undefined : tooMuch;
  for (let tries = 0; tries < 3 && life.interrupt(); tries++) {
    const after = yield* living(life, kernel.now + GRACE_MS);
    if (after !== 'time') return after === 'over' ? undefined : tooMuch;
  }
  return 'a command of the script cannot be interrupted';
}

/** Lives until the command is over, at most to that time. */
function* living(life: Life, endMs: number): Breathing<'over' | 'time' | 'events'> {
  const some = (): 'over' | 'time' | 'on' => {
    for (let count = 0; count < EVENTS_AT_ONCE; count++) {
      if (life.isOver()) return 'over';
      if (life.step(endMs)) continue;
      life.advance(endMs);
      return 'time';
    }
    return 'on';
  };
  for (let count = 0; count < EVENTS_PER_COMMAND; count += EVENTS_AT_ONCE) {
    const end = yield* stretch(life.bookmark, some);
    if (end !== 'on') return end;
    yield life.kernel.moment.sequence;
  }
  return 'events';
}

/** Lives the command's future. @returns whether it ended by itself, and is over now */
function* comingToAnEnd({ kernel, step, isOver, sleepMs, bookmark }: Life): Breathing<boolean> {
  const limitMs = kernel.now + LOOK_AHEAD_MS;
  const wakesMs = kernel.now + sleepMs();
  if (sleepMs() > LOOK_AHEAD_MS) return false;
  const some = (from: number): boolean => {
    for (let count = from; count < from + EVENTS_AT_ONCE; count++) {
      if (isOver()) return false;
      if (count >= LOOK_AHEAD_EVENTS && (kernel.nextEventMs ?? 0) > wakesMs) return false;
      if (!step(limitMs)) return false;
    }
    return true;
  };
  for (let count = 0; count < EVENTS_PER_COMMAND; count += EVENTS_AT_ONCE) {
    if (!(yield* stretch(bookmark, () => some(count)))) break;
    yield kernel.moment.sequence;
  }
  return isOver();
}
