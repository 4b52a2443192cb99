import type { Backoff } from './pod-worker-row.ts';

/**
 * The kubelet's back-off (staging/src/k8s.io/client-go/util/flowcontrol/backoff.go,
 * pkg/kubelet/kubelet.go, v1.36): 10 s, doubled each time up to 300 s, forgotten when trouble comes
 * more than 600 s after the last delay was taken.
 */
export interface BackoffPolicy {
  readonly initialMs: number;
  readonly longestMs: number;
}

const BACKOFF: BackoffPolicy = { initialMs: 10_000, longestMs: 300_000 };

const FORGOTTEN_MS = 600_000;

const isForgotten = ({ takenMs }: Backoff, eventMs: number): boolean =>
  eventMs - takenMs > FORGOTTEN_MS;

/** How long from now the delay still lasts, counted from the trouble at `eventMs`; 0 for not. */
export function remainingMs(backoff: Backoff | undefined, eventMs: number, nowMs: number): number {
  if (!backoff || isForgotten(backoff, eventMs)) return 0;
  return Math.max(0, eventMs + backoff.delayMs - nowMs);
}

/** The next delay after trouble at `eventMs`: twice the last, or the first after a long quiet. */
export function nextBackoff(
  backoff: Backoff | undefined,
  eventMs: number,
  nowMs: number,
  { initialMs, longestMs }: BackoffPolicy = BACKOFF,
): Backoff {
  const isNew = !backoff || isForgotten(backoff, eventMs);
  const delayMs = isNew ? initialMs : Math.min(backoff.delayMs * 2, longestMs);
  return { delayMs, takenMs: nowMs };
}
