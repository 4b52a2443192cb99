import { resolvePath, type CommandLine } from '../../machine/command.ts';
import {
  checkAccess,
  FAULT_TEXT,
  readBytes,
  readFile,
  stat,
  type FileFault,
} from '../../machine/files.ts';
import { read, unread, write, type Self } from '../../sim/process.ts';
import type { Step } from '../state.ts';

/** What the small tools share: their words, their options, the lines they read. */
export class Tool {
  readonly line: CommandLine;
  readonly self: Self;
  readonly name: string;
  readonly place: string;
  readonly args: readonly string[];

  constructor(line: CommandLine, self: Self) {
    this.line = line;
    this.self = self;
    const [called = ''] = line.argv;
    this.name = called.slice(called.lastIndexOf('/') + 1);
    this.place = line.machine;
    this.args = line.argv.slice(1);
  }

  path(name: string): string {
    const path = resolvePath(this.line.cwd, name);
    return name.endsWith('/') && path !== '/' ? path : path;
  }

  *out(text: string): Step<void> {
    if (text !== '') yield* write(this.self.stdout, text);
  }

  /** `tool: message`; gives the status, to end with it. */
  *fail(message: string, status = 1): Step<number> {
    yield* write(this.self.stderr, `${this.name}: ${message}\n`);
    return status;
  }

  *misuse(message: string, status = 1): Step<number> {
    const hint = `Try '${this.name} --help' for more information.`;
    yield* write(this.self.stderr, `${this.name}: ${message}\n${hint}\n`);
    return status;
  }

  /** Images with busybox have its words. */
  *isBusybox(): Step<boolean> {
    return this.place.includes('/') && (yield* stat(this.place, '/bin/busybox')) !== undefined;
  }

  /** `cat: x: No such file or directory` */
  *cannotRead(name: string, fault: FileFault): Step<void> {
    if (yield* this.isBusybox()) {
      const verb = fault === 'EISDIR' ? 'read error' : `can't open '${name}'`;
      yield* this.fail(`${verb}: ${FAULT_TEXT[fault]}`);
    } else yield* this.fail(`${name}: ${FAULT_TEXT[fault]}`);
  }

  /** The text of a file, or why it cannot be read. `-` is standard input. */
  *text(name: string): Step<{ text: string } | { fault: FileFault }> {
    if (name === '-' || name === '/dev/stdin') return { text: yield* this.input() };
    const path = this.path(name);
    const denied = yield* checkAccess(this.place, path, 4);
    if (denied) return { fault: denied };
    const file = yield* readFile(this.place, path);
    if (file)
      return { text: file.content.includes('\0') ? yield* this.#bytes(path) : file.content };
    const there = yield* stat(this.place, path);
    return { fault: there?.type === 'dir' ? 'EISDIR' : 'ENOENT' };
  }

  /** What is no text goes through a stream with one character for each byte. */
  *#bytes(path: string): Step<string> {
    const bytes = (yield* readBytes(this.place, path)) ?? [];
    let text = '';
    for (const byte of bytes) text += String.fromCharCode(byte);
    return text;
  }

  /** All of standard input. */
  *input(): Step<string> {
    const texts: string[] = [];
    for (;;) {
      const chunks = yield* read<string>(this.self.stdin);
      if (!chunks) return texts.join('');
      texts.push(...chunks);
    }
  }
}

export interface Lines {
  /** Without their newlines. */
  readonly lines: readonly string[];
  /** The file's name as given; `-` for standard input. */
  readonly name: string;
  /** The last line of the file had no newline. */
  readonly open: boolean;
  readonly last: boolean;
}

/**
 * Hands the lines of files, or of standard input as they come, to `handle`; false stops. Files that
 * cannot be read are told about; gives the status.
 */
export function* eachLines(
  tool: Tool,
  names: readonly string[],
  handle: (lines: Lines) => Step<boolean | undefined>,
  failure = 1,
): Step<number> {
  let status = 0;
  for (const name of names.length === 0 ? ['-'] : names) {
    if (name === '-') {
      if (!(yield* inputLines(tool, handle))) return status;
      continue;
    }
    const found = yield* tool.text(name);
    if ('fault' in found) {
      yield* tool.cannotRead(name, found.fault);
      status = failure;
      continue;
    }
    const { lines, open } = splitLines(found.text);
    if ((yield* handle({ lines, name, open, last: true })) === false) return status;
  }
  return status;
}

