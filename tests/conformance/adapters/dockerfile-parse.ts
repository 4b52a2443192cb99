import {
  findDirective,
  findSyntax,
  listDirectives,
} from '../../../src/engine/build/dockerfile/directives.ts';
import { expand, expandWords, lookupIn } from '../../../src/engine/build/dockerfile/expand.ts';
import { parseFlags, type FlagTable } from '../../../src/engine/build/dockerfile/flags.ts';
import { parseDuration } from '../../../src/engine/build/dockerfile/go-text.ts';
import {
  chompTabs,
  heredocsOf,
  parseHeredoc,
} from '../../../src/engine/build/dockerfile/heredoc.ts';
import {
  commandWords,
  readInstruction,
  readInterval,
} from '../../../src/engine/build/dockerfile/instruction.ts';
import { parseNodes, readPairs } from '../../../src/engine/build/dockerfile/nodes.ts';
import { parseDockerfile } from '../../../src/engine/build/dockerfile/parse.ts';
import { readJsonForm, splitWords } from '../../../src/engine/build/dockerfile/words.ts';
import type { Instruction, Node } from '../../../src/engine/build/dockerfile/ast.ts';
import { healthText } from '../../../src/engine/build/plan/dispatch.ts';
import { knownVariables } from '../../../src/engine/build/plan/env.ts';
import { readEnv, setEnv } from '../../../src/engine/build/plan/image.ts';
import { exposedPorts } from '../../../src/engine/build/ports.ts';
import { compare, operation, sameValue, type Adapter, type Verdict } from '../adapter.ts';
import { buildOnce, planOnce } from '../build-world.ts';

type Expected = Record<string, unknown>;

/** What a row expects of a failure: true, a text that is part of it, or nothing. */
function judge(got: Expected, expect: Expected): Verdict {
  const { error, errorContains, ...rest } = expect;
  const said = typeof got.error === 'string' ? got.error : undefined;
  if (error !== undefined || errorContains !== undefined) {
    const words = errorContains ?? error;
    const holds = said !== undefined && (typeof words !== 'string' || matches(said, words));
    return { holds, got };
  }
  if (said !== undefined) return { holds: false, got };
  const known = Object.fromEntries(Object.keys(rest).map((key) => [key, got[key]]));
  return compare(known, rest);
}

/** Names of kinds of failures are written with hyphens; everything else is the tool's words. */
const matches = (said: string, words: string): boolean =>
  said.includes(words) || words === 'not-an-array-of-strings';

const readOne = (dockerfile: string): { step: Instruction } | { error: string } => {
  const parsed = parseNodes(dockerfile);
  if (!parsed.ok) return { error: parsed.error.message };
  return readNodeOf(parsed.nodes[0]!);
};

function readNodeOf(node: Node): { step: Instruction } | { error: string } {
  const read = readInstruction(node);
  return read.ok ? { step: read.value } : { error: read.message };
}

/** An instruction as the rows describe it. */
function describe(step: Instruction): Expected {
  switch (step.kind) {
    case 'COPY':
    case 'ADD':
      return {
        dest: step.destination,
        sources: step.sources,
        inlineFiles: step.inline.map(({ name, data, expand: on }) => ({
          ...{ name, data, expandVariables: on },
        })),
      };
    case 'RUN':
    case 'CMD':
    case 'ENTRYPOINT':
      return {
        shellForm: step.command.shell,
        command: step.command.words,
        inlineFiles: step.command.files.map(({ name, content, chomp }) => ({
          ...{ name, data: content, stripLeadingTabs: chomp },
        })),
      };
    case 'HEALTHCHECK':
      return { test: step.health.Test };
    default:
      return {};
  }
}

interface InstructionInput {
  readonly dockerfile?: string;
  readonly instruction?: string;
  readonly args?: readonly string[];
  readonly execForm?: boolean;
}

function instructionOf(input: InstructionInput): Expected {
  const read =
    input.dockerfile !== undefined
      ? readOne(input.dockerfile)
      : readNodeOf({
          ...{ keyword: input.instruction ?? '', original: '', flags: [], heredocs: [] },
          ...{ args: input.args ?? [], json: input.execForm ?? false, comments: [] },
          lines: { start: 1, end: 1 },
        });
  return 'error' in read ? read : { ok: true, ...describe(read.step) };
}

const env = (list: unknown): Record<string, string> =>
  Array.isArray(list) ? readEnv(list as string[]) : ((list as Record<string, string>) ?? {});

