import type { Taint } from '../../api/cluster-objects.ts';
import type { Toleration } from '../../api/affinity.ts';
import { toleratesTaint } from '../../api/tolerations.ts';
import { sameValue } from '../../apimachinery/canonical-json.ts';
import { normalizeScores, type NodeFilter, type ScorePlugin } from '../framework.ts';

/**
 * Taints keep Pods away that do not tolerate them (plugins/tainttoleration, v1.36). The filter
 * looks at NoSchedule and NoExecute. The score counts PreferNoSchedule taints that the Pod does
 * not tolerate: none is 100, the most is 0.
 */
const NAME = 'TaintToleration';

export const taintTolerationFilter: NodeFilter = {
  name: NAME,
  filter({ facts }, { node }) {
    if (!hasUntolerated(node.spec.taints, facts.tolerations)) return undefined;
    return { reasons: ['node(s) had untolerated taint(s)'], resolvable: false };
  },
  wakes: ({ facts }, event) =>
    (event.kind === 'node-added' || event.kind === 'node-changed') &&
    !sameValue(event.node.spec.taints ?? [], event.previous?.spec.taints) &&
    !hasUntolerated(event.node.spec.taints, facts.tolerations),
};

/** Whether a taint keeps away Pods with these tolerations. */
export function hasUntolerated(
  taints: readonly Taint[] = [],
  tolerations: readonly Toleration[],
): boolean {
  for (const taint of taints) {
    if (taint.effect !== 'NoSchedule' && taint.effect !== 'NoExecute') continue;
    if (!tolerations.some((toleration) => toleratesTaint(toleration, taint))) return true;
  }
  return false;
}

export const taintTolerationScore: ScorePlugin = {
  name: NAME,
  weight: 3,
  onNodeAlone: true,
  scorer({ facts }) {
    const tolerations = facts.tolerations.filter(
      ({ effect }) => !effect || effect === 'PreferNoSchedule',
    );
    return ({ node }) => {
      let untolerated = 0;
      for (const taint of node.spec.taints ?? []) {
        if (taint.effect !== 'PreferNoSchedule') continue;
        if (!tolerations.some((toleration) => toleratesTaint(toleration, taint))) untolerated += 1;
      }
      return untolerated;
    };
  },
  normalize: (scores, count) => normalizeScores(scores, count, true),
};
