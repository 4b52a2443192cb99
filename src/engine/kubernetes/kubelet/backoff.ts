import type { Backoff } from './pod-worker-row.ts';

/**
 * The kubelet's back-off (staging/src/k8s.io/client-go/util/flowcontrol/backoff.go, v1.36): 10 s,
 * doubled each time up to 300 s, forgotten after twice the longest delay without trouble.
 */
export const INITIAL_MS = 10_000;
export const LONGEST_MS = 300_000;

/** How long from now the delay still lasts, counted from the trouble at `eventMs`; 0 for not. */
export function remainingMs(backoff: Backoff | undefined, eventMs: number, nowMs: number): number {
  if (!backoff || eventMs - backoff.takenMs > 2 * LONGEST_MS) return 0;
  return Math.max(0, eventMs + backoff.delayMs - nowMs);
}

/** The next delay: twice the last, or the first again after a long quiet time. */
export function nextBackoff(backoff: Backoff | undefined, nowMs: number): Backoff {
  const forgotten = !backoff || nowMs - backoff.takenMs > 2 * LONGEST_MS;
  const delayMs = forgotten ? INITIAL_MS : Math.min(backoff.delayMs * 2, LONGEST_MS);
  return { delayMs, takenMs: nowMs };
}

/** As Go prints a duration: `10s`, `1m20s`, `5m0s`. */
export function goDuration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return `${seconds}s`;
  return `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
