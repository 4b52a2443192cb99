/**
 * Ages as people read them (staging/src/k8s.io/apimachinery/pkg/util/duration/duration.go,
 * `HumanDuration`, v1.36): 119s, 2m, 3m10s, 10m, 3h5m, 8h, 47h, 2d, 3d4h, 8d, 2y, 3y25d, 9y.
 */
const DAYS_PER_YEAR = 365;

/** @param durationMs a length of time in milliseconds; less than two seconds below zero count as 0 */
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
  const days = Math.floor(hours / 24);
  if (hours < 192) return withRest(days, 'd', hours % 24, 'h');
  if (days < 2 * DAYS_PER_YEAR) return `${days}d`;
  const years = Math.floor(days / DAYS_PER_YEAR);
  if (years < 8) return withRest(years, 'y', days % DAYS_PER_YEAR, 'd');
  return `${years}y`;
}

function withRest(value: number, unit: string, rest: number, restUnit: string): string {
  return rest === 0 ? `${value}${unit}` : `${value}${unit}${rest}${restUnit}`;
}

/** One unit only (`ShortHumanDuration`): 59s, 1m, 59m, 23h, 364d, 1y. */
export function shortHumanDuration(durationMs: number): string {
  if (durationMs <= -2000) return '<invalid>';
  if (durationMs < 0) return '0s';
  const seconds = Math.floor(durationMs / 1000);
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours}h`;
  const days = Math.floor(hours / 24);
  return days < DAYS_PER_YEAR ? `${days}d` : `${Math.floor(days / DAYS_PER_YEAR)}y`;
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

/** As Go prints a duration (`time.Duration.String`): `850ms`, `1.25s`, `1m20s`, `5m0s`, `0s`. */
export function goDuration(ms: number): string {
  if (ms === 0) return '0s';
  if (ms < 1000) return `${ms}ms`;
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor(ms / 60_000) % 60;
  const seconds = (ms % 60_000) / 1000;
  if (hours > 0) return `${hours}h${minutes}m${seconds}s`;
  return minutes > 0 ? `${minutes}m${seconds}s` : `${seconds}s`;
}
