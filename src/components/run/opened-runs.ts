import { parseBindings } from '../../diagram/bindings.ts';
import type { Graph } from '../../diagram/graph.ts';
import { faultsOfFigure } from '../../diagram/projection/check.ts';
import { takeUsedPieces } from '../../engine/sim/pieces.ts';
import { RUN_PARTS } from '../../engine/sim/run-parts.ts';
import type { Locale } from '../../i18n/locales.ts';
import { openRun, type Run } from '../../islands/engine-room/open-run.ts';
import type { RunData } from '../../islands/engine-room/run-messages.ts';
import { BrokenStory } from '../../scenarios/play.ts';
import { parseScenario } from '../../scenarios/scenario.ts';
import { readScenario } from './scenario-folder.ts';

export interface FigureRun {
  readonly data: RunData;
  readonly run: Run;
  /** Pieces of the engine that were used, as far as the build was told. */
  readonly pieces: readonly string[];
}

/** An executable figure as it stands in a page. */
export interface WrittenFigure {
  readonly figure: string;
  readonly scenario: string;
  /** Source with its bindings, and where it was written: `FILE:LINE`. */
  readonly fence: string;
  readonly at: string;
  readonly graph: Graph;
  readonly locale: Locale;
}

const opened = new Map<string, FigureRun>();

/**
 * The run of a figure, lived once in a build.
 * @throws when the scenario is missing or faulty or the figure does not show it, naming file and
 *   line
 */
export function runOfFigure({
  figure,
  scenario: id,
  fence,
  at,
  graph,
  locale,
}: WrittenFigure): FigureRun {
  const key = `${at} ${figure} ${id}`;
  const known = opened.get(key);
  const source = readScenario(id);
  const parsed = parseScenario(source);
  if (!parsed.ok) throw faulty(`src/scenarios/${id}/scenario.yaml`, 0, parsed.faults);
  const { scenario } = parsed;
  const { bindings } = parseBindings(fence);
  const data = { figure, locale, scenario, bindings, graph };
  if (known && JSON.stringify(known.data) === JSON.stringify(data)) return known;
  takeUsedPieces();
  const run = lived(data, source.definition);
  const [, file = at, line = '0'] = /^(.*):(\d+)$/.exec(at) ?? [];
  const faults = faultsOfFigure(run.playback, bindings, graph, scenario.cast);
  if (faults.length > 0) throw faulty(file, Number(line), faults);
  const made = { data, run, pieces: [...takeUsedPieces(), ...(RUN_PARTS[id] ?? [])] };
  opened.set(key, made);
  return made;
}

/** @throws where a command of the story goes wrong, naming its line */
function lived(data: RunData, definition: string): Run {
  try {
    return openRun(data);
  } catch (error) {
    if (!(error instanceof BrokenStory)) throw error;
    const [start = ''] = error.command.split('\n');
    const line = 1 + definition.split('\n').findIndex((text) => text.includes(start));
    const { what, remedy } = error;
    throw faulty(`src/scenarios/${data.scenario.id}/scenario.yaml`, 0, [{ line, what, remedy }]);
  }
}

interface Fault {
  readonly line: number;
  readonly what: string;
  readonly remedy: string;
}

/** @param before lines of the file before the first line that faults count */
function faulty(file: string, before: number, faults: readonly Fault[]): Error {
  const lines = faults.map(
    ({ line, what, remedy }) => `${file}:${before + line} ${what} ${remedy}`,
  );
  return new Error(lines.join('\n'));
}