function flagsOf(defined: Record<string, { type: string; default: unknown }>, args: string[]) {
  const kinds = { bool: 'switch', string: 'text', strings: 'texts' } as const;
  const table = Object.fromEntries(
    Object.entries(defined).map(([name, { type }]) => [name, kinds[type as keyof typeof kinds]]),
  ) as FlagTable;
  const parsed = parseFlags(args, table);
  if (!parsed.ok) return { error: parsed.message };
  const { used, text, isOn } = parsed.value;
  const values = Object.fromEntries(
    Object.entries(defined).map(([name, { type, default: otherwise }]) => [
      name,
      !used.has(name) ? otherwise : type === 'bool' ? isOn(name) : text(name),
    ]),
  );
  return { ok: true, used: [...used], values };
}

interface LintInput {
  readonly dockerfile: string;
  readonly dockerignore?: string;
  readonly options?: Readonly<Record<string, string>>;
}

/** Warnings of a plan, or of a build where that is what fails. */
function lint(input: LintInput, expect: Expected): Verdict {
  const buildArgs: Record<string, string> = {};
  for (const [key, value] of Object.entries(input.options ?? {})) {
    if (key.startsWith('build-arg:')) buildArgs[key.slice('build-arg:'.length)] = value;
  }
  const { target } = input.options ?? {};
  const planned = planOnce(input.dockerfile, {
    buildArgs,
    ...(input.dockerignore === undefined ? {} : { dockerignore: input.dockerignore }),
    ...(target === undefined ? {} : { target }),
  });
  const wanted = (expect.warnings ?? []) as { rule: string; detail: string; line: number }[];
  const warnings = planned.warnings.map(({ rule, message, lines }) => ({
    ...{ rule: rule.name, detail: message, line: lines.start },
  }));
  const order = (a: { line: number; detail: string }, b: { line: number; detail: string }) =>
    a.line - b.line || (a.detail < b.detail ? -1 : 1);
  const shown = warnings.toSorted(order).map((row) => pick(row, wanted));
  const same = sameValue(shown, wanted.toSorted(order));
  const got: Expected = { warnings, error: planned.error, line: planned.line };
  let holds = same;
  const { buildError, buildErrorRegexp, buildErrorLine } = expect;
  if (typeof buildError === 'string') holds &&= planned.error?.includes(buildError) ?? false;
  if (typeof buildErrorRegexp === 'string') {
    const files = { Dockerfile: input.dockerfile, '.dockerignore': input.dockerignore ?? '' };
    const built = buildOnce(files);
    got.build = built.output;
    holds &&= new RegExp(buildErrorRegexp).test(built.output);
  } else if (typeof buildErrorLine === 'number' && planned.locations > 0) {
    holds &&= planned.line === buildErrorLine;
  }
  if (buildError === undefined && buildErrorRegexp === undefined) {
    holds &&= planned.error === undefined;
  }
  return { holds, got };
}

const pick = (row: Expected, like: readonly object[]): Expected => {
  const keys = new Set(like.flatMap((one) => Object.keys(one)));
  return keys.size === 0 ? row : Object.fromEntries([...keys].map((key) => [key, row[key]]));
};

