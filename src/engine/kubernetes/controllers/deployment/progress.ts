import { parseRfc3339 } from '../../../sim/clock.ts';
import type { Deployment, DeploymentStatus, ReplicaSet } from '../../api/workloads.ts';
import { findCondition, type Condition } from '../../apimachinery/object.ts';

/**
 * Whether a rollout gets on (pkg/controller/deployment/progress.go and util/deployment_util.go,
 * v1.36).
 */
const MAX_INT32 = 2_147_483_647;

export function hasProgressDeadline({ spec }: Pick<Deployment, 'spec'>): boolean {
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

/**
 * How long until the deadline of a stuck rollout, 0 when less than a second is left; undefined
 * when there is none to wait for (`requeueStuckDeployment`).
 */
export function deadlineInMs(
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
  return left < 1000 ? 0 : left;
}

/**
 * What the Progressing condition should become; undefined to leave it as it is. With `renew` it is
 * told again even when it says the same.
 */
export function nextProgress(
  deployment: Deployment,
  status: DeploymentStatus,
  newSet: ReplicaSet | undefined,
  nowMs: number,
): (Condition & { readonly renew?: true }) | undefined {
  const current = findCondition(deployment.status.conditions, 'Progressing');
  const done = (status.replicas ?? 0) === (status.updatedReplicas ?? 0);
  if (!hasProgressDeadline(deployment)) return undefined;
  if (done && current?.reason === 'NewReplicaSetAvailable') return undefined;
  const what = newSet
    ? `ReplicaSet "${newSet.metadata.name}"`
    : `Deployment "${deployment.metadata.name}"`;
  const type = 'Progressing';
  if (isComplete(deployment, status)) {
    const message = `${what} has successfully progressed.`;
    return { type, status: 'True', reason: 'NewReplicaSetAvailable', message };
  }
  if (isProgressing(deployment.status, status)) {
    const message = `${what} is progressing.`;
    return { type, status: 'True', reason: 'ReplicaSetUpdated', message, renew: true };
  }
  if (hasTimedOut(deployment, status, nowMs)) {
    const message = `${what} has timed out progressing.`;
    return { type, status: 'False', reason: 'ProgressDeadlineExceeded', message };
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
