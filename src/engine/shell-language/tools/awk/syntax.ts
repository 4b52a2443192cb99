import { AwkFault, type AwkProgram, type Expr, type Rule, type Statement } from './program.ts';
import { KEYWORDS, type Token, tokens } from './tokens.ts';

/** Reads awk programs. */
const DEPTH_LIMIT = 300;

const LEVELS: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['in'],
  ['~', '!~'],
  ['<', '<=', '!=', '==', '>', '>='],
  ['concat'],
  ['+', '-'],
  ['*', '/', '%'],
];

class AwkReader {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;
  /** Within `print` a `>` is no comparison. */
  #printing = 0;

  constructor(source: string) {
    this.#tokens = tokens(source);
  }

  get #next(): Token {
    return this.#tokens[this.#at]!;
  }

  #is(...texts: string[]): boolean {
    const { kind, text } = this.#next;
    return (kind === 'sign' || kind === 'name' || kind === 'newline') && texts.includes(text);
  }

  #take(...texts: string[]): string | undefined {
    if (!this.#is(...texts)) return undefined;
    this.#at += 1;
    return this.#tokens[this.#at - 1]!.text;
  }

  #expect(text: string): void {
    if (this.#take(text) === undefined) this.#fail();
  }

  #fail(): never {
    const { kind, text } = this.#next;
    throw new AwkFault(
      `syntax error at or near ${kind === 'end' ? 'end of file' : kind === 'newline' ? 'end of line' : text}`,
    );
  }

  #skip(): void {
    while (this.#take('\n', ';') !== undefined);
  }

  #newlines(): void {
    while (this.#take('\n') !== undefined);
  }

  #atEnd(): boolean {
    this.#skip();
    return this.#next.kind === 'end';
  }

  #closes(): boolean {
    this.#skip();
    return this.#take('}') !== undefined;
  }

  program(): AwkProgram {
    const rules: Rule[] = [];
    const functions = new Map<string, { names: readonly string[]; body: Statement }>();
    while (!this.#atEnd()) {
      if (this.#take('function', 'func') !== undefined) {
        const name = this.#next.text;
        this.#at += 1;
        this.#expect('(');
        const names: string[] = [];
        while (this.#take(')') === undefined) {
          names.push(this.#next.text);
          this.#at += 1;
          this.#take(',');
        }
        this.#newlines();
        functions.set(name, { names, body: this.#block() });
        continue;
      }
      const when = this.#take('BEGIN', 'END');
      if (when !== undefined) {
        rules.push({ when: when as 'BEGIN', body: this.#block() });
        continue;
      }
      if (this.#is('{')) {
        rules.push({ when: 'line', body: this.#block() });
        continue;
      }
      const pattern = this.#expr();
      const until = this.#take(',') === undefined ? undefined : this.#expr();
      const body = this.#is('{') ? this.#block() : undefined;
      rules.push({ when: 'line', pattern, ...(until && { until }), ...(body && { body }) });
    }
    return { rules, functions };
  }

  #block(): Statement {
    this.#expect('{');
    const body: Statement[] = [];
    while (!this.#closes()) {
      if (this.#next.kind === 'end') this.#fail();
      body.push(this.#statement());
    }
    return { kind: 'block', body };
  }

  #statement(): Statement {
    this.#depth += 1;
    if (this.#depth > DEPTH_LIMIT) throw new AwkFault('nested too deeply');
    const statement = this.#inner();
    this.#depth -= 1;
    return statement;
  }

  #inner(): Statement {
    if (this.#is('{')) return this.#block();
    if (this.#take(';') !== undefined) return { kind: 'block', body: [] };
    const word = this.#next.kind === 'name' ? this.#next.text : '';
    switch (word) {
      case 'if': {
        this.#at += 1;
        const test = this.#condition();
        const yes = this.#statement();
        const back = this.#at;
        this.#skip();
        if (this.#take('else') === undefined) {
          this.#at = back;
          return { kind: 'if', test, yes };
        }
        this.#newlines();
        return { kind: 'if', test, yes, no: this.#statement() };
      }
      case 'while':
        this.#at += 1;
        return { kind: 'while', test: this.#condition(), body: this.#statement() };
      case 'do': {
        this.#at += 1;
        this.#newlines();
        const body = this.#statement();
        this.#skip();
        this.#expect('while');
        return { kind: 'do', test: this.#condition(), body };
      }
      case 'for':
        this.#at += 1;
        return this.#for();
    }
    const statement = this.#simple();
    if (!this.#is('}') && this.#next.kind !== 'end' && this.#take(';', '\n') === undefined)
      this.#fail();
    return statement;
  }

  #condition(): Expr {
    this.#expect('(');
    const test = this.#expr();
    this.#expect(')');
    this.#newlines();
    return test;
  }

  #for(): Statement {
    this.#expect('(');
    const [name, word, array, close] = this.#tokens.slice(this.#at, this.#at + 4);
    if (name?.kind === 'name' && word?.text === 'in' && close?.text === ')') {
      this.#at += 4;
      this.#newlines();
      return { kind: 'each', variable: name.text, array: array!.text, body: this.#statement() };
    }
    const first = this.#is(';') ? undefined : this.#simple();
    this.#expect(';');
    const test = this.#is(';') ? undefined : this.#expr();
    this.#expect(';');
    const next = this.#is(')') ? undefined : this.#simple();
    this.#expect(')');
    this.#newlines();
    return {
      kind: 'for',
      ...(first && { first }),
      ...(test && { test }),
      ...(next && { next }),
      body: this.#statement(),
    };
  }

  #simple(): Statement {
    const word = this.#take(
      'print',
      'printf',
      'next',
      'break',
      'continue',
      'exit',
      'return',
      'delete',
    );
    switch (word) {
      case 'print':
      case 'printf': {
        this.#printing += 1;
        const args = this.#ends() ? [] : this.#list();
        this.#printing -= 1;
        if (this.#is('>', '|')) throw new AwkFault('redirections of print are not there');
        // `print (a, b)` and `print(a)(b)`.
        const [only] = args;
        const group =
          args.length === 1 && only?.kind === 'call' && only.name === '(' ? only.args : args;
        return { kind: word, args: group };
      }
      case 'exit':
      case 'return':
        return this.#ends() ? { kind: word } : { kind: word, value: this.#expr() };
      case 'delete': {
        const name = this.#next.text;
        this.#at += 1;
        const keys = this.#take('[') === undefined ? [] : this.#list();
        if (keys.length > 0) this.#expect(']');
        return { kind: 'delete', name, keys };
      }
      case undefined:
        return { kind: 'expression', value: this.#expr() };
      default:
        return { kind: word as 'next' };
    }
  }

  #ends(): boolean {
    return this.#is(';', '}', '\n', '>', '|', ')') || this.#next.kind === 'end';
  }

  #list(): Expr[] {
    const list = [this.#expr()];
    while (this.#take(',') !== undefined) {
      this.#newlines();
      list.push(this.#expr());
    }
    return list;
  }

  #expr(): Expr {
    this.#depth += 1;
    if (this.#depth > DEPTH_LIMIT) throw new AwkFault('nested too deeply');
    const left = this.#choice();
    const operator = ['variable', 'field', 'element'].includes(left.kind)
      ? this.#take('=', '+=', '-=', '*=', '/=', '%=', '^=')
      : undefined;
    const value: Expr =
      operator === undefined ? left : { kind: 'assign', operator, to: left, value: this.#expr() };
    this.#depth -= 1;
    return value;
  }

  #choice(): Expr {
    const test = this.#binary(0);
    if (this.#take('?') === undefined) return test;
    const yes = this.#expr();
    this.#expect(':');
    return { kind: 'choice', test, yes, no: this.#expr() };
  }

  #binary(level: number): Expr {
    const signs = LEVELS[level];
    if (!signs) return this.#unary();
    let left = this.#binary(level + 1);
    for (;;) {
      if (signs[0] === 'concat') {
        if (!this.#startsValue()) return left;
        left = { kind: 'binary', operator: 'concat', left, right: this.#binary(level + 1) };
        continue;
      }
      if (this.#printing > 0 && this.#is('>')) return left;
      const operator = this.#take(...signs);
      if (operator === undefined) return left;
      if (operator === 'in') {
        const keys = left.kind === 'call' && left.name === '(' ? left.args : [left];
        left = { kind: 'in', keys, name: this.#next.text };
        this.#at += 1;
        continue;
      }
      this.#newlines();
      left = { kind: 'binary', operator, left, right: this.#binary(level + 1) };
    }
  }

  /** Whether a value begins here, which puts it behind the one before. */
  #startsValue(): boolean {
    const { kind, text } = this.#next;
    if (kind === 'number' || kind === 'string' || kind === 'regex') return true;
    if (kind === 'name') return !KEYWORDS.includes(text);
    return kind === 'sign' && ['$', '(', '++', '--'].includes(text);
  }

  #unary(): Expr {
    const operator = this.#take('!', '-', '+');
    if (operator !== undefined) {
      this.#depth += 1;
      if (this.#depth > DEPTH_LIMIT) throw new AwkFault('nested too deeply');
      const of = this.#unary();
      this.#depth -= 1;
      return { kind: 'unary', operator, of };
    }
    const base = this.#postfix();
    if (this.#take('^', '**') === undefined) return base;
    return { kind: 'binary', operator: '^', left: base, right: this.#unary() };
  }

  #postfix(): Expr {
    const before = this.#take('++', '--');
    if (before !== undefined)
      return { kind: 'step', by: before === '++' ? 1 : -1, before: true, of: this.#primary() };
    const of = this.#primary();
    if (!['variable', 'field', 'element'].includes(of.kind)) return of;
    const after = this.#take('++', '--');
    return after === undefined
      ? of
      : { kind: 'step', by: after === '++' ? 1 : -1, before: false, of };
  }

  #primary(): Expr {
    const token = this.#next;
    this.#at += 1;
    switch (token.kind) {
      case 'newline':
      case 'end':
        break;
      case 'number':
        return { kind: 'number', value: Number(token.text) };
      case 'string':
      case 'regex':
        return { kind: token.kind, text: token.text };
      case 'name': {
        if (KEYWORDS.includes(token.text)) break;
        if (this.#is('(') && (!this.#next.spaced || token.text === 'length')) {
          this.#at += 1;
          const args = this.#is(')') ? [] : this.#inParentheses(() => this.#list());
          this.#expect(')');
          return { kind: 'call', name: token.text, args };
        }
        if (token.text === 'length') return { kind: 'call', name: 'length', args: [] };
        if (this.#take('[') !== undefined) {
          const keys = this.#inParentheses(() => this.#list());
          this.#expect(']');
          return { kind: 'element', name: token.text, keys };
        }
        return { kind: 'variable', text: token.text };
      }
      case 'sign':
        if (token.text === '$') {
          const step = this.#take('++', '--');
          if (step !== undefined)
            return {
              kind: 'field',
              of: { kind: 'step', by: step === '++' ? 1 : -1, before: true, of: this.#primary() },
            };
          if (this.#take('-') !== undefined)
            return { kind: 'field', of: { kind: 'unary', operator: '-', of: this.#primary() } };
          return { kind: 'field', of: this.#primary() };
        }
        if (token.text === '(') {
          const list = this.#inParentheses(() => this.#list());
          this.#expect(')');
          return list.length === 1
            ? { kind: 'unary', operator: '(', of: list[0]! }
            : { kind: 'call', name: '(', args: list };
        }
    }
    this.#at -= 1;
    this.#fail();
  }

  #inParentheses<T>(work: () => T): T {
    const before = this.#printing;
    this.#printing = 0;
    const result = work();
    this.#printing = before;
    return result;
  }
}

/** Throws an {@link AwkFault}. */
export const readAwk = (source: string): AwkProgram => new AwkReader(source).program();
