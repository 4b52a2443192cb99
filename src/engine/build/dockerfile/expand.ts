import { goQuote } from './go-text.ts';
import { readPattern, replace, trimPrefix, trimSuffix, type Pattern } from './pattern.ts';

/**
 * `$NAME`, `${NAME}`, `${NAME:-word}` and its kin, quotes and escapes, as the frontend expands
 * words (moby/buildkit v0.32 `frontend/dockerfile/shell/lex.go`). A variable that is not set is
 * empty.
 *
 * Simplified: substitutions within one another go {@link DEPTH_LIMIT} deep at most.
 */
export type Lookup = (name: string) => string | undefined;

export interface ExpandOptions {
  readonly escape?: string;
  readonly rawQuotes?: boolean;
  readonly rawEscapes?: boolean;
  /** Quotes are characters as all others. */
  readonly skipQuotes?: boolean;
  /** A variable that is not set stays as it is written. */
  readonly skipUnset?: boolean;
}

export type Expanded<T = string> =
  | {
      readonly ok: true;
      readonly value: T;
      /** Names that were looked up and found, or not. */
      readonly matched: ReadonlySet<string>;
      readonly unmatched: ReadonlySet<string>;
    }
  | { readonly ok: false; readonly message: string };

/** Looks variables up among a record's own. */
export const lookupIn =
  (variables: Readonly<Record<string, string>>): Lookup =>
  (name) =>
    Object.hasOwn(variables, name) ? variables[name] : undefined;

/** Expands a text that stays one word; a failure is `failed to process "…": …`. */
export const expand = (word: string, lookup: Lookup, options: ExpandOptions = {}): Expanded =>
  walk(word, lookup, options, ({ text }) => text);

/** Expands a text and splits it where blanks stand outside quotes, those of variables included. */
export const expandWords = (
  text: string,
  lookup: Lookup,
  options: ExpandOptions = {},
): Expanded<string[]> => walk(text, lookup, options, ({ words }) => words);

interface Walked {
  readonly text: string;
  readonly words: string[];
}

function walk<T>(
  word: string,
  lookup: Lookup,
  options: ExpandOptions,
  take: (walked: Walked) => T,
): Expanded<T> {
  const expander = new Expander(word, lookup, options);
  try {
    const value = take(expander.until('', options.rawEscapes ?? false));
    return { ok: true, value, matched: expander.matched, unmatched: expander.unmatched };
  } catch (error) {
    if (!(error instanceof Expansion)) throw error;
    return { ok: false, message: `failed to process ${goQuote(word)}: ${error.message}` };
  }
}

class Expansion extends Error {}

const DEPTH_LIMIT = 100;
const SPACE = /\s/;
const NAME_START = /[\p{L}_]/u;
const NAME_PART = /[\p{L}\p{Nd}_]/u;
const DIGIT = /\p{Nd}/u;
const SPECIAL = '@*#?-$!0';

/** Text to words, at most one run of blanks between two. */
class Words {
  readonly #done: string[] = [];
  readonly #buffer: { word: string };

  /** Words within a substitution share the buffer of those around it, as upstream's do. */
  constructor(buffer: { word: string }) {
    this.#buffer = buffer;
    buffer.word = '';
  }

  add(text: string): void {
    for (const char of text) {
      if (!SPACE.test(char)) this.#buffer.word += char;
      else this.#end();
    }
  }

  addQuoted(text: string): void {
    this.#buffer.word += text;
  }

  #end(): void {
    if (this.#buffer.word !== '') this.#done.push(this.#buffer.word);
    this.#buffer.word = '';
  }

  list(): string[] {
    this.#end();
    return this.#done;
  }
}

/** Reads a word from left to right, a character at a time. */
class Expander {
  readonly matched = new Set<string>();
  readonly unmatched = new Set<string>();
  readonly #chars: readonly string[];
  readonly #lookup: Lookup;
  readonly #escape: string;
  readonly #options: ExpandOptions;
  readonly #buffer = { word: '' };
  #at = 0;
  #depth = 0;
  /** Within a pattern escapes stay for the pattern to read. */
  #rawEscapes = false;

