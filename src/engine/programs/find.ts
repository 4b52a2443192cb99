import { resolvePath } from '../machine/command.ts';
import type { Node } from '../machine/disk.ts';
import { readContent } from '../oci/entry.ts';

/**
 * From the words of a process to the program file that runs, as runc and the kernel find it:
 * PATH, permission, `#!` lines. Words of errors are Go's and runc's (opencontainers/runc 1.4
 * `libcontainer/standard_init_linux.go`, Go `os/exec` LookPath).
 */
export interface ProgramFile {
  /** Absolute, symbolic links followed. */
  readonly path: string;
  readonly node: Node;
}

/** The files a process sees: what an absolute path leads to, links followed. */
export type LookUp = (path: string) => ProgramFile | undefined;

export interface FoundFile {
  /** What the file is called that was asked for, and what it is: `sh` and `busybox`. */
  readonly asked: string;
  readonly file: ProgramFile;
  /** The words as the program gets them: an interpreter's come first. */
  readonly argv: readonly string[];
  /** The script, where the program is its interpreter. */
  readonly script?: ProgramFile;
}

/** Not started at all: the runtime's words and the exit code a shell would show. */
export interface StartFailure {
  readonly failed: true;
  readonly exitCode: number;
  readonly message: string;
  /** Only found out when the process was there already: it says so itself and ends. */
  readonly late?: true;
}

export const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const INTERPRETERS = 4;
const LATE_CODE = 255;
const EXECUTABLE = 0o111;
const decoder = new TextDecoder();

export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

const failed = (exitCode: number, message: string): StartFailure => ({
  failed: true,
  exitCode,
  message,
});

const late = (path: string, why: string): StartFailure => ({
  ...failed(LATE_CODE, `exec ${path}: ${why}`),
  late: true,
});

/** What runs for these words, or why nothing does. */
export function findFile(
  lookUp: LookUp,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd: string,
): FoundFile | StartFailure {
  const [asked = ''] = argv;
  const at = locate(lookUp, asked, env.PATH ?? DEFAULT_PATH, cwd);
  if ('failed' in at) return at;
  return interpret(lookUp, { asked: baseName(asked), file: at.file, argv }, at.path, env);
}

/** The path that PATH leads to, before what the file itself says; the word where there is none. */
export function pathOf(
  lookUp: LookUp,
  asked: string,
  env: Readonly<Record<string, string>>,
): string {
  const found = locate(lookUp, asked, env.PATH ?? DEFAULT_PATH, '/');
  return 'failed' in found ? asked : found.path;
}

function locate(
  lookUp: LookUp,
  asked: string,
  path: string,
  cwd: string,
): { path: string; file: ProgramFile } | StartFailure {
  if (asked.includes('/')) {
    const full = resolvePath(cwd, asked);
    const file = lookUp(full);
    if (!file) return failed(127, `exec: "${asked}": stat ${asked}: no such file or directory`);
    if (file.node.type === 'dir') return failed(126, `exec: "${asked}": is a directory`);
    if ((file.node.mode & EXECUTABLE) === 0) {
      return failed(126, `exec: "${asked}": permission denied`);
    }
    return { path: full, file };
  }
  for (const directory of asked === '' ? [] : path.split(':')) {
    const full = resolvePath(cwd, `${directory === '' ? '.' : directory}/${asked}`);
    const file = lookUp(full);
    if (file?.node.type === 'file' && (file.node.mode & EXECUTABLE) !== 0) {
      return { path: full, file };
    }
  }
  return failed(127, `exec: "${asked}": executable file not found in $PATH`);
}

/** Follows `#!` lines, as execve(2) does. */
function interpret(
  lookUp: LookUp,
  found: FoundFile,
  path: string,
  env: Readonly<Record<string, string>>,
): FoundFile | StartFailure {
  let { asked, file, argv } = found;
  let at = path;
  let script: ProgramFile | undefined;
  for (let depth = 0; file.node.type === 'file'; depth++) {
    if (!(file.node.content instanceof Uint8Array)) {
      return { asked, file, argv, ...(script && { script }) };
    }
    if (depth === INTERPRETERS) return late(path, 'too many levels of symbolic links');
    const bytes = readContent(file.node.content);
    const head = decoder.decode(bytes.subarray(0, 256));
    if (head.startsWith('\x7fELF')) return { asked, file, argv, ...(script && { script }) };
    const line = /^#![ \t]*(\S+)[ \t]*([^\n]*)/.exec(head);
    if (!line) return late(path, 'exec format error');
    const [, interpreter = '', argument = ''] = line;
    const words = argument.trim() === '' ? [] : [argument.trim()];
    script ??= file;
    argv = [interpreter, ...words, at, ...argv.slice(1)];
    asked = baseName(interpreter);
    at = interpreter;
    if (asked === 'env' && words.length > 0) {
      argv = [...words, ...argv.slice(2)];
      const place = locate(lookUp, argv[0] ?? '', env.PATH ?? DEFAULT_PATH, '/');
      if ('failed' in place)
        return { ...late('env', `${argv[0] ?? ''}: not found`), exitCode: 127 };
      [asked, at, file] = [argv[0] ?? '', place.path, place.file];
      continue;
    }
    const next = lookUp(resolvePath('/', interpreter));
    if (!next) return late(path, 'no such file or directory');
    if (next.node.type !== 'file' || (next.node.mode & EXECUTABLE) === 0) {
      return late(path, 'permission denied');
    }
    file = next;
  }
  return late(path, 'exec format error');
}
