import { rfc3339 } from '../../../sim/clock.ts';
import type { Job, JobStatus } from '../../api/batch.ts';
import { isPodReady, type Pod } from '../../api/pod.ts';
import type { News } from '../../client/event-recorder.ts';
import { findCondition, type Condition } from '../../apimachinery/object.ts';
import { withoutZeros } from '../availability.ts';
import { slowStart } from '../slow-start.ts';
import type { BackoffRecord } from './backoff.ts';
import {
  completionsReached,
  deadlineInMs,
  endingOf,
  isComplete,
  planPods,
  type Ending,
} from './decisions.ts';
import { countReleased, trackPods, uncountedOf, withJobCondition } from './tracking.ts';
import { isSuspended, isTracked, viewJob, type JobView } from './view.ts';

/**
 * One look at a Job (pkg/controller/job/job_controller.go `syncJob`, v1.36): judge whether it is at
 * its end, else bring the number of its Pods in line, then count those that ended. What it writes
 * goes through `hands`, so that the same steps can be taken without a cluster.
 */
export interface Hands {
  /** Makes a Pod, of an index when the Job has indexes; the view tells whose place it takes. */
  readonly create: (view: JobView, index: number | undefined) => boolean;
  /** Deletes a Pod; `counted` Pods keep their finalizer until they are. */
  readonly remove: (pod: Pod, counted: boolean) => boolean;
  /** Takes a Pod's finalizer away. */
  readonly release: (pod: Pod) => boolean;
  readonly write: (status: JobStatus) => boolean;
  readonly tell: (news: News) => void;
}

export interface Outcome {
  readonly ok: boolean;
  readonly status: JobStatus;
  readonly backoff: BackoffRecord;
  /** When the Job must be looked at again, whatever happens. */
  readonly againInMs?: number;
}

/** What became of the Pods in this look. */
interface Managed {
  readonly active: number;
  readonly ready: number;
  readonly terminating: number;
  readonly ok: boolean;
  readonly ending?: Ending;
  readonly status: JobStatus;
  readonly againInMs?: number;
}

export function syncJob(
  job: Job,
  pods: readonly Pod[],
  known: BackoffRecord | undefined,
  nowMs: number,
  hands: Hands,
): Outcome {
  const started = { ...job, status: startedStatus(job, nowMs) };
  const view = viewJob(started, pods, known, nowMs);
  const ending = endingOf(view);
  const managed = ending ? removeAll(view, ending, hands) : manage(view, hands);
  const { status, ok } = finish(view, managed, hands);
  const deadlineMs = ending ? undefined : deadlineInMs(started, nowMs);
  const waits = [managed.againInMs, deadlineMs].filter((ms) => ms !== undefined);
  return {
    ok: ok && managed.ok,
    status,
    backoff: view.backoff,
    ...(waits.length > 0 && { againInMs: Math.min(...waits) }),
  };
}

/** A Job starts when it is first seen, unless it is suspended. */
function startedStatus(job: Job, nowMs: number): JobStatus {
  if (job.status.startTime !== undefined || isSuspended(job)) return job.status;
  return { ...job.status, startTime: rfc3339(nowMs) };
}

/** The Job ends: whatever runs is deleted, and counted as it goes. */
function removeAll(view: JobView, ending: Ending, hands: Hands): Managed {
  const { active, job } = view;
  const removed = active.filter((pod) => hands.remove(pod, true));
  const all = removed.length === active.length;
  return {
    active: active.length - removed.length,
    ready: view.ready - removed.filter(isPodReady).length,
    terminating: view.terminating + removed.length,
    ok: all,
    ...(all && { ending }),
    status: job.status,
  };
}

function manage(view: JobView, hands: Hands): Managed {
  const { job } = view;
  const { active, ready, terminating } = view;
  if (job.metadata.deletionTimestamp) {
    const done = isComplete(view, active.length);
    const ending = done ? { ending: completionsReached() } : {};
    return { active: active.length, ready, terminating, ok: true, status: job.status, ...ending };
  }
  const plan = planPods(view);
  const removed = plan.remove.filter((pod) => hands.remove(pod, false));
  const created = slowStart(plan.create.length, 1, (i) => hands.create(view, plan.create[i]));
  const left = active.length - removed.length + created;
  const done = isComplete(view, left);
  return {
    active: left,
    ready: ready - removed.filter(isPodReady).length,
    terminating: terminating + removed.length,
    ok: removed.length === plan.remove.length && created === plan.create.length,
    ...(done && { ending: completionsReached() }),
    status: done ? job.status : noteSuspension(view, hands),
    ...(plan.waitMs !== undefined && { againInMs: plan.waitMs }),
  };
}

