import type { JobStatus } from '../../api/batch.ts';
import type { Pod } from '../../api/pod.ts';
import type { Condition } from '../../apimachinery/object.ts';
import { findCondition } from '../../apimachinery/object.ts';
import type { Ending } from './decisions.ts';
import { completionIndexOf, formatIntervals, includes, totalOf, withIndexes } from './indexes.ts';
import { judgeFailure } from './policies.ts';
import { isIndexed, isPodFailed, isTracked, limitsIndexes, type JobView } from './view.ts';

/**
 * How a Job counts its finished Pods exactly once
 * (pkg/controller/job/job_controller.go `trackJobStatusAndRemoveFinalizers`, v1.36): their uids go
 * into the status, then their finalizers are taken away, then the counters grow.
 */
const MOST_UNCOUNTED = 500;

export interface Uncounted {
  readonly succeeded: readonly string[];
  readonly failed: readonly string[];
}

export const uncountedOf = ({ uncountedTerminatedPods }: JobStatus): Uncounted => ({
  succeeded: uncountedTerminatedPods?.succeeded ?? [],
  failed: uncountedTerminatedPods?.failed ?? [],
});

export interface Tracking {
  /** The status that says which Pods are being counted, before their finalizers go. */
  readonly status: JobStatus;
  readonly release: readonly Pod[];
  /** Whether more Pods have ended than one look takes. */
  readonly full: boolean;
}

/** What is counted next. `final` is the last word on the Job, if it is known. */
export function trackPods(view: JobView, status: JobStatus, final: Ending | undefined): Tracking {
  const { job, pods } = view;
  const tracked = pods.filter(isTracked);
  const cleaned = countReleased(status, new Set(tracked.map(({ metadata }) => metadata.uid)));
  const known = uncountedOf(cleaned);
  const next = { succeeded: [...known.succeeded], failed: [...known.failed] };
  const indexes: number[] = [];
  const release: Pod[] = [];
  let full = false;
  for (const pod of isIndexed(job) ? [...tracked].sort(byIndex) : tracked) {
    if (!mayRelease(view, pod, final)) continue;
    release.push(pod);
    note(view, pod, final, { next, indexes });
    full = indexes.length + next.succeeded.length + next.failed.length >= MOST_UNCOUNTED;
    if (full) break;
  }
  const uncountedTerminatedPods = {
    ...(next.succeeded.length > 0 && { succeeded: next.succeeded }),
    ...(next.failed.length > 0 && { failed: next.failed }),
  };
  const counted = isIndexed(job) ? indexStatus(view, indexes) : {};
  return { status: { ...cleaned, ...counted, uncountedTerminatedPods }, release, full };
}

const byIndex = (a: Pod, b: Pod): number => completionIndexOf(a) - completionIndexOf(b);

interface Notes {
  readonly next: { readonly succeeded: string[]; readonly failed: string[] };
  readonly indexes: number[];
}

function note(view: JobView, pod: Pod, final: Ending | undefined, { next, indexes }: Notes): void {
  const { job, countedIndexes } = view;
  const { uid } = pod.metadata;
  const index = completionIndexOf(pod);
  const valid = index >= 0 && index < (job.spec.completions ?? 0);
  if (pod.status.phase === 'Succeeded' && !next.failed.includes(uid)) {
    if (isIndexed(job)) {
      if (valid && !includes(countedIndexes, index)) indexes.push(index);
    } else if (!next.succeeded.includes(uid)) next.succeeded.push(uid);
    return;
  }
  // When a Job has failed, every Pod that had not ended has failed with it.
  const lost = final !== undefined && final.type !== 'SuccessCriteriaMet';
  if (!isPodFailed(pod, job) && !lost) return;
  if (next.failed.includes(uid) || (isIndexed(job) && !valid)) return;
  if (judgeFailure(job.spec.podFailurePolicy, pod).counts) next.failed.push(uid);
}

/** A Pod goes when the Job does, when it ended, or when its index no longer needs its counts. */
function mayRelease({ job, replaced }: JobView, pod: Pod, final: Ending | undefined): boolean {
  if (job.metadata.deletionTimestamp || final || pod.status.phase === 'Succeeded') return true;
  if (!isPodFailed(pod, job)) return false;
  if (!limitsIndexes(job)) return true;
  return replaced.get(completionIndexOf(pod))?.metadata.uid !== pod.metadata.uid;
}

function indexStatus(view: JobView, indexes: readonly number[]): Partial<JobStatus> {
  const { succeededIndexes, failedIndexes } = view;
  const completed = withIndexes(succeededIndexes, indexes);
  const text = formatIntervals(completed);
  return {
    succeeded: totalOf(completed),
    completedIndexes: text === '' ? undefined : text,
    ...(failedIndexes && { failedIndexes: formatIntervals(failedIndexes) }),
  };
}

/** Moves Pods without a finalizer from the uncounted ones to the counters. */
export function countReleased(status: JobStatus, held: ReadonlySet<string>): JobStatus {
  const { succeeded, failed } = uncountedOf(status);
  const left = {
    succeeded: succeeded.filter((uid) => held.has(uid)),
    failed: failed.filter((uid) => held.has(uid)),
  };
  return {
    ...status,
    succeeded: (status.succeeded ?? 0) + succeeded.length - left.succeeded.length,
    failed: (status.failed ?? 0) + failed.length - left.failed.length,
    uncountedTerminatedPods: {
      ...(left.succeeded.length > 0 && { succeeded: left.succeeded }),
      ...(left.failed.length > 0 && { failed: left.failed }),
    },
  };
}

/** The conditions with one told; one that is False is not told for the first time. */
export function withJobCondition(
  conditions: readonly Condition[],
  next: Ending,
  now: string,
): readonly Condition[] {
  const known = findCondition(conditions, next.type);
  const told = { ...next, lastProbeTime: now, lastTransitionTime: now } as unknown as Condition;
  if (!known) return next.status === 'False' ? conditions : [...conditions, told];
  const { status, reason, message } = known;
  if (status === next.status && reason === next.reason && message === next.message) {
    return conditions;
  }
  return conditions.map((condition) => (condition === known ? told : condition));
}
