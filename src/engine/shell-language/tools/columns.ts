import type { Command } from '../../machine/command.ts';
import { writeFile } from '../../machine/files.ts';
import { unescape } from '../formats.ts';
import type { Step } from '../state.ts';
import { eachLines, quoted, readOptions, Tool } from './tool.ts';

/** Tools that cut, join and order lines: cut, tr, sort, uniq, paste, column (GNU coreutils 9). */
function readRanges(list: string): ((n: number) => boolean) | undefined {
  const ranges = list.split(/[,\s]/).map((part) => /^(\d*)(-?)(\d*)$/.exec(part));
  const pairs: (readonly [number, number])[] = [];
  for (const match of ranges) {
    if (!match || match[0] === '' || match[0] === '-') return undefined;
    const [, from, dash, to] = match;
    const low = from === '' ? 1 : Number(from);
    const high = dash === '' ? low : to === '' ? Infinity : Number(to);
    if (low < 1 || high < low) return undefined;
    pairs.push([low, high]);
  }
  return (n) => pairs.some(([low, high]) => low <= n && n <= high);
}

export const cut: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const options = readOptions(tool.args, 'd:f:c:b:s', {
    long: {
      delimiter: 'd',
      fields: 'f',
      characters: 'c',
      bytes: 'b',
      complement: 'C',
      'only-delimited': 's',
    },
  });
  if (options.problem !== undefined) return yield* tool.misuse(options.problem);
  const fields = options.value('f');
  const list = fields ?? options.value('c') ?? options.value('b');
  if (list === undefined)
    return yield* tool.misuse('you must specify a list of bytes, characters, or fields');
  const delimiter = options.value('d') ?? '\t';
  if ([...delimiter].length > 1)
    return yield* tool.misuse('the delimiter must be a single character');
  const within = readRanges(list);
  if (!within) {
    const low = /(^|,)0/.test(list);
    return yield* tool.misuse(
      low ? 'fields are numbered from 1' : `invalid field value ${quoted(list)}`,
    );
  }
  return yield* eachLines(tool, options.operands, function* ({ lines }) {
    const shown: string[] = [];
    for (const text of lines) {
      if (fields === undefined) shown.push([...text].filter((_, i) => within(i + 1)).join(''));
      else if (text.includes(delimiter)) {
        shown.push(
          text
            .split(delimiter)
            .filter((_, i) => within(i + 1))
            .join(delimiter),
        );
      } else if (!options.has('s')) shown.push(text);
    }
    yield* tool.out(shown.map((text) => `${text}\n`).join(''));
    return true;
  });
};

const CLASSES: Readonly<Record<string, string>> = {
  lower: 'a-z',
  upper: 'A-Z',
  digit: '0-9',
  alpha: 'A-Za-z',
  alnum: 'A-Za-z0-9',
  space: ' \\t\\n\\v\\f\\r',
  blank: ' \\t',
  punct: '!-/:-@[-`{-~',
  xdigit: '0-9A-Fa-f',
  cntrl: '\\001-\\037',
};

function characters(set: string): string[] {
  const plain = unescape(
    set.replace(/\[:([a-z]+):\]/g, (all, name: string) => CLASSES[name] ?? all),
    'format',
  ).text;
  const chars = [...plain];
  const result: string[] = [];
  for (let at = 0; at < chars.length; at++) {
    const last = chars[at + 2];
    if (chars[at + 1] === '-' && last !== undefined) {
      const to = last.charCodeAt(0);
      for (let code = chars[at]!.charCodeAt(0); code <= to && result.length < 70_000; code++) {
        result.push(String.fromCharCode(code));
      }
      at += 2;
    } else result.push(chars[at]!);
  }
  return result;
}

export const tr: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const options = readOptions(tool.args, 'dscCt', {
    inOrder: true,
    long: { delete: 'd', 'squeeze-repeats': 's', complement: 'c' },
  });
  if (options.problem !== undefined) return yield* tool.misuse(options.problem);
  const [first, second] = options.operands;
  if (first === undefined) return yield* tool.misuse('missing operand');
  const removes = options.has('d');
  if (second === undefined && !removes && !options.has('s')) {
    const more = 'Two strings must be given when translating.';
    return yield* tool.misuse(`missing operand after ${quoted(first)}\n${more}`);
  }
  const from = characters(first);
  const isIn = new Set(from);
  const complement = options.has('c') || options.has('C');
  const matches = (char: string) => isIn.has(char) !== complement;
  const to = second === undefined ? [] : characters(second);
  const last = to.at(-1) ?? '';
  const map = new Map(from.map((char, i) => [char, to[i] ?? last]).reverse() as [string, string][]);
  const squeezed = options.has('s') ? new Set(second === undefined ? from : to) : undefined;
  let before = '';
  for (const text of [yield* tool.input()]) {
    let result = '';
    for (const char of text) {
      if (removes && matches(char)) continue;
      const shown =
        removes || second === undefined || !matches(char)
          ? char
          : complement
            ? last
            : (map.get(char) ?? char);
      const squeeze = squeezed && (second === undefined ? matches(char) : squeezed.has(shown));
      if (squeeze && shown === before) continue;
      before = shown;
      result += shown;
    }
    yield* tool.out(result);
  }
  return 0;
};

