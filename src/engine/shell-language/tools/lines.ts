import type { Command } from '../../machine/command.ts';
import { FAULT_TEXT, readBytes, stat, appendFile, writeFile } from '../../machine/files.ts';
import { holdMemory } from '../../machine/processes.ts';
import { read, sleep, unread, write } from '../../sim/process.ts';
import type { Step } from '../state.ts';
import { eachLines, quoted, readCount, readOptions, splitLines, Tool } from './tool.ts';

/** Tools that show lines: cat, tac, head, tail, nl, wc, tee, yes, seq, rev (GNU coreutils 9). */
export const cat: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const options = readOptions(tool.args, 'nbsEAeTtuv', { long: { number: 'n' } });
  if (options.problem !== undefined) return yield* tool.misuse(options.problem);
  const names = options.operands.length === 0 ? ['-'] : options.operands;
  const numbered = options.has('n') || options.has('b');
  let number = 0;
  let status = 0;
  for (const name of names) {
    if (name === '-' && !numbered) {
      for (;;) {
        const chunks = yield* read<string>(self.stdin);
        if (!chunks) break;
        yield* tool.out(chunks.join(''));
      }
      continue;
    }
    const found = yield* tool.text(name);
    if ('fault' in found) {
      yield* tool.cannotRead(name, found.fault);
      status = 1;
      continue;
    }
    if (!numbered && !options.has('E') && !options.has('A')) {
      yield* tool.out(found.text);
      continue;
    }
    const { lines, open } = splitLines(found.text);
    const shown = lines.map((text) => {
      const ended = options.has('E') || options.has('A') ? `${text}$` : text;
      if (!numbered || (options.has('b') && text === '')) return ended;
      number += 1;
      return `${String(number).padStart(6)}\t${ended}`;
    });
    yield* tool.out(shown.join('\n') + (open || shown.length === 0 ? '' : '\n'));
  }
  return status;
};

export const tac: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const all: string[] = [];
  const status = yield* eachLines(tool, readOptions(tool.args, '').operands, function* ({ lines }) {
    yield* [];
    all.push(...lines);
    return true;
  });
  yield* tool.out(
    all
      .reverse()
      .map((text) => `${text}\n`)
      .join(''),
  );
  return status;
};

export const rev: Command = function* (line, self) {
  const tool = new Tool(line, self);
  return yield* eachLines(tool, readOptions(tool.args, '').operands, function* ({ lines, open }) {
    const turned = lines.map((text) => [...text].reverse().join(''));
    yield* tool.out(turned.join('\n') + (open || turned.length === 0 ? '' : '\n'));
    return true;
  });
};

export const nl: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const options = readOptions(tool.args, 'b:w:s:v:n:');
  const width = Number(options.value('w') ?? 6);
  const separator = options.value('s') ?? '\t';
  let number = Number(options.value('v') ?? 1) - 1;
  return yield* eachLines(tool, options.operands, function* ({ lines }) {
    const shown = lines.map((text) => {
      if (text === '' && options.value('b') !== 'a')
        return `${' '.repeat(width + separator.length)}\n`;
      number += 1;
      return `${String(number).padStart(width)}${separator}${text}\n`;
    });
    yield* tool.out(shown.join(''));
    return true;
  });
};

/** `-5` means `-n 5`. */
const oldCount = (args: readonly string[]): string[] =>
  args.flatMap((arg, i) => (/^-\d+$/.test(arg) && i === 0 ? ['-n', arg.slice(1)] : [arg]));

export const head: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const options = readOptions(oldCount(tool.args), 'n:c:qv', {
    long: { lines: 'n', bytes: 'c', quiet: 'q' },
  });
  if (options.problem !== undefined) return yield* tool.misuse(options.problem);
  const bytes = options.value('c');
  const text = bytes ?? options.value('n') ?? '10';
  const count = readCount(text.replace(/^-/, ''));
  if (count === undefined) {
    return yield* tool.fail(
      `invalid number of ${bytes === undefined ? 'lines' : 'bytes'}: ${quoted(text)}`,
    );
  }
  const how = { count, fromEnd: text.startsWith('-'), bytes: bytes !== undefined };
  const names = options.operands.length === 0 ? ['-'] : options.operands;
  const titled = (names.length > 1 && !options.has('q')) || options.has('v');
  let status = 0;
  let isFirst = true;
  for (const name of names) {
    const found = name === '-' ? undefined : yield* tool.text(name);
    if (found && 'fault' in found) {
      const verb = found.fault === 'EISDIR' ? 'error reading' : 'cannot open';
      const rest = found.fault === 'EISDIR' ? '' : ' for reading';
      status = yield* tool.fail(`${verb} '${name}'${rest}: ${FAULT_TEXT[found.fault]}`);
      continue;
    }
    if (titled) {
      yield* tool.out(`${isFirst ? '' : '\n'}==> ${name === '-' ? 'standard input' : name} <==\n`);
    }
    isFirst = false;
    if (found && how.bytes && !how.fromEnd && ENDLESS.includes(tool.path(name))) {
      yield* headOfEndless(tool, name, found.text, how.count);
    } else if (found) yield* tool.out(firstOf(found.text, how).text);
    else yield* headOfInput(tool, how);
  }
  return status;
};

