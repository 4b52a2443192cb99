import type { WorldAction } from './link/world-action.ts';
import type { WorldRun } from './link/world-run.ts';
import { findPreset } from './presets.ts';
import { openSession, type Session } from './session.ts';
import { atOnce, EVENTS_AT_ONCE, type Breathing } from './sim/breath.ts';
import type { Moment } from './sim/kernel.ts';
import type { Timeline } from './sim/timeline.ts';
import { ENGINE_VERSION } from './version.ts';
import type { World } from './world.ts';

/**
 * Opens a world that somebody sent: makes it as theirs was made, does what was done in it, and looks
 * whether that leads to the state that they saw.
 */
export type OpenedWorld = {
  /** The engine that made it, and the one that is here. */
  readonly made: string;
  readonly now: string;
} & (
  | {
      /** Whether it is the world that was sent, or it led elsewhere. */
      readonly kind: 'same' | 'changed';
      readonly session: Session;
    }
  | { readonly kind: 'refused'; readonly why: Refusal }
);

/**
 * No such preset here; no such machine, or no prompt on it; more events than anybody waits for; it
 * asked for more than the engine does.
 */
export type Refusal = 'preset' | 'machine' | 'events' | 'beyond-the-engine';

/** A day of a busy cluster; whoever asks for more is not waited for. */
const EVENT_LIMIT = 100_000_000;

/**
 * Opens it in pieces: between them it yields how many events it has lived, so that a page can show
 * that, breathe, or give up. Throws nothing, whatever the run asks for.
 */
export function* openWorld(run: WorldRun): Breathing<OpenedWorld> {
  const { world: preset, seed, engine: made, entries } = run.journal;
  const now = ENGINE_VERSION;
  const refuse = (why: Refusal): OpenedWorld => ({ kind: 'refused', why, made, now });
  if (!findPreset(preset)?.machines.some(({ shell }) => shell)) return refuse('preset');
  try {
    const session = yield* openSession({ preset, seed });
    const { timeline, world } = session;
    if (!entries.every(({ action }) => isThere(action, world))) return refuse('machine');
    const startsAt = timeline.moment.sequence;
    const isTooFar = () => timeline.moment.sequence - startsAt > EVENT_LIMIT;
    for (const { moment, action } of entries) {
      yield* liveTo(timeline, moment, isTooFar);
      if (isTooFar()) return refuse('events');
      timeline.dispatch(action);
    }
    yield* liveTo(timeline, run.moment, isTooFar);
    if (isTooFar()) return refuse('events');
    return { kind: timeline.hash() === run.hash ? 'same' : 'changed', session, made, now };
  } catch {
    return refuse('beyond-the-engine');
  }
}

/** Opens it in one go. */
export function openWorldAtOnce(run: WorldRun): OpenedWorld {
  return atOnce(openWorld(run));
}

const isThere = ({ machine }: WorldAction, { machines }: World): boolean =>
  machines.some(({ name }) => name === machine);

/** As `Timeline.replay` does, with breaths and bounds: where the engine is another, both may differ. */
function* liveTo(
  timeline: Timeline,
  { timeMs, sequence }: Moment,
  isTooFar: () => boolean,
): Breathing<void> {
  const isDone = () => timeline.moment.sequence >= sequence && timeline.moment.timeMs >= timeMs;
  for (let count = 1; !isDone() && !isTooFar(); count++) {
    if (!timeline.step(timeMs)) {
      if (timeline.moment.timeMs < timeMs) timeline.advance(timeMs);
      return;
    }
    if (count % EVENTS_AT_ONCE === 0) yield timeline.moment.sequence;
  }
}
