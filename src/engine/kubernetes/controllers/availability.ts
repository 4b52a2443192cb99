import { parseRfc3339 } from '../../sim/clock.ts';
import { isPodReady, type Pod } from '../api/pod.ts';
import { findCondition } from '../apimachinery/object.ts';

/**
 * Ready for long enough to be counted on: for `minReadySeconds` without a break
 * (pkg/api/v1/pod/util.go `IsPodAvailable`, v1.36).
 *
 * @returns milliseconds until the Pod is available, 0 when it is; undefined when it is not ready
 */
export function availableInMs(
  pod: Pod,
  minReadySeconds: number | undefined,
  nowMs: number,
): number | undefined {
  if (!isPodReady(pod)) return undefined;
  if (!minReadySeconds) return 0;
  const since = findCondition(pod.status.conditions, 'Ready')?.lastTransitionTime;
  const sinceMs = since === undefined ? undefined : parseRfc3339(since);
  if (sinceMs === undefined) return undefined;
  return Math.max(0, sinceMs + minReadySeconds * 1000 - nowMs);
}

export function isPodAvailable(
  pod: Pod,
  minReadySeconds: number | undefined,
  nowMs: number,
): boolean {
  return availableInMs(pod, minReadySeconds, nowMs) === 0;
}

/** When the next of some ready Pods becomes available; undefined when none is waited for. */
export function nextAvailableInMs(
  pods: Iterable<Pod>,
  minReadySeconds: number | undefined,
  nowMs: number,
): number | undefined {
  let next: number | undefined;
  if (!minReadySeconds) return undefined;
  for (const pod of pods) {
    const waitMs = availableInMs(pod, minReadySeconds, nowMs) ?? 0;
    if (waitMs > 0 && (next === undefined || waitMs < next)) next = waitMs;
  }
  return next;
}

/** A status without those of its numbers that are 0, as Go leaves them out of what it writes. */
export function withoutZeros<T extends object>(status: T, keys: readonly (keyof T & string)[]): T {
  const zeros = new Set<string>(keys.filter((key) => status[key] === 0));
  return Object.fromEntries(Object.entries(status).filter(([key]) => !zeros.has(key))) as T;
}
