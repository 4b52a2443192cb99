import { resolvePath, type CommandLine } from '../machine/command.ts';
import { readFile, stat } from '../machine/files.ts';
import { exec, start } from '../sim/process.ts';
import { FURTHER_COMMANDS } from './further-commands.ts';
import type { Shell, Step, Streams } from './state.ts';

/**
 * Finds what a command's name stands for and starts it. On a machine commands come from a table,
 * and scripts from files; in a container every command is a file of the container.
 */
export interface Found {
  readonly program: string;
  readonly argv: readonly string[];
  /** The file it comes from. */
  readonly path: string;
}

/** Why a command cannot be started, in the shell's words, and the exit status. */
export interface Missing {
  readonly message: string;
  readonly status: 126 | 127;
}

/** Starts files of a container: the runtime's. */
const CONTAINER_PROGRAM = 'programs/run';
export const SHELL_PROGRAM = 'shell/sh';
const SHELLS = ['sh', 'bash', 'ash', 'dash'];
const SYSTEM_DIRECTORY = /^\/(usr\/(local\/)?)?s?bin\//;
const BUDGET_OF_A_SIMPLE_JOB = 8;

export function* find(shell: Shell, argv: readonly string[]): Step<Found | Missing> {
  const [name = ''] = argv;
  return shell.isContainer
    ? yield* findFile(shell, name, argv)
    : yield* findInTable(shell, name, argv);
}

export function notFound(shell: Shell, name: string): Missing {
  const message =
    shell.flavour === 'bash' && !name.includes('/')
      ? `${name}: command not found`
      : shell.flavour === 'bash'
        ? `${name}: No such file or directory`
        : `${name}: not found`;
  return { message, status: 127 };
}

function notAllowed(name: string, isDirectory: boolean, shell: Shell): Missing {
  const why = isDirectory && shell.flavour === 'bash' ? 'Is a directory' : 'Permission denied';
  return { message: `${name}: ${why}`, status: 126 };
}

function* findInTable(shell: Shell, name: string, argv: readonly string[]): Step<Found | Missing> {
  const { commands } = shell.args;
  const base = SYSTEM_DIRECTORY.test(name) ? name.slice(name.lastIndexOf('/') + 1) : name;
  if (SHELLS.includes(base)) return { program: SHELL_PROGRAM, argv, path: `/bin/${base}` };
  const table = Object.hasOwn(commands, base) ? commands : FURTHER_COMMANDS;
  if (!base.includes('/') && Object.hasOwn(table, base)) {
    return { program: table[base]!, argv, path: `/usr/bin/${base}` };
  }
  for (const path of candidates(shell, name)) {
    const file = yield* stat(shell.place, path);
    if (!file) continue;
    if (file.type === 'dir') {
      if (name.includes('/')) return notAllowed(name, true, shell);
      continue;
    }
    if ((file.mode & 0o111) === 0) {
      if (name.includes('/')) return notAllowed(name, false, shell);
      continue;
    }
    return yield* script(shell, name.includes('/') ? name : path, path, argv);
  }
  return notFound(shell, name);
}

function candidates(shell: Shell, name: string): string[] {
  if (name === '') return [];
  if (name.includes('/')) return [resolvePath(shell.cwd, name)];
  return shell.path.map((directory) => resolvePath(shell.cwd, `${directory || '.'}/${name}`));
}

/** A file of a machine that may be run: by its first line, else by the shell. */
function* script(
  shell: Shell,
  shown: string,
  path: string,
  argv: readonly string[],
): Step<Found | Missing> {
  const text = (yield* readFile(shell.place, path))?.content ?? '';
  const first = /^#![ \t]*(\S+)(?:[ \t]+(\S.*?))?[ \t\r]*(?:\n|$)/.exec(text.slice(0, 300));
  const rest = argv.slice(1);
  if (!first)
    return {
      program: SHELL_PROGRAM,
      argv: [shell.flavour === 'bash' ? 'bash' : 'sh', shown, ...rest],
      path,
    };
  const [, interpreter = '', option] = first;
  const isEnv = interpreter.endsWith('/env');
  const base = isEnv ? (option ?? '') : interpreter.slice(interpreter.lastIndexOf('/') + 1);
  const options = isEnv || option === undefined ? [] : [option];
  const args = [base, ...options, shown, ...rest];
  if (SHELLS.includes(base)) return { program: SHELL_PROGRAM, argv: args, path };
  if (Object.hasOwn(shell.args.commands, base)) {
    return { program: shell.args.commands[base]!, argv: args, path };
  }
  return {
    message: isEnv
      ? `env: ‘${base}’: No such file or directory`
      : `${shown}: ${interpreter}: bad interpreter: No such file or directory`,
    status: isEnv ? 127 : 126,
  };
}

function* findFile(shell: Shell, name: string, argv: readonly string[]): Step<Found | Missing> {
  let denied: Missing | undefined;
  for (const path of candidates(shell, name)) {
    const file = yield* stat(shell.place, path);
    if (!file) continue;
    if (file.type === 'file' && (file.mode & 0o111) !== 0) {
      return { program: CONTAINER_PROGRAM, argv, path };
    }
    if (name.includes('/') || file.type === 'file') {
      denied ??= notAllowed(name, file.type === 'dir', shell);
    }
  }
  return denied ?? notFound(shell, name);
}

/** What a found command is started with. */
export function lineOf(
  shell: Shell,
  { argv }: Found,
  env: Readonly<Record<string, string>>,
): CommandLine & { readonly budget: number } {
  const budget = Math.min(shell.budget, Math.max(BUDGET_OF_A_SIMPLE_JOB, shell.budget >> 1));
  return { machine: shell.place, argv, env, cwd: shell.cwd, budget };
}

export function* launch(
  shell: Shell,
  found: Found,
  env: Readonly<Record<string, string>>,
  io: Streams,
  closes: readonly number[] = [],
): Step<number> {
  const streams = { stdin: io[0] ?? 0, stdout: io[1] ?? 0, stderr: io[2] ?? 0 };
  return yield* start(found.program, lineOf(shell, found, env), {
    ...streams,
    ...(closes.length > 0 && { closes }),
  });
}

/** Becomes the program: the shell is no more. */
export function* replaceBy(
  shell: Shell,
  found: Found,
  env: Readonly<Record<string, string>>,
  io: Streams,
): Step<never> {
  const streams = { stdin: io[0] ?? 0, stdout: io[1] ?? 0, stderr: io[2] ?? 0 };
  const line = { ...lineOf(shell, found, env), replaces: true };
  return yield* exec(found.program, line, streams);
}
