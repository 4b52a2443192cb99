import type { Program } from '../sim/process.ts';

/**
 * How a command is started on a machine: by a shell, a scenario or a test, always the same way.
 * A tool is a durable program (see sim/process.ts); it writes to its standard streams and its
 * result is the exit code.
 */
export interface CommandLine {
  readonly machine: string;
  /** The words, the command's own name first: `['docker', 'build', '.']`. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Absolute, without a slash at the end (but for `/`). */
  readonly cwd: string;
}

export type Command = Program<CommandLine, number>;

/** Which program answers to a command's name: `docker` -> `docker/cli`. */
export type CommandTable = Readonly<Record<string, string>>;

/** An absolute path without `.`, `..` and double slashes; `path` is taken from `cwd`. */
export function resolvePath(cwd: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${cwd}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
