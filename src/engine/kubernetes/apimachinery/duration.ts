/**
 * Ages as people read them (staging/src/k8s.io/apimachinery/pkg/util/duration/duration.go,
 * `HumanDuration`, v1.36): 119s, 2m, 3m10s, 10m, 3h5m, 8h, 47h, 2d, 3d4h, 8d, 2y, 3y25d, 9y.
 */
const DAY_SECONDS = 86_400;
const YEAR_SECONDS = 365 * DAY_SECONDS;

/** @param durationMs a length of time in milliseconds; two seconds below zero count as 0 */
export function humanDuration(durationMs: number): string {
  if (durationMs <= -2000) return '<invalid>';
  if (durationMs < 0) return '0s';
  const seconds = Math.floor(durationMs / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(seconds / 3600);
  if (seconds < 120) return `${seconds}s`;
  if (minutes < 10) return withRest(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  if (hours < 8) return withRest(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(seconds / DAY_SECONDS);
  if (hours < 192) return withRest(days, 'd', hours % 24, 'h');
  if (days < 2 * 365) return `${days}d`;
  const years = Math.floor(seconds / YEAR_SECONDS);
  if (years < 8) return withRest(years, 'y', days % 365, 'd');
  return `${years}y`;
}

function withRest(value: number, unit: string, rest: number, restUnit: string): string {
  return rest === 0 ? `${value}${unit}` : `${value}${unit}${rest}${restUnit}`;
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of a length of time as Go writes it, `1m30s`; undefined when it is none. */
export function parseGoDuration(text: string): number | undefined {
  if (text === '0') return 0;
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) return undefined;
  let sum = 0;
  for (const [, value = '', unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)) {
    sum += Number(value) * (UNIT_MS[unit] ?? 0);
  }
  return Math.round(sum);
}
