import { MAX_NODE_SCORE, type ScorePlugin } from '../framework.ts';

/**
 * Prefers nodes whose CPU and memory would be used about equally
 * (plugins/noderesources/balanced_allocation.go, v1.36):
 *
 *   fraction = requested / allocatable, at most 1
 *   score = (1 - standard deviation of the fractions) * 100, cut to an integer
 *
 * For two resources the deviation is |cpu - memory| / 2. Pods that request nothing are passed over.
 */
export const balancedAllocation: ScorePlugin = {
  name: 'NodeResourcesBalancedAllocation',
  weight: 1,
  skip: ({ requests }) => requests.cpuMillis === 0 && requests.memoryBytes === 0,
  score: ({ requests }, { feasible }) =>
    feasible.map(({ allocatable, usage }) => {
      const { requested } = usage;
      const fractions: number[] = [];
      const cpu = requested.cpuMillis + requests.cpuMillis;
      const memory = requested.memoryBytes + requests.memoryBytes;
      if (allocatable.cpuMillis > 0) fractions.push(Math.min(1, cpu / allocatable.cpuMillis));
      if (allocatable.memoryBytes > 0) {
        fractions.push(Math.min(1, memory / allocatable.memoryBytes));
      }
      const [a = 0, b = a] = fractions;
      return Math.floor((1 - Math.abs(a - b) / 2) * MAX_NODE_SCORE);
    }),
};
