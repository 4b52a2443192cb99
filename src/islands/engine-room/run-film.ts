import { eventMarkOf } from '../../diagram/event-marks.ts';
import type { NodeView } from '../../diagram/projection/figure-view.ts';
import { ENGINE_VERSION } from '../../engine/version.ts';
import type { Locale } from '../../i18n/locales.ts';
import type { Playback } from '../../scenarios/playback.ts';
import { runOf, type Run } from './open-run.ts';
import type { Film, FilmChapter, FilmStep, NodeChange, RunData } from './run-messages.ts';

/**
 * Takes a film of a lived scenario: every step as the figure shows it, of the nodes only what
 * changed. It breathes at each step.
 */
export function* filmOf(run: Run, locale: Locale): Generator<undefined, Film, undefined> {
  const { playback, figure, scenario } = run;
  const steps: FilmStep[] = [];
  const nodes: Record<string, NodeChange[]> = {};
  for (const [step, record] of playback.records.entries()) {
    const view = figure.viewAt(step);
    for (const [node, shown] of Object.entries(view.nodes)) {
      const changes = (nodes[node] ??= []);
      const before = changes.at(-1)?.[1];
      if (!before || !isSame(before, shown)) changes.push([step, shown]);
    }
    const journey = figure.journeyOf(step);
    const mark = eventMarkOf(record);
    steps.push({
      record: record.id,
      moment: playback.momentOf(step),
      durationMs: record.flow?.durationMs ?? 0,
      caption: run.captionOf(record),
      actor: record.actor,
      object: record.object,
      ...(view.acting === undefined ? {} : { acting: view.acting }),
      ...(journey ? { journey } : {}),
      ...(mark ? { mark } : {}),
    });
    yield;
  }
  const chapters = playback.chapters.map(({ id, title, command, firstStep }): FilmChapter => ({
    id,
    title: title[locale],
    command,
    firstStep,
  }));
  return { engine: ENGINE_VERSION, scenario, start: playback.momentOf(-1), steps, chapters, nodes };
}

/** The same of a figure as a page carries it. @param playback its scenario, lived */
export function* filmOfFigure(
  data: RunData,
  playback: Playback,
): Generator<undefined, Film, undefined> {
  return yield* filmOf(runOf(data, playback), data.locale);
}

/** The same at once, for a build. */
export function filmNow(run: Run, locale: Locale): Film {
  const taking = filmOf(run, locale);
  for (;;) {
    const next = taking.next();
    if (next.done) return next.value;
  }
}

const isSame = (a: NodeView, b: NodeView): boolean => JSON.stringify(a) === JSON.stringify(b);
