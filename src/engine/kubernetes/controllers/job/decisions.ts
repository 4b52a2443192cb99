import { parseRfc3339 } from '../../../sim/clock.ts';
import type { Job } from '../../api/batch.ts';
import type { Pod } from '../../api/pod.ts';
import { findCondition, type Condition } from '../../apimachinery/object.ts';
import { compareActive, rankedPod } from '../ranking.ts';
import { finishedMs, remainingMs } from './backoff.ts';
import {
  completionIndexOf,
  firstFree,
  indexesOf,
  totalOf,
  withIndexes,
  mergeIntervals,
} from './indexes.ts';
import { judgeFailure, successPolicyMessage } from './policies.ts';
import {
  failuresOf,
  isIndexed,
  isPodFailed,
  isSuspended,
  limitsIndexes,
  replacesOnlyFailed,
  terminatingOf,
  type JobView,
} from './view.ts';

/**
 * Whether a Job has come to its end, and which Pods it makes or takes away until then
 * (pkg/controller/job/job_controller.go `syncJob`, `manageJob`, v1.36).
 */
const MOST_AT_ONCE = 500;

export type Ending = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>;

const ending = (type: string, reason: string, message: string): Ending => ({
  type,
  status: 'True',
  reason,
  message,
});

const failing = (reason: string, message: string): Ending =>
  ending('FailureTarget', reason, message);

/** All wanted Pods have succeeded: the first word of a Job's success. */
export const completionsReached = (): Ending =>
  ending('SuccessCriteriaMet', 'CompletionsReached', 'Reached expected number of succeeded pods');

/** Why the Job ends now, if it does, whatever Pods it still has. */
export function endingOf(view: JobView): Ending | undefined {
  const { job, pods } = view;
  const { conditions } = job.status;
  const met = findCondition(conditions, 'SuccessCriteriaMet');
  if (met?.status === 'True') return met;
  const target = findCondition(conditions, 'FailureTarget');
  if (target?.status === 'True') {
    return ending('Failed', target.reason ?? '', target.message ?? '');
  }
  const { podFailurePolicy } = job.spec;
  for (const pod of podFailurePolicy ? pods : []) {
    const message = isPodFailed(pod, job) && judgeFailure(podFailurePolicy, pod).message;
    if (message) return failing('PodFailurePolicy', message);
  }
  return limitEnding(view) ?? indexEnding(view);
}

function limitEnding({ job, pods, failed, nowMs }: JobView): Ending | undefined {
  const { backoffLimit = 6 } = job.spec;
  if (failed > backoffLimit || restartsExceed(job, pods)) {
    return failing('BackoffLimitExceeded', 'Job has reached the specified backoff limit');
  }
  if (deadlineInMs(job, nowMs) === 0) {
    return failing('DeadlineExceeded', 'Job was active longer than specified deadline');
  }
  return undefined;
}

/** Milliseconds until a Job has been active for too long; undefined when it never has. */
export function deadlineInMs(job: Job, nowMs: number): number | undefined {
  const { activeDeadlineSeconds } = job.spec;
  const started = job.status.startTime;
  if (activeDeadlineSeconds === undefined || started === undefined || isSuspended(job)) {
    return undefined;
  }
  return Math.max(0, (parseRfc3339(started) ?? nowMs) + activeDeadlineSeconds * 1000 - nowMs);
}

/** Containers that are restarted in place count by their restarts. */
function restartsExceed({ spec }: Job, pods: readonly Pod[]): boolean {
  if (spec.template.spec.restartPolicy !== 'OnFailure') return false;
  const { backoffLimit = 6 } = spec;
  let restarts = 0;
  for (const { status } of pods) {
    if (status.phase !== 'Running' && status.phase !== 'Pending') continue;
    const all = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
    for (const { restartCount } of all) restarts += restartCount;
  }
  return backoffLimit === 0 ? restarts > 0 : restarts >= backoffLimit;
}

function indexEnding({ job, failedIndexes, succeededIndexes }: JobView): Ending | undefined {
  if (!isIndexed(job)) return undefined;
  const { completions = 0, maxFailedIndexes, successPolicy } = job.spec;
  const failed = totalOf(failedIndexes ?? []);
  if (maxFailedIndexes !== undefined && failed > maxFailedIndexes) {
    const message = 'Job has exceeded the specified maximal number of failed indexes';
    return failing('MaxFailedIndexesExceeded', message);
  }
  if (failed > 0 && failed + totalOf(succeededIndexes) >= completions) {
    return failing('FailedIndexes', 'Job has failed indexes');
  }
  const met = successPolicyMessage(successPolicy, completions, succeededIndexes);
  return met === undefined ? undefined : ending('SuccessCriteriaMet', 'SuccessPolicy', met);
}

