import { compareMoments } from '../engine/sim/journal.ts';
import type { Moment } from '../engine/sim/kernel.ts';
import type { TraceRecord } from '../engine/sim/trace.ts';
import type { World } from '../engine/world.ts';
import type { ScenarioStep } from './scenario.ts';

/**
 * A scenario that has been lived from start to end, ready to be looked at: the records a figure may
 * show, in order, and the way back to the world as it was at any of them. It is computed where it is
 * shown (the reader's browser, the build, a test) and is the same everywhere.
 */
export interface Playback {
  /** `delivery/code-to-cluster`. */
  readonly scenario: string;
  readonly seed: number;
  /** What can be shown, oldest first; a player's step is an index into this list. */
  readonly records: readonly TraceRecord[];
  /** Which of the scenario's own steps (`build`, `push` …) each record belongs to. */
  readonly chapters: readonly Chapter[];
  /** The moment just after a record; -1 is the start. */
  momentOf(step: number): Moment;
  /**
   * The last step at or before a moment; undefined when the run does not reach it. Several records
   * may share a moment: with `record`, the one of that id, if it is among them.
   */
  stepOf(moment: Moment, record?: number): number | undefined;
  /** The state hash at a step; -1 is the start. */
  hashOf(step: number): string;
  /** The world as it was just after a record. The same object each time, taken there. */
  worldAt(step: number): World;
}

/** One thing a person types, and the records that follow from it. */
export interface Chapter {
  readonly id: string;
  readonly title: ScenarioStep['title'];
  readonly command: string;
  /** The first of its records; the next chapter's first ends it. */
  readonly firstStep: number;
  readonly timeMs: number;
}

/**
 * The last step at or before a moment; undefined when the run does not reach it.
 * @param record of several steps that share the moment, the one of that record
 */
export function stepAtMoment(
  steps: readonly { readonly moment: Moment; readonly record: number }[],
  moment: Moment,
  record?: number,
): number | undefined {
  const last = steps.at(-1);
  if (!last || moment.timeMs < 0 || compareMoments(moment, last.moment) > 0) return undefined;
  const at = steps.findLastIndex((step) => compareMoments(step.moment, moment) <= 0);
  const named = steps.findLastIndex((step) => step.record === record);
  if (named < 0) return at;
  const other = at < 0 ? undefined : steps[at]?.moment;
  const together = other && compareMoments(steps[named]!.moment, other) === 0;
  return together ? named : at;
}
