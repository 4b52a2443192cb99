import { read, write, type Call, type Resumption, type Self } from '../../sim/process.ts';
import type { CommandLine } from '../../machine/command.ts';
import { stat } from '../../machine/files.ts';
import { machineOf } from '../../machine/place.ts';
import { readFile } from '../../machine/files.ts';

/** What the tools have in common: saying things, telling busybox from the others, names. */
export type Step<T> = Generator<Call, T, Resumption>;

export const say = (self: Self, text: string): Step<boolean> => write(self.stdout, text);

/** Writes a line to standard error and gives the exit code. */
export function* fail(self: Self, message: string, code = 1): Step<number> {
  yield* write(self.stderr, `${message}\n`);
  return code;
}

/** All that comes through a stream, up to its end. */
export function* readAll(stream: number): Step<string> {
  let text = '';
  for (let chunks = yield* read<string>(stream); chunks; chunks = yield* read<string>(stream)) {
    text += chunks.join('');
  }
  return text;
}

const PLACES = ['/bin', '/sbin', '/usr/bin', '/usr/sbin'];

/** A tool is busybox's where its name leads to busybox: its words and columns differ. */
export function* isBusybox({ machine, argv }: CommandLine): Step<boolean> {
  const name = baseName(argv[0] ?? '');
  if (name === 'busybox') return true;
  for (const at of PLACES) {
    const found = yield* stat(machine, `${at}/${name}`, false);
    if (found) return found.type === 'symlink' && baseName(found.target ?? '') === 'busybox';
  }
  return false;
}

export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The name the kernel has for a place: a container's own, or the machine's. */
export function* hostNameOf(place: string): Step<string> {
  const file = yield* readFile(place, '/etc/hostname');
  const name = file?.content.trim() ?? '';
  // An image's own file says localhost until a container's takes its place.
  return name === '' || name === 'localhost' ? machineOf(place) : name;
}

export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly shell: string;
}

/** The users of /etc/passwd, in order. */
export function* readUsers(place: string): Step<User[]> {
  const file = yield* readFile(place, '/etc/passwd');
  return (file?.content ?? 'root:x:0:0:root:/root:/bin/bash\n')
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 7 && /^\d+$/.test(fields[2] ?? ''))
    .map(([name = '', , uid, gid, , home = '', shell = '']) => ({
      name,
      uid: Number(uid),
      gid: Number(gid),
      home,
      shell,
    }));
}

export interface Group {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

/** The groups of /etc/group, in order. */
export function* readGroups(place: string): Step<Group[]> {
  const file = yield* readFile(place, '/etc/group');
  return (file?.content ?? 'root:x:0:\n')
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 4 && /^\d+$/.test(fields[2] ?? ''))
    .map(([name = '', , gid, members = '']) => ({
      name,
      gid: Number(gid),
      members: members.split(',').filter((member) => member !== ''),
    }));
}

/** What getopt found: letters with their values, and the words that are no options. */
export interface Options {
  readonly flags: ReadonlyMap<string, string>;
  readonly words: readonly string[];
  /** The first option that is none. */
  readonly unknown?: string;
  /** The first option whose value is missing. */
  readonly missing?: string;
}

/**
 * Reads options as getopt does: `spec` lists the letters, a colon behind those with a value; `long`
 * leads from long names to letters.
 */
export function readOptions(
  argv: readonly string[],
  spec: string,
  long: Readonly<Record<string, string>> = {},
  stopAtWord = false,
): Options {
  const flags = new Map<string, string>();
  const words: string[] = [];
  let unknown: string | undefined;
  let missing: string | undefined;
  for (let at = 1; at < argv.length; at++) {
    const word = argv[at]!;
    if (word === '--') {
      words.push(...argv.slice(at + 1));
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      if (stopAtWord) {
        words.push(...argv.slice(at));
        break;
      }
      words.push(word);
      continue;
    }
    if (word.startsWith('--')) {
      const equals = word.indexOf('=');
      const name = word.slice(2, equals === -1 ? undefined : equals);
      const letter = Object.hasOwn(long, name) ? long[name] : undefined;
      if (letter === undefined) unknown ??= word;
      else if (!takesValue(spec, letter)) flags.set(letter, '');
      else if (equals !== -1) flags.set(letter, word.slice(equals + 1));
      else if (argv[at + 1] === undefined) missing ??= word;
      else flags.set(letter, argv[++at]!);
      continue;
    }
    for (let i = 1; i < word.length; i++) {
      const letter = word[i]!;
      if (!spec.includes(letter) || letter === ':') {
        unknown ??= letter;
      } else if (takesValue(spec, letter)) {
        const rest = word.slice(i + 1);
        if (rest !== '') flags.set(letter, rest);
        else if (argv[at + 1] === undefined) missing ??= letter;
        else flags.set(letter, argv[++at]!);
        break;
      } else {
        flags.set(letter, '');
      }
    }
  }
  return {
    flags,
    words,
    ...(unknown === undefined ? {} : { unknown }),
    ...(missing === undefined ? {} : { missing }),
  };
}

const takesValue = (spec: string, letter: string): boolean =>
  spec[spec.indexOf(letter) + 1] === ':';

/** `  123`, at least so wide. */
export const right = (value: string | number, width: number): string =>
  String(value).padStart(width);
export const left = (value: string, width: number): string => value.padEnd(width);
