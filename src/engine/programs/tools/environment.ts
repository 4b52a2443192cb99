import { resolvePath, type Command, type CommandLine } from '../../machine/command.ts';
import { exec } from '../../sim/process.ts';
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
