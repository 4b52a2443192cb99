import { parseBindings } from '../../diagram/bindings.ts';
import type { Graph } from '../../diagram/graph.ts';
import type { Locale } from '../../i18n/locales.ts';
import { openRun } from '../../islands/player/open-run.ts';
import type { Run, RunData } from '../../islands/player/run.ts';
import { parseScenario, type Scenario } from '../../scenarios/scenario.ts';
import { readScenario } from './scenario-folder.ts';

export interface FigureRun {
  readonly data: RunData;
  readonly scenario: Scenario;
  readonly run: Run;
}

const opened = new Map<string, FigureRun>();

/**
 * The run of a figure, lived once in a build.
 * @param bindings the own-line `%% bind` comments of the figure's fence
 * @throws when the scenario is missing or faulty
 */
export function runOfFigure(
  figure: string,
  scenarioId: string,
  bindings: string,
  graph: Graph,
  locale: Locale,
): FigureRun {
  const source = readScenario(scenarioId);
  const data = { figure, locale, source, bindings: parseBindings(bindings).bindings, graph };
  const key = JSON.stringify(data);
  const known = opened.get(key);
  if (known) return known;
  const parsed = parseScenario(source);
  if (!parsed.ok) {
    const faults = parsed.faults.map(
      ({ line, what, remedy }) =>
        `src/scenarios/${scenarioId}/scenario.yaml:${line} ${what} ${remedy}`,
    );
    throw new Error(faults.join('\n'));
  }
  const made = { data, scenario: parsed.scenario, run: openRun(data) };
  opened.set(key, made);
  return made;
}
