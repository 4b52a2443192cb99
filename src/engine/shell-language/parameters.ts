import { allPositional, fail, type Context } from './context.ts';
import type { Piece } from './fields.ts';
import { matchLength, readPattern, reversed, type Pattern } from './pattern.ts';
import type { Step } from './state.ts';
import type { ParameterAction, Word } from './syntax.ts';

/** What `${name…}` makes of a value: `${x:-y}`, `${x%.txt}`, `${x//a/b}`, `${x:1:2}`. */
export interface Operands {
  readonly pieces: (word: Word) => Step<Piece[]>;
  readonly text: (word: Word) => Step<string>;
  readonly pattern: (word: Word) => Step<string>;
  readonly number: (word: Word) => Step<bigint>;
}

/** What stands before the operator: a variable, an element, or all of them. */
export interface Subject {
  /** As messages call it: `x`, `a[2]`. */
  readonly name: string;
  readonly quoted: boolean;
  readonly value: string | undefined;
  /** Of `$@`, `$*`, `${a[@]}` and `${a[*]}`. */
  readonly list?: {
    readonly sign: '@' | '*';
    readonly values: readonly string[];
    readonly keys: readonly string[];
    /** What stands before the first in a slice: `$0`. */
    readonly zeroth?: string;
  };
  readonly assign: (text: string) => boolean;
}

export function* applyAction(
  context: Context,
  subject: Subject,
  action: ParameterAction,
  operands: Operands,
): Step<Piece[]> {
  const { shell } = context;
  const { value, quoted, list } = subject;
  const piece = (text: string): Piece[] => [{ text, quoted, split: !quoted }];
  switch (action.do) {
    case 'bad':
      return yield* fail(context, `${action.text}: bad substitution`);
    case 'length':
      if (list) return piece(String(list.values.length));
      yield* demandSet(context, subject);
      return piece(String([...(value ?? '')].length));
    case 'indirect':
      return piece(shell.get(value ?? '') ?? '');
    case 'keys':
      return allPositional(shell, list?.sign ?? '@', quoted, list?.keys ?? []);
    case 'default':
    case 'assign':
    case 'demand':
    case 'replace-set':
      return yield* withDefault(context, subject, action, operands);
    default:
      yield* demandSet(context, subject);
      if (list) {
        const values = yield* changeAll(list, action, operands);
        return allPositional(shell, list.sign, quoted, values);
      }
      return piece(yield* change(action, value ?? '', operands));
  }
}

function* demandSet(context: Context, { name, value, list }: Subject): Step<void> {
  if (value === undefined && context.shell.options.nounset && !list) {
    yield* fail(context, `${name}: unbound variable`);
  }
}

function* withDefault(
  context: Context,
  { name, quoted, value, list, assign }: Subject,
  action: Extract<ParameterAction, { colon: boolean }>,
  operands: Operands,
): Step<Piece[]> {
  const { shell } = context;
  const missing = value === undefined || (action.colon && value === '');
  const own = (): Piece[] =>
    list
      ? allPositional(shell, list.sign, quoted, list.values)
      : [{ text: value ?? '', quoted, split: !quoted }];
  if (action.do === 'replace-set') {
    return missing
      ? [{ text: '', quoted, split: !quoted }]
      : yield* words(action.word, quoted, operands);
  }
  if (!missing) return own();
  if (action.do === 'default') return yield* words(action.word, quoted, operands);
  const text = yield* operands.text(action.word);
  if (action.do === 'demand') {
    const usual = action.colon ? 'parameter null or not set' : 'parameter not set';
    return yield* fail(context, `${name}: ${text === '' ? usual : text}`);
  }
  assign(text);
  return [{ text, quoted, split: !quoted }];
}

/** Unquoted text of a default is split like a value. */
function* words(word: Word, quoted: boolean, operands: Operands): Step<Piece[]> {
  const pieces = yield* operands.pieces(word);
  if (quoted) return pieces.length === 0 ? [{ text: '', quoted, split: false }] : pieces;
  return pieces.map((piece) =>
    piece === 'break' || piece.quoted ? piece : { ...piece, split: true },
  );
}

