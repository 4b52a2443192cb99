import { assignValues } from './arrays.ts';
import type { Context } from './context.ts';
import { calculate, expandPattern, expandText } from './expansion.ts';
import { compareAge, FILE_TESTS, testFile } from './file-tests.ts';
import { matches, readPattern } from './pattern.ts';
import { compile, RegexFault } from './regex/regex.ts';
import { ExpansionFault, type Step } from './state.ts';
import type { ConditionWord, Word } from './syntax.ts';
import { compareNumbers } from './test-expression.ts';

/** `[[ … ]]` of bash: words are not split, the right side of `==` is a pattern. */
const NUMERIC = ['-eq', '-ne', '-lt', '-le', '-gt', '-ge'];
const AGES = ['-nt', '-ot', '-ef'];
/** So many brackets within one another are read. */
const DEPTH_LIMIT = 200;

class Condition {
  readonly #words: readonly ConditionWord[];
  readonly #context: Context;
  #at = 0;
  #depth = 0;

  constructor(words: readonly ConditionWord[], context: Context) {
    this.#words = words;
    this.#context = context;
  }

  *value(): Step<boolean> {
    const value = yield* this.#or(true);
    if (this.#at < this.#words.length) yield* this.#mistake();
    return value;
  }

  *#mistake(): Step<never> {
    const { shell, io } = this.#context;
    yield* shell.complain(io, 'syntax error in conditional expression');
    throw new ExpansionFault('conditional', false);
  }

  #operator(): string | undefined {
    const word = this.#words[this.#at];
    return word && 'operator' in word ? word.operator : undefined;
  }

  /** The next word as written, when it is unquoted text. */
  #plain(ahead = 0): string | undefined {
    const word = this.#words[this.#at + ahead];
    if (!word || 'operator' in word) return undefined;
    const [part] = word.word;
    return word.word.length === 1 && part?.kind === 'text' && !part.quoted ? part.text : undefined;
  }

  *#or(live: boolean): Step<boolean> {
    let value = yield* this.#and(live);
    while (this.#operator() === '||') {
      this.#at += 1;
      const right = yield* this.#and(live && !value);
      value ||= right;
    }
    return value;
  }

  *#and(live: boolean): Step<boolean> {
    let value = yield* this.#not(live);
    while (this.#operator() === '&&') {
      this.#at += 1;
      const right = yield* this.#not(live && value);
      value &&= right;
    }
    return value;
  }

  *#not(live: boolean): Step<boolean> {
    let negated = false;
    for (; this.#operator() === '!'; this.#at++) negated = !negated;
    if (negated) return !(yield* this.#not(live));
    if (this.#operator() === '(') {
      this.#at += 1;
      if (++this.#depth > DEPTH_LIMIT) yield* this.#mistake();
      const value = yield* this.#or(live);
      this.#depth -= 1;
      if (this.#operator() !== ')') yield* this.#mistake();
      this.#at += 1;
      return value;
    }
    return yield* this.#primary(live);
  }

  *#take(): Step<Word> {
    const word = this.#words[this.#at];
    if (!word || 'operator' in word) return yield* this.#mistake();
    this.#at += 1;
    return word.word;
  }

  *#primary(live: boolean): Step<boolean> {
    const unary = this.#plain();
    const next = this.#words[this.#at + 1];
    const hasOperand = next && 'word' in next;
    const isUnary =
      unary !== undefined && [...FILE_TESTS, '-n', '-z', '-v', '-t', '-o'].includes(unary);
    if (isUnary && hasOperand && !this.#isBinary()) {
      this.#at += 1;
      const word = yield* this.#take();
      return live && (yield* this.#unary(unary, yield* expandText(this.#context, word)));
    }
    const left = yield* this.#take();
    const sign = this.#operator() ?? this.#plain();
    const isBinary = sign !== undefined && (sign === '<' || sign === '>' || BINARY.includes(sign));
    if (!isBinary) return live && (yield* expandText(this.#context, left)) !== '';
    this.#at += 1;
    const right = yield* this.#take();
    return live && (yield* this.#binary(left, sign, right));
  }

  #isBinary(): boolean {
    return BINARY.includes(this.#plain(1) ?? '');
  }

  *#unary(operator: string, operand: string): Step<boolean> {
    const { shell } = this.#context;
    if (operator === '-n') return operand !== '';
    if (operator === '-z') return operand === '';
    if (operator === '-v') return shell.get(operand) !== undefined;
    if (operator === '-t' || operator === '-o') return false;
    return yield* testFile(shell.place, shell.cwd, operator, operand);
  }

  *#binary(leftWord: Word, operator: string, rightWord: Word): Step<boolean> {
    const context = this.#context;
    const { shell } = context;
    const left = yield* expandText(context, leftWord);
    if (operator === '=' || operator === '==' || operator === '!=') {
      const pattern = readPattern(yield* expandPattern(context, rightWord));
      return matches(pattern, left) !== (operator === '!=');
    }
    if (operator === '=~') return yield* this.#matches(left, rightWord);
    const right = yield* expandText(context, rightWord);
    if (operator === '<') return left < right;
    if (operator === '>') return left > right;
    if (AGES.includes(operator)) {
      return yield* compareAge(shell.place, shell.cwd, left, operator, right);
    }
    return compareNumbers(
      yield* calculate(context, left),
      operator,
      yield* calculate(context, right),
    );
  }

  *#matches(left: string, word: Word): Step<boolean> {
    const { shell } = this.#context;
    let source = '';
    for (const part of word) {
      const text = yield* expandText(this.#context, [part]);
      source += part.quoted ? text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&') : text;
    }
    try {
      const found = compile(source, { extended: true }).exec(left, 0);
      assignValues(shell, 'BASH_REMATCH', found?.groups.map((group) => group ?? '') ?? []);
      return found !== undefined;
    } catch (fault) {
      if (!(fault instanceof RegexFault)) throw fault;
      throw new ExpansionFault('regular expression', false);
    }
  }
}

const BINARY = ['=', '==', '!=', '=~', ...NUMERIC, ...AGES];

export function* evaluateCondition(
  context: Context,
  words: readonly ConditionWord[],
): Step<number> {
  try {
    return (yield* new Condition(words, context).value()) ? 0 : 1;
  } catch (fault) {
    if (!(fault instanceof ExpansionFault) || fault.fatal) throw fault;
    return 2;
  }
}
