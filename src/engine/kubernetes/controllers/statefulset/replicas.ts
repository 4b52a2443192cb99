import { isPodReady, type Pod } from '../../api/pod.ts';
import type { ControllerRevision, StatefulSet, StatefulSetStatus } from '../../api/workloads.ts';
import { scaledValue } from '../../apimachinery/int-or-string.ts';
import { isPodAvailable, withoutZeros } from '../availability.ts';
import { firstOrdinal, inRange, ordinalOf, revisionOf } from './identity.ts';

/**
 * What state a set's Pods are in and what of them goes next
 * (pkg/controller/statefulset/stateful_set_{utils,control}.go, v1.36).
 */
export const isTerminating = (pod: Pod): boolean => pod.metadata.deletionTimestamp !== undefined;

export const isRunningAndReady = (pod: Pod): boolean =>
  pod.status.phase === 'Running' && isPodReady(pod);

export interface Moment {
  readonly minReadySeconds: number | undefined;
  readonly nowMs: number;
}

export function isRunningAndAvailable(pod: Pod, { minReadySeconds, nowMs }: Moment): boolean {
  return pod.status.phase === 'Running' && isPodAvailable(pod, minReadySeconds, nowMs);
}

export const isUnavailable = (pod: Pod, moment: Moment): boolean =>
  isTerminating(pod) || !isRunningAndAvailable(pod, moment);

/** A place of the set and the Pod in it, if there is one. */
export interface Slot {
  readonly ordinal: number;
  readonly pod: Pod | undefined;
}

export interface Membership {
  /** One slot for each wanted ordinal, ascending; none beyond the first so many empty ones. */
  readonly slots: readonly Slot[];
  /** Whether there are more wanted ordinals than slots. */
  readonly cut: boolean;
  /** Pods whose ordinal is not wanted, highest first. */
  readonly condemned: readonly Pod[];
}

/**
 * How many Pods are made in one look at most.
 *
 * Simplified: upstream goes on until all are there.
 */
const MOST_MISSING = 500;

export function membershipOf(set: StatefulSet, pods: readonly Pod[]): Membership {
  const byOrdinal = new Map(pods.map((pod) => [ordinalOf(pod), pod]));
  const first = firstOrdinal(set);
  const slots: Slot[] = [];
  let missing = 0;
  for (let i = 0; i < set.spec.replicas && missing < MOST_MISSING; i++) {
    const pod = byOrdinal.get(first + i);
    if (!pod) missing += 1;
    slots.push({ ordinal: first + i, pod });
  }
  const cut = slots.length < set.spec.replicas;
  const condemned = pods.filter((pod) => ordinalOf(pod) >= 0 && !inRange(set, ordinalOf(pod)));
  return { slots, cut, condemned: condemned.sort((a, b) => ordinalOf(b) - ordinalOf(a)) };
}

/** The name of the first Pod that is not available, wanted ones before condemned ones. */
export function firstUnavailable(
  { slots, condemned }: Membership,
  name: (ordinal: number) => string,
  moment: Moment,
): string | undefined {
  const slot = slots.find(({ pod }) => !pod || isUnavailable(pod, moment));
  if (slot) return name(slot.ordinal);
  return condemned.findLast((pod) => isUnavailable(pod, moment))?.metadata.name;
}

/** Which revision a Pod that is missing gets: below the partition the present one. */
export function needsCurrentRevision(set: StatefulSet, ordinal: number): boolean {
  const { type, rollingUpdate } = set.spec.updateStrategy;
  const first = firstOrdinal(set);
  if (rollingUpdate) return ordinal < first + (rollingUpdate.partition ?? 0);
  return type !== 'OnDelete' && ordinal < first + (set.status.currentReplicas ?? 0);
}

/**
 * The Pods that a rolling update takes away now: from the highest ordinal down to the partition,
 * as many as may be unavailable less those that are (`updateStatefulSetAfterInvariantEstablished`).
 */
export function podsToUpdate(
  set: StatefulSet,
  slots: readonly Slot[],
  updateRevision: string,
  moment: Moment,
): Pod[] {
  const { type, rollingUpdate } = set.spec.updateStrategy;
  if (type === 'OnDelete') return [];
  const available = slots.filter(({ pod }) => pod && !isUnavailable(pod, moment)).length;
  const allowed = maxUnavailableOf(set) - (set.spec.replicas - available);
  const chosen: Pod[] = [];
  for (let i = slots.length - 1; i >= (rollingUpdate?.partition ?? 0); i--) {
    if (chosen.length >= allowed) break;
    const pod = slots[i]?.pod;
    if (pod && !isTerminating(pod) && revisionOf(pod) !== updateRevision) chosen.push(pod);
  }
  return chosen;
}

/** maxUnavailable of the replicas, a percentage rounded down; at least 1 (`getStatefulSetMaxUnavailable`). */
export function maxUnavailableOf({ spec }: StatefulSet): number {
  const { maxUnavailable = 1 } = spec.updateStrategy.rollingUpdate ?? {};
  return Math.max(1, scaledValue(maxUnavailable, spec.replicas, false) ?? 1);
}

export interface Revisions {
  readonly current: ControllerRevision;
  readonly update: ControllerRevision;
  readonly collisions: number;
}

/** What the set says of itself; once every Pod is updated and ready the update is the present. */
export function statusOf(
  set: StatefulSet,
  pods: readonly Pod[],
  { current, update, collisions }: Revisions,
  nowMs: number,
): StatefulSetStatus {
  const moment = { minReadySeconds: set.spec.minReadySeconds, nowMs };
  const staying = pods.filter((pod) => !isTerminating(pod));
  const ofRevision = ({ metadata }: ControllerRevision) =>
    staying.filter((pod) => revisionOf(pod) === metadata.name).length;
  const readyReplicas = pods.filter(isRunningAndReady).length;
  const updatedReplicas = ofRevision(update);
  const { replicas: wanted, updateStrategy } = set.spec;
  const done =
    updateStrategy.type !== 'OnDelete' &&
    [updatedReplicas, readyReplicas, pods.length].every((count) => count === wanted);
  const { conditions } = set.status;
  return withoutZeros(
    {
      observedGeneration: set.metadata.generation,
      replicas: pods.length,
      readyReplicas,
      availableReplicas: pods.filter((pod) => isRunningAndAvailable(pod, moment)).length,
      currentReplicas: done ? updatedReplicas : ofRevision(current),
      updatedReplicas,
      currentRevision: done ? update.metadata.name : current.metadata.name,
      updateRevision: update.metadata.name,
      collisionCount: collisions,
      ...(conditions && { conditions }),
    },
    ['readyReplicas', 'currentReplicas', 'updatedReplicas'],
  );
}