type Change = Exclude<
  ParameterAction,
  { do: 'bad' | 'length' | 'indirect' | 'keys' | 'default' | 'assign' | 'demand' | 'replace-set' }
>;

/** `${@:2}` takes a part of the arguments; the others change each of them. */
function* changeAll(
  { values: all, keys, zeroth }: NonNullable<Subject['list']>,
  action: Change,
  operands: Operands,
): Step<string[]> {
  if (action.do === 'slice') {
    const slots = zeroth === undefined ? all : [zeroth, ...all];
    const offset = Number(yield* operands.number(action.offset));
    const length = action.length && Number(yield* operands.number(action.length));
    const end = zeroth === undefined ? Number(keys.at(-1) ?? -1) + 1 : slots.length;
    const from = offset < 0 ? end + offset : offset;
    if (from < 0) return [];
    // An offset into an array is one of its numbers, which may have gaps.
    const first = zeroth === undefined ? keys.findIndex((key) => Number(key) >= from) : from;
    if (first === -1) return [];
    return slots.slice(first, length === undefined ? undefined : first + Math.max(0, length));
  }
  const values: string[] = [];
  for (const value of all) values.push(yield* change(action, value, operands));
  return values;
}

function* change(action: Change, value: string, operands: Operands): Step<string> {
  switch (action.do) {
    case 'trim':
      return trim(value, readPattern(yield* operands.pattern(action.pattern)), action);
    case 'substitute': {
      const pattern = readPattern(yield* operands.pattern(action.pattern));
      return substitute(value, pattern, yield* operands.text(action.replacement), action.where);
    }
    case 'slice': {
      const offset = Number(yield* operands.number(action.offset));
      const length = action.length && Number(yield* operands.number(action.length));
      return slice(value, offset, length);
    }
    case 'upper':
    case 'lower': {
      const turn = (text: string) =>
        action.do === 'upper' ? text.toUpperCase() : text.toLowerCase();
      return action.all ? turn(value) : turn(value.slice(0, 1)) + value.slice(1);
    }
  }
}

function trim(
  value: string,
  pattern: Pattern,
  how: { end: 'start' | 'end'; longest: boolean },
): string {
  if (how.end === 'start') {
    const length = matchLength(pattern, value, how.longest);
    return length < 0 ? value : value.slice(length);
  }
  const backwards = [...value.split('')].reverse().join('');
  const length = matchLength(reversed(pattern), backwards, how.longest);
  return length < 0 ? value : value.slice(0, value.length - length);
}

function substitute(
  value: string,
  pattern: Pattern,
  replacement: string,
  where: 'first' | 'all' | 'start' | 'end',
): string {
  if (pattern.length === 0) return value;
  if (where === 'end') {
    const backwards = value.split('').reverse().join('');
    const length = matchLength(reversed(pattern), backwards, true);
    return length < 0 ? value : value.slice(0, value.length - length) + replacement;
  }
  let result = '';
  let at = 0;
  while (at < value.length || (at === 0 && value === '')) {
    const length = matchLength(pattern, value, true, at);
    if (length <= 0) {
      if (length === 0 && at === 0) result += replacement;
      if (where === 'start') break;
      if (length === 0 && where === 'first') break;
      result += value[at] ?? '';
      at += 1;
      continue;
    }
    result += replacement;
    at += length;
    if (where !== 'all') break;
  }
  return result + value.slice(at);
}

function slice(value: string, offset: number, length: number | undefined): string {
  const chars = [...value];
  const from = offset < 0 ? chars.length + offset : offset;
  if (from < 0 || from > chars.length) return '';
  const to =
    length === undefined ? chars.length : length < 0 ? chars.length + length : from + length;
  return chars.slice(from, Math.max(from, to)).join('');
}