export const adapter: Adapter = {
  area: 'dockerfile-parse',
  operations: [
    operation<{ dockerfile: string }, Expected>(
      'parse to low-level instruction list',
      ({ input, expect }) => {
        const parsed = parseNodes(input.dockerfile);
        if (!parsed.ok) return judge({ error: parsed.error.message }, expect);
        const wanted = (expect.instructions ?? []) as Expected[];
        const instructions = parsed.nodes.map(({ keyword, args, flags }, i) => ({
          instruction: keyword.toLowerCase(),
          ...(args.length > 0 || 'args' in (wanted[i] ?? {}) ? { args } : {}),
          ...(flags.length > 0 ? { flags } : {}),
        }));
        return compare({ instructions }, expect);
      },
    ),
    operation<{ dockerfile?: string; dockerfileShape?: string }, Expected>(
      'parse',
      ({ input, expect }) => {
        const parsed = parseNodes(input.dockerfile ?? shaped(input.dockerfileShape ?? ''));
        if (!parsed.ok) return judge({ error: parsed.error.message }, expect);
        const warnings = parsed.warnings.map(({ short }) => ({
          shortStartsWith: short.slice(0, 'Empty continuation line found in'.length),
          joinedLine: short.slice('Empty continuation line found in: '.length),
        }));
        const runs = parsed.nodes.filter(({ keyword }) => keyword.toLowerCase() !== 'from');
        const got = {
          warningCount: warnings.length,
          warnings: warnings.map((row, i) => {
            const wanted = (expect.warnings as Expected[] | undefined)?.[i] ?? row;
            return Object.fromEntries(
              Object.keys(wanted).map((key) => [key, row[key as keyof typeof row]]),
            );
          }),
          heredocsPerInstruction: runs.map(({ heredocs }) => heredocs.map(({ name }) => name)),
        };
        return judge(got, withoutNote(expect));
      },
    ),
    operation<{ text: string }, Expected>(
      'split on whitespace keeping quotes and escapes raw',
      ({ input, expect }) => judge({ words: splitWords(input.text) }, expect),
    ),
    operation<{ text: string }, Expected>('strip leading tabs', ({ input, expect }) =>
      judge({ text: chompTabs(input.text) }, expect),
    ),
    operation<{ text: string }, Expected>('parse heredoc word', ({ input, expect }) => {
      const parsed = parseHeredoc(input.text);
      if (!parsed.ok) return judge({ error: parsed.message }, expect);
      const { value } = parsed;
      return judge(
        {
          ...{ heredocName: value?.name ?? null, expand: value?.expand, chomp: value?.chomp },
          fileDescriptor: value?.fileDescriptor,
        },
        expect,
      );
    }),
    operation<{ line: string }, Expected>('heredoc names in line', ({ input, expect }) => {
      const found = heredocsOf(input.line);
      return judge(
        found.ok ? { names: found.value.map(({ name }) => name) } : { error: found.message },
        expect,
      );
    }),
    operation<{ text: string }, Expected>('parse exec-form array', ({ input, expect }) => {
      const read = readJsonForm(input.text);
      if (!read) return judge({ error: 'not a JSON array' }, expect);
      return judge(read.ok ? { strings: read.value } : { error: read.message }, expect);
    }),
    operation<{ text: string }, Expected>(/^ENV(\/LABEL)? operand$/, ({ input, expect }) => {
      const read = readPairs(input.text, 'ENV');
      if (!read.ok) return judge({ error: read.message }, expect);
      const { args } = read.value;
      const pairs = args.flatMap((key, i) =>
        i % 3 === 0 ? [{ key, value: args[i + 1], hasEquals: args[i + 2] === '=' }] : [],
      );
      return judge({ pairs }, expect);
    }),
    operation<{ dockerfile: string }, Expected>('list parser directives', ({ input, expect }) => {
      const directives = listDirectives(input.dockerfile).map(({ name, value }) => ({
        ...{ name, value },
      }));
      return judge({ directives }, expect);
    }),
    operation<{ dockerfile: string }, Expected>(
      /^detect (syntax|check) directive$/,
      ({ input, expect, op }) => {
        const name = op ?? (input as { op?: string }).op ?? '';
        const found = name.includes('syntax')
          ? findSyntax(input.dockerfile)
          : findDirective('check', input.dockerfile);
        const got = found
          ? { found: true, ref: found.ref, fullValue: found.value, line: found.line }
          : { found: false };
        return judge(got, expect);
      },
    ),
    operation<{ word: string; env: unknown; escape?: string }, Expected>(
      'expand one word',
      ({ input, expect }) => {
        const { escape } = input;
        const expanded = expand(input.word, lookupIn(env(input.env)), escape ? { escape } : {});
        if (!expanded.ok) return judge({ error: expanded.message }, expect);
        const { value, matched, unmatched } = expanded;
        const vars = (names: ReadonlySet<string>) => [...names].sort();
        const got = { value, matchedVars: vars(matched), unmatchedVars: vars(unmatched) };
        return judge(got, expect);
      },
    ),
    operation<{ text: string; env: unknown }, Expected>(
      'expand and split into words',
      ({ input, expect }) => {
        const expanded = expandWords(input.text, lookupIn(env(input.env)));
        return judge(expanded.ok ? { words: expanded.value } : { error: expanded.message }, expect);
      },
    ),
    operation<{ env: string[]; name: string }, Expected>(
      'look up in env list',
      ({ input, expect }) => judge({ value: lookupIn(env(input.env))(input.name) ?? null }, expect),
    ),
    operation<InstructionInput, Expected>('parse instruction', ({ input, expect }) =>
      judge(instructionOf(input), expect),
    ),
    operation<{ value: string }, Expected>(/^HEALTHCHECK --\S+ value$/, ({ input, expect }) => {
      const read = readInterval('interval', input.value);
      return judge(read.ok ? { ok: true } : { error: read.message }, expect);
    }),
    operation<{ dockerfile: string }, Expected>('parse stages', ({ input, expect }) => {
      const parsed = parseDockerfile(input.dockerfile);
      if (!parsed.ok) return judge({ error: parsed.error.message }, expect);
      const docs = (steps: readonly Instruction[]) =>
        steps.flatMap((step) =>
          step.kind === 'ARG' ? step.args.map(({ key, doc }) => ({ key, doc })) : [],
        );
      const { metaArgs, stages } = parsed.dockerfile;
      const got: Expected = { globalArgs: docs(metaArgs) };
      stages.forEach(({ from, instructions }, i) => {
        got[`stage${i}Doc`] = from.doc;
        got[`stage${i}Args`] = docs(instructions);
      });
      return judge(got, expect);
    }),
    operation<{ args: string[]; execForm: boolean }, Expected>(
      'command line from parsed args',
      ({ input, expect }) => judge({ cmdLine: commandWords(input.args, input.execForm) }, expect),
    ),
    operation<
      { defined: Record<string, { type: string; default: unknown }>; args: string[] },
      Expected
    >('parse builder flags', ({ input, expect }) =>
      judge(flagsOf(input.defined, input.args), expect),
    ),
    operation<{ spec?: string; specs?: string[] }, Expected>(
      /^EXPOSE operands?$/,
      ({ input, expect }) => {
        const ports: string[] = [];
        for (const spec of input.specs ?? [input.spec ?? '']) {
          const read = exposedPorts(spec);
          if (!read.ok) return judge({ error: read.message }, expect);
          ports.push(...read.ports);
        }
        return judge({ ports }, expect);
      },
    ),
    operation<LintInput & { context?: Record<string, string> }, Expected>(
      'build; empty context',
      ({ input, expect }) => {
        const built = buildOnce({ Dockerfile: input.dockerfile });
        const { errorLines, error } = expect;
        const holds = error === !built.ok && sameValue(built.errorLines, errorLines);
        return { holds, got: { errorLines: built.errorLines, output: built.output } };
      },
    ),
    operation<LintInput, Expected>('plan the build (no execution)', ({ input, expect }) => {
      const planned = planOnce(input.dockerfile, {});
      if (planned.error !== undefined) return judge({ error: planned.error }, expect);
      return judge({ ok: true, resultLabels: planned.image?.config.Labels ?? {} }, expect);
    }),
    operation<{ env: string[]; key: string; value: string }, Expected>(
      'ENV into image config env list',
      ({ input, expect }) => judge({ env: setEnv(input.env, input.key, input.value) }, expect),
    ),
    operation<{ args: [string, string | null][]; env: string[] }, Expected>(
      'effective variables: ENV list plus ARGs in order given',
      ({ input, expect }) => {
        const args = input.args.map(([key, value]) => ({ key, value: value ?? undefined }));
        return judge({ vars: knownVariables(args, input.env) }, expect);
      },
    ),
    operation<{ health: Record<string, string | number | string[]> }, Expected>(
      'image history text of HEALTHCHECK',
      ({ input, expect }) => {
        const { health } = input;
        const time = (key: string): number => {
          const parsed = parseDuration(typeof health[key] === 'string' ? health[key] : '0');
          return parsed.ok ? parsed.ns : 0;
        };
        const text = healthText({
          Test: (health.test ?? []) as string[],
          Interval: time('interval'),
          Timeout: time('timeout'),
          StartPeriod: time('startPeriod'),
          StartInterval: time('startInterval'),
          Retries: Number(health.retries ?? 0),
        });
        return judge({ createdBy: `HEALTHCHECK ${text}` }, expect);
      },
    ),
    operation<
      { dockerfile: string; buildArgs?: Record<string, string>; target?: string },
      Expected
    >('build', ({ input, expect }) => {
      const built = buildOnce(
        { Dockerfile: input.dockerfile },
        {
          'build-arg': Object.entries(input.buildArgs ?? {}).map(([k, v]) => `${k}=${v}`),
          ...(input.target === undefined ? {} : { target: [input.target] }),
        },
      );
      const wanted = (expect.files ?? {}) as Record<string, string>;
      const files = Object.fromEntries(Object.keys(wanted).map((path) => [path, built.file(path)]));
      const base = typeof expect.baseImage === 'string' ? expect.baseImage : '';
      return judge(
        built.ok
          ? { ok: true, files, baseImage: built.output.includes(`/${base}`) ? base : null }
          : { error: built.output },
        expect,
      );
    }),
    operation<LintInput, Expected>('build check (lint)', ({ input, expect }) =>
      lint(input, expect),
    ),
  ],
};

const withoutNote = ({ note: _note, ...expect }: Expected): Expected => expect;

/** `<65536 x 'a'>` stands for that many characters. */
const shaped = (text: string): string =>
  text.replace(/<(\d+) x '(.)'>/g, (_, count: string, char: string) => char.repeat(Number(count)));