interface HeadHow {
  readonly count: number;
  readonly fromEnd: boolean;
  readonly bytes: boolean;
}

function firstOf(
  text: string,
  { count, fromEnd, bytes }: HeadHow,
): { text: string; rest: string; taken: number } {
  if (bytes) {
    const at = fromEnd ? Math.max(0, text.length - count) : Math.min(count, text.length);
    return { text: text.slice(0, at), rest: text.slice(at), taken: at };
  }
  const { lines, open } = splitLines(text);
  const keep = fromEnd ? Math.max(0, lines.length - count) : Math.min(count, lines.length);
  const shown = lines.slice(0, keep).join('\n');
  const whole = keep === lines.length && open;
  const first = keep === 0 ? '' : whole ? shown : `${shown}\n`;
  return { text: first, rest: text.slice(first.length), taken: keep };
}

/** Stops reading as soon as it has enough, and leaves the rest to others. */
function* headOfInput(tool: Tool, how: HeadHow): Step<void> {
  if (how.fromEnd) {
    yield* tool.out(firstOf(yield* tool.input(), how).text);
    return;
  }
  let left = how.count;
  let partial = '';
  while (left > 0) {
    const chunks = yield* read<string>(tool.self.stdin);
    if (!chunks) {
      yield* tool.out(partial);
      return;
    }
    const text = partial + chunks.join('');
    const cut = how.bytes ? text.length : text.lastIndexOf('\n') + 1;
    const { text: first, rest, taken } = firstOf(text.slice(0, cut), { ...how, count: left });
    yield* tool.out(first);
    left -= taken;
    partial = text.slice(cut);
    if (left === 0 && rest + partial !== '') yield* unread(tool.self.stdin, rest + partial);
  }
}

/** Devices that give bytes as long as somebody reads. */
const ENDLESS = ['/dev/zero', '/dev/full', '/dev/urandom', '/dev/random'];
/** Model figure: so many bytes a device gives in so long. */
const POURED_BYTES = 16 << 20;
const POUR_MS = 4;

/** Reads such a device again and again, a buffer at a time. */
function* headOfEndless(tool: Tool, name: string, first: string, bytes: number): Step<void> {
  let text = first;
  let since = 0;
  for (let left = bytes; left > 0;) {
    yield* tool.out(text.slice(0, left));
    left -= text.length;
    since += text.length;
    if (left <= 0) return;
    if (since >= POURED_BYTES) {
      yield* sleep(POUR_MS);
      since = 0;
    }
    const more = yield* tool.text(name);
    if ('fault' in more || more.text === '') return;
    ({ text } = more);
  }
}

const FOLLOW_MS = 1000;

const ENDLESS_LINES = ['/dev/zero', '/dev/full'];
const SWALLOWED_BYTES = 16 << 20;
const SWALLOW_MS = 8;
const SWALLOWS = 1_024;

/** A line without end is kept whole until no memory is left: who has a limit is killed by then. */
function* swallow(tool: Tool): Step<number> {
  for (let i = 1; tool.place.includes('/') && i <= SWALLOWS; i++) {
    yield* holdMemory(tool.place, i * SWALLOWED_BYTES);
    yield* sleep(SWALLOW_MS);
  }
  return yield* tool.fail('memory exhausted');
}

