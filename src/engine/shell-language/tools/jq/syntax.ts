/** Reads jq's language (jq 1.7 manual): paths, pipes, operators, conditions, functions. */
export class JqFault extends Error {
  override name = 'JqFault';
}

export type Filter =
  | { readonly kind: 'identity' | 'recurse' }
  | { readonly kind: 'literal'; readonly value: unknown }
  | {
      readonly kind: 'text';
      readonly parts: readonly (string | Filter)[];
      readonly format?: string;
    }
  | { readonly kind: 'format'; readonly name: string }
  | { readonly kind: 'index'; readonly of: Filter; readonly key: Filter }
  | { readonly kind: 'slice'; readonly of: Filter; readonly from?: Filter; readonly to?: Filter }
  | { readonly kind: 'each' | 'try' | 'negate'; readonly of: Filter; readonly otherwise?: Filter }
  | { readonly kind: 'pipe' | 'comma'; readonly left: Filter; readonly right: Filter }
  | {
      readonly kind: 'binary' | 'assign';
      readonly operator: string;
      readonly left: Filter;
      readonly right: Filter;
    }
  | { readonly kind: 'array'; readonly of?: Filter }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [Filter, Filter])[] }
  | { readonly kind: 'if'; readonly test: Filter; readonly yes: Filter; readonly no?: Filter }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Filter[] }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'bind'; readonly source: Filter; readonly name: string; readonly body: Filter }
  | {
      readonly kind: 'reduce';
      readonly source: Filter;
      readonly name: string;
      readonly first: Filter;
      readonly update: Filter;
    };

type Token =
  | {
      readonly kind: 'sign' | 'name' | 'number' | 'field' | 'variable' | 'format';
      readonly text: string;
    }
  | { readonly kind: 'string'; readonly parts: readonly (string | Filter)[] };

const SIGN =
  /^(?:\?\/\/|\/\/=|\|=|==|!=|<=|>=|\+=|-=|\*=|\/=|%=|\.\.|\/\/|[|,.:;()[\]{}?=<>+\-*/%])/;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };
const LEVELS: readonly (readonly string[])[] = [
  ['//'],
  ['=', '|=', '+=', '-=', '*=', '/=', '%=', '//='],
  ['or'],
  ['and'],
  ['==', '!=', '<', '<=', '>', '>='],
  ['+', '-'],
  ['*', '/', '%'],
];
const DEPTH_LIMIT = 200;

class JqReader {
  readonly #text: string;
  #at = 0;
  #tokens: Token[] = [];
  #next = 0;
  #depth: number;

  constructor(text: string, depth = 0) {
    this.#text = text;
    this.#depth = depth;
  }

