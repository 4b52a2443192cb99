import { goQuote } from '../quote.ts';
import { isRefused, refuse, type Refused } from '../refused.ts';
import { FUNCTION_NAMES, FUNCTIONS, type TemplateFunction } from './functions.ts';
import { parseTemplate } from './parse.ts';
import { goText, isMapName } from './print.ts';
import { Nil } from './typed.ts';
import { commandText, nodeText, type Branch, type Node, type Operand, type Pipe } from './tree.ts';
import { isList, isMap, isTrue, sorted, Subject, typeName, type Value } from './value.ts';

/** A template that was understood and can be filled in many times. */
export interface Template {
  readonly source: string;
  readonly nodes: readonly Node[];
}

/** @param names what may be called */
export function template(
  source: string,
  names: ReadonlySet<string> = FUNCTION_NAMES,
): Template | Refused {
  const nodes = parseTemplate(source, names);
  return isRefused(nodes) ? nodes : { source, nodes };
}

export interface ExecuteOptions {
  readonly functions?: Readonly<Record<string, TemplateFunction>>;
  /** A name that a map does not have is a mistake (`missingkey=error`). */
  readonly strict?: boolean;
  /** So it is of labels and their like, too. */
  readonly exact?: boolean;
  /** Names that may be missing all the same: nothing then. */
  readonly optional?: ReadonlySet<string>;
  /** The name of the template, as errors tell it. */
  readonly name?: string;
  /** Every object is a map, and null is no value: the data were read from JSON. */
  readonly untyped?: boolean;
  /** Every object is a map that is no struct: structs are subjects. */
  readonly typed?: boolean;
}

/** Why a template stopped, and what it had written until then. */
export interface Stopped extends Refused {
  readonly before: string;
}

/** What docker would write; or why not, in Go's words (Go 1.25 `text/template/exec.go`). */
export function execute(
  { source, nodes }: Template,
  data: Value,
  options: ExecuteOptions = {},
): string | Stopped {
  const run = new Run(source, options);
  try {
    run.walk(nodes, data, [['$', data]]);
    return run.text;
  } catch (problem) {
    if (problem instanceof Stop) return { ...refuse(problem.message), before: run.text };
    throw problem;
  }
}

/** Leaves an evaluation from any depth; never leaves this file. */
class Stop extends Error {}

type Variables = [string, Value][];
type Flow = 'break' | 'continue' | undefined;

/** A value and the name of the member it was read from: what it is printed as may depend on it. */
interface Read {
  readonly value: Value;
  readonly name: string;
}

const STEP_LIMIT = 1_000_000;

class Run {
  readonly #source: string;
  readonly #functions: Readonly<Record<string, TemplateFunction>>;
  readonly #strict: boolean;
  readonly #exact: boolean;
  readonly #optional: ReadonlySet<string>;
  readonly #name: string;
  readonly #untyped: boolean;
  readonly #typed: boolean;
  #steps = 0;
  text = '';

  constructor(source: string, options: ExecuteOptions) {
    const { functions = FUNCTIONS, strict = false, optional = new Set<string>() } = options;
    this.#optional = optional;
    this.#exact = options.exact ?? false;
    this.#source = source;
    this.#functions = functions;
    this.#strict = strict;
    this.#name = options.name ?? '';
    this.#untyped = options.untyped ?? false;
    this.#typed = options.typed ?? false;
  }

  walk(nodes: readonly Node[], dot: Value, variables: Variables): Flow {
    const known = variables.length;
    for (const node of nodes) {
      this.#step(1);
      if (node.kind === 'text') this.text += node.text;
      else if (node.kind === 'action') {
        const read = this.#pipe(node.pipe, dot, variables);
        if (node.pipe.declares.length === 0) this.text += this.#shown(read);
      } else if (node.kind === 'break' || node.kind === 'continue') return node.kind;
      else {
        const flow = this.#branch(node, dot, variables);
        if (flow) return flow;
      }
    }
    variables.length = Math.max(known, 1);
    return undefined;
  }