/** Whether nothing is left to do, with so many Pods active. */
export function isComplete({ job, succeeded }: JobView, active: number): boolean {
  const { completions } = job.spec;
  return active === 0 && (completions === undefined ? succeeded > 0 : succeeded >= completions);
}

export interface PodPlan {
  readonly remove: readonly Pod[];
  /** One entry for each Pod: its index, or undefined when the Job has none. */
  readonly create: readonly (number | undefined)[];
  /** Pods are wanted, but only later. */
  readonly waitMs?: number;
}

/** In one look Pods are made or taken away, never both. */
export function planPods(view: JobView): PodPlan {
  const { job, active } = view;
  if (isSuspended(job)) return { remove: [...active], create: [] };
  const wanted = wantedActive(view);
  const remove = podsToRemove(view, Math.max(0, active.length - wanted)).slice(0, MOST_AT_ONCE);
  if (remove.length > 0) return { remove, create: [] };
  const leaving = replacesOnlyFailed(job) ? view.terminating : 0;
  const missing = wanted - leaving - active.length;
  return missing > 0 ? planCreation(view, Math.min(missing, MOST_AT_ONCE)) : { remove, create: [] };
}

function wantedActive({ job, active, succeeded }: JobView): number {
  const { completions, parallelism = 1 } = job.spec;
  if (completions === undefined) return succeeded > 0 ? active.length : parallelism;
  return Math.max(0, Math.min(completions - succeeded, parallelism));
}

function planCreation(view: JobView, missing: number): PodPlan {
  const { job, backoff, nowMs } = view;
  const perIndex = limitsIndexes(job);
  const waitMs = perIndex ? 0 : remainingMs(backoff, nowMs);
  if (waitMs > 0) return { remove: [], create: [], waitMs };
  if (!isIndexed(job)) {
    return { remove: [], create: Array.from({ length: missing }, () => undefined) };
  }
  const free = firstFree(takenIndexes(view), missing, job.spec.completions ?? 0);
  if (!perIndex) return { remove: [], create: free };
  const waits = free.map((index) => indexWaitMs(view, index));
  const now = free.filter((_, i) => waits[i] === 0);
  if (now.length > 0 || free.length === 0) return { remove: [], create: now };
  return { remove: [], create: [], waitMs: Math.min(...waits) };
}

function takenIndexes(view: JobView) {
  const { job, pods, active, succeededIndexes, failedIndexes = [] } = view;
  const leaving = replacesOnlyFailed(job) ? terminatingOf(pods) : [];
  const busy = withIndexes(succeededIndexes, indexesOf([...active, ...leaving]));
  return mergeIntervals(busy, failedIndexes);
}

/** How long an index waits for its next Pod: by its own failures. */
function indexWaitMs({ replaced, nowMs }: JobView, index: number): number {
  const last = replaced.get(index);
  if (!last) return 0;
  return remainingMs({ failures: failuresOf(last) + 1, lastFailureMs: finishedMs(last) }, nowMs);
}

/** Pods with no index, a wrong one or one that another has, then those that matter least. */
function podsToRemove({ job, active }: JobView, atLeast: number): Pod[] {
  const byRank = (pods: readonly Pod[]) =>
    [...pods].sort((a, b) => compareActive(rankedPod(a), rankedPod(b)));
  if (!isIndexed(job)) return byRank(active).slice(0, atLeast);
  const groups = new Map<number, Pod[]>();
  for (const pod of active) {
    const index = completionIndexOf(pod);
    const valid = index < (job.spec.completions ?? 0) ? index : -1;
    groups.set(valid, [...(groups.get(valid) ?? []), pod]);
  }
  const remove: Pod[] = [];
  const left: Pod[] = [];
  for (const [index, pods] of [...groups].sort(([a], [b]) => a - b)) {
    const ranked = byRank(pods);
    const kept = index < 0 ? undefined : ranked.pop();
    remove.push(...ranked);
    if (kept) left.push(kept);
  }
  return [...remove, ...byRank(left).slice(0, Math.max(0, atLeast - remove.length))];
}
