import { MAX_NODE_SCORE } from '../framework.ts';

/**
 * requested * 100 / allocatable, in integers, with requested at most what the node has
 * (plugins/noderesources/most_allocated.go, v1.36).
 */
export function mostAllocated(requested: number, allocatable: number): number {
  if (allocatable === 0) return 0;
  return Math.floor((Math.min(requested, allocatable) * MAX_NODE_SCORE) / allocatable);
}
