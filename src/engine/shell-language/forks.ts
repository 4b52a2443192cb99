import { close, open, read, start } from '../sim/process.ts';
import { makeDirectory, readFile, removeFile, writeFile } from '../machine/files.ts';
import { resolvePath } from '../machine/command.ts';
import { BUILTINS } from './builtins/index.ts';
import type { Context } from './context.ts';
import type { Forked } from './jobs.ts';
import { expandText, expandWords } from './expansion.ts';
import { find, launch } from './launch.ts';
import { closeAll, openRedirections } from './redirect.ts';
import { Exit, type Shell, type ShellArgs, type Step, type Streams } from './state.ts';
import { inForeground, waitFor } from './waiting.ts';
import type { CommandNode, Script, SimpleNode, Word } from './syntax.ts';

/** Subshells: for `( )`, `$( )`, the parts of a pipe, and jobs in the background. */
const NESTING_LIMIT = 100;
const SIMPLE_JOB_BUDGET = 8;
const OUTPUT_LIMIT = 10_000_000;

function* refuse(shell: Shell, io: Streams): Step<never> {
  const words = shell.flavour === 'bash' ? 'fork: retry' : "can't fork";
  yield* shell.complain(io, `${words}: Resource temporarily unavailable`);
  shell.status = shell.flavour === 'bash' ? 254 : 2;
  throw new Exit();
}

/** Starts a copy of this shell that runs `body`; `share` is its part of the budget. */
function* fork(
  shell: Shell,
  body: Script,
  io: Streams,
  { closes, share }: { closes: readonly number[]; share: number },
): Step<number> {
  if (share < 1 || shell.nesting >= NESTING_LIMIT) return yield* refuse(shell, io);
  const { args } = shell;
  const child: ShellArgs = {
    machine: args.machine,
    commands: args.commands,
    flavour: shell.flavour,
    name: shell.name,
    source: shell.source,
    body,
    cwd: shell.cwd,
    env: {},
    copy: shell.copy(io),
    budget: share,
  };
  const streams = { stdin: io[0] ?? 0, stdout: io[1] ?? 0, stderr: io[2] ?? 0 };
  return yield* start('shell/run', child, { ...streams, ...(closes.length > 0 && { closes }) });
}

const scriptOf = (node: CommandNode): Script => ({
  lists: [
    {
      line: node.line,
      parts: [{ when: 'always', pipeline: { negated: false, timed: false, commands: [node] } }],
      background: false,
      text: '',
    },
  ],
});

/** A command with nothing in it that would make the shell itself wait. */
function isPlain(node: CommandNode): node is SimpleNode {
  const still = (word: Word): boolean =>
    word.every((part) => part.kind !== 'command' && part.kind !== 'process');
  return (
    node.kind === 'simple' &&
    node.words.length > 0 &&
    node.assignments.length === 0 &&
    node.words.every(still) &&
    node.redirections.every(({ target }) => still(target))
  );
}

/** Starts one part of a pipe, or a job: a program at once where it is no more than that. */
export function* forkCommand(
  context: Context,
  node: CommandNode,
  io: Streams,
  closes: readonly number[],
): Step<Forked> {
  const { shell } = context;
  const share = Math.floor(Math.sqrt(shell.budget));
  if (!isPlain(node)) {
    const body =
      node.kind !== 'function' && node.kind === 'subshell' && node.redirections.length === 0
        ? node.body
        : scriptOf(node);
    shell.budget -= share;
    return { pid: yield* fork(shell, body, io, { closes, share }) };
  }
  const argv = yield* expandWords(context, node.words);
  const [name = ''] = argv;
  if (argv.length === 0 || shell.functions.has(name) || Object.hasOwn(BUILTINS, name)) {
    shell.budget -= share;
    return { pid: yield* fork(shell, scriptOf(node), io, { closes, share }) };
  }
  if (shell.budget < SIMPLE_JOB_BUDGET) yield* refuse(shell, io);
  shell.budget -= SIMPLE_JOB_BUDGET;
  shell.line = node.line;
  const opened = yield* openRedirections({ ...context, io }, node.redirections, io);
  const mine = [...closes, ...opened.own];
  const found = opened.failed ? undefined : yield* find(shell, argv);
  if (found && 'program' in found) {
    return { pid: yield* launch(shell, found, shell.environment(), opened.streams, mine) };
  }
  if (found) yield* shell.complain(opened.streams, found.message);
  yield* closeAll(mine);
  return { status: found?.status ?? 1 };
}

