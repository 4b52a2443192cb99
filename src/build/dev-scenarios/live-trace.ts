import { readScenario, scenarioIds } from '../../components/run/scenario-folder.ts';
import { isStep } from '../../diagram/captions.ts';
import { goldenTrace } from '../../scenarios/golden-trace.ts';
import { play } from '../../scenarios/play.ts';
import { parseScenario } from '../../scenarios/scenario.ts';

type Lived =
  { readonly ok: true; readonly trace: string } | { readonly ok: false; readonly why: string };

/** The trace of a scenario that is lived with another seed than its own. */
export function liveTrace(id: string, seed: number, root?: string): Lived {
  if (!scenarioIds(root).includes(id)) return { ok: false, why: 'There is no such scenario.' };
  if (!Number.isSafeInteger(seed)) return { ok: false, why: 'A seed is an integer.' };
  const parsed = parseScenario(readScenario(id, root));
  if (!parsed.ok) return { ok: false, why: parsed.faults.map(({ what }) => what).join(' ') };
  const playback = play({ ...parsed.scenario, seed }, isStep);
  return { ok: true, trace: goldenTrace(playback) };
}
