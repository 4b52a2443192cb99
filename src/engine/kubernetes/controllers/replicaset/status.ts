import type { Pod } from '../../api/pod.ts';
import { isPodReady } from '../../api/pod.ts';
import type { ReplicaSet, ReplicaSetStatus } from '../../api/workloads.ts';
import { selectorMatches } from '../../apimachinery/label-selector.ts';
import { findCondition, type Condition } from '../../apimachinery/object.ts';
import { isPodAvailable, withoutZeros } from '../availability.ts';

/**
 * What a ReplicaSet says of itself (pkg/controller/replicaset/replica_set_utils.go
 * `calculateStatus`, v1.36).
 */
export interface PodCounts {
  readonly replicas: number;
  readonly fullyLabeledReplicas: number;
  readonly readyReplicas: number;
  readonly availableReplicas: number;
  readonly terminatingReplicas: number;
}

/** Counts a set's active Pods one by one, and those on their way out. */
export function countPods(
  { template, minReadySeconds }: Pick<ReplicaSet['spec'], 'template' | 'minReadySeconds'>,
  active: readonly Pod[],
  terminating: number,
  nowMs: number,
): PodCounts {
  const matchLabels = template.metadata?.labels ?? {};
  return {
    replicas: active.length,
    fullyLabeledReplicas: active.filter(({ metadata }) =>
      selectorMatches({ matchLabels }, metadata.labels),
    ).length,
    readyReplicas: active.filter(isPodReady).length,
    availableReplicas: active.filter((pod) => isPodAvailable(pod, minReadySeconds, nowMs)).length,
    terminatingReplicas: terminating,
  };
}

/** @param failure why Pods could not be made or taken away in this look */
export function statusOf(
  set: ReplicaSet,
  counts: PodCounts,
  failure: string | undefined,
  now: string,
): ReplicaSetStatus {
  const conditions = failureCondition(set, counts, failure, now);
  return withoutZeros(
    {
      ...counts,
      observedGeneration: set.metadata.generation,
      ...(conditions.length > 0 && { conditions }),
    },
    ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'],
  );
}

/** The set's conditions with or without ReplicaFailure; the first failure stays until it is over. */
function failureCondition(
  { spec, status }: ReplicaSet,
  { replicas }: PodCounts,
  failure: string | undefined,
  lastTransitionTime: string,
): readonly Condition[] {
  const conditions = status.conditions ?? [];
  const known = findCondition(conditions, 'ReplicaFailure');
  if (failure === undefined) {
    return known ? conditions.filter(({ type }) => type !== 'ReplicaFailure') : conditions;
  }
  if (known) return conditions;
  const reason = replicas > spec.replicas ? 'FailedDelete' : 'FailedCreate';
  const condition = { reason, message: failure, lastTransitionTime } as const;
  return [...conditions, { type: 'ReplicaFailure', status: 'True', ...condition }];
}
