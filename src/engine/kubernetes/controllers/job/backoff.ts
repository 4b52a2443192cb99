import { parseRfc3339 } from '../../../sim/clock.ts';
import type { Pod } from '../../api/pod.ts';
import { findCondition } from '../../apimachinery/object.ts';

/**
 * How long a Job waits before it makes another Pod: 10 s after a failure, doubled with each one
 * since the last success, 10 min at most (pkg/controller/job/backoff_utils.go, v1.36).
 */
export const FIRST_BACKOFF_MS = 10_000;
export const LAST_BACKOFF_MS = 600_000;

export interface BackoffRecord {
  readonly failures: number;
  /** When the last of them ended. */
  readonly lastFailureMs?: number;
}

export const NO_BACKOFF: BackoffRecord = { failures: 0 };

/** The record after some Pods succeeded and failed that it had not counted. */
export function nextRecord(
  known: BackoffRecord,
  succeededMs: readonly number[],
  failedMs: readonly number[],
): BackoffRecord {
  const newest = Math.max(...failedMs);
  if (succeededMs.length === 0) {
    if (failedMs.length === 0) return known;
    return { failures: known.failures + failedMs.length, lastFailureMs: newest };
  }
  const lastSuccess = Math.max(...succeededMs);
  const after = failedMs.filter((ms) => ms > lastSuccess);
  return after.length === 0 ? NO_BACKOFF : { failures: after.length, lastFailureMs: newest };
}

/** Milliseconds until the wait is over; 0 when it is. */
export function remainingMs(
  { failures, lastFailureMs }: BackoffRecord,
  nowMs: number,
  firstMs = FIRST_BACKOFF_MS,
  lastMs = LAST_BACKOFF_MS,
): number {
  if (failures === 0 || lastFailureMs === undefined) return 0;
  let delayMs = firstMs;
  for (let i = 1; i < failures && delayMs < lastMs; i++) delayMs = Math.min(delayMs * 2, lastMs);
  return Math.max(0, delayMs - (nowMs - lastFailureMs));
}

/**
 * When a Pod ended: its last container's end; else since when it is not ready, when its deletion
 * was asked for, or when it was made.
 */
export function finishedMs(pod: Pod): number {
  const { metadata, status } = pod;
  return (
    lastEnd(pod) ??
    notReadySince(pod) ??
    (metadata.deletionTimestamp === undefined
      ? undefined
      : timeOf(metadata.deletionTimestamp, (metadata.deletionGracePeriodSeconds ?? 0) * 1000)) ??
    timeOf(metadata.creationTimestamp) ??
    timeOf(status.startTime) ??
    0
  );
}

const timeOf = (text: string | undefined, lessMs = 0): number | undefined => {
  const ms = text === undefined ? undefined : parseRfc3339(text);
  return ms === undefined ? undefined : ms - lessMs;
};

/** Sidecars count as containers do; undefined when the end of one is not known. */
function lastEnd({ spec, status }: Pod): number | undefined {
  const sidecars = new Set(
    (spec.initContainers ?? []).filter((c) => c.restartPolicy === 'Always').map((c) => c.name),
  );
  const inits = (status.initContainerStatuses ?? []).filter(({ name }) => sidecars.has(name));
  let last: number | undefined;
  for (const { state } of [...(status.containerStatuses ?? []), ...inits]) {
    const ms = timeOf(state?.terminated?.finishedAt);
    if (ms === undefined) return undefined;
    last = Math.max(last ?? ms, ms);
  }
  return last;
}

function notReadySince({ status }: Pod): number | undefined {
  const ready = findCondition(status.conditions, 'Ready');
  return ready?.status === 'False' ? timeOf(ready.lastTransitionTime) : undefined;
}
