import { now, open, write } from '../sim/process.ts';
import { runBuiltin } from './builtins/index.ts';
import { runCompound } from './compound-commands.ts';
import { assignTo, expandElements } from './array-assignment.ts';
import { assignItems } from './arrays.ts';
import { declares, expandDeclaration, expandText, expandWords } from './expansion.ts';
import { closeProcessFiles, contextOf, forkCommand } from './forks.ts';
import { addJob, type Forked } from './jobs.ts';
import { find, launch, replaceBy } from './launch.ts';
import { closeAll, openRedirections } from './redirect.ts';
import {
  Exit,
  ExpansionFault,
  Interrupted,
  Return,
  type Items,
  type Runner,
  type Shell,
  type Step,
  type Streams,
} from './state.ts';
import { parseAll } from './parser.ts';
import {
  SyntaxFault,
  type AndOrList,
  type Assignment,
  type CommandNode,
  type Pipeline,
  type Script,
  type SimpleNode,
} from './syntax.ts';
import { runTraps, tick, waitFor } from './waiting.ts';
import { complainAboutSyntax } from './syntax-words.ts';
import { trace } from './tracing.ts';

/** Runs lists, pipelines and simple commands. */
const CALL_LIMIT = 100;

export function* runScript(shell: Shell, { lists }: Script, io: Streams): Step<void> {
  for (const list of lists) yield* runList(shell, list, io);
}

/** `top` is told before each pipeline of a script's own level. */
export function* runList(
  shell: Shell,
  list: AndOrList,
  io: Streams,
  top?: () => Step<void>,
): Step<void> {
  if (list.background) {
    yield* startJob(shell, list, io);
    return;
  }
  const last = list.parts.length - 1;
  for (const [i, { when, pipeline }] of list.parts.entries()) {
    if (when === 'success' && shell.status !== 0) continue;
    if (when === 'failure' && shell.status === 0) continue;
    const asked = i < last || pipeline.negated;
    if (top) yield* top();
    if (asked) shell.asked += 1;
    try {
      yield* runPipeline(shell, pipeline, io);
    } catch (fault) {
      if (!top || !(fault instanceof Interrupted) || shell.onInterrupt !== 'next') throw fault;
    } finally {
      if (asked) shell.asked -= 1;
    }
    yield* runTraps(shell);
    const failed = shell.status !== 0 && !asked && shell.asked === 0;
    if (failed && shell.calls === 0) yield* runErrorTrap(shell, io);
    if (failed && shell.options.errexit) throw new Exit();
  }
}

/** `trap … ERR`: where `set -e` would end the shell, before it does. */
function* runErrorTrap(shell: Shell, io: Streams): Step<void> {
  const action = shell.traps.get('ERR');
  if (action === undefined || action === '') return;
  const { status } = shell;
  shell.traps.delete('ERR');
  yield* runText(shell, action, io);
  if (!shell.traps.has('ERR')) shell.traps.set('ERR', action);
  shell.status = status;
}

function* startJob(shell: Shell, list: AndOrList, io: Streams): Step<void> {
  const quiet = { ...io, 0: 0 };
  const [part] = list.parts;
  const [node] = part?.pipeline.commands ?? [];
  const isAlone = list.parts.length === 1 && part?.pipeline.commands.length === 1;
  const script: CommandNode =
    isAlone && node && !part.pipeline.negated
      ? node
      : {
          kind: 'group',
          body: { lists: [{ ...list, background: false }] },
          line: list.line,
          redirections: [],
        };
  const { budget } = shell;
  const forked = yield* forkCommand(contextOf(shell, io), script, quiet, []);
  const job = addJob(shell, forked, list.text, budget - shell.budget);
  shell.status = 0;
  if (shell.source === 'prompt' && shell.onInterrupt === 'drop' && job.pid !== 0) {
    yield* write(io[2] ?? 0, `[${job.id}] ${job.pid}\n`);
  }
}

function* runPipeline(shell: Shell, pipeline: Pipeline, io: Streams): Step<void> {
  const begun = pipeline.timed ? yield* now() : 0;
  const [only] = pipeline.commands;
  if (pipeline.commands.length === 1 && only) {
    yield* runCommand(shell, only, io);
    shell.pipeStatus = [shell.status];
  } else yield* runPipe(shell, pipeline.commands, io);
  if (pipeline.timed) yield* write(io[2] ?? 0, timeText((yield* now()) - begun));
  if (pipeline.negated) shell.status = shell.status === 0 ? 1 : 0;
}

