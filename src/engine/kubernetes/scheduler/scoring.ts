import type { ClusterView } from './cluster-view.ts';
import type { NodeInfo, ScorePlugin } from './framework.ts';
import type { PodInfo } from './pod-info.ts';
import { forTemplate } from './template-memo.ts';
import type { NodeVerdict } from './verdict.ts';

/**
 * How well the nodes will do that passed all filters
 * (pkg/scheduler/framework/runtime/framework.go `RunScorePlugins`, v1.36): each plugin's raw scores,
 * brought to 0..100, times its weight.
 */
export interface Scores {
  readonly totals: Int32Array;
  /** Weighted scores by plugin, of the plugins that have something to say. */
  readonly byPlugin: readonly { readonly name: string; readonly scores: Int32Array }[];
}

export function scoreNodes(
  plugins: readonly ScorePlugin[],
  pod: PodInfo,
  view: ClusterView,
  feasible: readonly NodeInfo[],
): Scores {
  const count = feasible.length;
  const state = { view, feasible };
  const asked = plugins.flatMap((plugin) => {
    const scorer = plugin.scorer(pod, state);
    return scorer ? [{ plugin, scorer, scores: new Int32Array(count) }] : [];
  });
  const alone = asked.filter(({ plugin }) => plugin.onNodeAlone);
  const memo = forTemplate(view, pod.facts);
  const scorers = alone.map(({ scorer }) => scorer);
  for (const node of feasible) memo.score(node, scorers);
  const totals = new Int32Array(count);
  for (const { plugin, scorer, scores } of asked) {
    const known = plugin.onNodeAlone && memo.scores(scorers.indexOf(scorer));
    for (let i = 0; i < count; i++) {
      scores[i] = known ? known[feasible[i]!.index]! : scorer(feasible[i]!);
    }
    plugin.normalize?.(scores, count);
    for (let i = 0; i < count; i++) {
      scores[i]! *= plugin.weight;
      totals[i]! += scores[i]!;
    }
  }
  return { totals, byPlugin: asked.map(({ plugin: { name }, scores }) => ({ name, scores })) };
}

/** The places of the highest totals. */
export function best({ totals }: Scores): number[] {
  let highest = -1;
  let places: number[] = [];
  for (let i = 0; i < totals.length; i++) {
    const total = totals[i]!;
    if (total < highest) continue;
    if (total > highest) {
      highest = total;
      places = [];
    }
    places.push(i);
  }
  return places;
}

export function scoreVerdict(
  { totals, byPlugin }: Scores,
  node: NodeInfo,
  at: number,
): NodeVerdict {
  const scores: Record<string, number> = {};
  for (const plugin of byPlugin) scores[plugin.name] = plugin.scores[at]!;
  return { node: node.name, scores, total: totals[at]! };
}
