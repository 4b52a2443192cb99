import { parseRfc3339 } from '../../sim/clock.ts';
import { isPodActive, isPodReady, type Pod, type PodPhase } from '../api/pod.ts';
import { POD_DELETION_COST } from '../api/workloads.ts';
import { findCondition } from '../apimachinery/object.ts';

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
  /** How many Pods of the set, or of others of the same owner, are on its node. */
  readonly rank: number;
  /** Since when it has been ready; undefined when it is not. */
  readonly readyMs: number | undefined;
  /** The most restarts of one container. */
  readonly restarts: number;
  readonly sidecarRestarts: number;
  readonly createdMs: number | undefined;
}

const PHASE_ORDER: Readonly<Record<PodPhase, number>> = {
  Pending: 0,
  Unknown: 1,
  Running: 2,
  Succeeded: 0,
  Failed: 0,
};

/** Below zero when `a` goes before `b`, whatever their times. */
function compareStages(a: RankedPod, b: RankedPod): number {
  const unassigned = Number(b.node === '') - Number(a.node === '');
  if (unassigned !== 0) return unassigned;
  const phase = PHASE_ORDER[a.phase] - PHASE_ORDER[b.phase];
  if (phase !== 0) return phase;
  return Number(a.ready) - Number(b.ready);
}

const compareRestarts = (a: RankedPod, b: RankedPod): number =>
  b.restarts - a.restarts || b.sidecarRestarts - a.sidecarRestarts;

/** Below zero when `a` goes before `b`. */
export function compareForDeletion(a: RankedPod, b: RankedPod, nowMs: number): number {
  const stage = compareStages(a, b);
  if (stage !== 0) return stage;
  if (a.deletionCost !== b.deletionCost) return a.deletionCost - b.deletionCost;
  if (a.rank !== b.rank) return b.rank - a.rank;
  if (a.ready && b.ready && a.readyMs !== b.readyMs) {
    return compareAges(a.readyMs, b.readyMs, nowMs) || byUid(a, b);
  }
  const restarts = compareRestarts(a, b);
  if (restarts !== 0) return restarts;
  if (a.createdMs !== b.createdMs) {
    return compareAges(a.createdMs, b.createdMs, nowMs) || byUid(a, b);
  }
  return byUid(a, b);
}

/** The same for a Job's Pods, without costs and neighbours (`ActivePods`): exact times count. */
export function compareActive(a: RankedPod, b: RankedPod): number {
  return (
    compareStages(a, b) ||
    newerFirst(a.readyMs, b.readyMs) ||
    compareRestarts(a, b) ||
    newerFirst(a.createdMs, b.createdMs) ||
    byUid(a, b)
  );
}

/** An unknown time counts as the youngest. */
function newerFirst(a: number | undefined, b: number | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  return b - a;
}

/** Younger first, in buckets of log2(seconds); an unknown time counts as the youngest. */
function compareAges(a: number | undefined, b: number | undefined, nowMs: number): number {
  if (a === undefined || b === undefined) return newerFirst(a, b);
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

/**
 * The `count` Pods that matter least (replica_set.go `getPodsToDelete`).
 *
 * @param related Pods whose nodes count as crowded: those of every set of the same owner
 */
export function chooseForDeletion(
  pods: readonly Pod[],
  related: readonly Pod[],
  count: number,
  nowMs: number,
): readonly Pod[] {
  if (count >= pods.length) return pods;
  const onNode = new Map<string, number>();
  for (const pod of related) {
    const node = pod.spec.nodeName ?? '';
    if (isPodActive(pod)) onNode.set(node, (onNode.get(node) ?? 0) + 1);
  }
  const ranked = pods.map((pod) => ({
    pod,
    ranked: rankedPod(pod, onNode.get(pod.spec.nodeName ?? '') ?? 0),
  }));
  ranked.sort((a, b) => compareForDeletion(a.ranked, b.ranked, nowMs));
  return ranked.slice(0, count).map(({ pod }) => pod);
}

/** What of a Pod decides when it goes. */
export function rankedPod(pod: Pod, rank = 0): RankedPod {
  const { metadata, spec, status } = pod;
  const ready = isPodReady(pod);
  const since = findCondition(status.conditions, 'Ready')?.lastTransitionTime;
  const sidecars = new Set(
    (spec.initContainers ?? []).filter((c) => c.restartPolicy === 'Always').map((c) => c.name),
  );
  const inits = (status.initContainerStatuses ?? []).filter(({ name }) => sidecars.has(name));
  return {
    name: metadata.name,
    uid: metadata.uid,
    node: spec.nodeName ?? '',
    phase: status.phase,
    ready,
    deletionCost: deletionCost(metadata.annotations?.[POD_DELETION_COST]),
    rank,
    readyMs: ready && since ? parseRfc3339(since) : undefined,
    restarts: mostRestarts(status.containerStatuses),
    sidecarRestarts: mostRestarts(inits),
    createdMs: parseRfc3339(metadata.creationTimestamp),
  };
}

const mostRestarts = (statuses: Pod['status']['containerStatuses'] = []): number =>
  statuses.reduce((most, { restartCount }) => Math.max(most, restartCount), 0);

/** A 32-bit integer without a plus sign or leading zeros; anything else counts as 0. */
function deletionCost(text = '0'): number {
  const cost = /^(0|-?[1-9]\d*)$/.test(text) ? Number(text) : 0;
  return cost >= -2_147_483_648 && cost <= 2_147_483_647 ? cost : 0;
}