export const tail: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const options = readOptions(oldCount(tool.args), 'n:c:fFqvs:', {
    long: { lines: 'n', follow: 'f', bytes: 'c' },
  });
  if (options.problem !== undefined) return yield* tool.misuse(options.problem);
  const bytes = options.value('c');
  const given = bytes ?? options.value('n') ?? '10';
  const count = readCount(given.replace(/^[-+]/, ''));
  if (count === undefined) {
    return yield* tool.fail(
      `invalid number of ${bytes === undefined ? 'lines' : 'bytes'}: ${quoted(given)}`,
    );
  }
  const lastOf = (text: string): string => {
    if (bytes !== undefined)
      return given.startsWith('+')
        ? text.slice(count - 1)
        : text.slice(Math.max(0, text.length - count));
    const { lines, open } = splitLines(text);
    const from = given.startsWith('+') ? Math.max(0, count - 1) : Math.max(0, lines.length - count);
    const kept = lines.slice(from);
    return kept.join('\n') + (open || kept.length === 0 ? '' : '\n');
  };
  const names = options.operands.length === 0 ? ['-'] : options.operands;
  const titled = names.length > 1 && !options.has('q');
  const seen = new Map<string, number>();
  let status = 0;
  let isFirst = true;
  for (const name of names) {
    if (ENDLESS_LINES.includes(tool.path(name)) && bytes === undefined) {
      return yield* swallow(tool);
    }
    const found = yield* tool.text(name);
    if ('fault' in found) {
      const verb =
        found.fault === 'EISDIR' ? `error reading '${name}'` : `cannot open '${name}' for reading`;
      status = yield* tool.fail(`${verb}: ${FAULT_TEXT[found.fault]}`);
      if (options.has('F')) seen.set(name, 0);
      continue;
    }
    if (titled)
      yield* tool.out(`${isFirst ? '' : '\n'}==> ${name === '-' ? 'standard input' : name} <==\n`);
    isFirst = false;
    yield* tool.out(lastOf(found.text));
    if (name !== '-') seen.set(name, found.text.length);
  }
  if (!options.has('f') && !options.has('F')) return status;
  if (seen.size === 0) return yield* tool.fail('no files remaining');
  let shown = [...seen.keys()].at(-1);
  for (;;) {
    yield* sleep(FOLLOW_MS);
    for (const [name, length] of seen) {
      const size = (yield* stat(tool.place, tool.path(name)))?.sizeBytes ?? 0;
      if (size === 0 && length === 0) continue;
      const found = yield* tool.text(name);
      const text = 'text' in found ? found.text : '';
      if (text.length === length) continue;
      if (text.length < length) yield* tool.fail(`${name}: file truncated`);
      if (titled && shown !== name) yield* tool.out(`\n==> ${name} <==\n`);
      shown = name;
      yield* tool.out(text.slice(text.length < length ? 0 : length));
      seen.set(name, text.length);
    }
  }
};

/** How much comes in, without keeping it. */
function* inputBytes(tool: Tool, encoder: TextEncoder): Step<number> {
  let bytes = 0;
  for (;;) {
    const chunks = yield* read<string>(tool.self.stdin);
    if (!chunks) return bytes;
    for (const chunk of chunks) bytes += encoder.encode(chunk).length;
  }
}

export const wc: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const options = readOptions(tool.args, 'lwcmL', {
    long: { lines: 'l', words: 'w', bytes: 'c', chars: 'm' },
  });
  if (options.problem !== undefined) return yield* tool.misuse(options.problem);
  const wanted = ['l', 'w', 'm', 'c', 'L'].filter((letter) => options.has(letter));
  const columns = wanted.length === 0 ? ['l', 'w', 'c'] : wanted;
  const rows: { name: string; counts: number[] }[] = [];
  let status = 0;
  const names = options.operands.length === 0 ? ['-'] : options.operands;
  const encoder = new TextEncoder();
  for (const name of names) {
    if (name === '-' && columns.length === 1 && columns[0] === 'c') {
      rows.push({ name, counts: [yield* inputBytes(tool, encoder)] });
      continue;
    }
    const found = yield* tool.text(name);
    if ('fault' in found) {
      yield* tool.cannotRead(name, found.fault);
      status = 1;
      continue;
    }
    const { text } = found;
    const bytes =
      name === '-'
        ? encoder.encode(text)
        : ((yield* readBytes(tool.place, tool.path(name))) ?? encoder.encode(text));
    const longest = () =>
      splitLines(text).lines.reduce((most, one) => Math.max(most, one.length), 0);
    const count: Readonly<Record<string, () => number>> = {
      l: () => text.split('\n').length - 1,
      w: () => text.split(/\s+/).filter((word) => word !== '').length,
      m: () => [...text].length,
      c: () => bytes.length,
      L: longest,
    };
    rows.push({ name, counts: columns.map((column) => count[column]!()) });
  }
  if (names.length > 1) {
    const total = columns.map((_, i) => rows.reduce((sum, row) => sum + row.counts[i]!, 0));
    rows.push({ name: 'total', counts: total });
  }
  // The width of the greatest number; 7 for standard input whose size cannot be known.
  const digits = Math.max(
    ...rows.flatMap(({ counts }) => counts.map((count) => String(count).length)),
    1,
  );
  const single = columns.length === 1 && names.length === 1;
  const width = single
    ? 1
    : options.operands.includes('-') || options.operands.length === 0
      ? Math.max(7, digits)
      : digits;
  for (const { name, counts } of rows) {
    const shown = counts.map((count) => String(count).padStart(width)).join(' ');
    yield* tool.out(options.operands.length === 0 ? `${shown}\n` : `${shown} ${name}\n`);
  }
  return status;
};

