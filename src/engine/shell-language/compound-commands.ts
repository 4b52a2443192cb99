import { evaluateCondition } from './conditional.ts';
import type { Context } from './context.ts';
import { expandArithmetic, expandPattern, expandText, expandWords } from './expansion.ts';
import { runSubshell } from './forks.ts';
import { matches, readPattern } from './pattern.ts';
import { ExpansionFault, Jump, type Step } from './state.ts';
import type { CompoundNode, Script } from './syntax.ts';
import { pause } from './waiting.ts';

/** Runs loops, conditions and groups. */
type Node<K extends CompoundNode['kind']> = Extract<CompoundNode, { kind: K }>;

/**
 * Model figure: what a turn of a loop costs in milliseconds, so that time passes in an endless one;
 * more when the loop has turned a thousand times.
 */
const turnMs = (turns: number): number => (turns < 1000 ? 1 : 10);

export function* runCompound(context: Context, node: CompoundNode): Step<void> {
  const { shell, io } = context;
  switch (node.kind) {
    case 'group':
      yield* shell.runner.script(shell, node.body, io);
      return;
    case 'subshell':
      yield* runSubshell(shell, node.body, io);
      return;
    case 'if':
      yield* runIf(context, node);
      return;
    case 'while':
      yield* runWhile(context, node);
      return;
    case 'for':
      yield* runFor(context, node);
      return;
    case 'count':
      yield* runCount(context, node);
      return;
    case 'case':
      yield* runCase(context, node);
      return;
    case 'arithmetic':
      shell.status = 1;
      try {
        if ((yield* expandArithmetic(context, node.expression)) !== 0n) shell.status = 0;
      } catch (fault) {
        if (!(fault instanceof ExpansionFault)) throw fault;
      }
      return;
    case 'conditional':
      shell.status = yield* evaluateCondition(context, node.words);
  }
}

/** Runs commands whose failure is a question: `set -e` does not end them. */
function* holds(context: Context, test: Script): Step<boolean> {
  const { shell, io } = context;
  shell.asked += 1;
  try {
    yield* shell.runner.script(shell, test, io);
  } finally {
    shell.asked -= 1;
  }
  return shell.status === 0;
}

function* runIf(context: Context, { branches, otherwise }: Node<'if'>): Step<void> {
  const { shell, io } = context;
  for (const { test, body } of branches) {
    if (yield* holds(context, test)) {
      yield* shell.runner.script(shell, body, io);
      return;
    }
  }
  shell.status = 0;
  if (otherwise) yield* shell.runner.script(shell, otherwise, io);
}

/** One turn of a loop; false when `break` ended it. */
function* turn(context: Context, work: () => Step<void>): Step<boolean> {
  const { shell } = context;
  shell.loops += 1;
  try {
    yield* work();
    return true;
  } catch (fault) {
    if (!(fault instanceof Jump)) throw fault;
    shell.status = 0;
    fault.levels -= 1;
    if (fault.levels > 0 && shell.loops > 1) throw fault;
    return fault.to === 'continue';
  } finally {
    shell.loops -= 1;
  }
}

function* runWhile(context: Context, { until, test, body }: Node<'while'>): Step<void> {
  const { shell, io } = context;
  let status = 0;
  let going = true;
  for (let turns = 0; going; turns++) {
    let tested = false;
    going = yield* turn(context, function* () {
      tested = (yield* holds(context, test)) !== until;
      if (!tested) return;
      yield* shell.runner.script(shell, body, io);
      ({ status } = shell);
    });
    if (going && !tested) break;
    yield* pause(shell, turnMs(turns));
  }
  shell.status = going ? status : 0;
}

function* runFor(context: Context, { name, words, body }: Node<'for'>): Step<void> {
  const { shell, io } = context;
  const values = words ? yield* expandWords(context, words) : shell.positional;
  shell.status = 0;
  for (const value of values) {
    if (!shell.assign(name, value)) {
      yield* shell.complain(io, `${name}: readonly variable`);
      shell.status = 1;
      return;
    }
    if (!(yield* turn(context, () => shell.runner.script(shell, body, io)))) return;
  }
}

function* runCount(context: Context, node: Node<'count'>): Step<void> {
  const { shell, io } = context;
  yield* expandArithmetic(context, node.first);
  shell.status = 0;
  const endless = node.test.length === 0;
  let turns = 0;
  while (endless || (yield* expandArithmetic(context, node.test)) !== 0n) {
    if (!(yield* turn(context, () => shell.runner.script(shell, node.body, io)))) return;
    yield* expandArithmetic(context, node.next);
    yield* pause(shell, turnMs(turns));
    turns += 1;
  }
}

function* runCase(context: Context, { subject, branches }: Node<'case'>): Step<void> {
  const { shell, io } = context;
  const text = yield* expandText(context, subject);
  shell.status = 0;
  let falls = false;
  for (const { patterns, body, end } of branches) {
    let chosen = falls;
    for (const pattern of patterns) {
      if (chosen) break;
      chosen = matches(readPattern(yield* expandPattern(context, pattern)), text);
    }
    if (!chosen) continue;
    yield* shell.runner.script(shell, body, io);
    if (end === ';;') return;
    falls = end === ';&';
  }
}