  #shown({ value, name }: Read): string {
    if (value === undefined || (this.#untyped && value === null)) return '<no value>';
    return goText(value, this.#untyped || this.#typed ? '' : name);
  }

  #step(count: number): void {
    this.#steps += count;
    if (this.#steps > STEP_LIMIT) throw new Stop('template: exceeded maximum template depth');
  }

  #branch(node: Branch, dot: Value, variables: Variables): Flow {
    const known = variables.length;
    const { value } = this.#pipe(node.pipe, dot, variables);
    let flow: Flow;
    if (node.kind === 'range') flow = this.#range(node, value, dot, variables);
    else if (isTrue(value)) {
      flow = this.walk(node.body, node.kind === 'with' ? value : dot, variables);
    } else flow = this.walk(node.otherwise, dot, variables);
    variables.length = known;
    return flow;
  }

  #range(node: Branch, value: Value, dot: Value, variables: Variables): Flow {
    const known = variables.length - node.pipe.declares.length;
    const pairs = this.#pairs(node, value);
    for (const [key, element] of pairs) {
      variables.length = Math.max(known, 1);
      const [first, second] = node.pipe.declares;
      if (second !== undefined) variables.push([first ?? '', key], [second, element]);
      else if (first !== undefined) variables.push([first, element]);
      if (this.walk(node.body, element, variables) === 'break') break;
    }
    return pairs.length === 0 ? this.walk(node.otherwise, dot, variables) : undefined;
  }