/** `( … )`: waits for it. */
export function* runSubshell(shell: Shell, body: Script, io: Streams): Step<void> {
  const share = Math.max(0, shell.budget - 1);
  const pid = yield* fork(shell, body, io, { closes: [], share });
  shell.status = yield* waitFor(shell, pid);
}

/** `$( … )`: what it prints, without newlines at the end. */
export function* substitute(shell: Shell, body: Script, io: Streams): Step<string> {
  const file = onlyReads(body);
  if (file) {
    const context = contextOf(shell, io);
    const target = yield* expandText(context, file);
    const found = yield* readFile(shell.place, resolvePath(shell.cwd, target));
    shell.substituted = found ? 0 : 1;
    if (!found) yield* shell.complain(io, `${target}: No such file or directory`);
    return (found?.content ?? '').replace(/\n+$/, '');
  }
  const text = yield* output(shell, body, io);
  shell.substituted = shell.status;
  return text.replace(/\0/g, '').replace(/\n+$/, '');
}

/** What commands print, read as it comes; the status is theirs. */
function* output(shell: Shell, body: Script, io: Streams): Step<string> {
  const stream = yield* open();
  const share = Math.max(0, shell.budget - 1);
  const pid = yield* fork(shell, body, { ...io, 1: stream }, { closes: [stream], share });
  const texts: string[] = [];
  yield* inForeground(shell, [pid], function* () {
    let size = 0;
    for (let chunks = yield* read<string>(stream); chunks; chunks = yield* read<string>(stream)) {
      for (const chunk of chunks) {
        size += chunk.length;
        if (size <= OUTPUT_LIMIT) texts.push(chunk);
      }
      if (size > OUTPUT_LIMIT) yield* close(stream);
    }
  });
  shell.status = yield* waitFor(shell, pid);
  return texts.join('');
}

/**
 * `<( … )`: a file with what it prints, gone when the command behind it has ended.
 *
 * Simplified: it runs to its end first; what never ends is not read line by line.
 */
export function* processFile(shell: Shell, body: Script, io: Streams): Step<string> {
  const { status, substituted } = shell;
  const text = yield* output(shell, body, io);
  [shell.status, shell.substituted] = [status, substituted];
  // Where a system has no /dev/fd, bash names its pipes so.
  const path = `/tmp/sh-np.${shell.self.pid}-${shell.processFiles.length}`;
  yield* makeDirectory(shell.place, '/tmp', { parents: true });
  yield* writeFile(shell.place, path, text);
  shell.processFiles = [...shell.processFiles, path];
  return path;
}

/** Removes the files beyond the first `kept`. */
export function* closeProcessFiles(shell: Shell, kept: number): Step<void> {
  if (shell.processFiles.length <= kept) return;
  for (const path of shell.processFiles.slice(kept)) yield* removeFile(shell.place, path);
  shell.processFiles = shell.processFiles.slice(0, kept);
}

/** `$(< file)` */
function onlyReads({ lists }: Script): Word | undefined {
  const [part] = lists[0]?.parts ?? [];
  const [node] = part?.pipeline.commands ?? [];
  if (lists.length !== 1 || lists[0]?.parts.length !== 1 || node?.kind !== 'simple')
    return undefined;
  const [redirection] = node.redirections;
  const isAlone =
    node.words.length + node.assignments.length === 0 && node.redirections.length === 1;
  return isAlone && redirection?.kind === 'read' ? redirection.target : undefined;
}

export const contextOf = (shell: Shell, io: Streams): Context => ({
  shell,
  io,
  substitute: (body) => substitute(shell, body, io),
  processFile: (body) => processFile(shell, body, io),
});
