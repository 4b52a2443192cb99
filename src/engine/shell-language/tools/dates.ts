/** Calendar and clock of the world, which is UTC (proleptic Gregorian calendar). */
export interface Moment {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly ms: number;
  /** Sunday is 0. */
  readonly weekday: number;
  readonly yearday: number;
}

/** The epoch of every world, 2026-01-05T00:00:00Z, in milliseconds of Unix time. */
export const WORLD_EPOCH_UNIX_MS = 1_767_571_200_000;
const DAY_MS = 86_400_000;
export const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** Days since 1970-01-01 of a date. */
export function daysOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

export function momentOf(unixMs: number): Moment {
  const days = Math.floor(unixMs / DAY_MS);
  const rest = unixMs - days * DAY_MS;
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const mp = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * mp + 2) / 5) + 1;
  const month = mp < 10 ? mp + 3 : mp - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return {
    ...{ year, month, day },
    hour: Math.floor(rest / 3_600_000),
    minute: Math.floor(rest / 60_000) % 60,
    second: Math.floor(rest / 1000) % 60,
    ms: rest % 1000,
    weekday: (((days + 4) % 7) + 7) % 7,
    yearday: days - daysOf(year, 1, 1) + 1,
  };
}

const two = (value: number): string => String(value).padStart(2, '0');

/** strftime(3), of the C locale. */
export function formatDate(unixMs: number, format: string): string {
  const at = momentOf(unixMs);
  const hour12 = at.hour % 12 || 12;
  const parts: Readonly<Record<string, () => string>> = {
    Y: () => String(at.year),
    y: () => two(at.year % 100),
    C: () => two(Math.floor(at.year / 100)),
    m: () => two(at.month),
    d: () => two(at.day),
    e: () => String(at.day).padStart(2),
    H: () => two(at.hour),
    I: () => two(hour12),
    k: () => String(at.hour).padStart(2),
    l: () => String(hour12).padStart(2),
    M: () => two(at.minute),
    S: () => two(at.second),
    N: () => `${String(at.ms).padStart(3, '0')}000000`,
    s: () => String(Math.floor(unixMs / 1000)),
    p: () => (at.hour < 12 ? 'AM' : 'PM'),
    P: () => (at.hour < 12 ? 'am' : 'pm'),
    A: () => DAYS[at.weekday]!,
    a: () => DAYS[at.weekday]!.slice(0, 3),
    B: () => MONTHS[at.month - 1]!,
    b: () => MONTHS[at.month - 1]!.slice(0, 3),
    h: () => MONTHS[at.month - 1]!.slice(0, 3),
    j: () => String(at.yearday).padStart(3, '0'),
    u: () => String(at.weekday || 7),
    w: () => String(at.weekday),
    Z: () => 'UTC',
    z: () => '+0000',
    n: () => '\n',
    t: () => '\t',
    '%': () => '%',
    F: () => formatDate(unixMs, '%Y-%m-%d'),
    T: () => formatDate(unixMs, '%H:%M:%S'),
    R: () => formatDate(unixMs, '%H:%M'),
    D: () => formatDate(unixMs, '%m/%d/%y'),
    c: () => formatDate(unixMs, '%a %b %e %H:%M:%S %Y'),
    x: () => formatDate(unixMs, '%m/%d/%y'),
    X: () => formatDate(unixMs, '%H:%M:%S'),
    r: () => formatDate(unixMs, '%I:%M:%S %p'),
  };
  return format.replace(
    /%([-_0^])?(\d*)(:?[a-zA-Z%])/g,
    (all, flag: string | undefined, width: string, letter: string) => {
      if (letter === ':z') return '+00:00';
      const part = Object.hasOwn(parts, letter) ? parts[letter] : undefined;
      if (!part) return all;
      const text = part();
      if (letter === 'N' && width !== '') return text.slice(0, Number(width));
      if (flag === '-') return text.replace(/^[0 ]+(?=.)/, '');
      if (flag === '^') return text.toUpperCase();
      return flag === '_' ? text.replace(/^0+(?=.)/, (zeros) => ' '.repeat(zeros.length)) : text;
    },
  );
}

