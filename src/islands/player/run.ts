import type { FigureView, Journey } from '../../diagram/projection/figure-view.ts';
import type { Moment } from '../../engine/sim/kernel.ts';
import { stepAtMoment } from '../../scenarios/playback.ts';
import type { Film, RunData } from '../engine-room/run-messages.ts';
import { viewAt } from './film-view.ts';
import { nameOf, type Life } from './life.ts';

/** A figure's run as the player has it: its film, and the engine that can tell more. */
export interface Run {
  /** The page's name of it. */
  readonly name: string;
  readonly life: Life;
  readonly film: Film;
  viewAt(step: number): FigureView;
  journeyOf(step: number): Journey | undefined;
  /** The trace name of what a node shows at a step. */
  objectOf(node: string, step: number): string | undefined;
  /** The last step at or before a moment; see {@link stepAtMoment}. */
  stepOf(moment: Moment, record: number): number | undefined;
  momentOf(step: number): Moment;
  /** The state's hash there, from the engine. */
  hashOf(step: number): Promise<string>;
}

export function runOver(data: RunData, film: Film, life: Life): Run {
  const name = nameOf(data);
  return {
    name,
    life,
    film,
    viewAt: (step) => viewAt(film, step),
    journeyOf: (step) => film.steps[step]?.journey,
    objectOf: (node, step) => viewAt(film, step).nodes[node]?.object,
    stepOf: (moment, record) => stepAtMoment(film.steps, moment, record),
    momentOf: (step) => film.steps[step]?.moment ?? film.start,
    hashOf: (step) => life.engine.ask('run/hash', { run: name, step }),
  };
}
