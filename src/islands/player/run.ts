import type { Binding } from '../../diagram/bindings.ts';
import type { Graph } from '../../diagram/graph.ts';
import type { Inspection } from '../../diagram/inspect.ts';
import type { OpenFigure } from '../../diagram/projection/open-figure.ts';
import type { TraceRecord } from '../../engine/sim/trace.ts';
import type { Locale } from '../../i18n/locales.ts';
import type { Playback } from '../../scenarios/playback.ts';
import type { ScenarioSource } from '../../scenarios/scenario.ts';

/** What a page carries of an executable figure; enough to compute all of it. */
export interface RunData {
  /** Id of the figure. */
  readonly figure: string;
  readonly locale: Locale;
  readonly source: ScenarioSource;
  readonly bindings: readonly Binding[];
  readonly graph: Graph;
}

/** A figure's scenario, lived, and how to speak of it in the page's language. */
export interface Run {
  /** Version of the engine that computed it. */
  readonly engine: string;
  readonly scenario: string;
  readonly playback: Playback;
  readonly figure: OpenFigure;
  /** One sentence on what a record tells. */
  captionOf(record: TraceRecord): string;
  /** An object by its trace name, as it is at a step. */
  inspect(object: string, step: number): Inspection;
}