  /** Reads the tokens up to the end, or to the parenthesis that ends an interpolation. */
  scan(inner: boolean, from = 0): number {
    this.#at = from;
    let open = 0;
    for (;;) {
      const rest = this.#text.slice(this.#at, this.#at + 4096);
      const blank = /^(?:\s|#[^\n]*)+/.exec(rest);
      if (blank) {
        this.#at += blank[0].length;
        continue;
      }
      if (this.#at >= this.#text.length) break;
      if (rest.startsWith('"')) {
        this.#tokens.push({ kind: 'string', parts: this.#string() });
        continue;
      }
      const match =
        this.#match('number', /^(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/, rest) ??
        this.#match('field', /^\.[A-Za-z_]\w*/, rest) ??
        this.#match('variable', /^\$[A-Za-z_]\w*/, rest) ??
        this.#match('format', /^@\w+/, rest) ??
        this.#match('name', /^[A-Za-z_]\w*/, rest) ??
        this.#match('sign', SIGN, rest);
      if (!match) this.fail(`syntax error, unexpected INVALID_CHARACTER`);
      if (match.text === '(') open += 1;
      if (match.text === ')') {
        if (inner && open === 0) break;
        open -= 1;
      }
      this.#tokens.push(match);
      this.#at += match.text.length;
    }
    return this.#at;
  }

  #match(
    kind: 'sign' | 'name' | 'number' | 'field' | 'variable' | 'format',
    pattern: RegExp,
    rest: string,
  ) {
    const found = pattern.exec(rest);
    return found ? { kind, text: found[0] } : undefined;
  }

  fail(message: string): never {
    throw new JqFault(message);
  }

  #string(): (string | Filter)[] {
    const parts: (string | Filter)[] = [];
    let text = '';
    for (this.#at += 1; ; this.#at++) {
      const char = this.#text[this.#at];
      if (char === undefined)
        this.fail('syntax error, unexpected end of file, unterminated string literal');
      if (char === '"') break;
      if (char !== '\\') {
        text += char;
        continue;
      }
      this.#at += 1;
      const next = this.#text[this.#at] ?? '';
      if (next === '(') {
        const inner = new JqReader(this.#text, this.#depth + 1);
        this.#at = inner.scan(true, this.#at + 1);
        parts.push(text, inner.whole());
        text = '';
      } else if (next === 'u') {
        text += String.fromCharCode(parseInt(this.#text.slice(this.#at + 1, this.#at + 5), 16));
        this.#at += 4;
      } else text += ESCAPES[next] ?? next;
    }
    this.#at += 1;
    return text === '' ? parts : [...parts, text];
  }

  whole(): Filter {
    const filter = this.#pipe();
    if (this.#next < this.#tokens.length) this.#unexpected();
    return filter;
  }

  #unexpected(): never {
    const token = this.#tokens[this.#next];
    if (!token) this.fail('syntax error, unexpected end of file');
    this.fail(
      `syntax error, unexpected ${token.kind === 'string' ? 'QQSTRING_START' : token.kind === 'field' ? 'FIELD' : token.kind === 'name' ? 'IDENT' : `'${token.text}'`}`,
    );
  }

  #peek(): string | undefined {
    const token = this.#tokens[this.#next];
    return token?.kind === 'sign' || token?.kind === 'name' ? token.text : undefined;
  }

  #take(...texts: string[]): string | undefined {
    const text = this.#peek();
    if (text === undefined || !texts.includes(text)) return undefined;
    this.#next += 1;
    return text;
  }

  #expect(text: string): void {
    if (this.#take(text) === undefined) this.#unexpected();
  }

  #pipe(): Filter {
    this.#depth += 1;
    if (this.#depth > DEPTH_LIMIT) this.fail('nested too deeply');
    const left = this.#comma();
    let filter = left;
    if (this.#take('as') !== undefined) {
      const name = this.#variable();
      this.#expect('|');
      filter = { kind: 'bind', source: left, name, body: this.#pipe() };
    } else if (this.#take('|') !== undefined) filter = { kind: 'pipe', left, right: this.#pipe() };
    this.#depth -= 1;
    return filter;
  }

  #variable(): string {
    const token = this.#tokens[this.#next];
    if (token?.kind !== 'variable') this.#unexpected();
    this.#next += 1;
    return token.text.slice(1);
  }

  #comma(): Filter {
    let left = this.#binary(0);
    while (this.#take(',') !== undefined) left = { kind: 'comma', left, right: this.#binary(0) };
    return left;
  }

  #binary(level: number): Filter {
    const signs = LEVELS[level];
    if (!signs) return this.#postfix();
    let left = this.#binary(level + 1);
    for (
      let operator = this.#take(...signs);
      operator !== undefined;
      operator = this.#take(...signs)
    ) {
      // `//` and assignments lean to the right.
      const right = level === 0 ? this.#binary(0) : this.#binary(level + 1);
      left = { kind: level === 1 ? 'assign' : 'binary', operator, left, right };
    }
    return left;
  }

  #postfix(): Filter {
    if (this.#take('-') !== undefined) return { kind: 'negate', of: this.#postfix() };
    let filter = this.#primary();
    for (;;) {
      const token = this.#tokens[this.#next];
      if (token?.kind === 'field') {
        this.#next += 1;
        filter = {
          kind: 'index',
          of: filter,
          key: { kind: 'literal', value: token.text.slice(1) },
        };
      } else if (
        token?.kind === 'sign' &&
        token.text === '.' &&
        this.#tokens[this.#next + 1]?.kind === 'string'
      ) {
        this.#next += 1;
        filter = { kind: 'index', of: filter, key: this.#primary() };
      } else if (token?.kind === 'sign' && token.text === '.' && this.#isSign(1, '['))
        this.#next += 1;
      else if (this.#take('[') !== undefined) filter = this.#bracket(filter);
      else if (this.#take('?') !== undefined) filter = { kind: 'try', of: filter };
      else return filter;
    }
  }

  #isSign(ahead: number, text: string): boolean {
    const token = this.#tokens[this.#next + ahead];
    return token?.kind === 'sign' && token.text === text;
  }

  #bracket(of: Filter): Filter {
    if (this.#take(']') !== undefined) return { kind: 'each', of };
    if (this.#take(':') !== undefined) {
      const to = this.#pipe();
      this.#expect(']');
      return { kind: 'slice', of, to };
    }
    const key = this.#pipe();
    if (this.#take(':') !== undefined) {
      if (this.#take(']') !== undefined) return { kind: 'slice', of, from: key };
      const to = this.#pipe();
      this.#expect(']');
      return { kind: 'slice', of, from: key, to };
    }
    this.#expect(']');
    return { kind: 'index', of, key };
  }

  #primary(): Filter {
    const token = this.#tokens[this.#next];
    if (!token) this.#unexpected();
    this.#next += 1;
    switch (token.kind) {
      case 'number':
        return { kind: 'literal', value: Number(token.text) };
      case 'string':
        return { kind: 'text', parts: token.parts };
      case 'field':
        return {
          kind: 'index',
          of: { kind: 'identity' },
          key: { kind: 'literal', value: token.text.slice(1) },
        };
      case 'variable':
        return { kind: 'variable', name: token.text.slice(1) };
      case 'format': {
        const text = this.#tokens[this.#next];
        if (text?.kind !== 'string') return { kind: 'format', name: token.text };
        this.#next += 1;
        return { kind: 'text', parts: text.parts, format: token.text };
      }
      case 'name':
        return this.#named(token.text);
      case 'sign':
        return this.#signed(token.text);
    }
  }

  #signed(text: string): Filter {
    if (text === '..') return { kind: 'recurse' };
    if (text === '.') {
      const token = this.#tokens[this.#next];
      if (token?.kind === 'string')
        return { kind: 'index', of: { kind: 'identity' }, key: this.#primary() };
      return { kind: 'identity' };
    }
    if (text === '(') {
      const filter = this.#pipe();
      this.#expect(')');
      return filter;
    }
    if (text === '[') {
      if (this.#take(']') !== undefined) return { kind: 'array' };
      const of = this.#pipe();
      this.#expect(']');
      return { kind: 'array', of };
    }
    if (text === '{') return this.#object();
    this.#next -= 1;
    this.#unexpected();
  }

  #object(): Filter {
    const entries: (readonly [Filter, Filter])[] = [];
    while (this.#take('}') === undefined) {
      if (entries.length > 0) this.#expect(',');
      const token = this.#tokens[this.#next];
      if (!token) this.#unexpected();
      let key: Filter;
      let value: Filter;
      if (token.kind === 'variable') {
        this.#next += 1;
        key = { kind: 'literal', value: token.text.slice(1) };
        value = { kind: 'variable', name: token.text.slice(1) };
      } else {
        if (token.kind === 'name') {
          this.#next += 1;
          key = { kind: 'literal', value: token.text };
        } else key = this.#primary();
        value = { kind: 'index', of: { kind: 'identity' }, key };
      }
      if (this.#take(':') !== undefined) {
        value = this.#binary(0);
        while (this.#take('|') !== undefined)
          value = { kind: 'pipe', left: value, right: this.#binary(0) };
      }
      entries.push([key, value]);
    }
    return { kind: 'object', entries };
  }

  #named(name: string): Filter {
    switch (name) {
      case 'null':
        return { kind: 'literal', value: null };
      case 'true':
      case 'false':
        return { kind: 'literal', value: name === 'true' };
      case 'if':
        return this.#if();
      case 'try': {
        const of = this.#postfix();
        if (this.#take('catch') === undefined) return { kind: 'try', of };
        return { kind: 'try', of, otherwise: this.#postfix() };
      }
      case 'reduce': {
        const source = this.#postfix();
        this.#expect('as');
        const variable = this.#variable();
        this.#expect('(');
        const first = this.#pipe();
        this.#expect(';');
        const update = this.#pipe();
        this.#expect(')');
        return { kind: 'reduce', source, name: variable, first, update };
      }
    }
    const args: Filter[] = [];
    if (this.#take('(') !== undefined) {
      do args.push(this.#pipe());
      while (this.#take(';') !== undefined);
      this.#expect(')');
    }
    return { kind: 'call', name, args };
  }

  #if(): Filter {
    const test = this.#pipe();
    this.#expect('then');
    const yes = this.#pipe();
    if (this.#take('elif') !== undefined) return { kind: 'if', test, yes, no: this.#if() };
    if (this.#take('else') !== undefined) {
      const no = this.#pipe();
      this.#expect('end');
      return { kind: 'if', test, yes, no };
    }
    this.#expect('end');
    return { kind: 'if', test, yes };
  }
}

export function readJq(text: string): Filter {
  const reader = new JqReader(text);
  reader.scan(false);
  return text.trim() === '' ? { kind: 'identity' } : reader.whole();
}
