import { civilTime, EPOCH_UNIX_MS } from '../sim/clock.ts';

/** How a program writes the time into its log lines. */
export type Stamp =
  /** `2026/01/05 00:00:07`: nginx's error log. */
  | 'nginx'
  /** `05/Jan/2026:00:00:07 +0000`: access logs. */
  | 'access'
  /** `Mon Jan 05 00:00:07.123000 2026`: Apache's error log. */
  | 'apache'
  /** `05 Jan 2026 00:00:07.123`: redis. */
  | 'redis'
  /** `2026-01-05 00:00:07.123 UTC`: postgres. */
  | 'postgres'
  /** `2026-01-05T00:00:07.123000Z`: mysql. */
  | 'mysql'
  /** `2026-01-05 00:00:07+00:00`: `date --rfc-3339=seconds`. */
  | 'rfc3339'
  /** `2026-01-05 00:00:07 +0000`: gunicorn's log. */
  | 'gunicorn'
  /** `2026-01-05T00:00:07Z`: Go's RFC 3339. */
  | 'go'
  /** `2026-01-05 00:00:07.123+0000`: Java's. */
  | 'java'
  /** `1767571207`: seconds since 1970. */
  | 'unix';

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const DAYS = 'Sun Mon Tue Wed Thu Fri Sat'.split(' ');
const DAY_MS = 86_400_000;
/** 1970-01-01 was a Thursday; virtual time counts from a Monday. */
const FIRST_DAY = 1;
const padded = (value: number, digits: number): string => String(value).padStart(digits, '0');

export function stampOf(stamp: Stamp, timeMs: number): string {
  const t = civilTime(timeMs);
  const [month, day] = [padded(t.month, 2), padded(t.day, 2)];
  const name = MONTHS[t.month - 1] ?? '';
  const clock = `${padded(t.hour, 2)}:${padded(t.minute, 2)}:${padded(t.second, 2)}`;
  const milli = padded(((timeMs % 1000) + 1000) % 1000, 3);
  const date = `${t.year}-${month}-${day}`;
  switch (stamp) {
    case 'nginx':
      return `${t.year}/${month}/${day} ${clock}`;
    case 'access':
      return `${day}/${name}/${t.year}:${clock} +0000`;
    case 'apache': {
      const days = Math.floor(timeMs / DAY_MS) + FIRST_DAY;
      return `${DAYS[((days % 7) + 7) % 7] ?? ''} ${name} ${day} ${clock}.${milli}000 ${t.year}`;
    }
    case 'redis':
      return `${day} ${name} ${t.year} ${clock}.${milli}`;
    case 'postgres':
      return `${date} ${clock}.${milli} UTC`;
    case 'mysql':
      return `${date}T${clock}.${milli}000Z`;
    case 'rfc3339':
      return `${date} ${clock}+00:00`;
    case 'gunicorn':
      return `${date} ${clock} +0000`;
    case 'go':
      return `${date}T${clock}Z`;
    case 'java':
      return `${date} ${clock}.${milli}+0000`;
    case 'unix':
      return String(Math.floor((EPOCH_UNIX_MS + timeMs) / 1000));
  }
}

/** Where in a line the time goes; in front of it when the mark is not there. */
const MARK = '{time}';

/** A line as it is written at a moment, by the first process unless told otherwise. */
export function lineOf(
  { text: words, stamped }: { readonly text: string; readonly stamped?: true | Stamp },
  timeMs: number,
  pid = 1,
): string {
  const text = words.replaceAll('{pid}', String(pid));
  if (stamped === undefined) return text;
  const time = stampOf(stamped === true ? 'nginx' : stamped, timeMs);
  return text.includes(MARK) ? text.replace(MARK, time) : `${time} ${text}`;
}