/** Simplified: processor time is not measured. */
function timeText(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const rest = ms % 60_000;
  const seconds = `${Math.floor(rest / 1000)}.${String(rest % 1000).padStart(3, '0')}`;
  return `\nreal\t${minutes}m${seconds}s\nuser\t0m0.000s\nsys\t0m0.000s\n`;
}

/** Starts all commands side by side, each reading what the one before writes. */
function* runPipe(shell: Shell, commands: readonly CommandNode[], io: Streams): Step<void> {
  const { budget } = shell;
  const started: Forked[] = [];
  let stdin = io[0] ?? 0;
  for (const [i, command] of commands.entries()) {
    const last = i === commands.length - 1;
    const stdout = last ? (io[1] ?? 0) : yield* open();
    const closes = [...(i > 0 ? [stdin] : []), ...(last ? [] : [stdout])];
    const streams = { ...io, 0: stdin, 1: stdout };
    started.push(yield* forkCommand(contextOf(shell, streams), command, streams, closes));
    stdin = stdout;
  }
  const pids = started.flatMap((one) => ('pid' in one ? [one.pid] : []));
  let failed = 0;
  const statuses: number[] = [];
  for (const one of started) {
    shell.status = 'pid' in one ? yield* waitFor(shell, one.pid, pids) : one.status;
    if (shell.status !== 0) failed = shell.status;
    statuses.push(shell.status);
  }
  shell.pipeStatus = statuses;
  shell.budget = budget;
  if (shell.options.pipefail) shell.status = failed;
}

export function* runCommand(shell: Shell, node: CommandNode, io: Streams): Step<void> {
  yield* tick(shell);
  shell.line = node.line;
  if (node.kind === 'simple') {
    yield* runSimple(shell, node, io);
    return;
  }
  if (node.kind === 'function') {
    shell.functions.set(node.name, node.body);
    shell.status = 0;
    return;
  }
  if (node.redirections.length === 0) {
    yield* runCompound(contextOf(shell, io), node);
    return;
  }
  const files = shell.processFiles.length;
  const opened = yield* openRedirections(contextOf(shell, io), node.redirections, io);
  if (opened.failed) shell.status = 1;
  else {
    try {
      yield* runCompound(contextOf(shell, opened.streams), node);
    } finally {
      yield* closeAll(opened.own);
    }
  }
  yield* closeProcessFiles(shell, files);
}

function* runSimple(shell: Shell, node: SimpleNode, io: Streams): Step<void> {
  const context = contextOf(shell, io);
  shell.substituted = undefined;
  const files = shell.processFiles.length;
  const argv = declares(shell, node.words)
    ? yield* expandDeclaration(context, node.words)
    : yield* expandWords(context, node.words);
  if (argv.length === 0) {
    yield* assignAlone(shell, node, io);
    return;
  }
  const arrays: { name: string; items: Items }[] = [];
  for (const { name, elements = [], append } of node.declared ?? []) {
    const keyed = argv.some((arg) => /^-[a-z]*A/.test(arg));
    if (keyed) assignItems(shell, name, [], true);
    arrays.push({ name, items: yield* expandElements(context, name, elements, append) });
  }
  const own = yield* readAssignments(shell, node.assignments, io);
  if (shell.options.xtrace) yield* trace(shell, io, own, argv);
  const opened = yield* openRedirections(context, node.redirections, io);
  const isExec = argv[0] === 'exec';
  if (opened.failed) {
    shell.status = 1;
    if (isExec) throw new Exit();
    return;
  }
  try {
    yield* perform(shell, argv, own, opened.streams, node === shell.tail);
  } finally {
    if (!isExec) yield* closeAll(opened.own);
  }
  for (const { name, items } of arrays) {
    assignItems(shell, name, items, shell.variables.get(name)?.keyed);
  }
  yield* closeProcessFiles(shell, files);
}

type Own = readonly (readonly [name: string, value: string])[];

