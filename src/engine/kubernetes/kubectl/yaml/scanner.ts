import { scanBlockScalar, scanPlain, scanQuoted } from './scalars.ts';
import { Cursor, type Mark } from './cursor.ts';

/**
 * The tokens of a YAML document, in the order and with the refusals of libyaml as Go carries it
 * (go.yaml.in/yaml/v2 v2.4 `scannerc.go`), since kubectl prints those refusals.
 */
export type TokenKind =
  | 'stream-end'
  | 'directive'
  | 'document-start'
  | 'document-end'
  | 'block-sequence-start'
  | 'block-mapping-start'
  | 'block-end'
  | 'flow-sequence-start'
  | 'flow-sequence-end'
  | 'flow-mapping-start'
  | 'flow-mapping-end'
  | 'block-entry'
  | 'flow-entry'
  | 'key'
  | 'value'
  | 'alias'
  | 'anchor'
  | 'tag'
  | 'scalar';

export interface Token {
  readonly kind: TokenKind;
  readonly start: Mark;
  readonly text: string;
  /** A scalar without quotes on one or more lines. */
  readonly plain: boolean;
}

/** Where a key may have begun that only its colon will tell. */
interface SimpleKey {
  readonly required: boolean;
  readonly number: number;
  readonly mark: Mark;
}

const KEY_LIMIT = 1024;
/**
 * How deep lists and maps may stand in one another (`max_flow_level`, `max_indents`, scannerc.go).
 * Simplified: a tenth of it is as deep as this reader goes; the words are those of the whole.
 */
const DEPTH_LIMIT = 1000;
const DEPTH_WORDS = 'exceeded max depth of 10000';
const FLOW: Readonly<Record<string, TokenKind>> = {
  '[': 'flow-sequence-start',
  '{': 'flow-mapping-start',
  ']': 'flow-sequence-end',
  '}': 'flow-mapping-end',
};
const NEVER_FIRST = new Set('-?:,[]{}#&*!|>\'"%@`'.split(''));

export class Scanner {
  readonly #at: Cursor;
  readonly #tokens: Token[] = [];
  /** How many tokens were taken out of the queue. */
  #taken = 0;
  #indent = -1;
  readonly #indents: number[] = [];
  #keyAllowed = true;
  #ended = false;
  readonly #keys: (SimpleKey | undefined)[] = [undefined];

  constructor(text: string) {
    this.#at = new Cursor(text);
  }

  peek(): Token {
    while (!this.#ended && (this.#tokens.length === 0 || this.#headMayBeKey())) this.#fetch();
    return this.#tokens[0]!;
  }

  take(): Token {
    const token = this.peek();
    if (token.kind !== 'stream-end') {
      this.#tokens.shift();
      this.#taken += 1;
    }
    return token;
  }

  get #flowLevel(): number {
    return this.#keys.length - 1;
  }