/** `Jan  5 00:00`, and the year instead of the clock when it is far away: as `ls -l` has it. */
export function monthDayTime(worldMs: number, nowMs: number): string {
  const unixMs = WORLD_EPOCH_UNIX_MS + worldMs;
  const isNear = worldMs <= nowMs && worldMs > nowMs - 15_778_476_000;
  return formatDate(unixMs, isNear ? '%b %e %H:%M' : '%b %e  %Y');
}

/** A day that the month has not runs on into the next, as mktime(3) has it. */
function addMonths(unixMs: number, count: number): number {
  const { year, month, day } = momentOf(unixMs);
  const months = year * 12 + (month - 1) + count;
  const first = daysOf(Math.floor(months / 12), (((months % 12) + 12) % 12) + 1, 1);
  return (first + day - 1) * DAY_MS + (unixMs - Math.floor(unixMs / DAY_MS) * DAY_MS);
}

/** What `date -d` takes: ISO dates, `@SECONDS`, `now`, `+1 day`, `2 hours ago`; Unix ms. */
export function readDate(text: string, nowUnixMs: number): number | undefined {
  let rest = text.trim().toLowerCase();
  const seconds = /^@(-?\d+(?:\.\d+)?)$/.exec(rest);
  if (seconds) return Math.floor(Number(seconds[1]) * 1000);
  let base = nowUnixMs;
  const iso =
    /^(\d{4})-(\d{2})-(\d{2})(?:[t ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?)?\s*(z|utc|[-+]\d{2}:?\d{2})?/.exec(
      rest,
    );
  if (iso) {
    const [all, year, month, day, hour = 0, minute = 0, second = 0, fraction = '0', zone] = iso;
    if (Number(month) < 1 || Number(month) > 12 || Number(day) < 1 || Number(day) > 31)
      return undefined;
    base = daysOf(Number(year), Number(month), Number(day)) * DAY_MS;
    base +=
      (Number(hour) * 3600 + Number(minute) * 60 + Number(second)) * 1000 +
      Number(fraction.padEnd(3, '0').slice(0, 3));
    const offset = /^([-+])(\d{2}):?(\d{2})$/.exec(zone ?? '');
    if (offset)
      base -= (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3])) * 60_000;
    rest = rest.slice(all.length).trim();
  }
  const words: Readonly<Record<string, number>> = {
    now: 0,
    today: 0,
    yesterday: -DAY_MS,
    tomorrow: DAY_MS,
  };
  const units: Readonly<Record<string, number>> = {
    sec: 1000,
    second: 1000,
    min: 60_000,
    minute: 60_000,
    hour: 3_600_000,
    day: DAY_MS,
    week: 7 * DAY_MS,
  };
  while (rest !== '') {
    const word = /^(now|today|yesterday|tomorrow|utc)\b\s*/.exec(rest);
    const step =
      /^([-+]?\s*\d*|next|last)\s*(sec|second|min|minute|hour|day|week|month|year)s?\b\s*(ago)?\s*/.exec(
        rest,
      );
    if (word) base += words[word[1]!] ?? 0;
    else if (step) {
      const count = step[1]!.replace(/\s/g, '');
      const words: Readonly<Record<string, number>> = { '': 1, '+': 1, '-': -1, next: 1, last: -1 };
      const value = (step[3] === undefined ? 1 : -1) * (words[count] ?? Number(count));
      const unit = step[2]!;
      base =
        unit === 'month' || unit === 'year'
          ? addMonths(base, value * (unit === 'year' ? 12 : 1))
          : base + value * units[unit]!;
    } else return undefined;
    rest = rest.slice((word ?? step)![0].length);
  }
  return base;
}
