import { evaluate, ArithmeticFault } from './arithmetic.ts';
import { BRACE_LIMIT, expandBraces } from './braces.ts';
import { expandPath, patternTextOf, splitFields, textOf, type Piece } from './fields.ts';
import { allPositional, fail, type Context } from './context.ts';
import { applyAction } from './parameters.ts';
import type { Step } from './state.ts';
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
  try {
    return evaluate(text, {
      get: (name) => shell.get(name),
      set: (name, value) => shell.assign(name, value),
    });
  } catch (fault) {
    if (!(fault instanceof ArithmeticFault)) throw fault;
    return yield* fail(context, fault.message, false);
  }
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
  const { name, quoted, action } = part;
  if (!action && (name === '@' || name === '*')) return allPositional(shell, name, quoted);
  if (action) {
    const wordPieces = (word: Word) => piecesOf(context, word);
    return yield* applyAction(context, part, action, {
      pieces: wordPieces,
      text: (word) => expandText(context, word),
      pattern: (word) => expandPattern(context, word),
      number: (word) => expandArithmetic(context, word),
    });
  }
  const value = shell.get(name);
  if (value === undefined && shell.options.nounset && name !== '@' && name !== '*') {
    const shown =
      shell.flavour === 'bash' ? `${name}: unbound variable` : `${name}: parameter not set`;
    return yield* fail(context, shown);
  }
  return [{ text: value ?? '', quoted, split: !quoted }];
}
