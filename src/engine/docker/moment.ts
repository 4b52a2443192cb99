import { EPOCH_UNIX_MS, parseRfc3339 } from '../sim/clock.ts';

/**
 * A time in a filter: how long ago, a date, or seconds since 1970 (moby/moby v29.7
 * `daemon/internal/timestamp/timestamp.go`, `Parse`). The result is virtual time.
 */
export type Moment =
  { readonly ok: true; readonly timeMs: number } | { readonly ok: false; readonly message: string };

const UNITS_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

export function readMoment(text: string, nowMs: number): Moment {
  const duration = durationMs(text);
  if (duration !== undefined) return { ok: true, timeMs: nowMs - duration };
  const date =
    /^(\d{4}-\d{2}-\d{2})(?:T(\d{2})(?::(\d{2})(?::(\d{2}(?:\.\d+)?))?)?)?(Z|[+-]\d{2}:\d{2})?$/;
  const match = date.exec(text);
  if (match) {
    const [, day = '', hour = '00', minute = '00', second = '00', zone = 'Z'] = match;
    const timeMs = parseRfc3339(`${day}T${hour}:${minute}:${second}${zone}`);
    if (timeMs !== undefined) return { ok: true, timeMs };
  }
  if (/^\d{1,12}(\.\d{1,9})?$/.test(text)) {
    return { ok: true, timeMs: Math.floor(Number(text) * 1000) - EPOCH_UNIX_MS };
  }
  return {
    ok: false,
    message: `failed to parse value as time or duration: ${JSON.stringify(text)}`,
  };
}

/** Go's `time.ParseDuration`; undefined for what it refuses. */
function durationMs(text: string): number | undefined {
  const match = /^([+-]?)((?:\d+(?:\.\d*)?(?:ns|us|µs|ms|s|m|h))+)$/.exec(text);
  if (!match) return text === '0' ? 0 : undefined;
  let sum = 0;
  for (const [, value, unit] of match[2]!.matchAll(/(\d+(?:\.\d*)?)(ns|us|µs|ms|s|m|h)/g)) {
    sum += Number(value) * (UNITS_MS[unit ?? ''] ?? 0);
  }
  return match[1] === '-' ? -sum : sum;
}