function* inputLines(
  tool: Tool,
  handle: (lines: Lines) => Step<boolean | undefined>,
): Step<boolean> {
  let rest = '';
  for (;;) {
    const chunks = yield* read<string>(tool.self.stdin);
    const text = rest + (chunks?.join('') ?? '');
    const end = chunks ? text.lastIndexOf('\n') + 1 : text.length;
    rest = text.slice(end);
    const { lines, open } = splitLines(text.slice(0, end));
    const last = chunks === undefined;
    if (lines.length > 0 || last) {
      if ((yield* handle({ lines, name: '-', open, last })) === false) {
        if (rest !== '') yield* unread(tool.self.stdin, rest);
        return false;
      }
    }
    if (last) return true;
  }
}

export function splitLines(text: string): { lines: string[]; open: boolean } {
  if (text === '') return { lines: [], open: false };
  const lines = text.split('\n');
  const open = lines.at(-1) !== '';
  if (!open) lines.pop();
  return { lines, open };
}

export interface Options {
  /** By letter, or by the long name; `true` for one without a value; the last wins. */
  readonly has: (name: string) => boolean;
  readonly value: (name: string) => string | undefined;
  readonly all: (name: string) => readonly string[];
  readonly operands: readonly string[];
  /** Words of a mistake. */
  readonly problem?: string;
}

/**
 * Reads options as GNU getopt does: letters may be joined, values attached or next, `--` ends.
 * `spec` names the letters, with `:` behind those with a value; `long` maps long names to letters.
 */
export function readOptions(
  args: readonly string[],
  spec: string,
  {
    long = {},
    inOrder = false,
  }: { long?: Readonly<Record<string, string>>; inOrder?: boolean } = {},
): Options {
  const found = new Map<string, string[]>();
  const operands: string[] = [];
  const add = (letter: string, value: string) =>
    found.set(letter, [...(found.get(letter) ?? []), value]);
  const takes = (letter: string) => spec.includes(`${letter}:`);
  let problem: string | undefined;
  for (let at = 0; at < args.length && problem === undefined; at++) {
    const arg = args[at]!;
    if (arg === '--') {
      operands.push(...args.slice(at + 1));
      break;
    }
    if (arg.startsWith('--')) {
      const [name = '', ...values] = arg.slice(2).split('=');
      const letter = Object.hasOwn(long, name) ? long[name] : undefined;
      if (letter === undefined) problem = `unrecognized option '--${name}'`;
      else if (!takes(letter)) add(letter, '');
      else if (values.length > 0) add(letter, values.join('='));
      else if (args[at + 1] === undefined) problem = `option '--${name}' requires an argument`;
      else add(letter, args[++at]!);
    } else if (arg.startsWith('-') && arg !== '-') {
      for (let i = 1; i < arg.length; i++) {
        const letter = arg[i]!;
        if (letter === ':' || !spec.includes(letter)) {
          problem = `invalid option -- '${letter}'`;
          break;
        }
        if (!takes(letter)) {
          add(letter, '');
          continue;
        }
        const inline = arg.slice(i + 1);
        if (inline === '' && args[at + 1] === undefined) {
          problem = `option requires an argument -- '${letter}'`;
        } else add(letter, inline === '' ? args[++at]! : inline);
        break;
      }
    } else if (inOrder) {
      operands.push(...args.slice(at));
      break;
    } else operands.push(arg);
  }
  return {
    has: (name) => found.has(name),
    value: (name) => found.get(name)?.at(-1),
    all: (name) => found.get(name) ?? [],
    operands,
    ...(problem !== undefined && { problem }),
  };
}

/** GNU's curly quotes. */
export const quoted = (text: string): string => `‘${text}’`;

/** `10`, `2K`, `1M`: as head -c and sort -h read them. */
export function readCount(text: string): number | undefined {
  const match = /^(\d+)([bkKmMgG]?)[B]?$/.exec(text);
  if (!match) return undefined;
  const unit =
    { '': 1, b: 512, k: 1024, m: 1_048_576, g: 1_073_741_824 }[match[2]!.toLowerCase()] ?? 1;
  return Number(match[1]) * unit;
}
