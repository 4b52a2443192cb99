import { civilTime, EPOCH_UNIX_MS, parseRfc3339 } from '../../../sim/clock.ts';
import { humanDuration } from '../../units.ts';

/** Times as docker prints them; `nowMs` is virtual time. */
const pad = (value: number, width = 2): string => String(value).padStart(width, '0');

/** Go's `time.Time.String` in UTC: `2026-01-05 00:00:07.5 +0000 UTC`. */
export function goTime(timeMs: number): string {
  const t = civilTime(timeMs);
  const fraction = t.millisecond === 0 ? '' : `.${pad(t.millisecond, 3).replace(/0+$/, '')}`;
  const clock = `${pad(t.hour)}:${pad(t.minute)}:${pad(t.second)}${fraction}`;
  return `${t.year}-${pad(t.month)}-${pad(t.day)} ${clock} +0000 UTC`;
}

export const ofUnixSeconds = (seconds: number): number => seconds * 1000 - EPOCH_UNIX_MS;

export const since = (timeMs: number, nowMs: number): string =>
  `${humanDuration(nowMs - timeMs)} ago`;

/** Of a text in RFC 3339; the beginning of the world when it is none. */
export const ofText = (text: string): number => parseRfc3339(text) ?? 0;

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = [
  ...['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
];

/** Go's `time.ANSIC`: `Mon Jan  5 00:00:07 2026`. */
export function ansiTime(timeMs: number): string {
  const t = civilTime(timeMs);
  const clock = `${pad(t.hour)}:${pad(t.minute)}:${pad(t.second)}`;
  const day = String(t.day).padStart(2);
  return `${DAYS[t.weekday] ?? ''} ${MONTHS[t.month - 1] ?? ''} ${day} ${clock} ${t.year}`;
}
