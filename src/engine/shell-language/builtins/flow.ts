import { resolvePath } from '../../machine/command.ts';
import { FAULT_TEXT, readFile, stat } from '../../machine/files.ts';
import { handleSignals } from '../../machine/processes.ts';
import { SIGNAL_NAMES } from '../../machine/signals.ts';
import { find, replaceBy } from '../launch.ts';
import { parseSignal } from '../signals.ts';
import { Exit, Jump, Return, type Shell, type Step } from '../state.ts';
import { print, refuse, type Builtin } from './builtin.ts';

/** Commands that change where the shell is and what it does next. */
function statusWord(text: string | undefined, before: number): number | undefined {
  if (text === undefined) return before;
  return /^[-+]?\d+$/.test(text) ? Number(BigInt.asUintN(8, BigInt(text))) : undefined;
}

export const exit: Builtin = function* (call) {
  const { shell, args } = call;
  let status = statusWord(args[0], shell.status);
  if (status === undefined) {
    yield* refuse(call, `${args[0] ?? ''}: numeric argument required`);
    status = 2;
  }
  shell.status = status;
  throw new Exit();
};

export const returnFrom: Builtin = function* (call) {
  const { shell, args } = call;
  if (shell.calls === 0 && shell.sourced === 0) {
    return yield* refuse(call, "can only `return' from a function or sourced script", 2);
  }
  const status = statusWord(args[0], shell.status);
  if (status === undefined) {
    yield* refuse(call, `${args[0] ?? ''}: numeric argument required`);
  }
  shell.status = status ?? 2;
  throw new Return();
};

export const jump: Builtin = function* (call) {
  const { shell, name, args } = call;
  if (shell.loops === 0) {
    if (shell.flavour === 'bash') {
      yield* refuse(call, "only meaningful in a `for', `while', or `until' loop");
    }
    return 0;
  }
  const levels = Number(args[0] ?? 1);
  if (!Number.isSafeInteger(levels) || levels < 1) {
    return yield* refuse(call, `${args[0] ?? ''}: loop count out of range`);
  }
  throw new Jump(name === 'break' ? 'break' : 'continue', levels);
};

export const changeDirectory: Builtin = function* (call) {
  const { shell } = call;
  const args = call.args.filter((arg) => arg !== '--' && arg !== '-P' && arg !== '-L');
  if (args.length > 1 && shell.flavour === 'bash') return yield* refuse(call, 'too many arguments');
  let target = args[0] ?? shell.get('HOME');
  if (target === undefined) return yield* refuse(call, 'HOME not set');
  const back = target === '-';
  if (back) {
    target = shell.get('OLDPWD');
    if (target === undefined) return yield* refuse(call, 'OLDPWD not set');
  }
  const path = target === '' ? shell.cwd : resolvePath(shell.cwd, target);
  const there = yield* stat(shell.place, path);
  if (there?.type !== 'dir') {
    const why = FAULT_TEXT[there ? 'ENOTDIR' : path.length > 4096 ? 'ENAMETOOLONG' : 'ENOENT'];
    if (shell.flavour === 'bash') return yield* refuse(call, `${args[0] ?? target}: ${why}`);
    const status = shell.flavour === 'dash' ? 2 : 1;
    return yield* refuse(
      call,
      `can't cd to ${target}${shell.flavour === 'ash' ? `: ${why}` : ''}`,
      status,
    );
  }
  shell.assign('OLDPWD', shell.cwd);
  shell.cwd = path;
  shell.assign('PWD', path);
  if (back) yield* print(call, `${path}\n`);
  return 0;
};

export const evaluate: Builtin = function* ({ shell, args, io }) {
  shell.status = 0;
  yield* shell.runner.text(shell, args.join(' '), io);
  return shell.status;
};

const SOURCE_LIMIT = 100;

