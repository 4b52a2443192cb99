import { captionOf, isStep } from '../../diagram/captions.ts';
import { inspect } from '../../diagram/inspect.ts';
import { openFigure } from '../../diagram/projection/open-figure.ts';
import { ENGINE_VERSION } from '../../engine/version.ts';
import { play } from '../../scenarios/play.ts';
import { parseScenario } from '../../scenarios/scenario.ts';
import type { Run, RunData } from './run.ts';

/**
 * Lives the scenario of a figure from start to end. The same in a browser, in a build and in a
 * test.
 * @throws when the scenario is faulty; a build has refused it long before
 */
export function openRun({ source, bindings, graph, locale }: RunData): Run {
  const parsed = parseScenario(source);
  if (!parsed.ok) throw new Error(parsed.faults.map(({ what }) => what).join(' '));
  const { scenario } = parsed;
  const playback = play(scenario, isStep);
  return {
    engine: ENGINE_VERSION,
    scenario: scenario.id,
    playback,
    figure: openFigure(playback, bindings, graph, scenario.cast),
    captionOf: (record) => captionOf(record, locale),
    inspect: (object, step) => inspect(playback.worldAt(step), object, locale),
  };
}
