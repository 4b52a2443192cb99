/** Below this many nodes all are looked at (`minFeasibleNodesToFind`). */
const MIN_FEASIBLE = 100;
const MIN_PERCENT = 5;

/**
 * How many nodes that will do are enough: all of up to 100; beyond, 50 - nodes / 125 percent of
 * them, at least 5 percent and at least 100 (pkg/scheduler/schedule_one.go
 * `numFeasibleNodesToFind`, v1.36).
 */
export function feasibleNodesToFind(nodes: number): number {
  if (nodes < MIN_FEASIBLE) return nodes;
  const percent = Math.max(MIN_PERCENT, 50 - Math.floor(nodes / 125));
  return Math.max(MIN_FEASIBLE, Math.floor((nodes * percent) / 100));
}
