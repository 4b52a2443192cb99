import { humanDuration } from '../../apimachinery/duration.ts';
import { parseRfc3339 } from '../../../sim/clock.ts';

/** How long ago a timestamp was, as the AGE column shows it. */
export function ageOf(timestamp: string | undefined, nowMs: number): string {
  const time = timestamp ? parseRfc3339(timestamp) : undefined;
  return time === undefined ? '<unknown>' : humanDuration(nowMs - time);
}
