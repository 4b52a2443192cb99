import type { Amounts } from '../../api/pod-resources.ts';
import { MAX_NODE_SCORE, type ScorePlugin } from '../framework.ts';
import type { NodeInfo } from '../node-facts.ts';
import type { PodInfo } from '../pod-info.ts';
import { amountOf } from './resource-amounts.ts';

/**
 * Prefers nodes whose resources would be used about equally
 * (plugins/noderesources/balanced_allocation.go, v1.36):
 *
 *   fraction = requested / allocatable, at most 1
 *   score = (1 - standard deviation of the fractions) * 100, cut to an integer
 *
 * For two resources the deviation is |a - b| / 2. Pods that request none of the resources are passed
 * over, and so is a resource that a node has none of.
 */
export function balancedAllocation(resources: readonly string[] = ['cpu', 'memory']): ScorePlugin {
  return {
    name: 'NodeResourcesBalancedAllocation',
    weight: 1,
    onNodeAlone: true,
    scorer({ facts }: PodInfo) {
      const requests = facts.requests;
      if (resources.every((name) => amountOf(requests, name) === 0)) return undefined;
      return (node) => balance(resources, requests, node);
    },
  };
}

function balance(
  resources: readonly string[],
  requests: Amounts,
  { allocatable, usage }: NodeInfo,
): number {
  const fractions: number[] = [];
  for (const name of resources) {
    const all = amountOf(allocatable, name);
    const requested = amountOf(usage.requested, name) + amountOf(requests, name);
    // A device that neither node nor Pod knows of does not count (`isScalarResource`).
    if (all > 0 && !(isScalar(name) && amountOf(requests, name) === 0)) {
      fractions.push(Math.min(1, requested / all));
    }
  }
  return Math.floor((1 - deviation(fractions)) * MAX_NODE_SCORE);
}

const isScalar = (name: string): boolean =>
  name !== 'cpu' && name !== 'memory' && name !== 'ephemeral-storage';

function deviation(fractions: readonly number[]): number {
  const [a = 0, b = a] = fractions;
  if (fractions.length <= 2) return Math.abs(a - b) / 2;
  let total = 0;
  for (const fraction of fractions) total += fraction;
  const mean = total / fractions.length;
  let variance = 0;
  for (const fraction of fractions) variance += (fraction - mean) * (fraction - mean);
  return Math.sqrt(variance / fractions.length);
}
