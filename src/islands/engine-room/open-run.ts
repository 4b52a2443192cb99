import { captionOf, isStep } from '../../diagram/captions.ts';
import { openFigure, type OpenFigure } from '../../diagram/projection/open-figure.ts';
import type { TraceRecord } from '../../engine/sim/trace.ts';
import { play } from '../../scenarios/play.ts';
import type { Playback } from '../../scenarios/playback.ts';
import type { RunData } from './run-messages.ts';

/** A figure's scenario, lived, and how to speak of it in the page's language. */
export interface Run {
  readonly scenario: string;
  readonly playback: Playback;
  readonly figure: OpenFigure;
  /** One sentence on what a record tells. */
  captionOf(record: TraceRecord): string;
}

/**
 * Lives the scenario of a figure from start to end. The same in a browser, in a build and in a
 * test.
 */
export function openRun(data: RunData): Run {
  return runOf(data, play(data.scenario, isStep));
}

/** A run as its figure shows it. @param playback its scenario, lived */
export function runOf({ scenario, bindings, graph, locale }: RunData, playback: Playback): Run {
  return {
    scenario: scenario.id,
    playback,
    figure: openFigure(playback, bindings, graph, scenario.cast),
    captionOf: (record) => captionOf(record, locale),
  };
}
