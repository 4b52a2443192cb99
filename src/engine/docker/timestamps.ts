import { EPOCH_UNIX_MS } from '../sim/clock.ts';

/**
 * Times in queries: seconds since 1970 with an optional fraction (moby/moby v29.7
 * `daemon/internal/timestamp/timestamp.go`, `ParseUnixTimestamp`). Whoever asks has turned
 * `10m` and `2026-01-05T00:10:00` into this form.
 */
export type ReadTime =
  /** Virtual time in milliseconds; undefined when none was given. */
  | { readonly ok: true; readonly timeMs: number | undefined }
  | { readonly ok: false; readonly message: string };

export function readTimestamp(value: string | undefined): ReadTime {
  if (value === undefined || value === '') return { ok: true, timeMs: undefined };
  const [seconds, fraction] = cut(value);
  const wrong = (why: string): ReadTime => ({
    ok: false,
    message: `invalid timestamp ${JSON.stringify(value)}: ${why}`,
  });
  if (!/^[-+]?\d+$/.test(seconds)) {
    return wrong(`invalid seconds ${JSON.stringify(seconds)}: invalid syntax`);
  }
  if (!Number.isSafeInteger(Number(seconds) * 1000)) {
    return wrong(`invalid seconds ${JSON.stringify(seconds)}: value out of range`);
  }
  if (fraction.length > 20) {
    return wrong(`invalid nanoseconds: length ${fraction.length} exceeds maximum 20`);
  }
  if (!/^\d*$/.test(fraction)) {
    return wrong(`invalid nanoseconds ${JSON.stringify(fraction)}: invalid syntax`);
  }
  const ms = Number(fraction.slice(0, 3).padEnd(3, '0'));
  return { ok: true, timeMs: Number(seconds) * 1000 + ms - EPOCH_UNIX_MS };
}

function cut(value: string): [string, string] {
  const at = value.indexOf('.');
  return at === -1 ? [value, ''] : [value.slice(0, at), value.slice(at + 1)];
}
