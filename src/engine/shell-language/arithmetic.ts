/**
 * Shell arithmetic: `$((…))`, `((…))` and the operands of `-eq`. 64-bit integers that wrap around,
 * with C's operators (GNU bash 5.2 `expr.c`).
 */
export class ArithmeticFault extends Error {
  override name = 'ArithmeticFault';
}

/** The variables an expression reads and sets. */
export interface Cells {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
}

const TOKEN =
  /\s*(?:(0[xX][0-9a-fA-F]+|\d+#[0-9A-Za-z]+|\d+)|([A-Za-z_][A-Za-z0-9_]*(?:\[[^\]]*\])?)|(\*\*|<<=|>>=|<<|>>|<=|>=|==|!=|&&|\|\||\+\+|--|[-+*/%&|^]=|[-+*/%<>=!~&|^?:(),]))/y;
const ASSIGNMENTS = ['=', '+=', '-=', '*=', '/=', '%=', '<<=', '>>=', '&=', '|=', '^='];
const BINARY: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '>', '<=', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];
const DEPTH_LIMIT = 200;

interface Token {
  readonly kind: 'number' | 'name' | 'sign';
  readonly text: string;
  readonly at: number;
}

const wrap = (value: bigint): bigint => BigInt.asIntN(64, value);
const truth = (value: boolean): bigint => (value ? 1n : 0n);

class Expression {
  readonly #text: string;
  readonly #tokens: Token[] = [];
  readonly #cells: Cells;
  #at = 0;
  #depth: number;
  /** Within the branch that is not taken nothing is assigned and nothing divided. */
  #idle = 0;

  constructor(text: string, cells: Cells, depth: number) {
    this.#text = text;
    this.#cells = cells;
    this.#depth = depth;
    if (depth > DEPTH_LIMIT) this.#fail('expression recursion level exceeded', text);
    TOKEN.lastIndex = 0;
    const end = text.trimEnd().length;
    while (TOKEN.lastIndex < end) {
      const from = TOKEN.lastIndex;
      const match = TOKEN.exec(text);
      if (!match) {
        TOKEN.lastIndex = from;
        const rest = text.slice(from).trim();
        throw new ArithmeticFault(
          `${text}: syntax error: operand expected (error token is "${rest}")`,
        );
      }
      const kind = match[1] !== undefined ? 'number' : match[2] !== undefined ? 'name' : 'sign';
      this.#tokens.push({ kind, text: match[0].trim(), at: from });
    }
  }

  value(): bigint {
    if (this.#tokens.length === 0) return 0n;
    const value = this.#comma();
    if (this.#at < this.#tokens.length) this.#fail('syntax error in expression');
    return value;
  }

  #fail(why: string, token?: string): never {
    const rest = token ?? this.#text.slice(this.#tokens[this.#at]?.at ?? this.#last()).trim();
    throw new ArithmeticFault(`${this.#text.trim()}: ${why} (error token is "${rest}")`);
  }

  #last(): number {
    return this.#tokens.at(-1)?.at ?? 0;
  }

  #sign(...texts: string[]): string | undefined {
    const token = this.#tokens[this.#at];
    return token?.kind === 'sign' && texts.includes(token.text) ? token.text : undefined;
  }

  #take(...texts: string[]): string | undefined {
    const sign = this.#sign(...texts);
    if (sign !== undefined) this.#at += 1;
    return sign;
  }

  #comma(): bigint {
    let value = this.#assignment();
    while (this.#take(',') !== undefined) value = this.#assignment();
    return value;
  }

  #assignment(): bigint {
    this.#depth += 1;
    if (this.#depth > DEPTH_LIMIT) this.#fail('expression recursion level exceeded');
    const name = this.#tokens[this.#at];
    const sign = this.#tokens[this.#at + 1];
    let value: bigint;
    if (name?.kind === 'name' && sign?.kind === 'sign' && ASSIGNMENTS.includes(sign.text)) {
      this.#at += 2;
      const right = this.#assignment();
      const operator = sign.text.slice(0, -1);
      value = operator === '' ? right : this.#apply(operator, this.#read(name.text), right);
      this.#write(name.text, value);
    } else {
      value = this.#choice();
    }
    this.#depth -= 1;
    return value;
  }

  #skipping<T>(idle: boolean, work: () => T): T {
    if (idle) this.#idle += 1;
    const result = work();
    if (idle) this.#idle -= 1;
    return result;
  }

  #choice(): bigint {
    const test = this.#binary(0);
    if (this.#take('?') === undefined) return test;
    const yes = this.#skipping(test === 0n, () => this.#assignment());
    if (this.#take(':') === undefined) this.#fail("`:' expected for conditional expression");
    const no = this.#skipping(test !== 0n, () => this.#assignment());
    return test === 0n ? no : yes;
  }

  #binary(level: number): bigint {
    const signs = BINARY[level];
    if (!signs) return this.#power();
    let left = this.#binary(level + 1);
    for (let sign = this.#take(...signs); sign !== undefined; sign = this.#take(...signs)) {
      const idle = (sign === '||' && left !== 0n) || (sign === '&&' && left === 0n);
      const right = this.#skipping(idle, () => this.#binary(level + 1));
      left = this.#apply(sign, left, right);
    }
    return left;
  }

  #power(): bigint {
    const base = this.#unary();
    if (this.#take('**') === undefined) return base;
    let exponent = this.#power();
    if (exponent < 0n) this.#fail('exponent less than 0');
    let result = 1n;
    for (let factor = base; exponent > 0n; exponent >>= 1n) {
      if ((exponent & 1n) === 1n) result = wrap(result * factor);
      factor = wrap(factor * factor);
    }
    return result;
  }

  #unary(): bigint {
    const sign = this.#take('+', '-', '!', '~', '++', '--');
    if (sign === undefined) return this.#primary();
    if (sign === '++' || sign === '--') {
      const name = this.#tokens[this.#at];
      if (name?.kind === 'name') {
        this.#at += 1;
        const value = wrap(this.#read(name.text) + (sign === '++' ? 1n : -1n));
        this.#write(name.text, value);
        return value;
      }
    }
    const value = this.#unary();
    if (sign === '-') return wrap(-value);
    if (sign === '!') return truth(value === 0n);
    return sign === '~' ? ~value : value;
  }

  #primary(): bigint {
    const token = this.#tokens[this.#at];
    if (!token) this.#fail('syntax error: operand expected');
    if (token.kind === 'number') {
      this.#at += 1;
      return this.#number(token.text);
    }
    if (token.kind === 'name') {
      this.#at += 1;
      const value = this.#read(token.text);
      const sign = this.#take('++', '--');
      if (sign !== undefined) this.#write(token.text, wrap(value + (sign === '++' ? 1n : -1n)));
      return value;
    }
    if (this.#take('(') === undefined) this.#fail('syntax error: operand expected');
    const value = this.#comma();
    if (this.#take(')') === undefined) this.#fail("missing `)'");
    return value;
  }

  #number(text: string): bigint {
    if (text.includes('#')) {
      const [base = '10', digits = ''] = text.split('#');
      let value = 0n;
      for (const digit of digits.toLowerCase()) {
        const worth = parseInt(digit, 36);
        if (worth >= Number(base)) this.#fail('value too great for base', text);
        value = value * BigInt(base) + BigInt(worth);
      }
      return wrap(value);
    }
    if (/^0[xX]/.test(text)) return wrap(BigInt(text));
    if (/^0\d/.test(text)) {
      if (/[89]/.test(text)) this.#fail('value too great for base', text);
      return wrap(BigInt(`0o${text}`));
    }
    return wrap(BigInt(text));
  }

  #read(name: string): bigint {
    const text = this.#cells.get(name)?.trim() ?? '';
    if (text === '') return 0n;
    if (/^-?[1-9]\d{0,17}$|^0$/.test(text)) return BigInt(text);
    return new Expression(text, this.#cells, this.#depth + 1).value();
  }

  #write(name: string, value: bigint): void {
    if (this.#idle === 0) this.#cells.set(name, String(value));
  }

  #apply(sign: string, left: bigint, right: bigint): bigint {
    switch (sign) {
      case '||':
        return truth(left !== 0n || right !== 0n);
      case '&&':
        return truth(left !== 0n && right !== 0n);
      case '|':
        return left | right;
      case '^':
        return left ^ right;
      case '&':
        return left & right;
      case '==':
        return truth(left === right);
      case '!=':
        return truth(left !== right);
      case '<':
        return truth(left < right);
      case '>':
        return truth(left > right);
      case '<=':
        return truth(left <= right);
      case '>=':
        return truth(left >= right);
      case '<<':
        return wrap(left << (right & 63n));
      case '>>':
        return left >> (right & 63n);
      case '+':
        return wrap(left + right);
      case '-':
        return wrap(left - right);
      case '*':
        return wrap(left * right);
      default:
        if (right === 0n) {
          if (this.#idle > 0) return 0n;
          throw new ArithmeticFault(
            `${this.#text.trim()}: division by 0 (error token is "${this.#tokens[this.#at - 1]?.text ?? ''}")`,
          );
        }
        return wrap(sign === '/' ? left / right : left % right);
    }
  }
}

/** What an expression comes to. Throws an {@link ArithmeticFault} in bash's words. */
export function evaluate(text: string, cells: Cells): bigint {
  return new Expression(text, cells, 0).value();
}
