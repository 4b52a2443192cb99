import { MAX_NODE_SCORE } from '../framework.ts';

/**
 * (allocatable - requested) * 100 / allocatable, in integers; 0 for a resource that the node does
 * not have, or has too little of (plugins/noderesources/least_allocated.go, v1.36).
 */
export function leastAllocated(requested: number, allocatable: number): number {
  if (allocatable === 0 || requested > allocatable) return 0;
  return Math.floor(((allocatable - requested) * MAX_NODE_SCORE) / allocatable);
}
