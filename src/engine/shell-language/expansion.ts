import { evaluate, ArithmeticFault, type Cells } from './arithmetic.ts';
import { BRACE_LIMIT, expandBraces } from './braces.ts';
import { expandPath, patternTextOf, splitFields, textOf, type Piece } from './fields.ts';
import { allPositional, fail, type Context } from './context.ts';
import { itemOf, itemsOf, splitName, assignItem } from './arrays.ts';
import { applyAction, type Subject } from './parameters.ts';
import type { Shell, Step } from './state.ts';
import { isDeclaration, readAssignment } from './commands.ts';
import { refreshClock } from './waiting.ts';
import type { Word, WordPart } from './syntax.ts';

/**
 * The expansions of POSIX.1-2024 XCU 2.6, in their order: braces, tilde, parameters, commands and
 * arithmetic, then fields, then file names.
 */
const TEXT_LIMIT = 10_000_000;

/** The fields that words become: the arguments of a command. */
export function* expandWords(context: Context, words: readonly Word[]): Step<string[]> {
  const { shell } = context;
  const fields: string[] = [];
  for (const word of words) {
    const literal = literalOf(word);
    if (literal !== undefined) {
      fields.push(literal);
      continue;
    }
    const braced = shell.flavour === 'bash' ? expandBraces(word) : [word];
    if (!braced) {
      yield* fail(context, `brace expansion: more than ${BRACE_LIMIT} elements`);
      continue;
    }
    for (const one of braced) {
      const pieces = yield* piecesOf(context, one);
      for (const field of splitFields(pieces, shell.get('IFS') ?? ' \t\n')) {
        if (shell.options.noglob) fields.push(textOf(field));
        else fields.push(...(yield* expandPath(shell.place, shell.cwd, field)));
      }
    }
  }
  return fields;
}

/** The words of `export X=$(cmd)`: what stands behind the sign is not split. */
export function* expandDeclaration(context: Context, words: readonly Word[]): Step<string[]> {
  const fields: string[] = [];
  for (const word of words) {
    const assignment = readAssignment(word);
    if (!assignment) fields.push(...(yield* expandWords(context, [word])));
    else {
      const { name, append, value } = assignment;
      fields.push(`${name}${append ? '+' : ''}=${yield* expandText(context, value)}`);
    }
  }
  return fields;
}

export const declares = (shell: Shell, words: readonly Word[]): boolean =>
  words.length > 1 && shell.flavour !== 'dash' && isDeclaration(words[0]!);

