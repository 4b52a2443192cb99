import { parseGoDuration } from '../../apimachinery/duration.ts';

/**
 * What is wrong with a schedule, in the words of the parser that Kubernetes uses
 * (github.com/robfig/cron parser.go `ParseStandard`, v3.0.1).
 */
interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const DAYS = 'sun mon tue wed thu fri sat'.split(' ');

/** Minute, hour, day of month, month, day of week. */
const FIELDS: readonly Bounds[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: MONTHS },
  { min: 0, max: 6, names: DAYS },
];

const DESCRIPTORS = new Set([
  ...['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'],
]);

/** Undefined when the schedule can be read. */
export function cronScheduleError(schedule: string): string | undefined {
  if (schedule === '') return 'empty spec string';
  if (schedule.startsWith('@')) return descriptorError(schedule);
  const fields = schedule.split(/\s+/).filter(Boolean);
  if (fields.length !== FIELDS.length) {
    return `expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`;
  }
  for (const [i, bounds] of FIELDS.entries()) {
    for (const range of (fields[i] ?? '').split(',').filter(Boolean)) {
      const error = rangeError(range, bounds);
      if (error !== undefined) return error;
    }
  }
  return undefined;
}

function descriptorError(text: string): string | undefined {
  if (DESCRIPTORS.has(text)) return undefined;
  const every = '@every ';
  if (!text.startsWith(every)) return `unrecognized descriptor: ${text}`;
  const duration = text.slice(every.length);
  if (parseGoDuration(duration) !== undefined) return undefined;
  return `failed to parse duration ${text}: time: invalid duration ${JSON.stringify(duration)}`;
}

/** A number read, or why it cannot be. */
type Read = number | { readonly error: string };

function rangeError(expression: string, bounds: Bounds): string | undefined {
  const [range = '', stepText, ...moreSteps] = expression.split('/');
  const ends = range.split('-');
  const [low = '', high] = ends;
  let start: Read = bounds.min;
  let end: Read = bounds.max;
  if (low !== '*' && low !== '?') {
    start = readValue(low, bounds);
    if (typeof start !== 'number') return start.error;
    if (ends.length > 2) return `too many hyphens: ${expression}`;
    end = high === undefined ? start : readValue(high, bounds);
    if (typeof end !== 'number') return end.error;
  }
  if (moreSteps.length > 0) return `too many slashes: ${expression}`;
  const step = stepText === undefined ? 1 : readNumber(stepText);
  if (typeof step !== 'number') return step.error;
  // `5/10` means from 5 to the largest in steps of 10.
  if (stepText !== undefined && ends.length === 1) end = bounds.max;
  const { min, max } = bounds;
  if (start < min) return `beginning of range (${start}) below minimum (${min}): ${expression}`;
  if (end > max) return `end of range (${end}) above maximum (${max}): ${expression}`;
  if (start > end)
    return `beginning of range (${start}) beyond end of range (${end}): ${expression}`;
  return step === 0 ? `step of range should be a positive number: ${expression}` : undefined;
}

function readValue(text: string, { min, names }: Bounds): Read {
  const named = names?.indexOf(text.toLowerCase()) ?? -1;
  return named >= 0 ? named + min : readNumber(text);
}

function readNumber(text: string): Read {
  if (!/^[+-]?\d+$/.test(text)) {
    const why = `strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`;
    return { error: `failed to parse int from ${text}: ${why}` };
  }
  const value = Number(text);
  return value < 0 ? { error: `negative number (${value}) not allowed: ${text}` } : value;
}