export const tee: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const options = readOptions(tool.args, 'ai', { long: { append: 'a' } });
  if (options.problem !== undefined) return yield* tool.misuse(options.problem);
  let status = 0;
  const paths: string[] = [];
  for (const name of options.operands) {
    const path = tool.path(name);
    const fault = options.has('a')
      ? yield* appendFile(tool.place, path, '')
      : yield* writeFile(tool.place, path, '');
    if (fault) status = yield* tool.fail(`${name}: ${FAULT_TEXT[fault]}`);
    else paths.push(path);
  }
  for (;;) {
    const chunks = yield* read<string>(self.stdin);
    if (!chunks) return status;
    const text = chunks.join('');
    yield* tool.out(text);
    for (const path of paths) yield* appendFile(tool.place, path, text);
  }
};

/** Model figure: ten thousand lines a second, so that a minute of them is soon lived. */
const YES_LINES = 50;
const YES_PAUSE_MS = 5;

export const yes: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const text = tool.args.length === 0 ? 'y' : tool.args.join(' ');
  const block = `${text}\n`.repeat(
    Math.max(1, Math.min(YES_LINES, Math.floor(100_000 / (text.length + 1)))),
  );
  for (;;) {
    if (!(yield* write(self.stdout, block))) return 1;
    yield* sleep(YES_PAUSE_MS);
  }
};

/** So many numbers are written at once; time passes behind so many. */
const SEQ_BLOCK = 10_000;
const SEQ_NUMBERS_PER_MS = 100_000;

export const seq: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const numbers: string[] = [];
  let separator = '\n';
  let width = false;
  for (let at = 0; at < tool.args.length; at++) {
    const arg = tool.args[at]!;
    if (arg === '-w') width = true;
    else if (arg.startsWith('-s'))
      separator = arg.length > 2 ? arg.slice(2) : (tool.args[++at] ?? '');
    else numbers.push(arg);
  }
  if (numbers.length === 0) return yield* tool.misuse('missing operand');
  if (numbers.length > 3) return yield* tool.misuse(`extra operand ${quoted(numbers[3]!)}`);
  for (const number of numbers) {
    if (!/^[-+]?(\d+\.?\d*|\.\d+)$/.test(number)) {
      return yield* tool.misuse(`invalid floating point argument: ${quoted(number)}`);
    }
  }
  const [first, step, last] =
    numbers.length === 1
      ? ['1', '1', numbers[0]!]
      : numbers.length === 2
        ? [numbers[0]!, '1', numbers[1]!]
        : numbers;
  const digits = Math.max(...[first, step].map((one) => (one ?? '').split('.')[1]?.length ?? 0));
  const [from, by, to] = [Number(first), Number(step), Number(last)];
  if (by === 0) return yield* tool.misuse(`invalid Zero increment value: ${quoted(step!)}`);
  const count = Math.floor((to - from) / by + 1e-9) + 1;
  const textAt = (i: number): string => (from + i * by).toFixed(digits);
  const longest = count > 0 ? Math.max(textAt(0).length, textAt(count - 1).length) : 0;
  const show = (text: string): string => {
    if (!width) return text;
    return text.startsWith('-')
      ? `-${text.slice(1).padStart(longest - 1, '0')}`
      : text.padStart(longest, '0');
  };
  for (let at = 0; at < count; at += SEQ_BLOCK) {
    const size = Math.min(SEQ_BLOCK, count - at);
    const texts = Array.from({ length: size }, (_, i) => show(textAt(at + i)));
    const end = at + size === count ? '\n' : separator;
    if (!(yield* write(self.stdout, texts.join(separator) + end))) return 1;
    if ((at + size) % SEQ_NUMBERS_PER_MS === 0) yield* sleep(1);
  }
  return 0;
};
