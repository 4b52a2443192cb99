import type { Word, WordPart } from './ast.ts';

/** Tokens of a script: words, operators, ends of lines. */
export type Token =
  | { readonly kind: 'word'; readonly word: Word; readonly raw: string; readonly line: number }
  | { readonly kind: 'operator'; readonly text: string; readonly line: number }
  | { readonly kind: 'newline'; readonly line: number }
  | { readonly kind: 'end'; readonly line: number };

export type LexResult =
  | { readonly ok: true; readonly tokens: readonly Token[] }
  | { readonly ok: false; readonly line: number; readonly message: string };

const OPERATORS = [
  '2>&1',
  '&>',
  '2>>',
  '2>',
  '>&2',
  '>>',
  '<<',
  '&&',
  '||',
  '>',
  '<',
  '|',
  ';',
  '&',
];
const MORE_OPERATORS = ['(', ')'];
const NAME = /^[A-Za-z_][A-Za-z0-9_]*/;
const SCRIPT_LIMIT = 1_000_000;

class Lexer {
  readonly #text: string;
  #at = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  run(): LexResult {
    const tokens: Token[] = [];
    while (this.#at < this.#text.length) {
      const line = this.#line;
      const rest = this.#text.slice(this.#at, this.#at + 4);
      const char = rest[0]!;
      if (rest.startsWith('\\\n')) this.#skip(2);
      else if (char === ' ' || char === '\t' || char === '\r') this.#skip(1);
      else if (char === '#') this.#skipComment();
      else if (char === '\n') {
        this.#skip(1);
        tokens.push({ kind: 'newline', line });
      } else {
        const operator = [...OPERATORS, ...MORE_OPERATORS].find((text) => rest.startsWith(text));
        if (operator !== undefined) {
          this.#skip(operator.length);
          tokens.push({ kind: 'operator', text: operator, line });
        } else {
          const from = this.#at;
          const word = this.#word();
          if (typeof word === 'string') return { ok: false, line: this.#line, message: word };
          tokens.push({ kind: 'word', word, raw: this.#text.slice(from, this.#at), line });
        }
      }
    }
    tokens.push({ kind: 'end', line: this.#line });
    return { ok: true, tokens };
  }

  #skip(count: number): void {
    for (let i = 0; i < count; i++) {
      if (this.#text[this.#at] === '\n') this.#line += 1;
      this.#at += 1;
    }
  }

  #skipComment(): void {
    while (this.#at < this.#text.length && this.#text[this.#at] !== '\n') this.#at += 1;
  }

  /** The parts of a word, or the words of a syntax error. */
  #word(): Word | string {
    const parts: WordPart[] = [];
    const add = (text: string, quoted: boolean) => parts.push({ kind: 'text', text, quoted });
    while (this.#at < this.#text.length) {
      const char = this.#text[this.#at]!;
      if (/[\s;&|<>()]/.test(char)) break;
      if (char === "'") {
        const end = this.#text.indexOf("'", this.#at + 1);
        if (end === -1) return this.#unmatched("'");
        add(this.#text.slice(this.#at + 1, end), true);
        this.#skip(end + 1 - this.#at);
      } else if (char === '"') {
        const problem = this.#doubleQuoted(parts);
        if (problem !== undefined) return problem;
      } else if (char === '\\') {
        const next = this.#text[this.#at + 1];
        if (next !== '\n') add(next ?? '\\', true);
        this.#skip(next === undefined ? 1 : 2);
      } else if (char === '$') {
        const problem = this.#variable(parts, false);
        if (problem !== undefined) return problem;
      } else {
        const plain = /^[^\s;&|<>()'"\\$]+/.exec(this.#text.slice(this.#at))!;
        add(plain[0], false);
        this.#skip(plain[0].length);
      }
    }
    return parts;
  }

  #unmatched(quote: string): string {
    return `unexpected EOF while looking for matching \`${quote}'`;
  }

  #doubleQuoted(parts: WordPart[]): string | undefined {
    this.#skip(1);
    let text = '';
    const flush = () => {
      parts.push({ kind: 'text', text, quoted: true });
      text = '';
    };
    for (;;) {
      const char = this.#text[this.#at];
      if (char === undefined) return this.#unmatched('"');
      if (char === '"') {
        this.#skip(1);
        flush();
        return undefined;
      }
      if (char === '$') {
        flush();
        const problem = this.#variable(parts, true);
        if (problem !== undefined) return problem;
      } else if (char === '\\' && /["\\$`\n]/.test(this.#text[this.#at + 1] ?? '')) {
        const next = this.#text[this.#at + 1]!;
        if (next !== '\n') text += next;
        this.#skip(2);
      } else {
        text += char;
        this.#skip(1);
      }
    }
  }

  #variable(parts: WordPart[], quoted: boolean): string | undefined {
    const rest = this.#text.slice(this.#at + 1, this.#at + 1 + 4096);
    const name = NAME.exec(rest)?.[0] ?? /^[?$#0-9]/.exec(rest)?.[0];
    if (name !== undefined) {
      parts.push({ kind: 'variable', name, quoted });
      this.#skip(1 + name.length);
      return undefined;
    }
    if (!rest.startsWith('{')) {
      parts.push({ kind: 'text', text: '$', quoted });
      this.#skip(1);
      return undefined;
    }
    const braced = /^\{([A-Za-z_][A-Za-z0-9_]*|\?)(?:(:?[-+])([^}]*))?\}/.exec(rest);
    if (!braced) return `\${${rest.slice(1).split('}')[0] ?? ''}}: bad substitution`;
    const [whole, inner = '', operator, operand] = braced;
    const variable = { kind: 'variable', name: inner, quoted } as const;
    type Operator = ':-' | '-' | ':+' | '+';
    parts.push(
      operator === undefined
        ? variable
        : { ...variable, operator: operator as Operator, operand: operand ?? '' },
    );
    this.#skip(1 + whole.length);
    return undefined;
  }
}

/** The tokens of a script, or where and why there are none. */
export function lex(text: string): LexResult {
  if (text.length > SCRIPT_LIMIT) return { ok: false, line: 1, message: 'script too long' };
  return new Lexer(text).run();
}