  #pairs(node: Branch, value: Value): (readonly [Value, Value])[] {
    if (value === undefined || value === null) return [];
    if (isList(value)) return value.map((one, at) => [at, one]);
    if (isMap(value)) return sorted(Object.keys(value)).map((key) => [key, value[key]]);
    if (typeof value === 'number' && Number.isInteger(value)) {
      this.#step(Math.max(value, 0));
      return Array.from({ length: Math.max(value, 0) }, (_, at) => [at, at]);
    }
    throw this.#wrong(node.pipe, `range can't iterate over ${goText(value)}`);
  }

  #pipe(pipe: Pipe, dot: Value, variables: Variables): Read {
    let read: Read | undefined;
    for (const command of pipe.commands) read = this.#command(command, dot, variables, read);
    const result = read ?? { value: undefined, name: '' };
    for (const name of pipe.declares) {
      const known = pipe.assigns ? variables.findLast(([one]) => one === name) : undefined;
      if (known) known[1] = result.value;
      else variables.push([name, result.value]);
    }
    return result;
  }

  #command(
    command: readonly Operand[],
    dot: Value,
    variables: Variables,
    final: Read | undefined,
  ): Read {
    const [word, ...args] = command as readonly [Operand, ...Operand[]];
    const rest = (): Value[] => [
      ...args.map((arg) => this.#value(arg, dot, variables)),
      ...(final ? [final.value] : []),
    ];
    switch (word.kind) {
      case 'function':
        return { value: this.#call(word, args, dot, variables, final), name: '' };
      case 'field':
        return this.#members(word, { value: dot, name: '' }, word.names, rest, true);
      case 'variable':
      case 'chain':
        return this.#members(word, this.#root(word, dot, variables), word.names, rest, true);
      default:
        if (args.length > 0 || final) {
          throw this.#wrong(word, `can't give argument to non-function ${nodeText(word)}`);
        }
        if (word.kind === 'nil') throw this.#wrong(word, 'nil is not a command');
        if (word.kind === 'pipe') return this.#pipe(word, dot, variables);
        return { value: word.kind === 'dot' ? dot : word.value, name: '' };
    }
  }

  /** An operand as an argument. */
  #value(word: Operand, dot: Value, variables: Variables): Value {
    if (word.kind === 'nil') return undefined;
    if (word.kind === 'pipe') return this.#pipe(word, dot, variables).value;
    return this.#command([word], dot, variables, undefined).value;
  }

  #root(word: Operand, dot: Value, variables: Variables): Read {
    if (word.kind === 'chain') return { value: this.#value(word.of, dot, variables), name: '' };
    if (word.kind !== 'variable') return { value: dot, name: '' };
    return { value: variables.findLast(([name]) => name === word.name)?.[1], name: '' };
  }

  #call(
    word: Operand & { kind: 'function' },
    args: readonly Operand[],
    dot: Value,
    variables: Variables,
    final: Read | undefined,
  ): Value {
    const { name } = word;
    const known = this.#functions[name]!;
    const count = args.length + (final ? 1 : 0);
    const [least, most] = known.takes;
    if (count < least || count > most) {
      const want = least === most ? `${least}` : `at least ${least}`;
      throw this.#wrong(word, `wrong number of args for ${name}: want ${want} got ${count}`);
    }
    if (name === 'and' || name === 'or') {
      // These look no further than they must.
      let value: Value;
      for (const arg of args) {
        value = this.#value(arg, dot, variables);
        if (isTrue(value) === (name === 'or')) return value;
      }
      return final ? final.value : value;
    }
    const given = args.map((arg) => present(this.#value(arg, dot, variables)));
    const result = known.call(final ? [...given, present(final.value)] : given);
    if (!isRefused(result)) return result;
    const typed = result.refused.startsWith('wrong type for value');
    throw typed
      ? this.#wrong(word, result.refused)
      : this.#wrong(word, `error calling ${name}: ${result.refused}`, commandText([word, ...args]));
  }

  /** `.A.B` from where it starts; the last may be a method that takes the arguments. */
  #members(
    word: Operand,
    from: Read,
    names: readonly string[],
    rest: () => Value[],
    last: boolean,
  ): Read {
    let read = from;
    for (const [at, name] of names.entries()) {
      const args = last && at === names.length - 1 ? rest() : [];
      read = { value: this.#member(word, read, name, args), name };
    }
    if (names.length === 0 && rest().length > 0) {
      throw this.#wrong(word, `can't give argument to non-function ${nodeText(word)}`);
    }
    return read;
  }

  #member(word: Operand, { value, name: from }: Read, name: string, args: readonly Value[]): Value {
    if (value instanceof Nil) {
      throw this.#wrong(word, `nil pointer evaluating ${value.type}.${name}`);
    }
    if (value instanceof Subject) {
      const member = value.member(name);
      if (!member) throw this.#wrong(word, `can't evaluate field ${name} in type ${value.type}`);
      if (member.length !== args.length) {
        const want = `want ${member.length} got ${args.length}`;
        throw this.#wrong(
          word,
          member.length === 0
            ? `${name} has arguments but cannot be invoked as function`
            : `wrong number of args for ${name}: ${want}`,
        );
      }
      return member(...args);
    }
    if (args.length > 0) throw this.#wrong(word, `${name} is not a method but has arguments`);
    if (isMap(value)) {
      if (Object.hasOwn(value, name)) return value[name];
      if (!this.#strict || (isMapName(from) && !this.#exact)) return undefined;
      if (this.#optional.has(name)) return null;
      throw this.#wrong(word, `map has no entry for key "${name}"`);
    }
    if (value === undefined || value === null) {
      if (this.#optional.has(from)) {
        throw this.#wrong(word, `map has no entry for key "${from}"`);
      }
      if (value === undefined && !this.#strict) return undefined;
      throw this.#wrong(word, `nil pointer evaluating interface {}.${name}`);
    }
    const type = this.#untyped ? 'interface {}' : typeName(value);
    throw this.#wrong(word, `can't evaluate field ${name} in type ${type}`);
  }

  #wrong(node: Operand, why: string, whole?: string): Stop {
    const before = this.#source.slice(0, node.at);
    const line = before.split('\n').length;
    const column = node.at - (before.lastIndexOf('\n') + 1);
    const own = node.kind === 'pipe' ? node.commands.map(commandText).join(' | ') : nodeText(node);
    const shown = whole ?? own;
    return new Stop(
      `template: ${this.#name}:${line}:${column}: executing ${goQuote(this.#name)} at <${shown}>: ${why}`,
    );
  }
}

/** A function is given a pointer to nothing as it is given nothing. */
const present = (value: Value): Value => (value instanceof Nil ? null : value);
