import type { CommandForm, Instruction, KeyValue, LogicalLine } from './ast.ts';
import { readJsonForm, splitWords, takeFlags, type Flag } from './words.ts';

/**
 * One logical line to one instruction, or BuildKit's words against it (moby/buildkit v0.32
 * `frontend/dockerfile/instructions/parse.go`, `bflag.go`).
 */
export type ReadInstruction =
  | { readonly ok: true; readonly instruction: Instruction }
  /** `early`: found on the first pass over the file, before instructions are read. */
  | { readonly ok: false; readonly message: string; readonly early?: true };

export const KEYWORDS = [
  ...['ADD', 'ARG', 'CMD', 'COPY', 'ENTRYPOINT', 'ENV', 'EXPOSE', 'FROM', 'HEALTHCHECK', 'LABEL'],
  ...['MAINTAINER', 'ONBUILD', 'RUN', 'SHELL', 'STOPSIGNAL', 'USER', 'VOLUME', 'WORKDIR'],
];

/** What a flag takes: one text, many, or true and false. */
type FlagKind = 'text' | 'texts' | 'switch';

const FLAGS: Readonly<Record<string, Readonly<Record<string, FlagKind>>>> = {
  FROM: { platform: 'text' },
  RUN: { mount: 'texts', network: 'text', security: 'text' },
  COPY: {
    ...{ from: 'text', chown: 'text', chmod: 'text', link: 'switch', parents: 'switch' },
    exclude: 'texts',
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

type Base = Pick<Instruction, 'lines' | 'original' | 'flags'>;
interface Fault {
  readonly early: string;
}
type Reader = (rest: string, base: Base, escape: string) => Instruction | Fault | string;

const oneArgument = (name: string): string => `${name} requires exactly one argument`;
const someArguments = (name: string): string => `${name} requires at least one argument`;

function commandForm(rest: string): CommandForm {
  const argv = readJsonForm(rest);
  return argv ? { form: 'exec', argv } : { form: 'shell', command: rest };
}

/** `a=b c="d e"`, or the old `a b c` where all after the first blank is the value. */
function pairs(name: string, rest: string, escape: string): KeyValue[] | Fault | string {
  const words = splitWords(rest, escape);
  const first = words[0];
  if (first === undefined) return someArguments(name);
  if (!first.includes('=')) {
    const value = rest.slice(first.length).trim();
    return value === '' ? { early: `${name} must have two arguments` } : [{ key: first, value }];
  }
  const read: KeyValue[] = [];
  for (const word of words) {
    const at = word.indexOf('=');
    if (at === -1) {
      const form = 'Must be of the form: name=value';
      return { early: `Syntax error - can't find = in "${word}". ${form}` };
    }
    if (at === 0) return `${name} names can not be blank`;
    read.push({ key: word.slice(0, at), value: word.slice(at + 1) });
  }
  return read;
}

const readFrom: Reader = (rest, base) => {
  const words = rest === '' ? [] : rest.split(/\s+/);
  const [image = '', as, name = ''] = words;
  if (words.length === 1) return { kind: 'FROM', ...base, image };
  if (words.length !== 3 || as?.toLowerCase() !== 'as') {
    return 'FROM requires either one or three arguments';
  }
  const lower = name.toLowerCase();
  if (!/^[a-z][a-z0-9-_.]*$/.test(lower)) {
    return (
      `invalid name for build stage: "${name}", ` +
      "name can't start with a number or contain symbols"
    );
  }
  return { kind: 'FROM', ...base, image, name: lower };
};

const copy =
  (kind: 'COPY' | 'ADD'): Reader =>
  (rest, base) => {
    const words = readJsonForm(rest) ?? plainWords(rest);
    if (words.length < 2) {
      const known = 'but only one was provided. Destination could not be determined';
      return `${kind} requires at least two arguments, ${known}`;
    }
    return { kind, ...base, sources: words.slice(0, -1), destination: words.at(-1)! };
  };

/** Split at blanks alone: quotes mean nothing here. */
const plainWords = (rest: string): string[] => (rest === '' ? [] : rest.split(/\s+/));

const pairsOf =
  (kind: 'ENV' | 'LABEL'): Reader =>
  (rest, base, escape) => {
    const read = pairs(kind, rest, escape);
    return Array.isArray(read) ? { kind, ...base, pairs: read } : read;
  };

/** The whole rest of the line is the one argument. */
const single =
  (kind: string, make: (rest: string, base: Base) => Instruction): Reader =>
  (rest, base) =>
    rest === '' ? oneArgument(kind) : make(rest, base);

const READERS: Readonly<Record<string, Reader>> = {
  FROM: readFrom,
  COPY: copy('COPY'),
  ADD: copy('ADD'),
  RUN: (rest, base) =>
    rest === '' ? someArguments('RUN') : { kind: 'RUN', ...base, command: commandForm(rest) },
  CMD: (rest, base) => ({ kind: 'CMD', ...base, command: commandForm(rest) }),
  ENTRYPOINT: (rest, base) => ({ kind: 'ENTRYPOINT', ...base, command: commandForm(rest) }),
  WORKDIR: single('WORKDIR', (path, base) => ({ kind: 'WORKDIR', ...base, path })),
  ENV: pairsOf('ENV'),
  LABEL: pairsOf('LABEL'),
  ARG: (rest, base, escape) => {
    const words = splitWords(rest, escape);
    if (words.length === 0) return someArguments('ARG');
    const args: { key: string; value?: string }[] = [];
    for (const word of words) {
      const at = word.indexOf('=');
      if (at === 0) return 'ARG names can not be blank';
      args.push(at === -1 ? { key: word } : { key: word.slice(0, at), value: word.slice(at + 1) });
    }
    return { kind: 'ARG', ...base, args };
  },
  EXPOSE: (rest, base) => {
    const ports = plainWords(rest);
    return ports.length === 0 ? someArguments('EXPOSE') : { kind: 'EXPOSE', ...base, ports };
  },
  USER: single('USER', (user, base) => ({ kind: 'USER', ...base, user })),
  VOLUME: (rest, base) => {
    const paths = readJsonForm(rest) ?? plainWords(rest);
    if (paths.length === 0) return someArguments('VOLUME');
    if (paths.some((path) => path.trim() === '')) {
      return 'VOLUME specified can not be an empty string';
    }
    return { kind: 'VOLUME', ...base, paths };
  },
  STOPSIGNAL: single('STOPSIGNAL', (signal, base) => ({ kind: 'STOPSIGNAL', ...base, signal })),
  SHELL: (rest, base) => {
    const argv = readJsonForm(rest);
    if (!argv) return 'SHELL requires the arguments to be in JSON form';
    return argv.length === 0 ? someArguments('SHELL') : { kind: 'SHELL', ...base, argv };
  },
  MAINTAINER: single('MAINTAINER', (name, base) => ({ kind: 'MAINTAINER', ...base, name })),
  ONBUILD: (rest, base) => {
    if (rest === '') return someArguments('ONBUILD');
    const trigger = (/^\S+/.exec(rest)?.[0] ?? '').toUpperCase();
    if (trigger === 'ONBUILD') return "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed";
    if (trigger === 'MAINTAINER' || trigger === 'FROM') {
      return `${trigger} isn't allowed as an ONBUILD trigger`;
    }
    return { kind: 'ONBUILD', ...base, trigger: rest };
  },
  HEALTHCHECK: (rest, base) => {
    const [word = ''] = splitWords(rest);
    if (word === '') return someArguments('HEALTHCHECK');
    const after = rest.slice(word.length).trim();
    if (word.toUpperCase() === 'NONE') {
      return after === ''
        ? { kind: 'HEALTHCHECK', ...base }
        : 'HEALTHCHECK NONE takes no arguments';
    }
    if (word.toUpperCase() !== 'CMD')
      return `Unknown type "${word.toUpperCase()}" in HEALTHCHECK (try CMD)`;
    if (after === '') return 'Missing command after HEALTHCHECK CMD';
    return { kind: 'HEALTHCHECK', ...base, command: commandForm(after) };
  },
};

export function readInstruction({ text, lines }: LogicalLine, escape = '\\'): ReadInstruction {
  const fail = (message: string): ReadInstruction => ({ ok: false, message });
  const written = /^\S+/.exec(text)?.[0] ?? '';
  const keyword = written.toUpperCase();
  const reader = Object.hasOwn(READERS, keyword) ? READERS[keyword] : undefined;
  if (!reader) return fail(`unknown instruction: ${written}${hint(written, KEYWORDS)}`);
  const { flags: given, rest } = takeFlags(text.slice(written.length).trim(), escape);
  const flags = readFlags(given, FLAGS[keyword] ?? {});
  if (typeof flags === 'string') return fail(flags);
  const instruction = reader(rest, { lines, original: text, flags }, escape);
  if (typeof instruction === 'string') return fail(instruction);
  if ('early' in instruction) return { ok: false, message: instruction.early, early: true };
  return { ok: true, instruction };
}

function readFlags(
  given: readonly Flag[],
  known: Readonly<Record<string, FlagKind>>,
): Record<string, string> | string {
  const flags: Record<string, string> = {};
  for (const { name, value } of given) {
    const kind = Object.hasOwn(known, name) ? known[name] : undefined;
    if (kind === undefined) return `unknown flag: --${name}${hint(name, Object.keys(known))}`;
    if (name in flags && kind !== 'texts') return `duplicate flag specified: --${name}`;
    if (kind === 'switch') {
      if (value === '') return `missing a value on flag: --${name}`;
      const word = (value ?? 'true').toLowerCase();
      if (word !== 'true' && word !== 'false') {
        return `expecting boolean value for flag --${name}, not: ${value ?? ''}`;
      }
      flags[name] = word;
    } else if (value === undefined) return `missing a value on flag: --${name}`;
    else flags[name] = value;
  }
  return flags;
}

/** ` (did you mean RUN?)`: the nearest, in the writer's case (`util/suggest/error.go`). */
function hint(written: string, options: readonly string[]): string {
  const own = written.toLowerCase();
  let nearest = '';
  let least = 3;
  for (const option of options.map((name) => name.toLowerCase())) {
    const far = Math.abs(option.length - own.length) >= least;
    const apart = far ? least : distance(own, option);
    if (apart < least) [nearest, least] = [option, apart];
  }
  if (nearest === '') return '';
  return ` (did you mean ${written === own ? nearest : nearest.toUpperCase()}?)`;
}

/** Edit distance, of short words. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
