import type { Strategy } from './node-resources-fit.ts';

/**
 * A score by how full a node would be, in percent, along straight lines between given points
 * (plugins/noderesources/requested_to_capacity_ratio.go and
 * plugins/helper/shape_score.go, v1.36):
 *
 *   between (u0, s0) and (u1, s1): s0 + (s1 - s0) * (u - u0) / (u1 - u0), cut to an integer
 *   the weighted mean is over resources that score above zero, rounded to the nearest integer
 */
export interface ShapePoint {
  /** 0 … 100. */
  readonly utilization: number;
  /** 0 … 100; the scheduler's configuration says 0 … 10 for it. */
  readonly score: number;
}

const FULL = 100;

export function requestedToCapacityRatio(shape: readonly ShapePoint[]): Strategy {
  const score = brokenLine(shape);
  return (requested, allocatable) => {
    if (allocatable === 0 || requested > allocatable) return score(FULL);
    return score(Math.floor((requested * FULL) / allocatable));
  };
}

function brokenLine(shape: readonly ShapePoint[]): (utilization: number) => number {
  return (utilization) => {
    for (const [i, point] of shape.entries()) {
      if (utilization > point.utilization) continue;
      const before = shape[i - 1];
      if (!before) return point.score;
      const rise = (point.score - before.score) * (utilization - before.utilization);
      return before.score + Math.trunc(rise / (point.utilization - before.utilization));
    }
    return shape.at(-1)?.score ?? 0;
  };
}
