import { resolvePath, type Command, type CommandLine } from '../../machine/command.ts';
import { exec, now } from '../../sim/process.ts';
import { civilTime, EPOCH_UNIX_MS } from '../../sim/clock.ts';
import { readFile, stat, writeFile, appendFile, FAULT_TEXT } from '../../machine/files.ts';
import { fail, isBusybox, say, type Step } from './console.ts';

/** env, printenv and date (coreutils 9, busybox 1.37), and dd. */
export const env: Command = function* (line, self) {
  let variables: Record<string, string> = { ...line.env };
  let at = 1;
  for (; at < line.argv.length; at++) {
    const word = line.argv[at]!;
    if (word === '-i' || word === '-' || word === '--ignore-environment') variables = {};
    else if (word === '-u') {
      const name = line.argv[++at] ?? '';
      variables = Object.fromEntries(Object.entries(variables).filter(([one]) => one !== name));
    } else if (word.startsWith('-')) {
      const text = `env: invalid option -- '${word.slice(1)}'\nTry 'env --help' for more information.`;
      return yield* fail(self, text, 125);
    } else if (word.includes('=')) {
      variables[word.slice(0, word.indexOf('='))] = word.slice(word.indexOf('=') + 1);
    } else break;
  }
  const argv = line.argv.slice(at);
  if (argv.length === 0) {
    yield* say(
      self,
      Object.entries(variables)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    );
    return 0;
  }
  const { stdin, stdout, stderr } = self;
  const args = { machine: line.machine, argv, env: variables, cwd: line.cwd, by: 'env' };
  return yield* exec('programs/run', args, { stdin, stdout, stderr });
};

export const printenv: Command = function* (line, self) {
  const names = line.argv.slice(1).filter((word) => !word.startsWith('-'));
  if (names.length === 0) {
    yield* say(
      self,
      Object.entries(line.env)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    );
    return 0;
  }
  let missing = 0;
  for (const name of names) {
    if (Object.hasOwn(line.env, name)) yield* say(self, `${line.env[name]}\n`);
    else missing += 1;
  }
  return missing === 0 ? 0 : 1;
};

const MONTHS =
  'January February March April May June July August September October November December'.split(
    ' ',
  );
const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
const two = (value: number): string => String(value).padStart(2, '0');
const DAY_MS = 86_400_000;

/** The conversions of strftime(3) for a time in UTC; unknown ones stay as they are. */
export function strftime(format: string, timeMs: number): string {
  const t = civilTime(timeMs);
  const unixMs = unixOf(timeMs);
  const weekday = DAYS[(Math.floor(unixMs / DAY_MS) + 4) % 7] ?? '';
  const month = MONTHS[t.month - 1] ?? '';
  const hour = t.hour % 12 === 0 ? 12 : t.hour % 12;
  const clock = `${two(t.hour)}:${two(t.minute)}:${two(t.second)}`;
  const values: Readonly<Record<string, string>> = {
    ...{ Y: String(t.year), m: two(t.month), d: two(t.day), H: two(t.hour), M: two(t.minute) },
    ...{
      S: two(t.second),
      N: `${String(t.millisecond).padStart(3, '0')}000000`,
      y: two(t.year % 100),
    },
    ...{ A: weekday, a: weekday.slice(0, 3), B: month, b: month.slice(0, 3), h: month.slice(0, 3) },
    ...{ e: String(t.day).padStart(2), F: `${t.year}-${two(t.month)}-${two(t.day)}`, T: clock },
    ...{ D: `${two(t.month)}/${two(t.day)}/${two(t.year % 100)}`, R: clock.slice(0, 5), Z: 'UTC' },
    ...{
      z: '+0000',
      s: String(Math.floor(unixMs / 1000)),
      I: two(hour),
      p: t.hour < 12 ? 'AM' : 'PM',
    },
    ...{
      n: '\n',
      t: '\t',
      '%': '%',
      X: clock,
      x: `${two(t.month)}/${two(t.day)}/${two(t.year % 100)}`,
    },
    ...{ u: String(((DAYS.indexOf(weekday) + 6) % 7) + 1), w: String(DAYS.indexOf(weekday)) },
    c: `${weekday.slice(0, 3)} ${month.slice(0, 3)} ${String(t.day).padStart(2)} ${clock} ${t.year}`,
  };
  return format.replace(/%[-_0]?([a-zA-Z%])/g, (whole, letter: string) =>
    Object.hasOwn(values, letter) ? (values[letter] ?? '') : whole,
  );
}

