import type { DaemonSet, Deployment, StatefulSet } from './workloads.ts';
import { REVISION } from './workloads.ts';

/**
 * Where a rollout stands, in the words of `kubectl rollout status`
 * (staging/src/k8s.io/kubectl/pkg/polymorphichelpers/rollout_status.go, v1.36).
 */
export interface RolloutStatus {
  /** A line of text; empty when there is an error. */
  readonly message: string;
  readonly done: boolean;
  /** Why it will never be done, or cannot be told. */
  readonly error?: string;
}

const waiting = (message: string): RolloutStatus => ({ message, done: false });
const complete = (message: string): RolloutStatus => ({ message, done: true });
const failed = (error: string, done = false): RolloutStatus => ({ message: '', done, error });

/** @param revision the revision to wait for; 0 for the latest */
export function deploymentRollout(deployment: Deployment, revision = 0): RolloutStatus {
  const { metadata, spec, status } = deployment;
  const { name } = metadata;
  if (revision > 0) {
    const running = Number(metadata.annotations?.[REVISION] ?? 0);
    if (revision !== running) {
      return failed(
        `desired revision (${revision}) is different from the running revision (${running})`,
      );
    }
  }
  if ((metadata.generation ?? 0) > (status.observedGeneration ?? 0)) {
    return waiting('Waiting for deployment spec update to be observed...\n');
  }
  const progress = status.conditions?.find(({ type }) => type === 'Progressing');
  if (progress?.reason === 'ProgressDeadlineExceeded') {
    return failed(`deployment "${name}" exceeded its progress deadline`);
  }
  const start = `Waiting for deployment "${name}" rollout to finish: `;
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
  if (updatedReplicas < (spec.replicas ?? 0)) {
    const part = `${updatedReplicas} out of ${spec.replicas} new replicas have been updated`;
    return waiting(`${start}${part}...\n`);
  }
  if (replicas > updatedReplicas) {
    const part = `${replicas - updatedReplicas} old replicas are pending termination`;
    return waiting(`${start}${part}...\n`);
  }
  if (availableReplicas < updatedReplicas) {
    const part = `${availableReplicas} of ${updatedReplicas} updated replicas are available`;
    return waiting(`${start}${part}...\n`);
  }
  return complete(`deployment "${name}" successfully rolled out\n`);
}

const ROLLING_ONLY = 'rollout status is only available for RollingUpdate strategy type';

export function daemonSetRollout({ metadata, spec, status }: DaemonSet): RolloutStatus {
  if (spec.updateStrategy?.type !== 'RollingUpdate') return failed(ROLLING_ONLY, true);
  if ((metadata.generation ?? 0) > (status.observedGeneration ?? 0)) {
    return waiting('Waiting for daemon set spec update to be observed...\n');
  }
  const start = `Waiting for daemon set "${metadata.name}" rollout to finish: `;
  const { updatedNumberScheduled = 0, numberAvailable = 0, desiredNumberScheduled } = status;
  if (updatedNumberScheduled < desiredNumberScheduled) {
    const part = `${updatedNumberScheduled} out of ${desiredNumberScheduled} new pods have been`;
    return waiting(`${start}${part} updated...\n`);
  }
  if (numberAvailable < desiredNumberScheduled) {
    const part = `${numberAvailable} of ${desiredNumberScheduled} updated pods are available`;
    return waiting(`${start}${part}...\n`);
  }
  return complete(`daemon set "${metadata.name}" successfully rolled out\n`);
}

export function statefulSetRollout({ metadata, spec, status }: StatefulSet): RolloutStatus {
  const { type, rollingUpdate } = spec.updateStrategy ?? {};
  if (type !== 'RollingUpdate') return failed(ROLLING_ONLY, true);
  const { observedGeneration = 0, readyReplicas = 0, updatedReplicas = 0 } = status;
  if (observedGeneration === 0 || (metadata.generation ?? 0) > observedGeneration) {
    return waiting('Waiting for statefulset spec update to be observed...\n');
  }
  const replicas = spec.replicas ?? 0;
  if (readyReplicas < replicas) {
    return waiting(`Waiting for ${replicas - readyReplicas} pods to be ready...\n`);
  }
  if (rollingUpdate) {
    const { partition } = rollingUpdate;
    const wanted = replicas - (partition ?? 0);
    if (partition !== undefined && updatedReplicas < wanted) {
      const part = `${updatedReplicas} out of ${wanted} new pods have been updated`;
      return waiting(`Waiting for partitioned roll out to finish: ${part}...\n`);
    }
    const updated = `${updatedReplicas} new pods have been updated`;
    return complete(`partitioned roll out complete: ${updated}...\n`);
  }
  if (status.updateRevision !== status.currentRevision) {
    const part = `${updatedReplicas} pods at revision ${status.updateRevision ?? ''}`;
    return waiting(`waiting for statefulset rolling update to complete ${part}...\n`);
  }
  const part = `${status.currentReplicas ?? 0} pods at revision ${status.currentRevision ?? ''}`;
  return complete(`statefulset rolling update complete ${part}...\n`);
}
