import type { Random } from '../../sim/random.ts';

/**
 * When a watch that was interrupted is there again
 * (staging/src/k8s.io/client-go/tools/cache/reflector.go `NewReflectorWithOptions`: 800 ms, doubled
 * up to 30 s, each between one and two times as long; apimachinery/pkg/util/net/http.go
 * `readIdleTimeout` 30 s and `pingTimeout` 15 s; v1.36). A connection whose packets are lost is
 * given up when a ping has gone unanswered; until then what was not delivered comes with the next
 * try to deliver it.
 *
 * Simplified: a try to list takes no time when it fails; a packet is sent again within a second.
 */
const NOTICED_MS = 45_000;
const FIRST_MS = 800;
const LAST_MS = 30_000;
const RESEND_MS = 1000;

/**
 * @param outageMs how long nothing got through
 * @param refused whether somebody said so at once, and tries began then
 * @returns how long after that the first word comes
 */
export function catchUpMs(outageMs: number, refused: boolean, draw: Random): number {
  const noticedMs = refused ? 0 : NOTICED_MS;
  if (outageMs < noticedMs) return draw.integer(1, RESEND_MS);
  let triedMs = noticedMs;
  for (let waitMs = FIRST_MS; triedMs <= outageMs; waitMs = Math.min(2 * waitMs, LAST_MS)) {
    triedMs += draw.integer(waitMs, 2 * waitMs);
  }
  return triedMs - outageMs;
}