  constructor(word: string, lookup: Lookup, options: ExpandOptions) {
    this.#chars = [...word];
    this.#lookup = lookup;
    this.#escape = options.escape ?? '\\';
    this.#options = options;
  }

  /** All up to a character, which is passed over; `''` means up to the end. */
  until(stop: string, rawEscapes: boolean): Walked {
    const outer = this.#rawEscapes;
    this.#rawEscapes = rawEscapes;
    const words = new Words(this.#buffer);
    const parts: string[] = [];
    for (let char = this.#peek(); char !== undefined; char = this.#peek()) {
      if (char === stop) {
        this.#at += 1;
        this.#rawEscapes = outer;
        return { text: parts.join(''), words: words.list() };
      }
      if (char === '$') {
        const value = this.#dollar();
        parts.push(value);
        words.add(value);
      } else if ((char === '"' || char === "'") && !this.#options.skipQuotes) {
        const value = char === '"' ? this.#double() : this.#single();
        parts.push(value);
        words.addQuoted(value);
      } else if (char === '<' || char === this.#escape) {
        const value = char === '<' ? this.#heredoc() : this.#escaped();
        parts.push(value);
        words.addQuoted(value);
      } else {
        this.#at += 1;
        parts.push(char);
        words.add(char);
      }
    }
    if (stop !== '') {
      throw new Expansion(`unexpected end of statement while looking for matching ${stop}`);
    }
    return { text: parts.join(''), words: words.list() };
  }

  #peek(): string | undefined {
    return this.#chars[this.#at];
  }

