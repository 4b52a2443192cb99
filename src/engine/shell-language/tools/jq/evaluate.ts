import { callBuiltin } from './builtins.ts';
import { formatAs } from './formats.ts';
import {
  deletePath,
  each,
  getPath,
  index,
  setPath,
  type FilterRunner,
  type Located,
  type Path,
  type Variables,
} from './paths.ts';
import { JqFault, type Filter } from './syntax.ts';
import {
  add,
  compare,
  get,
  isArray,
  isObject,
  shortText,
  typeOf,
  withKey,
  type Json,
} from './values.ts';

/** Runs a filter: each gives any number of values, one after another. */
/** Steps of one program, at most. */
const STEP_LIMIT = 5_000_000;

export class Evaluation implements FilterRunner {
  #steps = 0;

  *values(filter: Filter, input: Json, variables: Variables): Generator<Json> {
    for (const { value } of this.run(filter, { value: input }, variables)) yield value;
  }

  #count(): void {
    this.#steps += 1;
    if (this.#steps > STEP_LIMIT) throw new JqFault('the program takes too long');
  }

  *run(filter: Filter, input: Located, variables: Variables): Generator<Located> {
    this.#count();
    const values = (one: Filter) => this.values(one, input.value, variables);
    switch (filter.kind) {
      case 'identity':
        yield input;
        return;
      case 'recurse':
        yield* this.recurse(input);
        return;
      case 'literal':
        yield { value: filter.value as Json };
        return;
      case 'variable':
        if (!Object.hasOwn(variables, filter.name))
          throw new JqFault(`$${filter.name} is not defined`);
        yield { value: variables[filter.name]! };
        return;
      case 'text':
        for (const value of this.#text(filter, 0, '', input.value, variables)) yield { value };
        return;
      case 'format':
        yield { value: formatAs(filter.name, input.value) };
        return;
      case 'index':
        for (const of of this.run(filter.of, input, variables)) {
          for (const key of values(filter.key)) yield index(of, key);
        }
        return;
      case 'slice':
        for (const of of this.run(filter.of, input, variables)) {
          for (const to of filter.to ? values(filter.to) : [null]) {
            for (const from of filter.from ? values(filter.from) : [null])
              yield { value: slice(of.value, from, to) };
          }
        }
        return;
      case 'each':
        for (const of of this.run(filter.of, input, variables)) yield* each(of);
        return;
      case 'pipe':
        for (const left of this.run(filter.left, input, variables))
          yield* this.run(filter.right, left, variables);
        return;
      case 'comma':
        yield* this.run(filter.left, input, variables);
        yield* this.run(filter.right, input, variables);
        return;
      default:
        yield* this.#compound(filter, input, variables);
    }
  }

  *#compound(filter: Filter, input: Located, variables: Variables): Generator<Located> {
    const values = (one: Filter) => this.values(one, input.value, variables);
    switch (filter.kind) {
      case 'array':
        yield { value: filter.of ? [...values(filter.of)] : [] };
        return;
      case 'object':
        for (const value of this.#object(filter.entries, 0, {}, input.value, variables))
          yield { value };
        return;
      case 'negate':
        for (const value of values(filter.of)) {
          if (typeof value !== 'number')
            throw new JqFault(`${typeOf(value)} (${shortText(value)}) cannot be negated`);
          yield { value: -value };
        }
        return;
      case 'if':
        for (const test of values(filter.test)) {
          const isTrue = test !== null && test !== false;
          if (isTrue) yield* this.run(filter.yes, input, variables);
          else if (filter.no) yield* this.run(filter.no, input, variables);
          else yield input;
        }
        return;
      case 'try':
        try {
          yield* this.run(filter.of, input, variables);
        } catch (fault) {
          if (!(fault instanceof JqFault)) throw fault;
          if (filter.otherwise)
            yield* this.run(filter.otherwise, { value: fault.message }, variables);
        }
        return;
      case 'bind':
        for (const value of values(filter.source)) {
          yield* this.run(filter.body, input, { ...variables, [filter.name]: value });
        }
        return;
      case 'reduce': {
        let [state = null] = [...values(filter.first)];
        for (const value of values(filter.source)) {
          const inner = { ...variables, [filter.name]: value };
          state = [...this.values(filter.update, state, inner)].at(-1) ?? null;
        }
        yield { value: state };
        return;
      }
      case 'binary':
        yield* this.#binary(filter, input, variables);
        return;
      case 'assign':
        yield { value: this.#assign(filter, input.value, variables) };
        return;
      case 'call':
        yield* callBuiltin(this, filter, input, variables);
        return;
      default:
        throw new JqFault('unknown filter');
    }
  }

  *recurse(input: Located): Generator<Located> {
    this.#count();
    yield input;
    if (typeof input.value === 'object' && input.value !== null) {
      for (const below of each(input)) yield* this.recurse(below);
    }
  }

  *#text(
    filter: Extract<Filter, { kind: 'text' }>,
    at: number,
    before: string,
    input: Json,
    variables: Variables,
  ): Generator<string> {
    const part = filter.parts[at];
    if (part === undefined) yield before;
    else if (typeof part === 'string')
      yield* this.#text(filter, at + 1, before + part, input, variables);
    else {
      for (const value of this.values(part, input, variables)) {
        yield* this.#text(
          filter,
          at + 1,
          before + formatAs(filter.format ?? '@text', value),
          input,
          variables,
        );
      }
    }
  }