/** A word that stands for itself. */
function literalOf(word: Word): string | undefined {
  const [part] = word;
  if (word.length !== 1 || part?.kind !== 'text') return undefined;
  return part.quoted || !/[~*?[{]/.test(part.text) ? part.text : undefined;
}

/** A word as one text, never split: the right side of `=`, the target of `>`. */
export function* expandText(context: Context, word: Word): Step<string> {
  const literal = literalOf(word);
  if (literal !== undefined) return literal;
  const pieces = yield* piecesOf(context, word);
  return pieces.map((piece) => (piece === 'break' ? ' ' : piece.text)).join('');
}

/** A word as the text of a pattern, in which what was quoted means itself. */
export function* expandPattern(context: Context, word: Word): Step<string> {
  const pieces = yield* piecesOf(context, word);
  return patternTextOf(pieces.filter((piece) => piece !== 'break'));
}

export function* expandArithmetic(context: Context, expression: Word): Step<bigint> {
  return yield* calculate(context, yield* expandText(context, expression));
}

export function* calculate(context: Context, text: string): Step<bigint> {
  const { shell } = context;
  if (text.includes('SECONDS')) yield* refreshClock(shell);
  try {
    return evaluate(text, cellsOf(shell));
  } catch (fault) {
    if (!(fault instanceof ArithmeticFault)) throw fault;
    return yield* fail(context, fault.message, false);
  }
}

/** The key that a subscript comes to: a number, unless the array is associative. */
export function* keyOf(context: Context, name: string, index: Word): Step<string> {
  const text = yield* expandText(context, index);
  return yield* keyOfText(context, name, text);
}

export function* keyOfText(context: Context, name: string, text: string): Step<string> {
  const { shell } = context;
  if (shell.variables.get(name)?.keyed) return text;
  const number = yield* calculate(context, text);
  if (number >= 0n) return String(number);
  const last = itemsOf(shell, name).at(-1);
  const fromEnd = BigInt(last?.[0] ?? -1) + 1n + number;
  if (fromEnd < 0n) yield* fail(context, `${name}: bad array subscript`, false);
  return String(fromEnd);
}

/** The variables of an expression; `a[i]` is one too. */
function cellsOf(shell: Shell): Cells {
  const keyIn = (name: string, index: string): string => {
    if (shell.variables.get(name)?.keyed) return index;
    const number = evaluate(index, cells);
    const last = number < 0n ? BigInt(itemsOf(shell, name).at(-1)?.[0] ?? -1) + 1n : 0n;
    if (last + number < 0n) throw new ArithmeticFault(`${name}: bad array subscript`);
    return String(last + number);
  };
  const cells: Cells = {
    get: (word) => {
      const { name, index } = splitName(word);
      if (index === undefined) return shell.get(name);
      return itemOf(itemsOf(shell, name), keyIn(name, index));
    },
    set: (word, value) => {
      const { name, index } = splitName(word);
      if (index === undefined) shell.assign(name, value);
      else assignItem(shell, name, keyIn(name, index), value);
    },
  };
  return cells;
}

function* piecesOf(context: Context, word: Word): Step<Piece[]> {
  const { shell } = context;
  const pieces: Piece[] = [];
  let size = 0;
  for (const [i, part] of word.entries()) {
    if (part.kind === 'text') {
      let { text } = part;
      if (i === 0 && !part.quoted && text.startsWith('~')) {
        const more = word.length > 1 && !text.includes('/');
        if (/^~(\/|$)/.test(text) && !(more && text === '~')) {
          text = (shell.get('HOME') ?? '~') + text.slice(1);
        }
      }
      pieces.push({ text, quoted: part.quoted, split: false });
    } else {
      pieces.push(...(yield* valueOf(context, part)));
    }
    const last = pieces.at(-1);
    size += last === undefined || last === 'break' ? 0 : last.text.length;
    if (size > TEXT_LIMIT) yield* fail(context, 'xrealloc: cannot allocate: text too long');
  }
  return pieces;
}

function* valueOf(context: Context, part: Exclude<WordPart, { kind: 'text' }>): Step<Piece[]> {
  const { quoted } = part;
  const piece = (text: string): Piece[] => [{ text, quoted, split: !quoted }];
  switch (part.kind) {
    case 'command':
      return piece(yield* context.substitute(part.body));
    case 'process':
      return [{ text: yield* context.processFile(part.body), quoted: true, split: false }];
    case 'arithmetic':
      return piece(String(yield* expandArithmetic(context, part.expression)));
    case 'parameter':
      return yield* parameter(context, part);
  }
}

function* parameter(
  context: Context,
  part: Extract<WordPart, { kind: 'parameter' }>,
): Step<Piece[]> {
  const { shell } = context;
  if (part.name.endsWith('SECONDS')) yield* refreshClock(shell);
  const subject = yield* subjectOf(context, part);
  const { action } = part;
  const { name, quoted, value, list } = subject;
  if (action) {
    return yield* applyAction(context, subject, action, {
      pieces: (word) => piecesOf(context, word),
      text: (word) => expandText(context, word),
      pattern: (word) => expandPattern(context, word),
      number: (word) => expandArithmetic(context, word),
    });
  }
  if (list) return allPositional(shell, list.sign, quoted, list.values);
  if (value === undefined && shell.options.nounset) {
    const shown =
      shell.flavour === 'bash'
        ? `${/^\d/.test(name) ? '$' : ''}${name}: unbound variable`
        : `${name}: parameter not set`;
    return yield* fail(context, shown);
  }
  return [{ text: value ?? '', quoted, split: !quoted }];
}

function* subjectOf(
  context: Context,
  { name, index, quoted }: Extract<WordPart, { kind: 'parameter' }>,
): Step<Subject> {
  const { shell } = context;
  if (index === undefined) {
    const assign = (text: string) => shell.assign(name, text);
    const common = { name, quoted, value: shell.get(name), assign };
    if (name !== '@' && name !== '*') return common;
    const { positional: values, name: zeroth } = shell;
    const keys = values.map((_, i) => String(i + 1));
    return { ...common, list: { sign: name, values, keys, zeroth } };
  }
  const items = itemsOf(shell, name);
  if (index === '@' || index === '*') {
    const values = items.map(([, value]) => value);
    const value = values.length === 0 ? undefined : values.join(' ');
    const list = { sign: index, values, keys: items.map(([key]) => key) };
    return { name: `${name}[${index}]`, quoted, value, list, assign: () => false };
  }
  const key = yield* keyOf(context, name, index);
  const assign = (text: string) => assignItem(shell, name, key, text);
  return { name: `${name}[${key}]`, quoted, value: itemOf(items, key), assign };
}