  /** Whether a key may turn out to begin before the first token of the queue. */
  #headMayBeKey(): boolean {
    const level = this.#keys.findIndex((key) => key?.number === this.#taken);
    return level !== -1 && this.#keyIsValid(level);
  }

  #keyIsValid(level: number): boolean {
    const key = this.#keys[level];
    if (!key) return false;
    const { line, index } = this.#at.mark;
    if (key.mark.line >= line && key.mark.index + KEY_LIMIT >= index) return true;
    if (key.required) this.#at.refuse("could not find expected ':'", key.mark);
    this.#keys[level] = undefined;
    return false;
  }

  #saveKey(): void {
    if (!this.#keyAllowed) return;
    const { mark } = this.#at;
    const required = this.#flowLevel === 0 && this.#indent === mark.column;
    this.#removeKey();
    this.#keys[this.#flowLevel] = { required, number: this.#taken + this.#tokens.length, mark };
  }

  #removeKey(): void {
    const key = this.#keys[this.#flowLevel];
    if (key?.required) this.#at.refuse("could not find expected ':'", key.mark);
    this.#keys[this.#flowLevel] = undefined;
  }

  #add(kind: TokenKind, start: Mark, text = '', plain = false): void {
    this.#tokens.push({ kind, start, text, plain });
  }

  /** One level deeper, if the column is; `number` says before which token that is told. */
  #roll(column: number, number: number, kind: TokenKind, mark: Mark): void {
    if (this.#flowLevel > 0 || this.#indent >= column) return;
    this.#indents.push(this.#indent);
    this.#indent = column;
    if (this.#indents.length > DEPTH_LIMIT) {
      this.#at.refuse(DEPTH_WORDS, mark);
    }
    const token: Token = { kind, start: mark, text: '', plain: false };
    if (number < 0) this.#tokens.push(token);
    else this.#tokens.splice(number - this.#taken, 0, token);
  }

  #unroll(column: number): void {
    if (this.#flowLevel > 0) return;
    while (this.#indent > column) {
      this.#add('block-end', this.#at.mark);
      this.#indent = this.#indents.pop() ?? -1;
    }
  }

  #fetch(): void {
    const at = this.#at;
    this.#keyAllowed = at.skipToToken(this.#flowLevel > 0, this.#keyAllowed);
    this.#unroll(at.mark.column);
    if (at.isEnd()) return this.#end();
    const char = at.char();
    const { column } = at.mark;
    if (column === 0 && char === '%') return this.#directive();
    if (column === 0 && (at.startsWith('---') || at.startsWith('...')) && at.isBlankOrEnd(3)) {
      return this.#document(char === '-' ? 'document-start' : 'document-end');
    }
    if (char === '[' || char === '{') return this.#flowStart(FLOW[char]!);
    if (char === ']' || char === '}') return this.#flowEnd(FLOW[char]!);
    if (char === ',') return this.#flowEntry();
    const alone = this.#flowLevel > 0 || at.isBlankOrEnd(1);
    if (char === '-' && at.isBlankOrEnd(1)) return this.#blockEntry();
    if (char === '?' && alone) return this.#explicitKey();
    if (char === ':' && alone) return this.#value();
    if (char === '*' || char === '&') return this.#anchor(char === '*' ? 'alias' : 'anchor');
    if (char === '!') return this.#tag();
    if ((char === '|' || char === '>') && this.#flowLevel === 0) return this.#block(char === '|');
    if (char === "'" || char === '"') return this.#quoted(char === "'");
    if (this.#mayBePlain(char)) {
      this.#saveKey();
      this.#keyAllowed = false;
      const scalar = scanPlain(at, this.#flowLevel > 0, this.#indent);
      if (scalar.brokeLine) this.#keyAllowed = true;
      this.#add('scalar', scalar.start, scalar.text, true);
      return undefined;
    }
    return at.refuse('found character that cannot start any token', at.mark);
  }

  #mayBePlain(char: string): boolean {
    const at = this.#at;
    if (!at.isBlankOrEnd(0) && !NEVER_FIRST.has(char)) return true;
    if (char === '-') return !at.isBlank(1);
    return this.#flowLevel === 0 && (char === '?' || char === ':') && !at.isBlankOrEnd(1);
  }

  #end(): void {
    if (this.#at.mark.column !== 0) this.#at.newLine();
    this.#unroll(-1);
    this.#removeKey();
    this.#keyAllowed = false;
    this.#add('stream-end', this.#at.mark);
    this.#ended = true;
  }

  #directive(): void {
    this.#unroll(-1);
    this.#removeKey();
    this.#keyAllowed = false;
    const { mark } = this.#at;
    this.#at.skip();
    const name = this.#at.takeWhile(/[0-9A-Za-z_-]/);
    if (name === '') this.#at.refuse('could not find expected directive name', mark);
    if (!this.#at.isBlankOrEnd()) {
      this.#at.refuse('found unexpected non-alphabetical character', mark);
    }
    if (name !== 'YAML' && name !== 'TAG') {
      this.#at.refuse('found unknown directive name', mark);
    }
    const line = name + this.#at.takeLine();
    this.#add('directive', mark, line);
  }

  #document(kind: TokenKind): void {
    this.#unroll(-1);
    this.#removeKey();
    this.#keyAllowed = false;
    this.#add(kind, this.#at.mark);
    this.#at.skip(3);
  }

  #flowStart(kind: TokenKind): void {
    this.#saveKey();
    this.#keys.push(undefined);
    if (this.#flowLevel > DEPTH_LIMIT) {
      this.#at.refuse(DEPTH_WORDS, this.#at.mark);
    }
    this.#keyAllowed = true;
    this.#add(kind, this.#at.mark);
    this.#at.skip();
  }

  #flowEnd(kind: TokenKind): void {
    this.#removeKey();
    if (this.#flowLevel > 0) this.#keys.pop();
    this.#keyAllowed = false;
    this.#add(kind, this.#at.mark);
    this.#at.skip();
  }

  #flowEntry(): void {
    this.#removeKey();
    this.#keyAllowed = true;
    this.#add('flow-entry', this.#at.mark);
    this.#at.skip();
  }

  #blockEntry(): void {
    const { mark } = this.#at;
    if (this.#flowLevel === 0) {
      if (!this.#keyAllowed) {
        this.#at.refuse('block sequence entries are not allowed in this context', mark);
      }
      this.#roll(mark.column, -1, 'block-sequence-start', mark);
    }
    this.#removeKey();
    this.#keyAllowed = true;
    this.#add('block-entry', mark);
    this.#at.skip();
  }

  #explicitKey(): void {
    const { mark } = this.#at;
    if (this.#flowLevel === 0) {
      if (!this.#keyAllowed) {
        this.#at.refuse('mapping keys are not allowed in this context', mark);
      }
      this.#roll(mark.column, -1, 'block-mapping-start', mark);
    }
    this.#removeKey();
    this.#keyAllowed = this.#flowLevel === 0;
    this.#add('key', mark);
    this.#at.skip();
  }

  #value(): void {
    const { mark } = this.#at;
    const key = this.#keys[this.#flowLevel];
    if (key && this.#keyIsValid(this.#flowLevel)) {
      const token: Token = { kind: 'key', start: key.mark, text: '', plain: false };
      this.#tokens.splice(key.number - this.#taken, 0, token);
      this.#roll(key.mark.column, key.number, 'block-mapping-start', key.mark);
      this.#keys[this.#flowLevel] = undefined;
      this.#keyAllowed = false;
    } else {
      if (this.#flowLevel === 0) {
        if (!this.#keyAllowed) {
          this.#at.refuse('mapping values are not allowed in this context', mark);
        }
        this.#roll(mark.column, -1, 'block-mapping-start', mark);
      }
      this.#keyAllowed = this.#flowLevel === 0;
    }
    this.#add('value', mark);
    this.#at.skip();
  }

  #anchor(kind: TokenKind): void {
    this.#saveKey();
    this.#keyAllowed = false;
    const { mark } = this.#at;
    this.#at.skip();
    const name = this.#at.takeWhile(/[0-9A-Za-z_-]/);
    const ends = this.#at.isBlankOrEnd(0) || '?:,]}%@`'.includes(this.#at.char());
    if (name === '' || !ends) {
      this.#at.refuse('did not find expected alphabetic or numeric character', mark);
    }
    this.#add(kind, mark, name);
  }

  #tag(): void {
    this.#saveKey();
    this.#keyAllowed = false;
    const { mark } = this.#at;
    const text = this.#at.takeWhile(/[^\s,[\]{}]/);
    if (!this.#at.isBlankOrEnd(0)) {
      this.#at.refuse('did not find expected whitespace or line break', mark);
    }
    this.#add('tag', mark, text);
  }

  #block(literal: boolean): void {
    this.#removeKey();
    this.#keyAllowed = true;
    const { start, text } = scanBlockScalar(this.#at, literal, this.#indent);
    this.#add('scalar', start, text);
  }

  #quoted(single: boolean): void {
    this.#saveKey();
    this.#keyAllowed = false;
    const { start, text } = scanQuoted(this.#at, single);
    this.#add('scalar', start, text);
  }
}
