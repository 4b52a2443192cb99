import type { Deployment, DeploymentStatus, ReplicaSet } from '../../api/workloads.ts';
import { findCondition, type Condition } from '../../apimachinery/object.ts';
import { withoutZeros } from '../availability.ts';
import { maxUnavailable } from './fenceposts.ts';
import { hasProgressDeadline, nextProgress } from './progress.ts';

/**
 * What a Deployment says of itself (pkg/controller/deployment/{sync,progress}.go and
 * util/deployment_util.go, v1.36).
 */
const ZEROS = [
  'replicas',
  'updatedReplicas',
  'readyReplicas',
  'availableReplicas',
  'unavailableReplicas',
] as const;

/** The numbers from its ReplicaSets, and whether enough Pods are available (`calculateStatus`). */
export function countStatus(
  deployment: Deployment,
  newSet: ReplicaSet | undefined,
  allSets: readonly ReplicaSet[],
  now: string,
): DeploymentStatus {
  const sum = (count: (set: ReplicaSet) => number | undefined) =>
    allSets.reduce((total, set) => total + (count(set) ?? 0), 0);
  const available = sum(({ status }) => status.availableReplicas);
  const { collisionCount, conditions = [] } = deployment.status;
  return withoutZeros(
    {
      observedGeneration: deployment.metadata.generation,
      replicas: sum(({ status }) => status.replicas),
      updatedReplicas: newSet?.status.replicas ?? 0,
      readyReplicas: sum(({ status }) => status.readyReplicas),
      availableReplicas: available,
      unavailableReplicas: Math.max(0, sum(({ spec }) => spec.replicas) - available),
      terminatingReplicas: sum(({ status }) => status.terminatingReplicas),
      ...(collisionCount !== undefined && { collisionCount }),
      conditions: withCondition(conditions, availability(deployment, available), now),
    },
    ZEROS,
  );
}

/** The same with how the rollout stands and what failed in its sets (`syncRolloutStatus`). */
export function rolloutStatus(
  deployment: Deployment,
  newSet: ReplicaSet | undefined,
  allSets: readonly ReplicaSet[],
  clock: { readonly nowMs: number; readonly now: string },
): DeploymentStatus {
  const counted = countStatus(deployment, newSet, allSets, clock.now);
  let conditions = counted.conditions ?? [];
  if (!hasProgressDeadline(deployment)) conditions = withoutType(conditions, 'Progressing');
  const next = nextProgress(deployment, counted, newSet, clock.nowMs);
  if (next) {
    const { renew, ...condition } = next;
    conditions = renew
      ? renewed(conditions, condition, clock.now)
      : withCondition(conditions, condition, clock.now);
  }
  const failure = replicaFailure(newSet, allSets);
  conditions = failure
    ? withCondition(conditions, failure, clock.now)
    : withoutType(conditions, 'ReplicaFailure');
  return { ...counted, conditions };
}

/** Whether enough Pods are available to serve: at least replicas - maxUnavailable. */
function availability({ spec }: Deployment, availableReplicas: number): Condition {
  const enough = availableReplicas >= spec.replicas - maxUnavailable(spec);
  return enough
    ? {
        type: 'Available',
        status: 'True',
        reason: 'MinimumReplicasAvailable',
        message: 'Deployment has minimum availability.',
      }
    : {
        type: 'Available',
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      };
}

/** The failure of the new set, else of another one. */
function replicaFailure(
  newSet: ReplicaSet | undefined,
  allSets: readonly ReplicaSet[],
): Condition | undefined {
  for (const set of newSet ? [newSet, ...allSets] : allSets) {
    const failure = findCondition(set.status.conditions, 'ReplicaFailure');
    if (failure) return failure;
  }
  return undefined;
}

const withoutType = (conditions: readonly Condition[], type: string): readonly Condition[] =>
  conditions.some((condition) => condition.type === type)
    ? conditions.filter((condition) => condition.type !== type)
    : conditions;

/**
 * The conditions with one set, which comes last then. Unless its status or reason is another it
 * stays as it is, words and times included (`SetDeploymentCondition`).
 */
export function withCondition(
  conditions: readonly Condition[],
  next: Condition,
  now: string,
): readonly Condition[] {
  const known = findCondition(conditions, next.type);
  if (known?.status === next.status && known.reason === next.reason) return conditions;
  const lastTransitionTime = known?.status === next.status ? known.lastTransitionTime : now;
  return [
    ...withoutType(conditions, next.type),
    { ...next, lastUpdateTime: now, lastTransitionTime },
  ];
}

/** The conditions with one told again: progress counts even when the words stay the same. */
function renewed(
  conditions: readonly Condition[],
  next: Condition,
  now: string,
): readonly Condition[] {
  const known = findCondition(conditions, next.type);
  const lastTransitionTime = known?.status === 'True' ? known.lastTransitionTime : now;
  return [
    ...withoutType(conditions, next.type),
    { ...next, lastUpdateTime: now, lastTransitionTime },
  ];
}
