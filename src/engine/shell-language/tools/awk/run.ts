import { compile, matchAll, type Regex } from '../../regex/regex.ts';
import { AwkFault, type AwkProgram, type Expr, type Rule, type Statement } from './program.ts';
import {
  arithmetic,
  compare,
  formatValues,
  isTrue,
  numberText,
  PURE_FUNCTIONS,
  splitText,
  toNumber,
  type Value,
} from './values.ts';

/**
 * Runs awk programs (POSIX.1-2024 `awk`, words of mawk).
 *
 * Simplified: print goes to standard output only; no getline, no system(), no printing to files.
 */
type Cells = Map<string, Value>;

class Jump extends Error {
  readonly to: 'next' | 'exit' | 'break' | 'continue' | 'return';

  constructor(to: Jump['to']) {
    super(to);
    this.to = to;
  }
}

const STEP_LIMIT = 5_000_000;
const OUTPUT_LIMIT = 20_000_000;
const CALL_LIMIT = 200;
const FIELD_LIMIT = 100_000;

export class AwkRun {
  readonly #program: AwkProgram;
  readonly #variables: Cells = new Map();
  readonly #arrays = new Map<string, Cells>();
  readonly #ranges = new Map<Rule, boolean>();
  readonly #regexes = new Map<string, Regex>();
  #locals: { values: Cells; arrays: Map<string, Cells> }[] = [];
  #fields: string[] = [];
  #record = '';
  #steps = 0;
  #returned: Value = '';
  out = '';
  status = 0;
  ended = false;

