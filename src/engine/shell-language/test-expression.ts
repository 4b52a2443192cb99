import { compareAge, FILE_TESTS, testFile } from './file-tests.ts';
import type { Step } from './state.ts';

/** `test` and `[` (POSIX.1-2024 `test`, with the words of bash 5.2). */
export interface TestContext {
  readonly place: string;
  readonly cwd: string;
  /** `-v`: whether a variable is set. */
  readonly isSet: (name: string) => boolean;
  /** `-t`: whether a descriptor is a terminal. */
  readonly isTerminal?: (fd: number) => boolean;
}

class TestFault extends Error {
  override name = 'TestFault';
}

const NUMERIC = ['-eq', '-ne', '-lt', '-le', '-gt', '-ge'];
const BINARY = ['=', '==', '!=', '<', '>', '-nt', '-ot', '-ef', ...NUMERIC];
const UNARY = [...FILE_TESTS, '-n', '-z', '-v', '-t', '-o'];
const WORD_LIMIT = 10_000;

export function compareNumbers(left: bigint, operator: string, right: bigint): boolean {
  switch (operator) {
    case '-eq':
      return left === right;
    case '-ne':
      return left !== right;
    case '-lt':
      return left < right;
    case '-le':
      return left <= right;
    case '-gt':
      return left > right;
    default:
      return left >= right;
  }
}

function integer(text: string): bigint {
  if (!/^\s*[-+]?\d{1,40}\s*$/.test(text))
    throw new TestFault(`${text}: integer expression expected`);
  return BigInt(text.trim().replace(/^\+/, ''));
}

class Tester {
  readonly #words: readonly string[];
  readonly #context: TestContext;
  #at = 0;

  constructor(words: readonly string[], context: TestContext) {
    this.#words = words;
    this.#context = context;
  }

  *all(): Step<boolean> {
    const count = this.#words.length;
    if (count === 0) return false;
    if (count === 1) return this.#words[0] !== '';
    if (count === 2 && this.#words[0] !== '!') {
      const [operator = ''] = this.#words;
      if (!UNARY.includes(operator)) throw new TestFault(`${operator}: unary operator expected`);
    }
    if (count === 3 && !BINARY.includes(this.#words[1]!) && !['!', '('].includes(this.#words[0]!)) {
      if (!['-a', '-o'].includes(this.#words[1]!)) {
        throw new TestFault(`${this.#words[1]!}: binary operator expected`);
      }
    }
    const value = yield* this.#or();
    if (this.#at < count) throw new TestFault('too many arguments');
    return value;
  }

  *#or(): Step<boolean> {
    let value = yield* this.#and();
    while (this.#words[this.#at] === '-o') {
      this.#at += 1;
      const right = yield* this.#and();
      value ||= right;
    }
    return value;
  }

  *#and(): Step<boolean> {
    let value = yield* this.#not();
    while (this.#words[this.#at] === '-a') {
      this.#at += 1;
      const right = yield* this.#not();
      value &&= right;
    }
    return value;
  }

  *#not(): Step<boolean> {
    let negated = false;
    while (
      this.#words[this.#at] === '!' &&
      !this.#isBinary() &&
      this.#at + 1 < this.#words.length
    ) {
      negated = !negated;
      this.#at += 1;
    }
    return (yield* this.#primary()) !== negated;
  }

  #isBinary(): boolean {
    return BINARY.includes(this.#words[this.#at + 1] ?? '') && this.#at + 2 < this.#words.length;
  }

  *#primary(): Step<boolean> {
    const word = this.#words[this.#at];
    if (word === undefined) throw new TestFault('argument expected');
    if (this.#isBinary()) {
      const operator = this.#words[this.#at + 1]!;
      const right = this.#words[this.#at + 2]!;
      this.#at += 3;
      return yield* this.#binary(word, operator, right);
    }
    if (word === '(' && this.#words.length > this.#at + 1) {
      this.#at += 1;
      const value = yield* this.#or();
      if (this.#words[this.#at] !== ')') throw new TestFault("`)' expected");
      this.#at += 1;
      return value;
    }
    const operand = this.#words[this.#at + 1];
    if (UNARY.includes(word) && operand !== undefined) {
      this.#at += 2;
      return yield* this.#unary(word, operand);
    }
    this.#at += 1;
    return word !== '';
  }

  *#unary(operator: string, operand: string): Step<boolean> {
    const { place, cwd, isSet, isTerminal } = this.#context;
    if (operator === '-n') return operand !== '';
    if (operator === '-z') return operand === '';
    if (operator === '-v') return isSet(operand);
    if (operator === '-t') return isTerminal?.(Number(operand)) ?? false;
    if (operator === '-o') return false;
    return yield* testFile(place, cwd, operator, operand);
  }

  *#binary(left: string, operator: string, right: string): Step<boolean> {
    const { place, cwd } = this.#context;
    if (NUMERIC.includes(operator)) return compareNumbers(integer(left), operator, integer(right));
    if (operator === '=' || operator === '==') return left === right;
    if (operator === '!=') return left !== right;
    if (operator === '<') return left < right;
    if (operator === '>') return left > right;
    return yield* compareAge(place, cwd, left, operator, right);
  }
}

/** 0, 1, or 2 with the words of a mistake. */
export function* evaluateTest(
  words: readonly string[],
  context: TestContext,
): Step<{ status: 0 | 1 | 2; message?: string }> {
  try {
    if (words.length > WORD_LIMIT) throw new TestFault('too many arguments');
    return { status: (yield* new Tester(words, context).all()) ? 0 : 1 };
  } catch (fault) {
    if (!(fault instanceof TestFault)) throw fault;
    return { status: 2, message: fault.message };
  }
}
