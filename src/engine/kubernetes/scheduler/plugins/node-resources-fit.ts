import {
  MAX_NODE_SCORE,
  type FilterPlugin,
  type NodeInfo,
  type ScorePlugin,
} from '../framework.ts';

/**
 * A node has room for what the Pod requests (plugins/noderesources/fit.go, v1.36). The score
 * prefers nodes with more left, LeastAllocated:
 *
 *   per resource: (allocatable - requested) * 100 / allocatable, in integers
 *   score: the mean of CPU and memory, in integers
 */
const NAME = 'NodeResourcesFit';

export const nodeResourcesFitFilter: FilterPlugin = {
  name: NAME,
  filter({ requests }, { allocatable, usage }) {
    const reasons: string[] = [];
    let resolvable = true;
    if (usage.pods + 1 > allocatable.pods) reasons.push('Too many pods');
    const check = (name: string, wanted: number, used: number, all: number): void => {
      if (wanted === 0 || wanted <= all - used) return;
      reasons.push(`Insufficient ${name}`);
      if (wanted > all) resolvable = false;
    };
    check('cpu', requests.cpuMillis, usage.requested.cpuMillis, allocatable.cpuMillis);
    check('memory', requests.memoryBytes, usage.requested.memoryBytes, allocatable.memoryBytes);
    for (const [name, wanted] of Object.entries(requests.others ?? {})) {
      const used = usage.requested.others?.[name] ?? 0;
      check(name, wanted, used, allocatable.others?.[name] ?? 0);
    }
    return reasons.length > 0 ? { reasons, resolvable } : undefined;
  },
};

/** 0 for a resource that the node does not have, or has too little of. */
export function leastAllocated(requested: number, allocatable: number): number {
  if (allocatable === 0 || requested > allocatable) return 0;
  return Math.floor(((allocatable - requested) * MAX_NODE_SCORE) / allocatable);
}

export const nodeResourcesFitScore: ScorePlugin = {
  name: NAME,
  weight: 1,
  score: ({ nonZeroRequests }, { feasible }) =>
    feasible.map(({ allocatable, usage }: NodeInfo) => {
      const used = usage.nonZeroRequested;
      const scores: number[] = [];
      if (allocatable.cpuMillis > 0) {
        const cpu = used.cpuMillis + nonZeroRequests.cpuMillis;
        scores.push(leastAllocated(cpu, allocatable.cpuMillis));
      }
      if (allocatable.memoryBytes > 0) {
        const memory = used.memoryBytes + nonZeroRequests.memoryBytes;
        scores.push(leastAllocated(memory, allocatable.memoryBytes));
      }
      const sum = scores.reduce((total, score) => total + score, 0);
      return scores.length === 0 ? 0 : Math.floor(sum / scores.length);
    }),
};
