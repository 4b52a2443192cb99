import type { CommandForm, Instruction, KeyValue, LogicalLine } from './ast.ts';
import { readJsonForm, splitWords, takeFlags } from './words.ts';

/** One logical line to one instruction, or BuildKit's words against it (`instructions/parse.go`). */
export type ReadInstruction =
  | { readonly ok: true; readonly instruction: Instruction }
  | { readonly ok: false; readonly message: string };

export const KEYWORDS = [
  ...['ADD', 'ARG', 'CMD', 'COPY', 'ENTRYPOINT', 'ENV', 'EXPOSE', 'FROM', 'HEALTHCHECK', 'LABEL'],
  ...['MAINTAINER', 'ONBUILD', 'RUN', 'SHELL', 'STOPSIGNAL', 'USER', 'VOLUME', 'WORKDIR'],
];

const FLAGS: Readonly<Record<string, readonly string[]>> = {
  FROM: ['platform'],
  RUN: ['mount', 'network', 'security'],
  COPY: ['from', 'chown', 'chmod', 'link', 'parents', 'exclude'],
  ADD: ['chown', 'chmod', 'link', 'keep-git-dir', 'checksum', 'exclude', 'unpack'],
  HEALTHCHECK: ['interval', 'timeout', 'start-period', 'start-interval', 'retries'],
};

type Base = Pick<Instruction, 'lines' | 'original' | 'flags'>;
type Reader = (rest: string, base: Base) => Instruction | string;

const oneArgument = (name: string): string => `${name} requires exactly one argument`;
const someArguments = (name: string): string => `${name} requires at least one argument`;

function commandForm(rest: string): CommandForm {
  const argv = readJsonForm(rest);
  return argv ? { form: 'exec', argv } : { form: 'shell', command: rest };
}

/** `a=b c="d e"`, or the old `a b c` where all after the first blank is the value. */
function pairs(name: string, rest: string): KeyValue[] | string {
  const words = splitWords(rest);
  const first = words[0];
  if (first === undefined) return someArguments(name);
  if (!first.includes('=')) {
    const value = rest.slice(first.length).trim();
    return value === '' ? `${name} must have two arguments` : [{ key: first, value }];
  }
  const read: KeyValue[] = [];
  for (const word of words) {
    const at = word.indexOf('=');
    if (at === -1) {
      return `Syntax error - can't find = in "${word}". Must be of the form: name=value`;
    }
    if (at === 0) return `${name} names can not be blank`;
    read.push({ key: word.slice(0, at), value: word.slice(at + 1) });
  }
  return read;
}

const readFrom: Reader = (rest, base) => {
  const words = splitWords(rest);
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
    const words = readJsonForm(rest) ?? splitWords(rest);
    if (words.length < 2) {
      return `${kind} requires at least two arguments, but only ${['none were', 'one was'][words.length] ?? ''} provided. Destination could not be determined`;
    }
    return { kind, ...base, sources: words.slice(0, -1), destination: words.at(-1)! };
  };

const READERS: Readonly<Record<string, Reader>> = {
  FROM: readFrom,
  COPY: copy('COPY'),
  ADD: copy('ADD'),
  RUN: (rest, base) =>
    rest === '' ? someArguments('RUN') : { kind: 'RUN', ...base, command: commandForm(rest) },
  CMD: (rest, base) => ({ kind: 'CMD', ...base, command: commandForm(rest) }),
  ENTRYPOINT: (rest, base) => ({ kind: 'ENTRYPOINT', ...base, command: commandForm(rest) }),
  WORKDIR: (rest, base) => {
    const [path, ...more] = splitWords(rest);
    if (path === undefined || more.length > 0) return oneArgument('WORKDIR');
    return { kind: 'WORKDIR', ...base, path };
  },
  ENV: (rest, base) => {
    const read = pairs('ENV', rest);
    return typeof read === 'string' ? read : { kind: 'ENV', ...base, pairs: read };
  },
  LABEL: (rest, base) => {
    const read = pairs('LABEL', rest);
    return typeof read === 'string' ? read : { kind: 'LABEL', ...base, pairs: read };
  },
  ARG: (rest, base) => {
    const words = splitWords(rest);
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
    const ports = splitWords(rest);
    return ports.length === 0 ? someArguments('EXPOSE') : { kind: 'EXPOSE', ...base, ports };
  },
  USER: (rest, base) => (rest === '' ? oneArgument('USER') : { kind: 'USER', ...base, user: rest }),
  VOLUME: (rest, base) => {
    const paths = readJsonForm(rest) ?? splitWords(rest);
    if (paths.length === 0) return someArguments('VOLUME');
    if (paths.some((path) => path.trim() === '')) {
      return 'VOLUME specified can not be an empty string';
    }
    return { kind: 'VOLUME', ...base, paths };
  },
  STOPSIGNAL: (rest, base) => {
    const [signal, ...more] = splitWords(rest);
    if (signal === undefined || more.length > 0) return oneArgument('STOPSIGNAL');
    return { kind: 'STOPSIGNAL', ...base, signal };
  },
  SHELL: (rest, base) => {
    const argv = readJsonForm(rest);
    if (!argv) return 'SHELL requires the arguments to be in JSON form';
    return argv.length === 0 ? someArguments('SHELL') : { kind: 'SHELL', ...base, argv };
  },
  MAINTAINER: (rest, base) =>
    rest === '' ? oneArgument('MAINTAINER') : { kind: 'MAINTAINER', ...base, name: rest },
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

export function readInstruction({ text, lines }: LogicalLine): ReadInstruction {
  const fail = (message: string): ReadInstruction => ({ ok: false, message });
  const written = /^\S+/.exec(text)?.[0] ?? '';
  const keyword = written.toUpperCase();
  const reader = READERS[keyword];
  if (!reader) {
    const close = KEYWORDS.find((name) => distance(name, keyword) <= 2);
    const hint = close === undefined ? '' : ` (did you mean ${close}?)`;
    return fail(`unknown instruction: ${written}${hint}`);
  }
  const { flags, rest } = takeFlags(text.slice(written.length).trim());
  for (const [name] of flags) {
    if (!(FLAGS[keyword] ?? []).includes(name)) return fail(`unknown flag: --${name}`);
  }
  const base = { lines, original: text, flags: Object.fromEntries(flags) };
  const instruction = reader(rest, base);
  return typeof instruction === 'string' ? fail(instruction) : { ok: true, instruction };
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
