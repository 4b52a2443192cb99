import { assert } from '../sim/assert.ts';
import {
  close,
  Interrupt,
  join,
  open,
  read,
  start,
  write,
  type Call,
  type Ending,
  type Program,
  type Resumption,
  type Self,
} from '../sim/process.ts';
import { resolvePath, type CommandLine, type CommandTable } from '../machine/command.ts';
import { listFiles, readFile, writeFile } from '../machine/files.ts';
import type { AndOrList, Pipeline, Redirection, SimpleCommand } from './ast.ts';
import { expandText, expandWord } from './expand.ts';
import { parseScript } from './parse.ts';

/**
 * The shell of a machine: runs a script, starts each command as a program of its own and waits for
 * it. Commands come from a table; those that change the shell itself are built in. It knows no
 * product. Words of errors are bash's (GNU bash 5.2).
 */
export interface ShellArgs {
  readonly machine: string;
  readonly script: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly commands: CommandTable;
  /** Exit status of what ran before: `$?`. */
  readonly status?: number;
}

/** What the next script of the same shell begins with. */
export interface ShellResult {
  readonly exitCode: number;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

type Step<T> = Generator<Call, T, Resumption>;

interface Shell {
  readonly args: ShellArgs;
  readonly self: Self;
  cwd: string;
  env: Record<string, string>;
  status: number;
  exited: boolean;
}

const SIGNALS: Readonly<Record<string, number>> = { SIGINT: 130, SIGTERM: 143, SIGKILL: 137 };
const NOT_EXECUTABLE = 126;
const NOT_FOUND = 127;

export const shellRun: Program<ShellArgs, ShellResult> = function* (args, self) {
  const shell: Shell = {
    args,
    self,
    cwd: args.cwd,
    env: { ...args.env },
    status: args.status ?? 0,
    exited: false,
  };
  const parsed = parseScript(args.script);
  if (!parsed.ok) {
    // At a prompt bash names no line; of a text of several lines it is worth knowing.
    const at = args.script.includes('\n') ? `line ${parsed.line}: ` : '';
    yield* write(self.stderr, `bash: ${at}${parsed.message}\n`);
    shell.status = 2;
  } else {
    for (const list of parsed.script.lists) {
      if (!shell.exited) yield* runList(shell, list);
    }
  }
  return { exitCode: shell.status, cwd: shell.cwd, env: shell.env };
};

function* runList(shell: Shell, { parts }: AndOrList): Step<void> {
  for (const { when, pipeline } of parts) {
    if (shell.exited) return;
    if (when === 'success' && shell.status !== 0) continue;
    if (when === 'failure' && shell.status === 0) continue;
    yield* runPipeline(shell, pipeline);
  }
}

function* runPipeline(shell: Shell, { commands, negated }: Pipeline): Step<void> {
  const [only] = commands;
  if (commands.length === 1 && only) {
    shell.status = yield* runCommand(shell, only, shell.self);
  } else {
    // Simplified: the commands of a pipe run one after another, each on what the one before wrote.
    let stdin = shell.self.stdin;
    for (const [i, command] of commands.entries()) {
      const last = i === commands.length - 1;
      const stdout = last ? shell.self.stdout : yield* open();
      shell.status = yield* runCommand(shell, command, { ...shell.self, stdin, stdout });
      if (!last) yield* close(stdout);
      stdin = stdout;
    }
  }
  if (negated) shell.status = shell.status === 0 ? 1 : 0;
}

/** Opens what redirections ask for, runs, and puts what was written into files. */
function* runCommand(shell: Shell, command: SimpleCommand, io: Self): Step<number> {
  const variables = { ...shell.env, '?': String(shell.status), PWD: shell.cwd };
  const own: Record<string, string> = {};
  for (const { name, value } of command.assignments) own[name] = expandText(value, variables);
  const argv = command.words.flatMap((word) => expandWord(word, variables));
  const streams = { ...io };
  const files: { stream: number; path: string; append: boolean }[] = [];
  for (const redirection of command.redirections) {
    const target = expandText(redirection.target, variables);
    const failed = yield* redirect(shell, redirection, target, streams, files);
    if (failed) return 1;
  }
  let status = 0;
  if (argv.length === 0) Object.assign(shell.env, own);
  else status = yield* perform(shell, argv, { ...shell.env, ...own }, streams);
  for (const { stream, path, append } of files) {
    yield* close(stream);
    let text = '';
    for (let chunks = yield* read<string>(stream); chunks; chunks = yield* read<string>(stream)) {
      text += chunks.join('');
    }
    const before = append ? ((yield* readFile(shell.args.machine, path))?.content ?? '') : '';
    yield* writeFile(shell.args.machine, path, before + text);
  }
  return status;
}

function* redirect(
  shell: Shell,
  { from, kind }: Redirection,
  target: string,
  streams: { stdin: number; stdout: number; stderr: number },
  files: { stream: number; path: string; append: boolean }[],
): Step<boolean> {
  if (kind === 'duplicate') {
    if (from === 2) streams.stderr = streams.stdout;
    else streams.stdout = streams.stderr;
    return false;
  }
  const path = resolvePath(shell.cwd, target);
  const stream = yield* open();
  if (kind === 'read') {
    const file = yield* readFile(shell.args.machine, path);
    if (!file) {
      yield* write(streams.stderr, `bash: ${target}: No such file or directory\n`);
      return true;
    }
    yield* write(stream, file.content);
    yield* close(stream);
    streams.stdin = stream;
    return false;
  }
  if (target === '' || (yield* isDirectory(shell.args.machine, path))) {
    const why = target === '' ? 'No such file or directory' : 'Is a directory';
    yield* write(streams.stderr, `bash: ${target}: ${why}\n`);
    return true;
  }
  files.push({ stream, path, append: kind === 'append' });
  if (from === 1 || from === '&') streams.stdout = stream;
  if (from === 2 || from === '&') streams.stderr = stream;
  return false;
}

/** Directories exist by what is in them; the root always does. */
function* isDirectory(machine: string, path: string): Step<boolean> {
  return path === '/' || (yield* listFiles(machine, path)).length > 0;
}

function* perform(
  shell: Shell,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  io: { stdin: number; stdout: number; stderr: number },
): Step<number> {
  const [name = '', ...words] = argv;
  switch (name) {
    case 'cd':
      return yield* changeDirectory(shell, words[0] ?? env.HOME ?? '/', io.stderr);
    case 'pwd':
      yield* write(io.stdout, `${shell.cwd}\n`);
      return 0;
    case 'exit':
      shell.exited = true;
      return words[0] === undefined ? shell.status : Number(words[0]) & 255;
    case 'export':
      for (const word of words) {
        const at = word.indexOf('=');
        if (at > 0) shell.env[word.slice(0, at)] = word.slice(at + 1);
      }
      return 0;
    case 'unset':
      shell.env = Object.fromEntries(
        Object.entries(shell.env).filter(([variable]) => !words.includes(variable)),
      );
      return 0;
    case 'set':
    case ':':
      return 0;
  }
  const program = Object.hasOwn(shell.args.commands, name) ? shell.args.commands[name] : undefined;
  if (program === undefined) {
    if (
      name.includes('/') &&
      (yield* isDirectory(shell.args.machine, resolvePath(shell.cwd, name)))
    ) {
      yield* write(io.stderr, `bash: ${name}: Is a directory\n`);
      return NOT_EXECUTABLE;
    }
    const why = name.includes('/') ? 'No such file or directory' : 'command not found';
    yield* write(io.stderr, `bash: ${name}: ${why}\n`);
    return NOT_FOUND;
  }
  const { machine } = shell.args;
  const line: CommandLine = { machine, argv, env, cwd: shell.cwd };
  const { stdin, stdout, stderr } = io;
  const pid = yield* start(program, line, { stdin, stdout, stderr });
  return statusOf(yield* wait(pid, shell));
}

/** A signal to the shell while a command runs reaches the command, as from a terminal. */
function* wait(pid: number, shell: Shell): Step<Ending> {
  for (;;) {
    try {
      return yield* join(pid);
    } catch (fault) {
      if (!(fault instanceof Interrupt)) throw fault;
      shell.exited = true;
      yield { call: 'signal', pid, signal: fault.signal };
    }
  }
}

function statusOf(ending: Ending): number {
  if (ending.signal !== undefined) return SIGNALS[ending.signal] ?? 128;
  assert(typeof ending.result === 'number', 'a command ends with an exit code');
  return ending.result;
}

function* changeDirectory(shell: Shell, target: string, stderr: number): Step<number> {
  const path = resolvePath(shell.cwd, target);
  if (!(yield* isDirectory(shell.args.machine, path))) {
    const file = yield* readFile(shell.args.machine, path);
    const why = file ? 'Not a directory' : 'No such file or directory';
    yield* write(stderr, `bash: cd: ${target}: ${why}\n`);
    return 1;
  }
  shell.cwd = path;
  return 0;
}