/** Milliseconds since 1970 of a virtual time, whose count begins on 2026-01-05. */
const unixOf = (timeMs: number): number => EPOCH_UNIX_MS + timeMs;

export const date: Command = function* (line, self) {
  let timeMs = yield* now();
  let format = '%a %b %e %H:%M:%S %Z %Y';
  for (let at = 1; at < line.argv.length; at++) {
    const word = line.argv[at]!;
    if (word.startsWith('+')) format = word.slice(1);
    else if (word === '-u' || word === '--utc') continue;
    else if (word === '--rfc-3339=seconds') format = '%Y-%m-%d %H:%M:%S+00:00';
    else if (word === '-Iseconds' || word === '--iso-8601=seconds')
      format = '%Y-%m-%dT%H:%M:%S+00:00';
    else if (word === '-I' || word === '--iso-8601') format = '%F';
    else if (word === '-R') format = '%a, %d %b %Y %H:%M:%S +0000';
    else if (word === '-d' || word.startsWith('--date=')) {
      const text = word === '-d' ? (line.argv[++at] ?? '') : word.slice(7);
      const seconds = /^@(\d{1,11})$/.exec(text)?.[1];
      if (seconds !== undefined) timeMs = Number(seconds) * 1000 - unixOf(0);
      else if (text !== 'now') {
        const busybox = yield* isBusybox(line);
        return yield* fail(
          self,
          busybox ? `date: invalid date '${text}'` : `date: invalid date ‘${text}’`,
        );
      }
    } else if (word.startsWith('-')) {
      return yield* fail(
        self,
        `date: invalid option -- '${word.slice(1)}'\nTry 'date --help' for more information.`,
      );
    } else {
      return yield* fail(
        self,
        `date: cannot set date: Operation not permitted\n${strftime(format, timeMs)}`,
      );
    }
  }
  yield* say(self, `${strftime(format, timeMs)}\n`);
  return 0;
};

const SIZES: Readonly<Record<string, number>> = {
  ...{ '': 1, c: 1, w: 2, b: 512, k: 1024, K: 1024, kB: 1000, M: 1_048_576, MB: 1_000_000 },
  ...{ G: 1_073_741_824, GB: 1_000_000_000 },
};
/** Beyond this a file is made of a size only. */
const REAL_BYTES = 65_536;

function sizeOf(text: string): number | undefined {
  const match = /^(\d{1,12})([a-zA-Z]*)$/.exec(text);
  const unit = match && Object.hasOwn(SIZES, match[2]!) ? SIZES[match[2]!] : undefined;
  return match && unit !== undefined ? Number(match[1]) * unit : undefined;
}

