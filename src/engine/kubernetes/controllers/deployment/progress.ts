import { parseRfc3339 } from '../../../sim/clock.ts';
import type { Deployment, DeploymentStatus, ReplicaSet } from '../../api/workloads.ts';
import { findCondition, type Condition } from '../../apimachinery/object.ts';
import { maxUnavailable } from './fenceposts.ts';

/**
 * How a rollout stands (pkg/controller/deployment/progress.go and util/deployment_util.go,
 * v1.36).
 */
const MAX_INT32 = 2_147_483_647;

export function hasProgressDeadline({ spec }: Deployment): boolean {
  const { progressDeadlineSeconds } = spec;
  return progressDeadlineSeconds !== undefined && progressDeadlineSeconds !== MAX_INT32;
}

export function isComplete({ spec, metadata }: Deployment, status: DeploymentStatus): boolean {
  return (
    (status.updatedReplicas ?? 0) === spec.replicas &&
    (status.replicas ?? 0) === spec.replicas &&
    (status.availableReplicas ?? 0) === spec.replicas &&
    (status.observedGeneration ?? 0) >= (metadata.generation ?? 0)
  );
}

/** More new Pods, fewer old ones, or more that are ready or available than before. */
export function isProgressing(before: DeploymentStatus, after: DeploymentStatus): boolean {
  const old = (status: DeploymentStatus) => (status.replicas ?? 0) - (status.updatedReplicas ?? 0);
  return (
    (after.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    old(after) < old(before) ||
    (after.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (after.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  );
}

/** Nothing has moved for longer than the progress deadline. */
export function hasTimedOut(
  deployment: Deployment,
  status: DeploymentStatus,
  nowMs: number,
): boolean {
  if (!hasProgressDeadline(deployment)) return false;
  const condition = findCondition(status.conditions, 'Progressing');
  if (!condition || condition.reason === 'NewReplicaSetAvailable') return false;
  if (condition.reason === 'ProgressDeadlineExceeded') return true;
  const since = parseRfc3339(condition.lastUpdateTime ?? '') ?? nowMs;
  return since + (deployment.spec.progressDeadlineSeconds ?? 0) * 1000 < nowMs;
}

/** How long until the deadline should be looked at again; undefined when it need not be. */
export function recheckAfterMs(
  deployment: Deployment,
  status: DeploymentStatus,
  nowMs: number,
): number | undefined {
  const condition = findCondition(deployment.status.conditions, 'Progressing');
  if (!hasProgressDeadline(deployment) || !condition) return undefined;
  if (isComplete(deployment, status)) return undefined;
  if (condition.reason === 'ProgressDeadlineExceeded') return undefined;
  const since = parseRfc3339(condition.lastUpdateTime ?? '') ?? nowMs;
  const deadlineMs = (deployment.spec.progressDeadlineSeconds ?? 0) * 1000;
  const left = since + deadlineMs - nowMs;
  return left < 1000 ? 0 : left + 1000;
}

/** The numbers of a Deployment's status from its ReplicaSets. */
export function countStatus(
  deployment: Deployment,
  newSet: ReplicaSet | undefined,
  allSets: readonly ReplicaSet[],
): DeploymentStatus {
  const sum = (count: (set: ReplicaSet) => number) =>
    allSets.reduce((total, set) => total + count(set), 0);
  const replicas = sum((set) => set.status.replicas);
  const available = sum((set) => set.status.availableReplicas ?? 0);
  const wanted = sum((set) => set.spec.replicas);
  return {
    observedGeneration: deployment.metadata.generation,
    replicas,
    updatedReplicas: newSet?.status.replicas ?? 0,
    readyReplicas: sum((set) => set.status.readyReplicas ?? 0),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, wanted - available),
    conditions: deployment.status.conditions ?? [],
  };
}

/** Whether enough Pods are available to serve: at least replicas - maxUnavailable. */
export function availability({ spec }: Deployment, availableReplicas: number): Condition {
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

/** What the Progressing condition should become; undefined to leave it as it is. */
export function progress(
  deployment: Deployment,
  status: DeploymentStatus,
  newSet: ReplicaSet | undefined,
  activeSets: number,
  nowMs: number,
): Condition | undefined {
  const current = findCondition(deployment.status.conditions, 'Progressing');
  const done = status.replicas === status.updatedReplicas;
  if (done && activeSets <= 1 && current?.reason === 'NewReplicaSetAvailable') return undefined;
  const what = newSet
    ? `ReplicaSet "${newSet.metadata.name}"`
    : `Deployment "${deployment.metadata.name}"`;
  if (isComplete(deployment, status)) {
    const message = `${what} has successfully progressed.`;
    return { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable', message };
  }
  if (isProgressing(deployment.status, status)) {
    const message = `${what} is progressing.`;
    return { type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated', message };
  }
  if (hasTimedOut(deployment, status, nowMs)) {
    const message = `${what} has timed out progressing.`;
    return { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message };
  }
  return undefined;
}

/**
 * What the Progressing condition becomes when a rollout is paused or goes on; undefined to leave it
 * as it is (sync.go `checkPausedConditions`). A rollout that has failed says so still.
 */
export function pauseCondition(
  paused: boolean,
  known: Condition | undefined,
): Condition | undefined {
  if (known?.reason === 'ProgressDeadlineExceeded') return undefined;
  const was = known?.reason === 'DeploymentPaused';
  if (paused === was) return undefined;
  return {
    type: 'Progressing',
    status: 'Unknown',
    reason: paused ? 'DeploymentPaused' : 'DeploymentResumed',
    message: paused ? 'Deployment is paused' : 'Deployment is resumed',
  };
}
