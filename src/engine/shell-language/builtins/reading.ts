import { read, unread } from '../../sim/process.ts';
import { assignValues } from '../arrays.ts';
import { splitFields, textOf } from '../fields.ts';
import type { Shell, Step } from '../state.ts';
import { inForeground } from '../waiting.ts';
import { NAME, refuse, type Builtin, type Call } from './builtin.ts';

/** `read` and `mapfile`: variables from standard input. */
interface ReadOptions {
  readonly raw: boolean;
  readonly delimiter: string;
  readonly count: number | undefined;
  readonly names: readonly string[];
  readonly prompt: string | undefined;
  readonly invalid: string | undefined;
  /** `-a`: all fields, into an array. */
  readonly array: string | undefined;
}

function readOptions(args: readonly string[]): ReadOptions {
  let raw = false;
  let delimiter = '\n';
  let count: number | undefined;
  let prompt: string | undefined;
  const names: string[] = [];
  let invalid: string | undefined;
  let array: string | undefined;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    if (arg === '--' || !/^-./.test(arg) || names.length > 0) {
      if (arg !== '--') names.push(arg);
      continue;
    }
    for (let i = 1; i < arg.length; i++) {
      const letter = arg[i]!;
      if (letter === 'r') raw = true;
      else if ('adnNptui'.includes(letter)) {
        const inline = arg.slice(i + 1);
        const value = inline !== '' ? inline : (args[++at] ?? '');
        if (letter === 'd') delimiter = value.slice(0, 1) || '\0';
        if (letter === 'n' || letter === 'N') count = Number(value);
        if (letter === 'p') prompt = value;
        if (letter === 'a') array = value;
        break;
      } else if (letter !== 's' && letter !== 'e') invalid = `-${letter}`;
    }
  }
  return { raw, delimiter, count, names, prompt, invalid, array };
}

/** Reads up to the delimiter, and gives back what comes behind it. */
function* readLine(call: Call, options: ReadOptions): Step<{ text: string; ended: boolean }> {
  const { shell, io } = call;
  const stream = io[0] ?? 0;
  let text = '';
  for (;;) {
    let end = options.count !== undefined && text.length >= options.count ? options.count : -1;
    let skip = 0;
    if (end < 0) {
      const from = findDelimiter(text, options);
      if (from >= 0) {
        end = from;
        skip = 1;
      }
    }
    if (end >= 0) {
      const rest = text.slice(end + skip);
      if (rest !== '') yield* unread(stream, rest);
      return { text: text.slice(0, end), ended: false };
    }
    const chunks = yield* inForeground(shell, [], () => read<string>(stream));
    if (!chunks) return { text, ended: true };
    text += chunks.join('');
  }
}

function findDelimiter(text: string, { raw, delimiter }: ReadOptions): number {
  for (let at = 0; at < text.length; at++) {
    if (text[at] === delimiter) return at;
    if (text[at] === '\\' && !raw) at += 1;
  }
  return -1;
}

export const readVariables: Builtin = function* (call) {
  const { shell, args } = call;
  const options = readOptions(args);
  if (options.invalid !== undefined) {
    return yield* refuse(call, `${options.invalid}: invalid option`, 2);
  }
  for (const name of options.names) {
    if (!NAME.test(name)) return yield* refuse(call, `\`${name}': not a valid identifier`);
  }
  const { text, ended } = yield* readLine(call, options);
  const line = options.raw ? text : text.replace(/\\\n/g, '').replace(/\\(.)/g, '$1');
  if (options.array !== undefined) assignValues(shell, options.array, fieldsOf(shell, line));
  else if (options.names.length === 0) shell.assign('REPLY', line);
  else assignFields(shell, line, options.names);
  return ended ? 1 : 0;
};

const separatorsOf = (shell: Shell): string => shell.get('IFS') ?? ' \t\n';

function fieldsOf(shell: Shell, line: string): string[] {
  const segment = [{ text: line, quoted: false, split: true }];
  return splitFields(segment, separatorsOf(shell)).map(textOf);
}

function assignFields(shell: Shell, line: string, names: readonly string[]): void {
  const separators = separatorsOf(shell);
  const blanks = [...separators].filter((char) => ' \t\n'.includes(char)).join('');
  const isBlank = (char: string) => char !== '' && blanks.includes(char);
  let at = 0;
  const skipBlanks = () => {
    while (isBlank(line[at] ?? '')) at += 1;
  };
  skipBlanks();
  names.forEach((name, i) => {
    if (i === names.length - 1) {
      let end = line.length;
      while (end > at && isBlank(line[end - 1] ?? '')) end -= 1;
      shell.assign(name, line.slice(at, end));
      return;
    }
    const from = at;
    while (at < line.length && !separators.includes(line[at]!)) at += 1;
    shell.assign(name, line.slice(from, at));
    skipBlanks();
    if (at < line.length && separators.includes(line[at]!) && !isBlank(line[at]!)) at += 1;
    skipBlanks();
  });
}

const LINE_LIMIT = 100_000;

/** `mapfile -t LINES`, also called `readarray`. */
export const mapfile: Builtin = function* (call) {
  const { shell, io, args } = call;
  let strip = false;
  let delimiter = '\n';
  let [count, skip] = [0, 0];
  let at = 0;
  for (; /^-./.test(args[at] ?? ''); at++) {
    const letter = args[at]![1]!;
    if (args[at] === '-t') strip = true;
    else if (!'dns'.includes(letter)) return yield* refuse(call, `-${letter}: invalid option`, 2);
    else {
      const value = args[at]!.slice(2) || (args[++at] ?? '');
      if (letter === 'd') delimiter = value.slice(0, 1) || '\0';
      if (letter === 'n') count = Number(value) || 0;
      if (letter === 's') skip = Number(value) || 0;
    }
  }
  const name = args[at] ?? 'MAPFILE';
  if (!NAME.test(name)) return yield* refuse(call, `\`${name}': not a valid identifier`);
  const stream = io[0] ?? 0;
  let text = '';
  for (;;) {
    const chunks = yield* inForeground(shell, [], () => read<string>(stream));
    if (!chunks) break;
    text += chunks.join('');
  }
  const lines = text.split(delimiter);
  const last = lines.pop() ?? '';
  const ended = strip ? '' : delimiter;
  const values = [...lines.map((line) => line + ended), ...(last === '' ? [] : [last])];
  const wanted = values.slice(skip, count === 0 ? skip + LINE_LIMIT : skip + count);
  return assignValues(shell, name, wanted) ? 0 : 1;
};
