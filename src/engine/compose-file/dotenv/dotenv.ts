import { goQuote } from '../../go/quote.ts';
import { fail } from '../failure.ts';
import { substitute } from '../interpolation/template.ts';
import { expandEscapes } from './escapes.ts';

/**
 * `.env` and `env_file` (compose-go v2.13 `dotenv/{parser,godotenv}.go`): `KEY=value`, `KEY: value`,
 * `export KEY=value`, a bare `KEY` that takes the value of its surroundings; single quotes keep a
 * value as it is, double quotes take escapes and variables, an unquoted one variables; ` #` starts
 * a comment outside quotes.
 */
export type Lookup = (name: string) => string | undefined;

export interface EnvText {
  readonly text: string;
  /** Values that are there already; the file's own are added as they are read. */
  readonly into: Map<string, string>;
  /** What stands above the file's own values. */
  readonly lookup: Lookup;
  readonly onUnset?: (name: string) => void;
}

/** Adds the variables of a text; fails with `line N: …`. */
export function readEnv(source: EnvText): void {
  new EnvReader(source).read();
}

const SPACE = /[\t\v\f\r \u0085\u00a0]/;
const NAME_CHARACTER = /[\p{L}\p{N}_.\-[\]]/u;

class EnvReader {
  private readonly source: EnvText;
  private rest: string;
  private line = 1;

  constructor(source: EnvText) {
    this.source = source;
    this.rest = source.text.replace(/^\ufeff/, '');
  }

  read(): void {
    const { into, lookup } = this.source;
    while (this.toStatement()) {
      const { key, inherited } = this.key();
      if (key.includes(' ')) fail(`line ${this.line}: key cannot contain a space`);
      const value = inherited ? lookup(key) : this.value();
      if (value !== undefined) into.set(key, value);
    }
  }

  /** Leaves blank space and comments behind; false at the end. */
  private toStatement(): boolean {
    for (;;) {
      const blank = /^\s*/.exec(this.rest)?.[0] ?? '';
      this.line += blank.split('\n').length - 1;
      this.rest = this.rest.slice(blank.length);
      if (this.rest === '') return false;
      if (!this.rest.startsWith('#')) return true;
      const end = this.rest.indexOf('\n');
      if (end === -1) return false;
      this.rest = this.rest.slice(end);
    }
  }

  private key(): { key: string; inherited: boolean } {
    this.rest = this.rest.replace(/^export\s+/, (word) =>
      word.slice('export'.length).replace(/^[\t\v\f\r \u0085\u00a0]+/, ''),
    );
    const chars = [...this.rest];
    let length = 0;
    for (const char of chars) {
      if (char === '=' || char === ':' || char === '\n') {
        const key = this.rest.slice(0, length);
        const inherited = char === '\n';
        if (inherited && !key.includes(' ')) this.line += 1;
        const after = this.rest.slice(length + 1);
        this.rest = after.replace(/^[\t\v\f\r \u0085\u00a0]+/, '');
        return { key: key.trimEnd(), inherited };
      }
      if (!SPACE.test(char) && !NAME_CHARACTER.test(char)) this.refuseName(char);
      length += char.length;
    }
    // A name at the very end of a file, without a line break, names nothing.
    this.rest = '';
    return { key: '', inherited: true };
  }

  private refuseName(char: string): never {
    const line = this.rest.split('\n')[0] ?? '';
    fail(
      `line ${this.line}: unexpected character ${goQuote(char)} in variable name ${goQuote(line)}`,
    );
  }

  private value(): string {
    const quote = this.rest[0];
    if (quote === '"' || quote === "'") return this.quoted(quote);
    const end = this.rest.indexOf('\n');
    const line = end === -1 ? this.rest : this.rest.slice(0, end);
    this.rest = end === -1 ? '' : this.rest.slice(end + 1);
    this.line += 1;
    return this.expand((line.split(' #')[0] ?? '').trimEnd());
  }

  private quoted(quote: string): string {
    let value = '';
    let escaped = false;
    for (let at = 1; at < this.rest.length; at++) {
      const char = this.rest[at] ?? '';
      if (char === '\n') this.line += 1;
      if (char === quote && !escaped) {
        this.rest = this.rest.slice(at + 1);
        return quote === '"' ? this.expand(expandEscapes(value)) : value;
      }
      if (char === '\\' && !escaped) {
        escaped = true;
        continue;
      }
      value += escaped && char !== quote ? `\\${char}` : char;
      escaped = false;
    }
    const line = this.rest.split('\n')[0] ?? '';
    fail(`line ${this.line}: unterminated quoted value ${line}`);
  }

  private expand(value: string): string {
    const { lookup, into, onUnset } = this.source;
    return substitute(value, {
      lookup: (name) => lookup(name) ?? into.get(name),
      ...(onUnset && { onUnset }),
    });
  }
}
