import { normalizeScores, type FilterPlugin, type ScorePlugin } from '../framework.ts';
import { toleratesTaint } from '../../api/tolerations.ts';

/**
 * Taints keep Pods away that do not tolerate them (plugins/tainttoleration, v1.36). The filter
 * looks at NoSchedule and NoExecute. The score counts PreferNoSchedule taints that the Pod does
 * not tolerate: none is 100, the most is 0.
 */
const NAME = 'TaintToleration';

export const taintTolerationFilter: FilterPlugin = {
  name: NAME,
  filter({ pod }, { node }) {
    const untolerated = (node.spec.taints ?? []).some(
      (taint) =>
        (taint.effect === 'NoSchedule' || taint.effect === 'NoExecute') &&
        !(pod.spec.tolerations ?? []).some((toleration) => toleratesTaint(toleration, taint)),
    );
    if (!untolerated) return undefined;
    return { reasons: ['node(s) had untolerated taint(s)'], resolvable: false };
  },
};

export const taintTolerationScore: ScorePlugin = {
  name: NAME,
  weight: 3,
  score({ pod }, { feasible }) {
    const tolerations = (pod.spec.tolerations ?? []).filter(
      ({ effect }) => !effect || effect === 'PreferNoSchedule',
    );
    return feasible.map(
      ({ node }) =>
        (node.spec.taints ?? []).filter(
          (taint) =>
            taint.effect === 'PreferNoSchedule' &&
            !tolerations.some((toleration) => toleratesTaint(toleration, taint)),
        ).length,
    );
  },
  normalize: (scores) => normalizeScores(scores, true),
};
