import type { PodPhase } from '../../api/pod.ts';

/**
 * Which Pods go first when there are too many (pkg/controller/controller_utils.go
 * `ActivePodsWithRanks`, v1.36): those without a node, then pending, then not ready, then lower
 * deletion cost, then those whose node holds more of the set, then those ready for a shorter time,
 * then more restarts, then newer. Times are compared by powers of two only, so that Pods of about
 * the same age are drawn by chance (here: by uid).
 */
export interface RankedPod {
  readonly name: string;
  readonly uid: string;
  readonly node: string;
  readonly phase: PodPhase;
  readonly ready: boolean;
  readonly deletionCost: number;
  /** How many of the set's Pods are on its node. */
  readonly rank: number;
  /** Since when it has been ready; undefined when it is not. */
  readonly readyMs: number | undefined;
  readonly restarts: number;
  readonly createdMs: number | undefined;
}

const PHASE_ORDER: Readonly<Record<PodPhase, number>> = {
  Pending: 0,
  Unknown: 1,
  Running: 2,
  Succeeded: 2,
  Failed: 2,
};

/** Below zero when `a` goes before `b`. */
export function compareForDeletion(a: RankedPod, b: RankedPod, nowMs: number): number {
  const unassigned = Number(b.node === '') - Number(a.node === '');
  if (unassigned !== 0) return unassigned;
  const phase = PHASE_ORDER[a.phase] - PHASE_ORDER[b.phase];
  if (phase !== 0) return phase;
  if (a.ready !== b.ready) return a.ready ? 1 : -1;
  if (a.deletionCost !== b.deletionCost) return a.deletionCost - b.deletionCost;
  if (a.rank !== b.rank) return b.rank - a.rank;
  if (a.ready && b.ready && a.readyMs !== b.readyMs) {
    const order = compareAges(a.readyMs, b.readyMs, nowMs);
    return order !== 0 ? order : byUid(a, b);
  }
  if (a.restarts !== b.restarts) return b.restarts - a.restarts;
  if (a.createdMs !== b.createdMs) {
    const order = compareAges(a.createdMs, b.createdMs, nowMs);
    return order !== 0 ? order : byUid(a, b);
  }
  return byUid(a, b);
}

/** Younger first, in buckets of log2(seconds); an unknown time counts as the youngest. */
function compareAges(a: number | undefined, b: number | undefined, nowMs: number): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  return bucketOf(nowMs - a) - bucketOf(nowMs - b);
}

/** floor(log2(age)) of an age in whole nanoseconds; -1 for none. */
function bucketOf(ageMs: number): number {
  if (ageMs <= 0) return -1;
  let bucket = 0;
  for (let rest = ageMs * 1_000_000; rest >= 2; rest /= 2) bucket += 1;
  return bucket;
}

function byUid(a: RankedPod, b: RankedPod): number {
  if (a.uid === b.uid) return 0;
  return a.uid < b.uid ? -1 : 1;
}
