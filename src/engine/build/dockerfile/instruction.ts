import type { Healthcheck } from '../../oci/image.ts';
import type { Linter } from '../lint/linter.ts';
import { WORDS } from '../lint/rules.ts';
import type { ArgDefinition, CommandLine, Instruction, KeyValue, Node, Read } from './ast.ts';
import { parseFlags, type Flags, type FlagTable } from './flags.ts';
import { formatDuration, goQuote, parseDuration } from './go-text.ts';
import { chompTabs, parseHeredoc } from './heredoc.ts';
import { parseMount } from './mount.ts';
import { suggestion } from './suggest.ts';

/**
 * One logical line to one instruction, or BuildKit's words against it (moby/buildkit v0.32
 * `frontend/dockerfile/instructions/parse.go`).
 */
export const KEYWORDS = [
  ...['ADD', 'ARG', 'CMD', 'COPY', 'ENTRYPOINT', 'ENV', 'EXPOSE', 'FROM', 'HEALTHCHECK', 'LABEL'],
  ...['MAINTAINER', 'ONBUILD', 'RUN', 'SHELL', 'STOPSIGNAL', 'USER', 'VOLUME', 'WORKDIR'],
];

const FLAGS: Readonly<Record<string, FlagTable>> = {
  FROM: { platform: 'text' },
  RUN: { mount: 'texts', network: 'text', security: 'text', device: 'texts' },
  COPY: {
    ...{ chown: 'text', from: 'text', chmod: 'text', link: 'switch', exclude: 'texts' },
    parents: 'switch',
  },
  ADD: {
    ...{ chown: 'text', chmod: 'text', link: 'switch', 'keep-git-dir': 'switch' },
    ...{ checksum: 'text', unpack: 'switch', exclude: 'texts' },
  },
  HEALTHCHECK: {
    ...{ interval: 'text', timeout: 'text', 'start-period': 'text', 'start-interval': 'text' },
    retries: 'text',
  },
};

type Base = Pick<Instruction, 'lines' | 'name' | 'original' | 'comments'>;
/** An instruction, or what is wrong with it. */
type Reader = (node: Node, base: Base, flags: () => Flags) => Instruction | string;

class BadFlag extends Error {}

const someArguments = (name: string): string => `${name} requires at least one argument`;

const commandOf = ({ args, json, heredocs }: Node, from = 0): CommandLine => ({
  words: commandWords(args.slice(from), json),
  shell: !json,
  files: heredocs,
});

/** In shell form all words are one. */
export const commandWords = (args: readonly string[], json: boolean): readonly string[] =>
  json || args.length === 0 ? args : [args.join(' ')];

function pairsOf(args: readonly string[], name: string): KeyValue[] | string {
  if (args.length === 0) return someArguments(name);
  const pairs: KeyValue[] = [];
  for (let at = 0; at < args.length; at += 3) {
    const [key = '', value = '', delimiter] = args.slice(at, at + 3);
    if (key === '') return `${name} names can not be blank`;
    pairs.push({ key, value, ...(delimiter === '' ? { legacy: true as const } : {}) });
  }
  return pairs;
}

const readPairs =
  (kind: 'ENV' | 'LABEL'): Reader =>
  ({ args }, base, flags) => {
    flags();
    const pairs = pairsOf(args, kind);
    return typeof pairs === 'string' ? pairs : { kind, ...base, pairs };
  };

const readCopy =
  (kind: 'COPY' | 'ADD'): Reader =>
  ({ args, heredocs }, base, flags) => {
    if (args.length < 2) {
      const known = 'but only one was provided. Destination could not be determined';
      return `${kind} requires at least two arguments, ${known}`;
    }
    const given = flags();
    const destination = args.at(-1)!;
    const named = parseHeredoc(destination);
    if (named.ok && named.value) return `${kind} cannot accept a heredoc as a destination`;
    const sources: string[] = [];
    const inline: { name: string; data: string; expand: boolean }[] = [];
    for (const source of args.slice(0, -1)) {
      const parsed = parseHeredoc(source);
      if (!parsed.ok || !parsed.value) {
        sources.push(source);
        continue;
      }
      const { name, chomp, expand } = parsed.value;
      const content = heredocs.findLast((heredoc) => heredoc.name === name)?.content ?? '';
      inline.push({ name, data: chomp ? chompTabs(content) : content, expand });
    }
    return {
      kind,
      ...base,
      ...{ sources, inline, destination },
      from: given.text('from'),
      chown: given.text('chown'),
      chmod: given.text('chmod'),
      link: given.isOn('link'),
      parents: given.isOn('parents'),
      exclude: given.texts('exclude'),
      checksum: given.text('checksum'),
      ...(given.used.has('unpack') ? { unpack: given.isOn('unpack') } : {}),
      ...(given.used.has('keep-git-dir') ? { keepGitDir: given.isOn('keep-git-dir') } : {}),
    };
  };

/** The whole rest of the line is the one argument. */
const readSingle =
  (kind: string, make: (rest: string, base: Base) => Instruction, flagged = true): Reader =>
  ({ args }, base, flags) => {
    if (args.length !== 1) return `${kind} requires exactly one argument`;
    if (flagged) flags();
    return make(args[0]!, base);
  };

