/**
 * Virtual time. It is an integer of milliseconds since the epoch of every world, a Monday
 * midnight, and all clocks of a world show UTC. Nothing here asks the reader's own clock.
 */

/** 2026-01-05T00:00:00Z in milliseconds since 1970. */
export const EPOCH_UNIX_MS = 1_767_571_200_000;

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The calendar fields of a virtual time, UTC. `weekday` counts from Sunday = 0. */
export interface CivilTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  millisecond: number;
  weekday: number;
}

/** Days since 1970 to a date: Howard Hinnant's `civil_from_days`, in integers only. */
export function civilTime(timeMs: number): CivilTime {
  const unixMs = EPOCH_UNIX_MS + timeMs;
  const days = Math.floor(unixMs / DAY);
  const restMs = unixMs - days * DAY;
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
    hour: Math.floor(restMs / HOUR),
    minute: Math.floor(restMs / MINUTE) % 60,
    second: Math.floor(restMs / SECOND) % 60,
    millisecond: restMs % SECOND,
    weekday: (days + 4) % 7,
  };
}

const pad = (value: number, width: number): string => String(value).padStart(width, '0');

/** Seconds and what they are written as: much happens in one second, and it is written once. */
const written = new Map<number, string>();
const WRITTEN = 256;

/** `2026-01-05T00:00:07Z`, the form of `metav1.Time`: whole seconds, rounded down. */
export function rfc3339(timeMs: number): string {
  const second = Math.floor(timeMs / SECOND);
  let text = written.get(second);
  if (text === undefined) {
    if (written.size >= WRITTEN) written.clear();
    text = write(civilTime(timeMs));
    written.set(second, text);
  }
  return text;
}

const write = (t: CivilTime): string =>
  [
    `${t.year}-${pad(t.month, 2)}-${pad(t.day, 2)}`,
    `T${pad(t.hour, 2)}:${pad(t.minute, 2)}:${pad(t.second, 2)}Z`,
  ].join('');

/** `2026-01-05T00:00:07.123000000Z`, the form of Docker's and OCI's timestamps. */
export function rfc3339Nano(timeMs: number): string {
  return `${rfc3339(timeMs).slice(0, -1)}.${pad(civilTime(timeMs).millisecond, 3)}000000Z`;
}

/** The virtual time of an RFC 3339 UTC text, milliseconds included; undefined if it is not one. */
export function parseRfc3339(text: string): number | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?Z$/.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const milliseconds = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3));
  const clockMs = hour * HOUR + minute * MINUTE + second * SECOND + milliseconds;
  return daysFromCivil(year, month, day) * DAY + clockMs - EPOCH_UNIX_MS;
}

function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}