function* readAssignments(
  shell: Shell,
  assignments: readonly Assignment[],
  io: Streams,
): Step<Own> {
  const own: (readonly [string, string])[] = [];
  for (const { name, value, append } of assignments) {
    const text = yield* expandText(contextOf(shell, io), value);
    own.push([name, append ? (shell.get(name) ?? '') + text : text]);
  }
  return own;
}

/** A line of assignments, or of redirections only. */
function* assignAlone(shell: Shell, node: SimpleNode, io: Streams): Step<void> {
  const context = contextOf(shell, io);
  const opened = yield* openRedirections(context, node.redirections, io);
  yield* closeAll(opened.own);
  shell.status = opened.failed ? 1 : 0;
  for (const assignment of node.assignments) {
    const { name, value, append, elements } = assignment;
    if (elements && shell.flavour !== 'bash') {
      yield* shell.complain(io, 'Syntax error: "(" unexpected');
      shell.status = 2;
      throw new Exit();
    }
    const text = yield* expandText(context, value);
    const whole = append ? (shell.get(name) ?? '') + text : text;
    if (shell.options.xtrace) yield* trace(shell, io, [[name, whole]], []);
    if (!(yield* assignTo(context, assignment, text))) {
      yield* shell.complain(io, `${name}: readonly variable`);
      throw new ExpansionFault('readonly', shell.flavour !== 'bash');
    }
  }
  if (!opened.failed && shell.substituted !== undefined) shell.status = shell.substituted;
}

function* perform(
  shell: Shell,
  argv: readonly string[],
  own: Own,
  io: Streams,
  isTail: boolean,
): Step<void> {
  const [name = ''] = argv;
  const body = shell.functions.get(name);
  if (body) {
    yield* withOwn(shell, own, () => callFunction(shell, name, body, argv.slice(1), io));
    return;
  }
  const ran = yield* withOwn(shell, own, () => runBuiltin(shell, argv, io));
  if (ran) return;
  const found = yield* find(shell, argv);
  if ('message' in found) {
    yield* shell.complain(io, found.message);
    shell.status = found.status;
    return;
  }
  const env = { ...shell.environment(), ...Object.fromEntries(own) };
  if (isTail && shell.traps.size === 0) yield* replaceBy(shell, found, env, io);
  shell.status = yield* waitFor(shell, yield* launch(shell, found, env, io));
}

/** With variables that are set for one command only. */
function* withOwn<T>(shell: Shell, own: Own, work: () => Step<T>): Step<T> {
  const before = own.map(([name]) => [name, shell.variables.get(name)] as const);
  for (const [name, value] of own) shell.assign(name, value, true);
  try {
    return yield* work();
  } finally {
    for (const [name, variable] of before) {
      if (variable) shell.variables.set(name, variable);
      else shell.variables.delete(name);
    }
  }
}

function* callFunction(
  shell: Shell,
  name: string,
  body: CommandNode,
  args: readonly string[],
  io: Streams,
): Step<void> {
  if (shell.calls >= CALL_LIMIT) {
    yield* shell.complain(io, `${name}: maximum function nesting level exceeded (${CALL_LIMIT})`);
    shell.status = 1;
    throw new Exit();
  }
  const { positional, loops } = shell;
  const locals = shell.locals;
  shell.locals = new Map();
  shell.positional = args;
  const { callers } = shell;
  shell.callers = [name, ...callers];
  shell.calls += 1;
  shell.loops = 0;
  try {
    yield* runCommand(shell, body, io);
  } catch (fault) {
    if (!(fault instanceof Return)) throw fault;
  } finally {
    shell.calls -= 1;
    shell.callers = callers;
    shell.loops = loops;
    shell.positional = positional;
    for (const [local, variable] of shell.locals) {
      if (variable) shell.variables.set(local, variable);
      else shell.variables.delete(local);
    }
    shell.locals = locals;
  }
}

export function* runText(shell: Shell, text: string, io: Streams): Step<void> {
  let body: Script;
  try {
    body = parseAll(text, shell.line, shell.aliasesInUse);
  } catch (fault) {
    if (!(fault instanceof SyntaxFault)) throw fault;
    yield* complainAboutSyntax(shell, io, fault, text);
    shell.status = 2;
    return;
  }
  yield* runScript(shell, body, io);
}

export const RUNNER: Runner = { script: runScript, command: runCommand, text: runText };
