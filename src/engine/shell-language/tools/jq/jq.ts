import type { Command } from '../../../machine/command.ts';
import { write } from '../../../sim/process.ts';
import { RegexFault } from '../../regex/regex.ts';
import type { Step } from '../../state.ts';
import { readOptions, Tool, type Options } from '../tool.ts';
import { Evaluation } from './evaluate.ts';
import type { Variables } from './paths.ts';
import { JqFault, readJq, type Filter } from './syntax.ts';
import { print, type Json, type Style } from './values.ts';

/** `jq` (jq 1.7). */
const LONG = {
  'raw-output': 'r',
  'compact-output': 'c',
  slurp: 's',
  'null-input': 'n',
  'exit-status': 'e',
  'sort-keys': 'S',
  'raw-input': 'R',
  'join-output': 'j',
  tab: 'T',
  indent: 'I',
  'monochrome-output': 'M',
  'color-output': 'C',
  'from-file': 'f',
};
const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/;

/** The values of a text, one behind another; throws what is wrong with it. */
export function readValues(text: string): Json[] {
  const values: Json[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text[at]!)) {
      at += 1;
      continue;
    }
    const end = endOfValue(text, at);
    const part = text.slice(at, end);
    try {
      values.push(JSON.parse(part) as Json);
    } catch {
      // The character behind a literal shows that it is none.
      const seen = Math.min(end + (/^[[{"]/.test(part) ? 0 : 1), text.length);
      const line = text.slice(0, seen).split('\n').length;
      const column = seen - text.lastIndexOf('\n', seen - 1) - 1;
      const kind = /^[tfn]/.test(part) ? 'Invalid literal' : 'Invalid numeric literal';
      const unfinished = end >= text.length && /^[[{"]/.test(part);
      throw new JqFault(
        unfinished
          ? `parse error: Unfinished JSON term at EOF at line ${line}, column ${column}`
          : `parse error: ${kind} at line ${line}, column ${column}`,
      );
    }
    at = end;
  }
  return values;
}

function endOfValue(text: string, from: number): number {
  const first = text[from]!;
  if (first === '"') return endOfString(text, from);
  if (first !== '{' && first !== '[') {
    const number = NUMBER.exec(text.slice(from, from + 400));
    if (number) return from + number[0].length;
    const word = /^[^\s,:[\]{}"]+/.exec(text.slice(from, from + 400));
    return from + (word?.[0].length ?? 1);
  }
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const char = text[at]!;
    if (char === '"') at = endOfString(text, at) - 1;
    else if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return text.length;
}

function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

/** Takes `--arg NAME VALUE` and `--argjson NAME JSON` out of the words. */
function takeArguments(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): { rest: string[]; variables: Variables } {
  const rest: string[] = [];
  const named: Record<string, Json> = {};
  const positional: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    if ((arg === '--arg' || arg === '--argjson') && args[at + 2] !== undefined) {
      const value = args[at + 2]!;
      if (arg === '--arg') named[args[at + 1]!] = value;
      else {
        try {
          named[args[at + 1]!] = JSON.parse(value) as Json;
        } catch {
          throw new JqFault(`Invalid JSON text passed to --argjson`);
        }
      }
      at += 2;
    } else if (arg === '--args') {
      positional.push(...args.slice(at + 2));
      rest.push(...args.slice(at + 1, at + 2));
      break;
    } else rest.push(arg);
  }
  return {
    rest,
    variables: { ...named, ENV: { ...env }, __prog_args: positional, ARGS: { positional, named } },
  };
}

export const jq: Command = function* (line, self) {
  const tool = new Tool(line, self);
  let options: Options;
  let variables: Variables;
  try {
    const taken = takeArguments(tool.args, line.env);
    ({ variables } = taken);
    options = readOptions(taken.rest, 'rcsneSRjMCaf:TI:', { long: LONG });
  } catch (fault) {
    if (!(fault instanceof JqFault)) throw fault;
    return yield* tool.fail(fault.message, 2);
  }
  const usage =
    'Use jq --help for help with command-line options,\nor see the jq manpage, or online docs  at https://jqlang.github.io/jq\n';
  if (options.problem !== undefined) {
    yield* tool.fail(`Unknown arguments\n${usage.trimEnd()}`);
    return 2;
  }
  const [source, ...names] = options.operands;
  if (source === undefined) {
    yield* write(self.stderr, 'Usage:\tjq [OPTIONS] FILTER [FILES...]\n');
    return 2;
  }
  let filter: Filter;
  try {
    filter = readJq(source);
  } catch (fault) {
    if (!(fault instanceof JqFault)) throw fault;
    return yield* tool.fail(
      `error: ${fault.message} (Unix shell quoting issues?) at <top-level>, line 1:\n${source}\njq: 1 compile error`,
      3,
    );
  }
  return yield* runAll(tool, options, filter, names, variables);
};

function* inputsOf(
  tool: Tool,
  options: Options,
  names: readonly string[],
): Step<{ values: Json[]; problem?: string; status: number }> {
  let text = '';
  let status = 0;
  for (const name of names.length === 0 ? ['-'] : names) {
    const found = yield* tool.text(name);
    if ('fault' in found) {
      status = yield* tool.fail(
        `error: Could not open ${name}: ${found.fault === 'EISDIR' ? 'Is a directory' : 'No such file or directory'}`,
        2,
      );
    } else text += found.text;
  }
  if (options.has('R')) {
    return { values: options.has('s') ? [text] : text.replace(/\n$/, '').split('\n'), status };
  }
  const values: Json[] = [];
  let problem: string | undefined;
  try {
    values.push(...readValues(text));
  } catch (fault) {
    if (!(fault instanceof JqFault)) throw fault;
    problem = fault.message;
  }
  const shown = options.has('s') ? [values] : values;
  return { values: shown, status, ...(problem !== undefined && { problem }) };
}

function* runAll(
  tool: Tool,
  options: Options,
  filter: Filter,
  names: readonly string[],
  variables: Variables,
): Step<number> {
  const inputs = options.has('n')
    ? { values: [null], status: 0 }
    : yield* inputsOf(tool, options, names);
  const style: Style = {
    indent: options.has('c') ? 0 : Number(options.value('I') ?? 2),
    tab: options.has('T') && !options.has('c'),
    sortKeys: options.has('S'),
  };
  const raw = options.has('r') || options.has('j');
  const end = options.has('j') ? '' : '\n';
  let { status } = inputs;
  let last: Json | undefined;
  for (const input of inputs.values) {
    const shown: string[] = [];
    let problem: string | undefined;
    try {
      for (const value of new Evaluation().values(filter, input, variables)) {
        last = value;
        shown.push((raw && typeof value === 'string' ? value : print(value, style)) + end);
      }
    } catch (fault) {
      if (!(fault instanceof JqFault || fault instanceof RegexFault)) throw fault;
      problem = fault.message;
    }
    yield* tool.out(shown.join(''));
    if (problem === undefined) continue;
    if (problem.endsWith(' is not defined'))
      return yield* tool.fail(
        `error: ${problem} at <top-level>, line 1:\n${tool.args.find((arg) => !arg.startsWith('-')) ?? ''}\njq: 1 compile error`,
        3,
      );
    yield* tool.fail(
      `error (at ${names.length === 0 ? '<stdin>' : names[0]!}:${options.has('n') ? 0 : 1}): ${problem}`,
    );
    status = 5;
  }
  if ('problem' in inputs && inputs.problem !== undefined)
    return yield* tool.fail(inputs.problem, 2);
  if (status === 0 && options.has('e'))
    return last === undefined ? 4 : last === null || last === false ? 1 : 0;
  return status;
}
