import type { Job } from '../../api/batch.ts';
import { JOB_INDEX_FAILURE_COUNT, JOB_TRACKING_FINALIZER } from '../../api/batch.ts';
import { isPodActive, isPodFinished, isPodReady, type Pod } from '../../api/pod.ts';
import { findCondition, type KubeObject } from '../../apimachinery/object.ts';
import { finishedMs, nextRecord, NO_BACKOFF, type BackoffRecord } from './backoff.ts';
import {
  completionIndexOf,
  includes,
  indexesOf,
  parseIntervals,
  withIndexes,
  type Intervals,
} from './indexes.ts';
import { judgeFailure } from './policies.ts';

/**
 * A Job and its Pods as one look finds them (pkg/controller/job/job_controller.go `syncJobCtx`,
 * v1.36). A finished Pod counts once: until its finalizer is taken away it is found among the Pods,
 * afterwards in the status.
 */
export const JOB_INDEX_IGNORED_FAILURE_COUNT =
  'batch.kubernetes.io/job-index-ignored-failure-count';

export interface JobView {
  readonly job: Job;
  readonly nowMs: number;
  readonly pods: readonly Pod[];
  readonly active: readonly Pod[];
  readonly ready: number;
  readonly terminating: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly backoff: BackoffRecord;
  /** Of an Indexed Job: those in the status, and those that are found to have succeeded too. */
  readonly countedIndexes: Intervals;
  readonly succeededIndexes: Intervals;
  /** With a limit for each index only. */
  readonly failedIndexes?: Intervals;
  /** The failed Pod of an index that waits for its successor, which takes over its counts. */
  readonly replaced: ReadonlyMap<number, Pod>;
}

export const isIndexed = ({ spec }: Job): boolean => spec.completionMode === 'Indexed';
export const isSuspended = ({ spec }: Job): boolean => spec.suspend === true;
export const limitsIndexes = ({ spec }: Job): boolean => spec.backoffLimitPerIndex !== undefined;

export const isTracked = ({ metadata }: KubeObject): boolean =>
  metadata.finalizers?.includes(JOB_TRACKING_FINALIZER) ?? false;

/** Whether Pods are replaced only when they have failed, not when they are on their way out. */
export const replacesOnlyFailed = ({ spec }: Job): boolean =>
  spec.podReplacementPolicy === 'Failed' || spec.podFailurePolicy !== undefined;

export function isJobFinished({ status }: Pick<Job, 'status'>): boolean {
  const isTrue = (type: string) => findCondition(status.conditions, type)?.status === 'True';
  return isTrue('Complete') || isTrue('Failed');
}

/** A Pod that goes before it ended counts as failed, unless only failed ones are replaced. */
export function isPodFailed(pod: Pod, job: Job): boolean {
  if (pod.status.phase === 'Failed') return true;
  if (replacesOnlyFailed(job)) return false;
  return pod.metadata.deletionTimestamp !== undefined && pod.status.phase !== 'Succeeded';
}

const isTerminating = (pod: Pod): boolean =>
  pod.metadata.deletionTimestamp !== undefined && !isPodFinished(pod);

export const terminatingOf = (pods: readonly Pod[]): Pod[] => pods.filter(isTerminating);

export function viewJob(
  job: Job,
  pods: readonly Pod[],
  known: BackoffRecord = NO_BACKOFF,
  nowMs = 0,
): JobView {
  const active = pods.filter(isPodActive);
  const { status } = job;
  const { succeeded: counting = [], failed: failing = [] } = status.uncountedTerminatedPods ?? {};
  const found = pods.filter((pod) => isTracked(pod) && hasValidIndex(pod, job));
  const succeeded = found.filter(
    (pod) => pod.status.phase === 'Succeeded' && !counting.includes(pod.metadata.uid),
  );
  const failed = found.filter(
    (pod) => isPodFailed(pod, job) && !failing.includes(pod.metadata.uid),
  );
  const { podFailurePolicy } = job.spec;
  const counted = failed.filter((pod) => judgeFailure(podFailurePolicy, pod).counts);
  const indexes = viewIndexes(job, active, found);
  return {
    job,
    nowMs,
    pods,
    active,
    ready: active.filter(isPodReady).length,
    terminating: terminatingOf(pods).length,
    succeeded: isIndexed(job)
      ? indexes.succeededIndexes.reduce((sum, { first, last }) => sum + last - first + 1, 0)
      : (status.succeeded ?? 0) + succeeded.length + counting.length,
    failed: (status.failed ?? 0) + counted.length + failing.length,
    backoff: nextRecord(known, succeeded.map(finishedMs), failed.map(finishedMs)),
    ...indexes,
  };
}

function hasValidIndex(pod: Pod, job: Job): boolean {
  if (!isIndexed(job)) return true;
  const index = completionIndexOf(pod);
  return index >= 0 && index < (job.spec.completions ?? 0);
}

type IndexView = Pick<
  JobView,
  'countedIndexes' | 'succeededIndexes' | 'failedIndexes' | 'replaced'
>;

function viewIndexes(job: Job, active: readonly Pod[], found: readonly Pod[]): IndexView {
  if (!isIndexed(job)) return { countedIndexes: [], succeededIndexes: [], replaced: new Map() };
  const { status, spec } = job;
  const completions = spec.completions ?? 0;
  const countedIndexes = parseIntervals(status.completedIndexes, completions);
  const done = found.filter((pod) => pod.status.phase === 'Succeeded');
  const succeededIndexes = withIndexes(countedIndexes, indexesOf(done));
  if (!limitsIndexes(job)) return { countedIndexes, succeededIndexes, replaced: new Map() };
  const failedIndexes = withIndexes(
    parseIntervals(status.failedIndexes, completions),
    indexesOf(found.filter((pod) => isIndexFailed(pod, job))),
  );
  const busy = new Set(indexesOf(active));
  const waiting = found.filter((pod) => {
    const index = completionIndexOf(pod);
    if (!isPodFailed(pod, job) || busy.has(index)) return false;
    return !includes(succeededIndexes, index) && !includes(failedIndexes, index);
  });
  return { countedIndexes, succeededIndexes, failedIndexes, replaced: lastFailed(waiting) };
}

/** Of each index the Pod that failed last. */
function lastFailed(pods: readonly Pod[]): Map<number, Pod> {
  const last = new Map<number, Pod>();
  for (const pod of pods) {
    const index = completionIndexOf(pod);
    const known = last.get(index);
    const later =
      !known || (failuresOf(known) <= failuresOf(pod) && finishedMs(pod) >= finishedMs(known));
    if (later) last.set(index, pod);
  }
  return last;
}

function isIndexFailed(pod: Pod, job: Job): boolean {
  if (!isPodFailed(pod, job)) return false;
  const { action, counts } = judgeFailure(job.spec.podFailurePolicy, pod);
  if (action === 'FailIndex') return true;
  const limit = job.spec.backoffLimitPerIndex ?? 0;
  return counts && countAnnotation(pod, JOB_INDEX_FAILURE_COUNT) >= limit;
}

/** Failures of an index before this Pod, those that did not count included. */
export const failuresOf = (pod: Pod): number =>
  countAnnotation(pod, JOB_INDEX_FAILURE_COUNT) +
  countAnnotation(pod, JOB_INDEX_IGNORED_FAILURE_COUNT);

export function countAnnotation({ metadata }: Pod, annotation: string): number {
  const text = metadata.annotations?.[annotation] ?? '';
  const count = /^\+?\d+$/.test(text) ? Number(text) : 0;
  return count <= 2_147_483_647 ? count : 0;
}