/** Says that a Job was suspended, or goes on: then its time begins anew. */
function noteSuspension({ job, nowMs }: JobView, hands: Hands): JobStatus {
  const { status } = job;
  const now = rfc3339(nowMs);
  const suspended = isSuspended(job);
  const word = suspended ? 'suspended' : 'resumed';
  const next: Ending = {
    type: 'Suspended',
    status: suspended ? 'True' : 'False',
    reason: suspended ? 'JobSuspended' : 'JobResumed',
    message: `Job ${word}`,
  };
  const conditions = withJobCondition(status.conditions ?? [], next, now);
  if (conditions === status.conditions || conditions.length === 0) return status;
  const reason = suspended ? 'Suspended' : 'Resumed';
  hands.tell({ type: 'Normal', reason, message: `Job ${word}` });
  return { ...status, conditions, ...(!suspended && { startTime: now }) };
}

function finish(view: JobView, managed: Managed, hands: Hands) {
  const { nowMs, job } = view;
  const now = rfc3339(nowMs);
  const { ending } = managed;
  const tracking = trackPods(view, managed.status, ending);
  const first = {
    ...numbered(tracking.status, managed),
    ...interim(job, managed.status, ending, now),
  };
  if (!hands.write(tidy(first))) return { status: job.status, ok: false };
  const released = tracking.release.filter((pod) => hands.release(pod));
  const gone = new Set(released.map(({ metadata }) => metadata.uid));
  const held = view.pods.filter((pod) => isTracked(pod) && !gone.has(pod.metadata.uid));
  const counted = countReleased(first, new Set(held.map(({ metadata }) => metadata.uid)));
  const last = tracking.full ? undefined : lastWord(ending, counted, managed.terminating);
  const status = tidy(last ? withLastWord(counted, last, now) : counted);
  const ok = hands.write(status) && released.length === tracking.release.length;
  if (last && ok) tellEnd(job, status, last, hands);
  return { status, ok: ok && !tracking.full };
}

const numbered = (status: JobStatus, { active, ready, terminating }: Managed): JobStatus => ({
  ...status,
  active,
  ready,
  terminating,
});

/** The word before the last: FailureTarget or SuccessCriteriaMet, told before Pods are let go. */
function interim(
  job: Job,
  { conditions = [] }: JobStatus,
  ending: Ending | undefined,
  now: string,
): { readonly conditions?: readonly Condition[] } {
  const early = ending?.type === 'FailureTarget' || ending?.type === 'SuccessCriteriaMet';
  if (!early || findCondition(job.status.conditions, ending.type)) return { conditions };
  return { conditions: withJobCondition(conditions, ending, now) };
}

/** Failed or Complete, once no Pod is uncounted or on its way out. */
function lastWord(
  ending: Ending | undefined,
  status: JobStatus,
  terminating: number,
): Ending | undefined {
  const { succeeded, failed } = uncountedOf(status);
  if (!ending || succeeded.length + failed.length > 0 || terminating > 0) return undefined;
  return { ...ending, type: ending.type === 'SuccessCriteriaMet' ? 'Complete' : 'Failed' };
}

function withLastWord(status: JobStatus, last: Ending, now: string): JobStatus {
  const conditions = withJobCondition(status.conditions ?? [], last, now);
  return { ...status, conditions, ...(last.type === 'Complete' && { completionTime: now }) };
}

function tellEnd({ spec }: Job, status: JobStatus, last: Ending, { tell }: Hands): void {
  if (last.type !== 'Complete') {
    const { reason = '', message = '' } = last;
    tell({ type: 'Warning', reason, message });
    return;
  }
  if (spec.completions !== undefined && (status.succeeded ?? 0) > spec.completions) {
    const message = 'Too many succeeded pods running after completion count reached';
    tell({ type: 'Warning', reason: 'TooManySucceededPods', message });
  }
  tell({ type: 'Normal', reason: 'Completed', message: 'Job completed' });
}

function tidy(status: JobStatus): JobStatus {
  const { conditions = [], ...rest } = status;
  const kept = conditions.length > 0 ? { ...rest, conditions } : rest;
  return withoutZeros(kept, ['active', 'succeeded', 'failed']);
}