interface SortKey {
  readonly from: number;
  readonly to: number;
  readonly letters: string;
}

const UNITS = ' KMGTPE';

function humanSize(text: string): number {
  const match = /^\s*(-?\d+(?:\.\d+)?)([KMGTPEk]?)/.exec(text);
  if (!match) return 0;
  let value = Number(match[1]);
  for (let i = UNITS.indexOf(match[2]!.toUpperCase() || ' '); i > 0; i--) value *= 1024;
  return value;
}

const numberOf = (text: string): number =>
  Number(/^\s*-?\d*\.?\d*/.exec(text)![0].trim() || 0) || 0;
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** By numbers within the names: `v1.10` behind `v1.9`. */
function compareVersions(a: string, b: string): number {
  const parts = (text: string): readonly string[] => text.match(/\d+|\D+/g) ?? [];
  const [one, two] = [parts(a), parts(b)];
  for (let i = 0; i < Math.max(one.length, two.length); i++) {
    const [x = '', y = ''] = [one[i], two[i]];
    const both = /^\d/.test(x) && /^\d/.test(y);
    const order = both ? Number(x) - Number(y) : compareText(x, y);
    if (order !== 0) return order;
  }
  return 0;
}

function compareBy(letters: string, a: string, b: string): number {
  let order: number;
  if (letters.includes('h')) order = humanSize(a) - humanSize(b);
  else if (letters.includes('n') || letters.includes('g')) order = numberOf(a) - numberOf(b);
  else if (letters.includes('V')) order = compareVersions(a, b);
  else {
    const fold = (text: string) => (letters.includes('f') ? text.toUpperCase() : text);
    const trim = (text: string) => (letters.includes('b') ? text.replace(/^\s+/, '') : text);
    order = compareText(fold(trim(a)), fold(trim(b)));
  }
  return letters.includes('r') ? -order : order;
}

function fieldsOf(text: string, separator: string | undefined): string[] {
  if (separator !== undefined) return text.split(separator);
  return text.match(/\s*\S+/g) ?? [];
}

/** The key that `-k` names, or what is wrong with it. */
function sortKey(text: string, letters: string): SortKey | string {
  const match = /^(\d+)(?:\.\d+)?([a-zA-Z]*)(?:,(\d+)(?:\.\d+)?([a-zA-Z]*))?$/.exec(text);
  if (!match) return `invalid number at field start: invalid count at start of ${quoted(text)}`;
  if (Number(match[1]) === 0)
    return `field number is zero: invalid field specification ${quoted(text)}`;
  const own = (match[2] ?? '') + (match[4] ?? '');
  return {
    from: Number(match[1]),
    to: match[3] === undefined ? Infinity : Number(match[3]),
    letters: own || letters,
  };
}

/** Compares by the keys in turn, by whole lines where there are none. */
function keyOrder(
  keys: readonly SortKey[],
  letters: string,
  separator: string | undefined,
): (a: string, b: string) => number {
  const part = (text: string, { from, to }: SortKey): string =>
    fieldsOf(text, separator)
      .slice(from - 1, to)
      .join(separator ?? '');
  return (a, b) => {
    for (const key of keys) {
      const order = compareBy(key.letters, part(a, key), part(b, key));
      if (order !== 0) return order;
    }
    return keys.length === 0 ? compareBy(letters, a, b) : 0;
  };
}

