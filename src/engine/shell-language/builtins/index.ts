import { find, launch } from '../launch.ts';
import type { Shell, Step, Streams } from '../state.ts';
import { waitFor } from '../waiting.ts';
import { alias, unalias } from './aliases.ts';
import { print, refuse, type Builtin, type Call } from './builtin.ts';
import { become, changeDirectory, evaluate, exit, jump, returnFrom, source, trap } from './flow.ts';
import { describeName, jobs, kill, wait } from './jobs.ts';
import { echo, no, nothing, printf, pwd, test, umask } from './printing.ts';
import { getopts } from './getopts.ts';
import { mapfile, readVariables } from './reading.ts';
import { exportNames, letNumbers, local, readonly, set, shift, unset } from './variables.ts';

/** The commands that a shell runs itself. */
const SIMPLE: Readonly<Record<string, Builtin>> = {
  ':': nothing,
  true: nothing,
  false: no,
  echo,
  printf,
  test,
  '[': test,
  pwd,
  umask,
  ulimit: nothing,
  hash: nothing,
  alias,
  unalias,
  shopt: nothing,
  complete: nothing,
  times: nothing,
  exit,
  return: returnFrom,
  break: jump,
  continue: jump,
  cd: changeDirectory,
  eval: evaluate,
  '.': source,
  source,
  exec: become,
  trap,
  export: exportNames,
  readonly,
  local,
  declare: local,
  typeset: local,
  unset,
  set,
  shift,
  let: letNumbers,
  read: readVariables,
  mapfile,
  readarray: mapfile,
  getopts,
  wait,
  jobs,
  kill,
};

const BASH_ONLY = [
  'declare',
  'typeset',
  'let',
  'shopt',
  'complete',
  'source',
  'mapfile',
  'readarray',
];

const type: Builtin = function* (call) {
  const { shell, args } = call;
  let status = 0;
  const short =
    args[0] === '-t' ? 'kind' : args[0] === '-p' || args[0] === '-P' ? 'path' : undefined;
  for (const name of short ? args.slice(1) : args) {
    const found = yield* describeName(call, name, isBuiltin);
    if (!found) {
      status = 1;
      if (short) continue;
      if (shell.flavour === 'bash') yield* refuse(call, `${name}: not found`);
      else yield* print(call, `${name}: not found\n`);
      status = shell.flavour === 'bash' ? 1 : 127;
    } else if (short === 'kind') yield* print(call, `${found.kind}\n`);
    else if (short === 'path') {
      if (found.kind === 'file') yield* print(call, `${found.path}\n`);
    } else yield* print(call, `${name} is ${wordsOf(found, shell)}\n`);
  }
  return status;
};

function wordsOf({ kind, path }: { kind: string; path: string }, shell: Shell): string {
  if (kind === 'alias') {
    return shell.flavour === 'bash' ? `aliased to \`${path}'` : `an alias for ${path}`;
  }
  if (kind === 'file') return path;
  if (kind === 'builtin') return 'a shell builtin';
  if (kind === 'function') return shell.flavour === 'bash' ? 'a function' : 'a shell function';
  return 'a shell keyword';
}

const command: Builtin = function* (call) {
  const { shell, io } = call;
  const args = call.args[0] === '-p' || call.args[0] === '--' ? call.args.slice(1) : call.args;
  if (args[0] === '-v' || args[0] === '-V') {
    let status = 0;
    for (const name of args.slice(1)) {
      const found = yield* describeName(call, name, isBuiltin);
      if (!found) status = shell.flavour === 'bash' ? 1 : 127;
      if (!found && args[0] === '-V') yield* refuse(call, `${name}: not found`);
      if (!found) continue;
      if (found.kind === 'alias' && args[0] === '-v') {
        yield* print(call, `alias ${name}='${found.path}'\n`);
        continue;
      }
      const shown = args[0] === '-V' ? `${name} is ${wordsOf(found, shell)}` : found.path;
      yield* print(call, `${shown}\n`);
    }
    return status;
  }
  if (args.length === 0) return 0;
  if (yield* runBuiltin(shell, args, io)) return shell.status;
  const found = yield* find(shell, args);
  if ('message' in found) {
    yield* shell.complain(io, found.message);
    return found.status;
  }
  return yield* waitFor(shell, yield* launch(shell, found, shell.environment(), io));
};

/**
 * `which`, of a machine: its commands are in a table, where only its shell can look them up.
 * In containers it is a tool among files.
 */
const which: Builtin = function* (call) {
  let status = 0;
  for (const name of call.args.filter((arg) => !arg.startsWith('-'))) {
    const found = yield* find(call.shell, [name]);
    if ('path' in found) yield* print(call, `${found.path}\n`);
    else status = 1;
  }
  return call.args.length === 0 ? 1 : status;
};

export const BUILTINS: Readonly<Record<string, Builtin>> = {
  ...SIMPLE,
  type,
  command,
  builtin: command,
};

const isBuiltin = (name: string): boolean => Object.hasOwn(BUILTINS, name);

/** Runs a built-in command and sets the status; false when it is none. */
export function* runBuiltin(shell: Shell, argv: readonly string[], io: Streams): Step<boolean> {
  const [name = '', ...args] = argv;
  const isWhich = name === 'which' && !shell.isContainer;
  const builtin = isWhich ? which : isBuiltin(name) ? BUILTINS[name] : undefined;
  if (!builtin || (shell.flavour !== 'bash' && BASH_ONLY.includes(name))) return false;
  const call: Call = { shell, name, args, io };
  shell.status = yield* builtin(call);
  return true;
}