const STAGE_NAME = /^[a-z][a-z0-9-_.]*$/;

const readFrom: Reader = ({ args }, base, flags) => {
  let stage = '';
  if (args.length === 3 && args[1]!.toLowerCase() === 'as') {
    stage = args[2]!.toLowerCase();
    if (!STAGE_NAME.test(stage)) {
      const why = "name can't start with a number or contain symbols";
      return `invalid name for build stage: ${goQuote(args[2]!)}, ${why}`;
    }
  } else if (args.length !== 1) return 'FROM requires either one or three arguments';
  const platform = flags().text('platform');
  const doc = docOf(base.comments, stage);
  return { kind: 'FROM', ...base, image: args[0]!, stage, platform, doc };
};

/** What a comment above says of a name: `# NAME what it is for`. */
const docOf = (comments: readonly string[], name: string): string => {
  const line = name === '' ? undefined : comments.find((text) => text.startsWith(`${name} `));
  return line?.slice(name.length + 1) ?? '';
};

const readRun: Reader = (node, base, flags) => {
  const given = flags();
  const network = given.used.has('network') ? given.text('network') : 'default';
  const security = given.used.has('security') ? given.text('security') : 'sandbox';
  const mounts = given.texts('mount');
  for (const text of mounts) {
    const parsed = parseMount(text, undefined);
    if (!parsed.ok) return parsed.message;
  }
  if (!['default', 'none', 'host'].includes(network)) {
    return `invalid network mode ${goQuote(network)}`;
  }
  if (!['insecure', 'sandbox'].includes(security)) {
    return `security ${goQuote(security)} is not valid`;
  }
  return { kind: 'RUN', ...base, command: commandOf(node), mounts, network, security };
};

const readArg: Reader = ({ args }, base) => {
  if (args.length === 0) return someArguments('ARG');
  const read: ArgDefinition[] = [];
  for (const word of args) {
    const at = word.indexOf('=');
    if (at === 0) return 'ARG names can not be blank';
    const key = at === -1 ? word : word.slice(0, at);
    const doc = docOf(base.comments, key);
    read.push(at === -1 ? { key, doc } : { key, value: word.slice(at + 1), doc });
  }
  return { kind: 'ARG', ...base, args: read };
};

const readOnbuild: Reader = ({ args, original, heredocs }, base, flags) => {
  if (args.length === 0) return someArguments('ONBUILD');
  flags();
  const trigger = args[0]!.trim().toUpperCase();
  if (trigger === 'ONBUILD') return "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed";
  if (trigger === 'MAINTAINER' || trigger === 'FROM') {
    return `${trigger} isn't allowed as an ONBUILD trigger`;
  }
  const files = heredocs.map(({ content, name }) => `\n${content}${name}`).join('');
  return {
    kind: 'ONBUILD',
    ...base,
    trigger: original.replace(/^\s*ONBUILD\s*/i, '') + files,
  };
};

const MINIMUM_NS = 1_000_000;

/** A length of time of HEALTHCHECK, at least a millisecond; nothing and zero stand for none. */
export function readInterval(name: string, text: string): Read<number> {
  if (text === '') return { ok: true, value: 0 };
  const parsed = parseDuration(text);
  if (!parsed.ok) return parsed;
  if (parsed.ns !== 0 && parsed.ns < MINIMUM_NS) {
    const least = formatDuration(MINIMUM_NS);
    return { ok: false, message: `Interval ${goQuote(name)} cannot be less than ${least}` };
  }
  return { ok: true, value: parsed.ns };
}

const INTERVALS = [
  ['interval', 'Interval'],
  ['timeout', 'Timeout'],
  ['start-period', 'StartPeriod'],
  ['start-interval', 'StartInterval'],
] as const;

const readHealthcheck: Reader = (node, base, flags) => {
  const { args, json } = node;
  if (args.length === 0) return someArguments('HEALTHCHECK');
  const type = args[0]!.toUpperCase();
  if (type === 'NONE') {
    if (args.length > 1) return 'HEALTHCHECK NONE takes no arguments';
    return { kind: 'HEALTHCHECK', ...base, health: { Test: ['NONE'] } };
  }
  const given = flags();
  if (type !== 'CMD') return `Unknown type ${goQuote(type)} in HEALTHCHECK (try CMD)`;
  const words = commandWords(args.slice(1), json);
  if (words.length === 0) return 'Missing command after HEALTHCHECK CMD';
  const health: { -readonly [K in keyof Healthcheck]: Healthcheck[K] } = {
    Test: [json ? 'CMD' : 'CMD-SHELL', ...words],
  };
  for (const [flag, field] of INTERVALS) {
    const interval = readInterval(flag, given.text(flag));
    if (!interval.ok) return interval.message;
    if (interval.value !== 0) health[field] = interval.value;
  }
  const retries = given.text('retries');
  if (retries !== '') {
    if (!/^[+-]?\d+$/.test(retries)) {
      return `strconv.ParseInt: parsing ${goQuote(retries)}: invalid syntax`;
    }
    const count = Number(retries);
    if (Math.abs(count) > 0x7fffffff) {
      return `strconv.ParseInt: parsing ${goQuote(retries)}: value out of range`;
    }
    if (count < 0) return `--retries cannot be negative (${count})`;
    if (count > 0) health.Retries = count;
  }
  return { kind: 'HEALTHCHECK', ...base, health };
};

