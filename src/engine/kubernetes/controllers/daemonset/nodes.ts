import type { Node } from '../../api/cluster-objects.ts';
import { isPodFinished, isPodReady, type Pod } from '../../api/pod.ts';
import type { DaemonSet, DaemonSetStatus } from '../../api/workloads.ts';
import { scaledValue } from '../../apimachinery/int-or-string.ts';
import { isPodAvailable, withoutZeros } from '../availability.ts';
import { isUpdated, olderPodFirst, targetNode } from './daemon-pod.ts';
import { nodeShouldRun } from './node-should-run.ts';

/**
 * Nodes and the daemon Pods on them (pkg/controller/daemon/daemon_controller.go, v1.36).
 */
export type PodsByNode = ReadonlyMap<string, readonly Pod[]>;

/** Pods by the node they are on or for; those that have ended and are on their way out do not count. */
export function podsByNode(pods: readonly Pod[]): Map<string, Pod[]> {
  const byNode = new Map<string, Pod[]>();
  for (const pod of pods) {
    const node = targetNode(pod);
    if (node === undefined || (isPodFinished(pod) && pod.metadata.deletionTimestamp)) continue;
    const there = byNode.get(node);
    if (there) there.push(pod);
    else byNode.set(node, [pod]);
  }
  return byNode;
}

export interface UpdateLimits {
  readonly maxSurge: number;
  readonly maxUnavailable: number;
  readonly desired: number;
}

type Limited = Pick<DaemonSet, 'spec'>;

/** How many nodes want a Pod, and how far an update may go: percentages are of them, rounded up. */
export function limitsOf({ spec }: Limited, desired: number): UpdateLimits {
  const { type, rollingUpdate } = spec.updateStrategy;
  const of = (value: number | string | undefined): number =>
    type === 'OnDelete' || value === undefined ? 0 : (scaledValue(value, desired, true) ?? 0);
  const maxSurge = of(rollingUpdate?.maxSurge);
  const maxUnavailable = of(rollingUpdate?.maxUnavailable);
  const stuck = desired > 0 && maxSurge === 0 && maxUnavailable === 0;
  return { maxSurge, maxUnavailable: stuck ? 1 : maxUnavailable, desired };
}

/** Whether an old and a new Pod may be on a node at once. */
export const allowsSurge = ({ spec }: Limited): boolean =>
  limitsOf({ spec }, 1).maxSurge > 0 && spec.updateStrategy.type !== 'OnDelete';

const NO_PODS: readonly Pod[] = [];

function oldestOf(pods: readonly Pod[]): Pod | undefined {
  let oldest = pods[0];
  for (const pod of pods) if (oldest && olderPodFirst(pod, oldest) < 0) oldest = pod;
  return oldest;
}

/** What the set says of itself (`updateDaemonSetStatus`). */
export function statusOf(
  set: DaemonSet,
  nodes: Iterable<Node>,
  byNode: PodsByNode,
  hash: string,
  nowMs: number,
): DaemonSetStatus {
  const count = { desired: 0, current: 0, misscheduled: 0, ready: 0, available: 0, updated: 0 };
  for (const node of nodes) {
    const pods = byNode.get(node.metadata.name) ?? NO_PODS;
    if (!nodeShouldRun(node, set).shouldRun) {
      if (pods.length > 0) count.misscheduled += 1;
      continue;
    }
    count.desired += 1;
    const oldest = oldestOf(pods);
    if (!oldest) continue;
    count.current += 1;
    if (isPodReady(oldest)) count.ready += 1;
    if (isPodAvailable(oldest, set.spec.minReadySeconds, nowMs)) count.available += 1;
    if (isUpdated(oldest, hash)) count.updated += 1;
  }
  const { collisionCount, conditions } = set.status;
  return withoutZeros(
    {
      currentNumberScheduled: count.current,
      numberMisscheduled: count.misscheduled,
      desiredNumberScheduled: count.desired,
      numberReady: count.ready,
      observedGeneration: set.metadata.generation,
      updatedNumberScheduled: count.updated,
      numberAvailable: count.available,
      numberUnavailable: count.desired - count.available,
      ...(collisionCount !== undefined && { collisionCount }),
      ...(conditions && { conditions }),
    },
    ['updatedNumberScheduled', 'numberAvailable', 'numberUnavailable'],
  );
}
