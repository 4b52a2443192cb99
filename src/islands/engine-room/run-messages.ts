/**
 * The run of an executable figure: what the page asks of it, and what it gets. The page has a film of
 * it, taken by the build, from which everything can be shown at once and without asking. Beside the page
 * the run is lived again when somebody wants to know what only the world itself can tell. All of it is
 * plain data.
 */
import type { Binding } from '../../diagram/bindings.ts';
import type { Graph } from '../../diagram/graph.ts';
import type { EventMark } from '../../diagram/event-marks.ts';
import type { Journey, NodeView } from '../../diagram/projection/figure-view.ts';
import type { Moment } from '../../engine/sim/kernel.ts';
import type { Locale } from '../../i18n/locales.ts';
import type { Scenario } from '../../scenarios/scenario.ts';

/** What a page carries of an executable figure; enough to compute all of it. */
export interface RunData {
  /** Id of the figure. */
  readonly figure: string;
  readonly locale: Locale;
  readonly scenario: Scenario;
  readonly bindings: readonly Binding[];
  readonly graph: Graph;
  /** Pieces of the engine that it needs, as the build found: fetched at once, not one by one. */
  readonly pieces?: readonly string[];
  /** How many events the whole run has, as the build counted them: what progress is measured by. */
  readonly events?: number;
  /** Address of the film that the build took of it; left out where it is to be taken anew. */
  readonly film?: string;
}

/** A scenario that was lived, as a figure shows it, in the page's language. */
export interface Film {
  /** Version of the engine that computed it. */
  readonly engine: string;
  readonly scenario: string;
  /** Just before the first thing that happened. */
  readonly start: Moment;
  /** What can be shown, oldest first; a player's step is an index into this list. */
  readonly steps: readonly FilmStep[];
  readonly chapters: readonly FilmChapter[];
  /** By node: what it shows, from which step on, in order. */
  readonly nodes: Readonly<Record<string, readonly NodeChange[]>>;
}

export interface FilmStep {
  /** Its id in the trace. */
  readonly record: number;
  /** Just after it. */
  readonly moment: Moment;
  /** How long what travels is under way in virtual time. */
  readonly durationMs: number;
  readonly caption: string;
  /** Trace names: who did it, and to what. */
  readonly actor: string;
  readonly object: string;
  /** The node that acts. */
  readonly acting?: string;
  readonly journey?: Journey;
  readonly mark?: EventMark;
}

/** One thing a person types, and the steps that follow from it. */
export interface FilmChapter {
  readonly id: string;
  readonly title: string;
  readonly command: string;
  readonly firstStep: number;
}

export type NodeChange = readonly [fromStep: number, view: NodeView];