export const source: Builtin = function* (call) {
  const { shell, args, io } = call;
  const [name, ...rest] = args;
  if (name === undefined) {
    yield* refuse(call, 'filename argument required');
    return 2;
  }
  const paths = name.includes('/')
    ? [resolvePath(shell.cwd, name)]
    : [...shell.path, shell.cwd].map((directory) => resolvePath(directory, name));
  for (const path of paths) {
    const file = yield* readFile(shell.place, path);
    if (!file) continue;
    if (shell.sourced >= SOURCE_LIMIT) return yield* refuse(call, `${name}: sourced too deeply`);
    const { positional } = shell;
    if (rest.length > 0) shell.positional = rest;
    shell.sourced += 1;
    shell.status = 0;
    try {
      yield* shell.runner.text(shell, file.content, io);
    } catch (fault) {
      if (!(fault instanceof Return)) throw fault;
    } finally {
      shell.sourced -= 1;
      if (rest.length > 0) shell.positional = positional;
    }
    return shell.status;
  }
  const isDirectory = (yield* stat(shell.place, resolvePath(shell.cwd, name)))?.type === 'dir';
  if (isDirectory) return yield* refuse(call, `${name}: is a directory`);
  if (shell.flavour === 'bash') {
    yield* shell.complain(io, `${name}: No such file or directory`);
    return 1;
  }
  yield* refuse(
    call,
    shell.flavour === 'ash'
      ? `can't open '${name}': No such file or directory`
      : `cannot open ${name}: No such file`,
    2,
  );
  shell.status = 2;
  throw new Exit();
};

export const become: Builtin = function* (call) {
  const { shell, args, io } = call;
  const words = args[0] === '--' ? args.slice(1) : args;
  if (words.length === 0) {
    shell.fds = { ...io };
    return 0;
  }
  const found = yield* find(shell, words);
  if ('message' in found) {
    yield* refuse(call, found.message.replace(/: command not found$/, ': not found'));
    shell.status = found.status;
    throw new Exit();
  }
  return yield* replaceBy(shell, found, shell.environment(), io);
};

const EVERY = ['EXIT', ...SIGNAL_NAMES.map((name) => name.slice(3))];

export const trap: Builtin = function* (call) {
  const { shell, args } = call;
  const words = args.filter((arg) => arg !== '--' && arg !== '-p');
  if (words.length === 0) {
    const lines = EVERY.filter((name) => shell.traps.has(name)).map((name) => {
      const shown = name === 'EXIT' || shell.flavour !== 'bash' ? name : `SIG${name}`;
      const action = shell.traps.get(name) ?? '';
      return `trap -- ${action === '' ? "''" : quoteAction(action)} ${shown}\n`;
    });
    yield* print(call, lines.join(''));
    return 0;
  }
  const [first = '', ...rest] = words;
  const resets = first === '-' || rest.length === 0;
  let status = 0;
  for (const word of first === '-' ? rest : resets ? words : rest) {
    const name =
      word === '0' || word.toUpperCase() === 'EXIT' ? 'EXIT' : parseSignal(word)?.slice(3);
    const isPseudo = ['ERR', 'DEBUG', 'RETURN'].includes(word);
    if (name === undefined && !isPseudo) {
      status = yield* refuse(call, `${word}: invalid signal specification`);
    } else if (resets) shell.traps.delete(name ?? word);
    else shell.traps.set(name ?? word, first);
  }
  yield* tellSignals(shell);
  return status;
};

const quoteAction = (action: string): string => `'${action.replace(/'/g, `'\\''`)}'`;

/** The kernel of a container delivers to a first process only what it handles. */
export function* tellSignals(shell: Shell): Step<void> {
  if (!shell.isContainer || shell.nesting > 0) return;
  const caught = [...shell.traps].filter(([name]) => name !== 'EXIT');
  const of = (ignored: boolean) =>
    caught
      .filter(([, action]) => (action === '') === ignored)
      .map(([name]) => `SIG${name}` as const);
  yield* handleSignals(shell.place, of(false), of(true));
}