  #take(): string | undefined {
    const char = this.#chars[this.#at];
    this.#at += 1;
    return char;
  }

  #value(name: string): string | undefined {
    const value = this.#lookup(name);
    (value === undefined ? this.unmatched : this.matched).add(name);
    return value;
  }

  #escaped(): string {
    this.#at += 1;
    return (this.#rawEscapes ? this.#escape : '') + (this.#take() ?? '');
  }

  /**
   * `<<` and the blanks behind it stay together with the word they open. Simplified: so do those
   * behind `<<-`, as a shell takes it.
   */
  #heredoc(): string {
    this.#at += 1;
    if (this.#peek() !== '<') return '<';
    this.#at += 1;
    let blanks = this.#peek() === '-' && /^[\t ]$/.test(this.#chars[this.#at + 1] ?? '') ? '-' : '';
    this.#at += blanks.length;
    while (/^[\t\r ]$/.test(this.#peek() ?? '')) blanks += this.#take() ?? '';
    return `<<${blanks}`;
  }

  #single(): string {
    const end = this.#chars.indexOf("'", this.#at + 1);
    if (end === -1) throw unclosed('single-quote');
    const text = this.#chars.slice(this.#at + 1, end).join('');
    this.#at = end + 1;
    return this.#options.rawQuotes ? `'${text}'` : text;
  }

  #double(): string {
    this.#at += 1;
    const quote = this.#options.rawQuotes ? '"' : '';
    let text = quote;
    for (let char = this.#peek(); char !== undefined; char = this.#peek()) {
      if (char === '$') {
        text += this.#dollar();
        continue;
      }
      this.#at += 1;
      if (char === '"') return text + quote;
      if (char === this.#escape) {
        const next = this.#peek();
        if (this.#rawEscapes) text += char;
        if (next === undefined) continue;
        // Before any other character the escape stays.
        if (next === '"' || next === '$' || next === this.#escape) {
          text += next;
          this.#at += 1;
          continue;
        }
      }
      text += char;
    }
    throw unclosed('double-quote');
  }

  #dollar(): string {
    this.#at += 1;
    if (this.#peek() !== '{') {
      const name = this.#name();
      if (name === '') return '$';
      const value = this.#value(name);
      return value ?? (this.#options.skipUnset ? `$${name}` : '');
    }
    this.#at += 1;
    const first = this.#peek();
    if (first === undefined) throw new Expansion("syntax error: missing '}'");
    if ('{}:'.includes(first)) throw new Expansion('syntax error: bad substitution');
    this.#depth += 1;
    if (this.#depth > DEPTH_LIMIT) throw new Expansion('syntax error: too many substitutions');
    const value = this.#substitution(this.#name());
    this.#depth -= 1;
    return value;
  }

  /** Digits, a special parameter, or letters, digits and underscores. */
  #name(): string {
    const first = this.#peek() ?? '';
    const from = this.#at;
    if (DIGIT.test(first)) {
      while (DIGIT.test(this.#peek() ?? '')) this.#at += 1;
    } else if (first !== '' && SPECIAL.includes(first)) {
      this.#at += 1;
    } else if (NAME_START.test(first)) {
      while (NAME_PART.test(this.#peek() ?? '')) this.#at += 1;
    }
    return this.#chars.slice(from, this.#at).join('');
  }

  /** What follows the name within braces. */
  #substitution(name: string): string {
    let operator = this.#take() ?? '';
    if (operator === '}') {
      const value = this.#value(name);
      return value ?? (this.#options.skipUnset ? `\${${name}}` : '');
    }
    if (operator === '/') return this.#replaced(name);
    const colon = operator === ':';
    if (colon) operator = this.#take() ?? '';
    const pattern = operator === '#' || operator === '%';
    const shown = colon ? `:${operator}` : operator;
    const unsupported = new Expansion(`unsupported modifier (${shown}) in substitution`);
    const known = operator !== '' && '+-?#%'.includes(operator);
    if ((!known && !colon) || (pattern && colon)) throw unsupported;
    const word = this.#operand('}', pattern, "syntax error: missing '}'");
    const value = this.#value(name);
    if (value === undefined && this.#options.skipUnset) return `\${${name}${shown}${word}}`;
    if (!known) throw unsupported;
    if (pattern) return trimmed(operator, word, value ?? '');
    const empty = value === undefined || (colon && value === '');
    if (operator === '+') return empty ? '' : word;
    if (!empty) return value;
    if (operator === '-') return word;
    const state = value === undefined ? 'unset' : 'empty';
    throw new Expansion(`${name}: ${word === '' ? `is not allowed to be ${state}` : word}`);
  }

  #replaced(name: string): string {
    const each = this.#peek() === '/';
    if (each) this.#at += 1;
    const text = this.#operand('/', true, "syntax error: missing '/' in ${}");
    const replacement = this.#operand('}', true, "syntax error: missing '}'");
    const value = this.#value(name);
    if (value === undefined && this.#options.skipUnset) {
      return `\${${name}/${text}/${replacement}}`;
    }
    return replace(patternOf(text), value ?? '', replacement, each);
  }

  #operand(stop: string, rawEscapes: boolean, missing: string): string {
    try {
      return this.until(stop, rawEscapes).text;
    } catch (error) {
      const atEnd = error instanceof Expansion && this.#at >= this.#chars.length;
      throw atEnd ? new Expansion(missing) : error;
    }
  }
}

const unclosed = (quote: string): Expansion =>
  new Expansion(`unexpected end of statement while looking for matching ${quote}`);

function patternOf(text: string): Pattern {
  const pattern = readPattern(text);
  if (typeof pattern !== 'string') return pattern;
  throw new Expansion(`invalid pattern (${text}) in substitution: ${pattern}`);
}

/** `#` and `%` take off the shortest match, doubled the longest. */
function trimmed(operator: string, word: string, value: string): string {
  const longest = word.startsWith(operator);
  const pattern = patternOf(longest ? word.slice(1) : word);
  return operator === '#'
    ? trimPrefix(pattern, value, longest)
    : trimSuffix(pattern, value, longest);
}