  constructor(
    program: AwkProgram,
    variables: Readonly<Record<string, string>>,
    env: Readonly<Record<string, string>>,
  ) {
    this.#program = program;
    const usual = {
      FS: ' ',
      OFS: ' ',
      ORS: '\n',
      RS: '\n',
      SUBSEP: '\x1c',
      OFMT: '%.6g',
      CONVFMT: '%.6g',
      FILENAME: '',
    };
    for (const [name, value] of Object.entries(usual)) this.#variables.set(name, value);
    for (const name of ['NR', 'NF', 'FNR']) this.#variables.set(name, 0);
    for (const [name, value] of Object.entries(variables))
      this.#variables.set(name, { input: value });
    this.#arrays.set(
      'ENVIRON',
      new Map(Object.entries(env).map(([name, value]) => [name, { input: value }])),
    );
  }

  set(name: string, value: string): void {
    this.#variables.set(name, { input: value });
  }

  get recordSeparator(): string {
    return this.#text(this.#variables.get('RS') ?? '\n');
  }

  get readsInput(): boolean {
    return this.#program.rules.some(({ when }) => when !== 'BEGIN');
  }

  begin(): void {
    this.#section('BEGIN');
  }

  end(): void {
    this.ended = false;
    this.#section('END');
    this.ended = true;
  }

  #section(when: 'BEGIN' | 'END'): void {
    for (const rule of this.#program.rules)
      if (rule.when === when && !this.ended) this.#guarded(() => this.#do(rule.body!));
  }

  /** One record of the input. */
  line(text: string): void {
    this.#setRecord(text);
    for (const name of ['NR', 'FNR'])
      this.#variables.set(name, toNumber(this.#variables.get(name) ?? 0) + 1);
    this.#guarded(() => {
      for (const rule of this.#program.rules) {
        if (rule.when !== 'line' || !this.#selects(rule)) continue;
        if (rule.body) this.#do(rule.body);
        else this.#print(this.#record + this.#text(this.#variables.get('ORS')!));
      }
    });
  }

  nextFile(name: string): void {
    this.#variables.set('FILENAME', name);
    this.#variables.set('FNR', 0);
  }

  #guarded(work: () => void): void {
    try {
      work();
    } catch (fault) {
      if (!(fault instanceof Jump)) throw fault;
      if (fault.to === 'exit') this.ended = true;
    }
  }

  #selects(rule: Rule): boolean {
    if (!rule.pattern) return true;
    if (!rule.until) return isTrue(this.#eval(rule.pattern));
    const inside = this.#ranges.get(rule) === true || isTrue(this.#eval(rule.pattern));
    if (inside) this.#ranges.set(rule, !isTrue(this.#eval(rule.until)));
    return inside;
  }

  #print(text: string): void {
    this.out += text;
    if (this.out.length > OUTPUT_LIMIT) throw new AwkFault('too much output');
  }

  #setRecord(text: string): void {
    this.#record = text;
    this.#fields = this.#split(text, this.#text(this.#variables.get('FS') ?? ' '));
    this.#variables.set('NF', this.#fields.length);
  }

  #split(text: string, separator: string): string[] {
    return splitText(text, separator, (source) => this.#regex(source));
  }

  #regex(source: string): Regex {
    let regex = this.#regexes.get(source);
    if (!regex) {
      regex = compile(source, { extended: true });
      this.#regexes.set(source, regex);
    }
    return regex;
  }

  #text(value: Value, format = 'CONVFMT'): string {
    if (typeof value !== 'number') return typeof value === 'string' ? value : value.input;
    const wanted = this.#variables.get(format) ?? '%.6g';
    return numberText(value, typeof wanted === 'number' ? String(wanted) : this.#text(wanted));
  }

  #array(name: string): Cells {
    const local = this.#locals.at(-1);
    if (local?.values.has(name) || local?.arrays.has(name)) {
      const found = local.arrays.get(name) ?? new Map<string, Value>();
      local.arrays.set(name, found);
      return found;
    }
    const found = this.#arrays.get(name) ?? new Map<string, Value>();
    this.#arrays.set(name, found);
    return found;
  }

  #key(keys: readonly Expr[]): string {
    return keys
      .map((key) => this.#text(this.#eval(key)))
      .join(this.#text(this.#variables.get('SUBSEP')!));
  }

  #count(): void {
    this.#steps += 1;
    if (this.#steps > STEP_LIMIT) throw new AwkFault('the program does not end');
  }

  #do(statement: Statement): void {
    this.#count();
    switch (statement.kind) {
      case 'expression':
        this.#eval(statement.value);
        return;
      case 'print': {
        const { args } = statement;
        const shown =
          args.length === 0
            ? this.#record
            : args
                .map((arg) => this.#text(this.#eval(arg), 'OFMT'))
                .join(this.#text(this.#variables.get('OFS')!));
        this.#print(shown + this.#text(this.#variables.get('ORS')!));
        return;
      }
      case 'printf': {
        const [format = '', ...args] = statement.args.map((arg) => this.#eval(arg));
        this.#print(this.#printf(format, args));
        return;
      }
      case 'block':
        for (const one of statement.body) this.#do(one);
        return;
      case 'if':
        if (isTrue(this.#eval(statement.test))) this.#do(statement.yes);
        else if (statement.no) this.#do(statement.no);
        return;
      case 'while':
      case 'do':
      case 'for':
      case 'each':
        this.#loop(statement);
        return;
      case 'exit':
        if (statement.value) this.status = toNumber(this.#eval(statement.value)) & 255;
        throw new Jump('exit');
      case 'return':
        this.#returned = statement.value ? this.#eval(statement.value) : '';
        throw new Jump('return');
      case 'delete':
        if (statement.keys.length === 0) this.#array(statement.name).clear();
        else this.#array(statement.name).delete(this.#key(statement.keys));
        return;
      default:
        throw new Jump(statement.kind);
    }
  }

  #loop(statement: Extract<Statement, { kind: 'while' | 'do' | 'for' | 'each' }>): void {
    /** False when it was broken off. */
    const turn = (): boolean => {
      this.#count();
      try {
        this.#do(statement.body);
        return true;
      } catch (fault) {
        if (!(fault instanceof Jump) || (fault.to !== 'break' && fault.to !== 'continue'))
          throw fault;
        return fault.to === 'continue';
      }
    };
    if (statement.kind === 'each') {
      for (const key of [...this.#array(statement.array).keys()]) {
        this.#assign({ kind: 'variable', text: statement.variable }, { input: key });
        if (!turn()) return;
      }
      return;
    }
    if (statement.kind === 'for') {
      if (statement.first) this.#do(statement.first);
      while (!statement.test || isTrue(this.#eval(statement.test))) {
        if (!turn()) return;
        if (statement.next) this.#do(statement.next);
      }
      return;
    }
    if (statement.kind === 'do' && !turn()) return;
    while (isTrue(this.#eval(statement.test))) if (!turn()) return;
  }

  #printf(format: Value, args: readonly Value[]): string {
    return formatValues(this.#text(format), args, (value) => this.#text(value));
  }

  #get(name: string): Value {
    const local = this.#locals.at(-1)?.values;
    return (local?.has(name) ? local.get(name) : this.#variables.get(name)) ?? { input: '' };
  }

  #assign(to: Expr, value: Value): Value {
    if (to.kind === 'variable') {
      const local = this.#locals.at(-1)?.values;
      if (local?.has(to.text)) local.set(to.text, value);
      else this.#variables.set(to.text, value);
      if (to.text === 'NF') this.#setFieldCount(toNumber(value));
    } else if (to.kind === 'element') this.#array(to.name).set(this.#key(to.keys), value);
    else if (to.kind === 'field') this.#setField(toNumber(this.#eval(to.of)), this.#text(value));
    return value;
  }

  #setFieldCount(count: number): void {
    this.#fields = Array.from(
      { length: Math.max(0, Math.min(count, FIELD_LIMIT)) },
      (_, i) => this.#fields[i] ?? '',
    );
    this.#record = this.#fields.join(this.#text(this.#variables.get('OFS')!));
  }

  #setField(number: number, text: string): void {
    if (number === 0) {
      this.#setRecord(text);
      return;
    }
    if (number < 0 || number > FIELD_LIMIT) throw new AwkFault(`attempt to access field ${number}`);
    const count = Math.max(this.#fields.length, number);
    this.#fields[number - 1] = text;
    this.#variables.set('NF', count);
    this.#setFieldCount(count);
  }

  #eval(expr: Expr): Value {
    this.#count();
    switch (expr.kind) {
      case 'number':
        return expr.value;
      case 'string':
        return expr.text;
      case 'regex':
        return this.#regex(expr.text).test(this.#record) ? 1 : 0;
      case 'variable':
        return this.#get(expr.text);
      case 'field': {
        const number = toNumber(this.#eval(expr.of));
        if (number < 0) throw new AwkFault(`attempt to access field ${number}`);
        return { input: number === 0 ? this.#record : (this.#fields[number - 1] ?? '') };
      }
      case 'element': {
        const array = this.#array(expr.name);
        const key = this.#key(expr.keys);
        const value = array.get(key);
        if (value !== undefined) return value;
        array.set(key, { input: '' });
        return { input: '' };
      }
      case 'in':
        return this.#array(expr.name).has(this.#key(expr.keys)) ? 1 : 0;
      case 'choice':
        return this.#eval(isTrue(this.#eval(expr.test)) ? expr.yes : expr.no);
      case 'unary':
        return this.#unary(expr.operator, this.#eval(expr.of));
      case 'step': {
        const before = toNumber(this.#eval(expr.of));
        this.#assign(expr.of, before + expr.by);
        return expr.before ? before + expr.by : before;
      }
      case 'assign': {
        const value = this.#eval(expr.value);
        if (expr.operator === '=') return this.#assign(expr.to, value);
        const before = toNumber(this.#eval(expr.to));
        return this.#assign(
          expr.to,
          arithmetic(expr.operator.slice(0, -1), before, toNumber(value)),
        );
      }
      case 'binary':
        return this.#binary(expr);
      case 'call':
        return this.#call(expr.name, expr.args);
    }
  }

  #unary(operator: string, value: Value): Value {
    if (operator === '!') return isTrue(value) ? 0 : 1;
    if (operator === '(') return value;
    return operator === '-' ? -toNumber(value) : toNumber(value);
  }

  #binary({ operator, left, right }: Extract<Expr, { kind: 'binary' }>): Value {
    if (operator === '&&') return isTrue(this.#eval(left)) && isTrue(this.#eval(right)) ? 1 : 0;
    if (operator === '||') return isTrue(this.#eval(left)) || isTrue(this.#eval(right)) ? 1 : 0;
    const one = this.#eval(left);
    if (operator === '~' || operator === '!~') {
      const source = right.kind === 'regex' ? right.text : this.#text(this.#eval(right));
      return this.#regex(source).test(this.#text(one)) === (operator === '~') ? 1 : 0;
    }
    const two = this.#eval(right);
    if (operator === 'concat') {
      const [before, after] = [this.#text(one), this.#text(two)];
      if (before.length + after.length > OUTPUT_LIMIT) throw new AwkFault('out of memory');
      return before + after;
    }
    if (['<', '<=', '==', '!=', '>', '>='].includes(operator))
      return compare(operator, one, two, (value) => this.#text(value)) ? 1 : 0;
    return arithmetic(operator, toNumber(one), toNumber(two));
  }

  #call(name: string, args: readonly Expr[]): Value {
    const own = this.#program.functions.get(name);
    if (own) return this.#callOwn(own, args);
    const text = (i: number): string =>
      this.#text(args[i] ? this.#eval(args[i]) : { input: this.#record });
    const number = (i: number): number => toNumber(args[i] ? this.#eval(args[i]) : 0);
    const pattern = (i: number): Regex => {
      const arg = args[i]!;
      return this.#regex(arg.kind === 'regex' ? arg.text : this.#text(this.#eval(arg)));
    };
    const pure = PURE_FUNCTIONS.get(name);
    if (pure) return pure({ text, number, has: (i) => args[i] !== undefined });
    switch (name) {
      case 'length': {
        const [arg] = args;
        if (arg?.kind === 'variable' && this.#arrays.has(arg.text))
          return this.#array(arg.text).size;
        return [...text(0)].length;
      }
      case 'split':
        return this.#splitInto(text(0), args);
      case 'sub':
      case 'gsub': {
        const target = args[2] ?? { kind: 'field', of: { kind: 'number', value: 0 } };
        return this.#substitute(name === 'gsub', pattern(0), text(1), target);
      }
      case 'match': {
        const found = pattern(1).exec(text(0), 0);
        this.#variables.set('RSTART', found ? found.index + 1 : 0);
        this.#variables.set('RLENGTH', found ? found.end - found.index : -1);
        return found ? found.index + 1 : 0;
      }
      case 'sprintf': {
        const [format = '', ...rest] = args.map((arg) => this.#eval(arg));
        return this.#printf(format, rest);
      }
      default:
        throw new AwkFault(`function ${name} never defined`);
    }
  }

  /** `split(text, array[, separator])`: how many parts there are. */
  #splitInto(text: string, [, target, separator]: readonly Expr[]): number {
    if (target?.kind !== 'variable') throw new AwkFault('split: second argument must be an array');
    const by =
      separator === undefined
        ? this.#text(this.#variables.get('FS')!)
        : separator.kind === 'regex'
          ? separator.text
          : this.#text(this.#eval(separator));
    const parts = this.#split(text, by);
    const array = this.#array(target.text);
    array.clear();
    parts.forEach((part, i) => array.set(String(i + 1), { input: part }));
    return parts.length;
  }

  #substitute(all: boolean, regex: Regex, replacement: string, target: Expr): number {
    const text = this.#text(this.#eval(target));
    const found = matchAll(regex, text, all ? Infinity : 1);
    if (found.length === 0) return 0;
    let result = '';
    let at = 0;
    for (const { index, end } of found) {
      const said = replacement.replace(/\\\\|\\&|&/g, (mark) =>
        mark === '&' ? text.slice(index, end) : mark.slice(1),
      );
      result += text.slice(at, index) + said;
      at = end;
    }
    this.#assign(target, result + text.slice(at));
    return found.length;
  }

  #callOwn(own: { names: readonly string[]; body: Statement }, args: readonly Expr[]): Value {
    if (this.#locals.length >= CALL_LIMIT) throw new AwkFault('function calls nested too deeply');
    const values: Cells = new Map();
    const arrays = new Map<string, Cells>();
    own.names.forEach((name, i) => {
      const arg = args[i];
      const isArray =
        arg?.kind === 'variable' &&
        (this.#arrays.has(arg.text) || this.#locals.at(-1)?.arrays.has(arg.text));
      if (isArray) arrays.set(name, this.#array(arg.text));
      values.set(name, arg && !isArray ? this.#eval(arg) : { input: '' });
    });
    this.#locals.push({ values, arrays });
    this.#returned = '';
    try {
      this.#do(own.body);
    } catch (fault) {
      if (!(fault instanceof Jump) || fault.to !== 'return') throw fault;
    } finally {
      this.#locals.pop();
    }
    return this.#returned;
  }
}
