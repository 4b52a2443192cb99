import { COMMANDS, GROUPS, type CommandSpec } from './spec.ts';

/** A command line understood, or what is printed instead and with which exit code. */
export type ParsedLine =
  | {
      readonly ok: true;
      readonly command: string;
      readonly path: string;
      readonly flags: Flags;
      readonly args: readonly string[];
    }
  | { readonly ok: false; readonly message: string; readonly exitCode: number };

export class Flags {
  readonly #values: ReadonlyMap<string, readonly string[]>;

  constructor(values: ReadonlyMap<string, readonly string[]>) {
    this.#values = values;
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  last(name: string): string | undefined {
    return this.#values.get(name)?.at(-1);
  }

  all(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }
}

const fail = (message: string, exitCode: number): ParsedLine => ({ ok: false, message, exitCode });

export function parseLine(words: readonly string[]): ParsedLine {
  const [first = '', second, ...rest] = words;
  if (first.startsWith('-')) {
    return fail(
      `unknown flag: ${first}\n\nUsage:  docker [OPTIONS] COMMAND [ARG...]\n\n` +
        "Run 'docker --help' for more information\n",
      125,
    );
  }
  const group = Object.hasOwn(GROUPS, first) ? GROUPS[first] : undefined;
  if (group) {
    const command = Object.hasOwn(group, second ?? '') ? group[second ?? ''] : undefined;
    if (second === undefined) return fail(`\nUsage:  docker ${first} COMMAND\n`, 0);
    if (command === undefined) {
      return fail(
        `docker: unknown command: docker ${first} ${second}\n\nUsage:  docker ${first}\n\n` +
          `Run 'docker ${first} --help' for more information\n`,
        1,
      );
    }
    return parseFlags(command, `docker ${first} ${second}`, rest);
  }
  if (!Object.hasOwn(COMMANDS, first)) {
    return fail(
      `docker: unknown command: docker ${first}\n\nRun 'docker --help' for more information\n`,
      1,
    );
  }
  return parseFlags(first, `docker ${first}`, words.slice(1));
}

function parseFlags(command: string, path: string, words: readonly string[]): ParsedLine {
  const spec = COMMANDS[command]!;
  const usage = spec.usage.replace(/^docker \S+( build)?/, command === 'build' ? '$&' : path);
  const values = new Map<string, string[]>();
  const add = (name: string, value: string) =>
    values.set(name, [...(values.get(name) ?? []), value]);
  const args: string[] = [];
  const wrong = (message: string): ParsedLine =>
    fail(`${message}\n\nUsage:  ${usage}\n\nRun '${path} --help' for more information\n`, 125);
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === '--') {
      args.push(...words.slice(at + 1));
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      if (spec.interspersed === false) {
        args.push(...words.slice(at));
        break;
      }
      args.push(word);
      continue;
    }
    for (const part of splitShort(word, spec)) {
      const equals = part.startsWith('--') ? part.indexOf('=') : -1;
      const name =
        equals === -1 ? (part.startsWith('--') ? part : part.slice(0, 2)) : part.slice(0, equals);
      const inline =
        equals === -1 ? (part.startsWith('--') ? '' : part.slice(2)) : part.slice(equals + 1);
      if (spec.switches[name] !== undefined) add(spec.switches[name], 'true');
      else if (spec.values[name] !== undefined) {
        const value = equals !== -1 || inline !== '' ? inline : words[++at];
        if (value === undefined) {
          const shown = name.startsWith('--') ? name : `'${name.slice(1)}' in ${word}`;
          return wrong(`flag needs an argument: ${shown}`);
        }
        const given = value.replace(/^=/, '');
        const problem = valueProblem(spec, spec.values[name], given);
        if (problem !== undefined) return wrong(problem);
        add(spec.values[name], given);
      } else {
        return wrong(
          name.startsWith('--')
            ? `unknown flag: ${name}`
            : `unknown shorthand flag: '${name.slice(1)}' in ${word}`,
        );
      }
    }
  }
  const count = countProblem(spec, path, args.length);
  if (count !== undefined) {
    const tail = count.see
      ? `See '${path} --help' for more information`
      : `Run '${path} --help' for more information`;
    return fail(`docker: ${count.text}\n\nUsage:  ${usage}\n\n${tail}\n`, 1);
  }
  return { ok: true, command, path, flags: new Flags(values), args };
}

/** pflag's words against a value that is no number. */
function valueProblem(spec: CommandSpec, name: string, value: string): string | undefined {
  const shown = spec.integers?.[name];
  if (shown === undefined || /^[-+]?\d{1,15}$/.test(value)) return undefined;
  const why = `strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`;
  return `invalid argument ${JSON.stringify(value)} for "${shown}" flag: ${why}`;
}

/** `-dit` is `-d -i -t`; a letter that takes a value takes the rest. */
function splitShort(word: string, spec: CommandSpec): string[] {
  if (word.startsWith('--') || word.length <= 2) return [word];
  const parts: string[] = [];
  for (let at = 1; at < word.length; at++) {
    const name = `-${word[at] ?? ''}`;
    if (spec.values[name] !== undefined) return [...parts, name + word.slice(at + 1)];
    parts.push(name);
  }
  return parts;
}

function countProblem({ min, max }: CommandSpec, path: string, count: number) {
  const many = (n: number): string => `${n} argument${n === 1 ? '' : 's'}`;
  if (count >= min && count <= max) return undefined;
  if (min === max) {
    const text = min === 0 ? `'${path}' accepts no arguments` : `'${path}' requires ${many(min)}`;
    return { text, see: false };
  }
  return count < min
    ? { text: `'${path}' requires at least ${many(min)}`, see: true }
    : { text: `'${path}' requires at most ${many(max)}`, see: false };
}
