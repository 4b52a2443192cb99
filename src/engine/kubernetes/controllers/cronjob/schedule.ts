import { civilTime, DAY, HOUR, MINUTE, SECOND } from '../../../sim/clock.ts';
import { cronScheduleError } from '../../api/validation/cron-schedule.ts';
import { parseGoDuration } from '../../apimachinery/duration.ts';
import { millisecondsAhead } from './time-zone.ts';

/**
 * Schedules of CronJobs: five fields, or a word such as `@hourly` or `@every 90s`
 * (github.com/robfig/cron parser.go, spec.go, constantdelay.go, v3.0.1).
 */
export type Schedule =
  | { readonly everyMs: number }
  | {
      readonly minutes: readonly number[];
      readonly hours: readonly number[];
      readonly days: Field;
      readonly months: Field;
      readonly weekdays: Field;
      /** How far its clock is ahead of UTC. */
      readonly aheadMs: number;
    };

interface Field {
  readonly values: ReadonlySet<number>;
  /** Written as a star: a day of the month and a day of the week then both have to fit. */
  readonly star: boolean;
}

const WORDS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

const EVERY = '@every ';
const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const DAYS = 'sun mon tue wed thu fri sat'.split(' ');

/** Reads a schedule of a time zone, or says what is wrong with it. */
export function parseSchedule(
  text: string,
  timeZone?: string,
): Schedule | { readonly error: string } {
  const error = cronScheduleError(text);
  if (error !== undefined) return { error };
  if (text.startsWith(EVERY)) {
    const everyMs = parseGoDuration(text.slice(EVERY.length)) ?? 0;
    return { everyMs: Math.max(SECOND, Math.floor(everyMs / SECOND) * SECOND) };
  }
  const fields = (WORDS[text] ?? text).split(/\s+/).filter(Boolean);
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields;
  return {
    minutes: inOrder(readField(minute, 0, 59)),
    hours: inOrder(readField(hour, 0, 23)),
    days: readField(day, 1, 31),
    months: readField(month, 1, 12, MONTHS),
    weekdays: readField(weekday, 0, 6, DAYS),
    aheadMs: millisecondsAhead(timeZone),
  };
}

const inOrder = ({ values }: Field): number[] => [...values].sort((a, b) => a - b);

/** A list of ranges with steps; the validator has read it before. */
function readField(text: string, min: number, max: number, names: readonly string[] = []): Field {
  const values = new Set<number>();
  let star = false;
  for (const part of text.split(',').filter(Boolean)) {
    const [range = '', stepText] = part.split('/');
    const [low = '', high] = range.split('-');
    const step = stepText === undefined ? 1 : Number(stepText);
    const all = low === '*' || low === '?';
    const valueOf = (word: string): number => {
      const named = names.indexOf(word.toLowerCase());
      return named >= 0 ? named + min : Number(word);
    };
    const from = all ? min : valueOf(low);
    // `5/10` means from 5 to the largest in steps of 10.
    const open = all || (high === undefined && stepText !== undefined);
    const to = open ? max : valueOf(high ?? low);
    for (let value = from; value <= to; value += step) values.add(value);
    if (all && step === 1) star = true;
  }
  return { values, star };
}

/** No schedule is looked for further ahead than about five years. */
const MOST_DAYS = 5 * 366;

/** The first time of a schedule after a moment; undefined when there is none for years. */
export function nextTime(schedule: Schedule, afterMs: number): number | undefined {
  if ('everyMs' in schedule) {
    return Math.floor(afterMs / SECOND) * SECOND + schedule.everyMs;
  }
  const { aheadMs } = schedule;
  const firstMs = (Math.floor(afterMs / MINUTE) + 1) * MINUTE + aheadMs;
  let dayMs = Math.floor(firstMs / DAY) * DAY;
  for (let days = 0; days < MOST_DAYS; days++, dayMs += DAY) {
    if (!fitsDay(schedule, dayMs)) continue;
    for (const hour of schedule.hours) {
      const hourMs = dayMs + hour * HOUR;
      if (hourMs + HOUR <= firstMs) continue;
      const minute = schedule.minutes.find((one) => hourMs + one * MINUTE >= firstMs);
      if (minute !== undefined) return hourMs + minute * MINUTE - aheadMs;
    }
  }
  return undefined;
}

function fitsDay(schedule: Exclude<Schedule, { everyMs: number }>, dayMs: number): boolean {
  const { month, day, weekday } = civilTime(dayMs);
  const { days, months, weekdays } = schedule;
  if (!months.values.has(month)) return false;
  const [byDay, byWeekday] = [days.values.has(day), weekdays.values.has(weekday)];
  return days.star || weekdays.star ? byDay && byWeekday : byDay || byWeekday;
}