/** `3.1 MB`, and `3.0 MiB`. */
function human(bytes: number, base: number, units: readonly string[]): string {
  let value = bytes;
  let unit = 0;
  while (value >= base && unit < units.length - 1) {
    value /= base;
    unit += 1;
  }
  return `${unit === 0 || value >= 10 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** Simplified: a copy takes no time by the model; more than 64 KiB are written as a size. */
export const dd: Command = function* (line, self) {
  const busybox = yield* isBusybox(line);
  const given: Record<string, string> = {};
  for (const word of line.argv.slice(1)) {
    const at = word.indexOf('=');
    if (at < 1)
      return yield* fail(
        self,
        busybox
          ? `dd: unrecognized operand '${word}'`
          : `dd: unrecognized operand ‘${word}’\nTry 'dd --help' for more information.`,
      );
    given[word.slice(0, at)] = word.slice(at + 1);
  }
  const block = sizeOf(given.bs ?? '512');
  const count = given.count === undefined ? undefined : sizeOf(given.count);
  if (block === undefined || block === 0 || (given.count !== undefined && count === undefined)) {
    const wrong = block === undefined || block === 0 ? given.bs : given.count;
    return yield* fail(
      self,
      busybox ? `dd: invalid number '${wrong}'` : `dd: invalid number: ‘${wrong}’`,
    );
  }
  const source = given.if === undefined ? undefined : resolvePath(line.cwd, given.if);
  const endless = source === '/dev/zero' || source === '/dev/urandom' || source === '/dev/random';
  const found = source === undefined || endless ? undefined : yield* stat(line.machine, source);
  if (source !== undefined && !endless && !found) {
    const why = 'No such file or directory';
    return yield* fail(
      self,
      busybox ? `dd: can't open '${given.if}': ${why}` : `dd: failed to open '${given.if}': ${why}`,
    );
  }
  const available = endless ? Infinity : (found?.sizeBytes ?? 0);
  const bytes = Math.min(available, (count ?? (endless ? 0 : Infinity)) * block);
  const text =
    endless || source === undefined ? '' : ((yield* readFile(line.machine, source))?.content ?? '');
  const copied = (): string => (endless ? '\0'.repeat(bytes) : text.slice(0, bytes));
  if (given.of !== undefined && given.of !== '/dev/null') {
    const size = { sizeBytes: bytes, seed: `dd ${given.if ?? ''}` };
    const content = bytes <= REAL_BYTES ? copied() : size;
    const problem = yield* writeCopy(line, given, content, busybox);
    if (problem !== undefined) return yield* fail(self, problem);
  } else if (given.of === undefined && bytes <= REAL_BYTES) yield* say(self, copied());
  const full = Math.floor(bytes / block);
  const part = bytes % block === 0 ? 0 : 1;
  const records = `${full}+${part} records in\n${full}+${part} records out`;
  if (given.status !== 'none') {
    const amount = amountOf(bytes, busybox);
    yield* fail(self, given.status === 'noxfer' ? records : `${records}\n${amount}`);
  }
  return 0;
};

/** Writes what `dd` read to its `of=`; words where it cannot. */
function* writeCopy(
  line: CommandLine,
  given: Readonly<Record<string, string>>,
  content: string | { sizeBytes: number; seed: string },
  busybox: boolean,
): Step<string | undefined> {
  const name = given.of ?? '';
  const path = resolvePath(line.cwd, name);
  const fault = given.oflag?.includes('append')
    ? yield* appendFile(line.machine, path, typeof content === 'string' ? content : '')
    : yield* writeFile(line.machine, path, content);
  if (fault === undefined) return undefined;
  if (fault === 'ENOSPC') return `dd: error writing '${name}': ${FAULT_TEXT[fault]}`;
  return `dd: ${busybox ? "can't open" : 'failed to open'} '${name}': ${FAULT_TEXT[fault]}`;
}

/** Model figure: a disk that takes a gigabyte a second. */
const BYTES_PER_SECOND = 1_000_000_000;

function amountOf(bytes: number, busybox: boolean): string {
  const seconds = bytes / BYTES_PER_SECOND;
  if (busybox) {
    const size = bytes < 1024 ? String(bytes) : oneDecimal(bytes);
    return `${bytes} bytes (${size}B) copied, ${seconds.toFixed(6)} seconds, ${oneDecimal(BYTES_PER_SECOND)}B/s`;
  }
  const units = `${human(bytes, 1000, ['B', 'kB', 'MB', 'GB'])}, ${human(bytes, 1024, ['B', 'KiB', 'MiB', 'GiB'])}`;
  const size = bytes < 1000 ? '' : ` (${units})`;
  return `${bytes} bytes${size} copied, ${Number(seconds.toPrecision(6))} s, 1.0 GB/s`;
}

/** `10.0M`, as busybox' make_human_readable_str has it. */
function oneDecimal(bytes: number): string {
  const letters = ['', 'K', 'M', 'G', 'T'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < letters.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value.toFixed(1)}${letters[unit]}`;
}