  *#object(
    entries: readonly (readonly [Filter, Filter])[],
    at: number,
    before: Readonly<Record<string, Json>>,
    input: Json,
    variables: Variables,
  ): Generator<Json> {
    const entry = entries[at];
    if (!entry) {
      yield before;
      return;
    }
    for (const key of this.values(entry[0], input, variables)) {
      if (typeof key !== 'string') throw new JqFault(`Object keys must be strings`);
      for (const value of this.values(entry[1], input, variables)) {
        yield* this.#object(entries, at + 1, withKey(before, key, value), input, variables);
      }
    }
  }

  *#binary(
    { operator, left, right }: Extract<Filter, { kind: 'binary' | 'assign' }>,
    input: Located,
    variables: Variables,
  ): Generator<Located> {
    const values = (one: Filter) => this.values(one, input.value, variables);
    const isTrue = (value: Json) => value !== null && value !== false;
    if (operator === '//') {
      let some = false;
      try {
        for (const one of this.run(left, input, variables)) {
          if (!isTrue(one.value)) continue;
          some = true;
          yield one;
        }
      } catch (fault) {
        if (!(fault instanceof JqFault)) throw fault;
      }
      if (!some) yield* this.run(right, input, variables);
      return;
    }
    if (operator === 'and' || operator === 'or') {
      for (const one of values(left)) {
        if (isTrue(one) === (operator === 'or')) yield { value: operator === 'or' };
        else for (const two of values(right)) yield { value: isTrue(two) };
      }
      return;
    }
    for (const two of values(right))
      for (const one of values(left)) yield { value: calculate(operator, one, two) };
  }

  #assign(
    { operator, left, right }: Extract<Filter, { kind: 'binary' | 'assign' }>,
    input: Json,
    variables: Variables,
  ): Json {
    const paths = this.paths(left, input, variables);
    let result = input;
    const [given = null] = operator === '|=' ? [] : [...this.values(right, input, variables)];
    for (const path of paths) {
      const before = getPath(result, path);
      let value = given;
      if (operator === '|=') {
        const [first] = this.values(right, before, variables);
        if (first === undefined) {
          result = deletePath(result, path);
          continue;
        }
        value = first;
      } else if (operator === '//=') value = before === null || before === false ? given : before;
      else if (operator !== '=') value = calculate(operator.slice(0, -1), before, given);
      result = setPath(result, path, value);
    }
    return result;
  }

  /** Where a filter leads in the input. */
  paths(filter: Filter, input: Json, variables: Variables): Path[] {
    return [...this.run(filter, { value: input, path: [] }, variables)].map(({ path }) => {
      if (!path) throw new JqFault('Invalid path expression');
      return path;
    });
  }
}

function slice(value: Json, from: Json, to: Json): Json {
  if (value === null) return null;
  if (typeof value !== 'string' && !isArray(value))
    throw new JqFault(`Cannot index ${typeOf(value)} with object`);
  const [low, high] = [from ?? 0, to ?? value.length];
  if (typeof low !== 'number' || typeof high !== 'number')
    throw new JqFault('Start and end indices of an array slice must be numbers');
  return value.slice(Math.floor(low), Math.ceil(high));
}

function calculate(operator: string, a: Json, b: Json): Json {
  switch (operator) {
    case '+':
      return add(a, b);
    case '==':
      return compare(a, b) === 0;
    case '!=':
      return compare(a, b) !== 0;
    case '<':
      return compare(a, b) < 0;
    case '<=':
      return compare(a, b) <= 0;
    case '>':
      return compare(a, b) > 0;
    case '>=':
      return compare(a, b) >= 0;
  }
  if (operator === '-' && isArray(a) && isArray(b))
    return a.filter((one) => !b.some((two) => compare(one, two) === 0));
  if (operator === '/' && typeof a === 'string' && typeof b === 'string')
    return a === '' ? [] : a.split(b);
  if (operator === '*' && typeof a === 'string' && typeof b === 'number')
    return b <= 0 ? null : a.repeat(Math.min(Math.ceil(b), 100_000));
  if (operator === '*' && isObject(a) && isObject(b)) return merge(a, b);
  const words =
    { '-': 'subtracted', '*': 'multiplied', '/': 'divided', '%': 'divided' }[operator] ?? operator;
  const pair = `${typeOf(a)} (${shortText(a)}) and ${typeOf(b)} (${shortText(b)})`;
  if (typeof a !== 'number' || typeof b !== 'number')
    throw new JqFault(`${pair} cannot be ${words}`);
  if (operator === '-') return a - b;
  if (operator === '*') return a * b;
  const divisor = operator === '%' ? Math.trunc(b) : b;
  if (divisor === 0) throw new JqFault(`${pair} cannot be divided because the divisor is zero`);
  return operator === '/' ? a / b : Math.trunc(a) % Math.abs(divisor);
}

function merge(a: Readonly<Record<string, Json>>, b: Readonly<Record<string, Json>>): Json {
  let result = a;
  for (const [key, value] of Object.entries(b)) {
    const before = get(result, key);
    result = withKey(
      result,
      key,
      isObject(before) && isObject(value) ? merge(before, value) : value,
    );
  }
  return result;
}