const bySign = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const READERS: Readonly<Record<string, Reader>> = {
  FROM: readFrom,
  COPY: readCopy('COPY'),
  ADD: readCopy('ADD'),
  RUN: readRun,
  CMD: (node, base, flags) => {
    flags();
    return { kind: 'CMD', ...base, command: commandOf(node) };
  },
  ENTRYPOINT: (node, base, flags) => {
    flags();
    return { kind: 'ENTRYPOINT', ...base, command: commandOf(node) };
  },
  WORKDIR: readSingle('WORKDIR', (path, base) => ({ kind: 'WORKDIR', ...base, path })),
  ENV: readPairs('ENV'),
  LABEL: readPairs('LABEL'),
  ARG: readArg,
  EXPOSE: ({ args }, base, flags) => {
    if (args.length === 0) return someArguments('EXPOSE');
    flags();
    return { kind: 'EXPOSE', ...base, ports: [...args].sort(bySign) };
  },
  USER: readSingle('USER', (user, base) => ({ kind: 'USER', ...base, user })),
  VOLUME: ({ args }, base, flags) => {
    if (args.length === 0) return someArguments('VOLUME');
    flags();
    const paths = args.map((path) => path.trim());
    if (paths.includes('')) return 'VOLUME specified can not be an empty string';
    return { kind: 'VOLUME', ...base, paths };
  },
  STOPSIGNAL: readSingle(
    'STOPSIGNAL',
    (signal, base) => ({ kind: 'STOPSIGNAL', ...base, signal }),
    false,
  ),
  SHELL: ({ args, json }, base, flags) => {
    flags();
    if (args.length === 0) return someArguments('SHELL');
    // `errors_unix.go`.
    if (!json) return 'SHELL requires the arguments to be in JSON form';
    return { kind: 'SHELL', ...base, argv: args };
  },
  MAINTAINER: readSingle('MAINTAINER', (author, base) => ({ kind: 'MAINTAINER', ...base, author })),
  ONBUILD: readOnbuild,
  HEALTHCHECK: readHealthcheck,
};

/** An instruction; findings about its wording go to the linter. */
export function readInstruction(node: Node, linter?: Linter): Read<Instruction> {
  const { keyword, lines, original, comments } = node;
  const kind = keyword.toUpperCase();
  const reader = Object.hasOwn(READERS, kind) ? READERS[kind] : undefined;
  if (!reader) {
    const hint = suggestion(keyword, KEYWORDS, false);
    return { ok: false, message: `unknown instruction: ${keyword}${hint}` };
  }
  const lint = linter?.under(comments);
  if (lint) lintBefore(node, kind, lint);
  const flags = (): Flags => {
    const parsed = parseFlags(node.flags, FLAGS[kind] ?? {});
    if (!parsed.ok) throw new BadFlag(parsed.message);
    return parsed.value;
  };
  try {
    const read = reader(node, { lines, name: keyword, original, comments }, flags);
    if (typeof read === 'string') return { ok: false, message: read };
    if (lint) lintDescription(read, lint);
    return { ok: true, value: read };
  } catch (error) {
    if (!(error instanceof BadFlag)) throw error;
    return { ok: false, message: error.message };
  }
}

function lintBefore({ keyword, args, lines }: Node, kind: string, lint: Linter): void {
  if (kind === 'MAINTAINER') {
    lint.report('maintainerDeprecated', WORDS.maintainerDeprecated(), lines);
  }
  const [, as, name] = args;
  if (kind !== 'FROM') return;
  if (args.length === 3 && name !== name!.toLowerCase()) {
    lint.report('stageNameCasing', WORDS.stageNameCasing(name!), lines);
  }
  const lower = keyword === keyword.toLowerCase();
  const consistent = lower || keyword === keyword.toUpperCase();
  if (args.length >= 3 && consistent && as !== (lower ? as!.toLowerCase() : as!.toUpperCase())) {
    lint.report('fromAsCasing', WORDS.fromAsCasing(keyword, as!), lines);
  }
}

/** A comment above a stage or an argument is to describe it by name. */
function lintDescription(step: Instruction, lint: Linter): void {
  const keys =
    step.kind === 'ARG'
      ? step.args.map(({ key }) => key)
      : step.kind === 'FROM' && step.stage !== ''
        ? [step.stage]
        : [];
  const last = step.comments.at(-1);
  if (last === undefined || keys.length === 0 || keys.includes(last.split(' ')[0]!)) return;
  const example = keys.length > 1 ? '<arg_key>' : keys[0]!;
  const words = WORDS.invalidDefinitionDescription(step.kind, example);
  lint.report('invalidDefinitionDescription', words, step.lines);
}