export const sort: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const options = readOptions(tool.args, 'nrufbhgVsk:t:o:cC', {
    long: {
      'numeric-sort': 'n',
      reverse: 'r',
      unique: 'u',
      key: 'k',
      'field-separator': 't',
      'human-numeric-sort': 'h',
      'version-sort': 'V',
      'ignore-case': 'f',
      stable: 's',
      output: 'o',
    },
  });
  if (options.problem !== undefined) return yield* tool.misuse(options.problem, 2);
  const letters = Array.from('nrfbhgV')
    .filter((letter) => options.has(letter))
    .join('');
  const separator = options.value('t');
  const keys: SortKey[] = [];
  for (const text of options.all('k')) {
    const key = sortKey(text, letters);
    if (typeof key === 'string') return yield* tool.fail(key, 2);
    keys.push(key);
  }
  const all: string[] = [];
  const failed = yield* eachLines(
    tool,
    options.operands,
    function* ({ lines }) {
      yield* [];
      for (const text of lines) all.push(text);
      return true;
    },
    2,
  );
  if (failed !== 0) return failed;
  const byKeys = keyOrder(keys, letters, separator);
  const stable = options.has('s') || options.has('u');
  const last = letters.includes('r') ? -1 : 1;
  const sorted = [...all].sort((a, b) => byKeys(a, b) || (stable ? 0 : last * compareText(a, b)));
  const kept = options.has('u')
    ? sorted.filter((text, i) => i === 0 || byKeys(sorted[i - 1]!, text) !== 0)
    : sorted;
  if (options.has('c')) {
    const at = all.findIndex((text, i) => i > 0 && byKeys(all[i - 1]!, text) > 0);
    return at < 0
      ? 0
      : yield* tool.fail(`${options.operands[0] ?? '-'}:${at + 1}: disorder: ${all[at]!}`);
  }
  const text = kept.map((one) => `${one}\n`).join('');
  const target = options.value('o');
  if (target === undefined) yield* tool.out(text);
  else yield* writeFile(tool.place, tool.path(target), text);
  return 0;
};

export const uniq: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const options = readOptions(tool.args, 'cdui', {
    long: { count: 'c', repeated: 'd', unique: 'u', 'ignore-case': 'i' },
  });
  if (options.problem !== undefined) return yield* tool.misuse(options.problem);
  let current: string | undefined;
  let count = 0;
  const same = (a: string, b: string) =>
    options.has('i') ? a.toLowerCase() === b.toLowerCase() : a === b;
  const shown = function* (): Step<void> {
    if (current === undefined) return;
    if (options.has('d') && count < 2) return;
    if (options.has('u') && count > 1) return;
    yield* tool.out(
      options.has('c') ? `${String(count).padStart(7)} ${current}\n` : `${current}\n`,
    );
  };
  const status = yield* eachLines(tool, options.operands.slice(0, 1), function* ({ lines }) {
    for (const text of lines) {
      if (current !== undefined && same(current, text)) count += 1;
      else {
        yield* shown();
        current = text;
        count = 1;
      }
    }
    return true;
  });
  yield* shown();
  return status;
};

export const paste: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const options = readOptions(tool.args, 'sd:', { long: { serial: 's', delimiters: 'd' } });
  if (options.problem !== undefined) return yield* tool.misuse(options.problem);
  const delimiters = [...unescape(options.value('d') ?? '\t', 'format').text];
  const columns: string[][] = [];
  for (const name of options.operands.length === 0 ? ['-'] : options.operands) {
    const column: string[] = [];
    const status = yield* eachLines(tool, [name], function* ({ lines }) {
      yield* [];
      column.push(...lines);
      return true;
    });
    if (status !== 0) return status;
    columns.push(column);
  }
  const join = (parts: readonly string[]): string =>
    parts
      .map((part, i) => (i === 0 ? part : (delimiters[(i - 1) % delimiters.length] ?? '') + part))
      .join('');
  const rows = options.has('s')
    ? columns
    : Array.from({ length: Math.max(...columns.map((one) => one.length)) }, (_, i) =>
        columns.map((one) => one[i] ?? ''),
      );
  yield* tool.out(rows.map((row) => `${join(row)}\n`).join(''));
  return 0;
};

export const column: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const options = readOptions(tool.args, 'ts:o:', {
    long: { table: 't', separator: 's', 'output-separator': 'o' },
  });
  if (options.problem !== undefined) return yield* tool.misuse(options.problem);
  const separators = options.value('s');
  const rows: string[][] = [];
  const status = yield* eachLines(tool, options.operands, function* ({ lines }) {
    yield* [];
    for (const text of lines.filter((one) => one.trim() !== '')) {
      rows.push(separators === undefined ? text.trim().split(/\s+/) : text.split(separators));
    }
    return true;
  });
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, [...cell].length)));
  const gap = options.value('o') ?? '  ';
  const shown = rows.map((row) =>
    options.has('t')
      ? row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i]!))).join(gap)
      : row.join(' '),
  );
  yield* tool.out(shown.map((text) => `${text}\n`).join(''));
  return status;
};
