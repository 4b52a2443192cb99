import { MAX_NODE_SCORE, type NodeInfo, type PodInfo, type ScorePlugin } from '../framework.ts';
import { naturalLogarithm } from '../natural-logarithm.ts';

/**
 * Prefers nodes and zones that hold fewer of the same Pods
 * (plugins/podtopologyspread/scoring.go, v1.36):
 *
 *   per constraint: matching Pods in the node's domain * ln(domains + 2) + (maxSkew - 1)
 *   raw score: their sum, rounded; a node without a key that it needs counts 0
 *   score = 100 * (highest + lowest - raw) / highest, in integers; 100 when the highest is 0
 *
 * Simplified: scoring only; constraints with DoNotSchedule do not filter yet.
 */
export const HOSTNAME = 'kubernetes.io/hostname';
const IGNORED = -1;

export const podTopologySpread: ScorePlugin = {
  name: 'PodTopologySpread',
  weight: 2,
  skip: ({ spread }) => spread.constraints.length === 0,
  score(info, { feasible }) {
    const eligible = feasible.filter((node) => !isIgnored(info, node));
    const domains = info.spread.constraints.map((_, i) => countDomains(info, i, eligible));
    return feasible.map((node) => {
      if (isIgnored(info, node)) return IGNORED;
      let score = 0;
      for (const [i, constraint] of info.spread.constraints.entries()) {
        const value = node.node.metadata.labels?.[constraint.topologyKey];
        if (value === undefined) continue;
        const weight = naturalLogarithm((domains[i] ?? 0) + 2);
        const pods = info.spread.podsInDomain[i]?.get(value) ?? 0;
        score += pods * weight + (constraint.maxSkew - 1);
      }
      return Math.floor(score + 0.5);
    });
  },
  normalize(scores) {
    const counted = scores.filter((score) => score !== IGNORED);
    const max = Math.max(0, ...counted);
    const min = counted.length > 0 ? Math.min(...counted) : 0;
    return scores.map((score) => {
      if (score === IGNORED) return 0;
      return max === 0 ? MAX_NODE_SCORE : Math.floor((MAX_NODE_SCORE * (max + min - score)) / max);
    });
  },
};

/** With constraints of the Pod's own, a node must have every topology key. */
function isIgnored({ spread }: PodInfo, { node }: NodeInfo): boolean {
  if (spread.systemDefaulted) return false;
  const labels = node.metadata.labels ?? {};
  return spread.constraints.some(({ topologyKey }) => labels[topologyKey] === undefined);
}

/** How many domains the nodes that will do are in; a node without the key is in one of its own. */
function countDomains({ spread }: PodInfo, i: number, nodes: readonly NodeInfo[]): number {
  const key = spread.constraints[i]?.topologyKey ?? '';
  if (key === HOSTNAME) return nodes.length;
  return new Set(nodes.map(({ node }) => node.metadata.labels?.[key] ?? '')).size;
}
