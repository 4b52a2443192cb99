import { assignItems, itemsOf, splitName } from '../arrays.ts';
import type { Context } from '../context.ts';
import { calculate, keyOfText } from '../expansion.ts';
import { ExpansionFault, type Shell, type Step } from '../state.ts';
import { quoteWord } from '../tracing.ts';
import { NAME, print, refuse, type Builtin, type Call } from './builtin.ts';

/** Commands that read and change variables. */
const OPTION_NAMES: Readonly<Record<string, keyof Shell['options']>> = {
  errexit: 'errexit',
  nounset: 'nounset',
  xtrace: 'xtrace',
  pipefail: 'pipefail',
  noglob: 'noglob',
};
const OPTION_LETTERS: Readonly<Record<string, keyof Shell['options']>> = {
  e: 'errexit',
  u: 'nounset',
  x: 'xtrace',
  f: 'noglob',
};

function* declared(
  call: Call,
  word: string,
  more: { exported?: boolean; readonly?: boolean },
): Step<number> {
  const { shell } = call;
  const [, name = '', plus = '', value] = /^([^=+]*)(\+?)(?:=(.*))?$/s.exec(word) ?? [];
  const hasValue = word.includes('=');
  if (!NAME.test(name)) return yield* refuse(call, `\`${word}': not a valid identifier`);
  const before = shell.variables.get(name);
  if (hasValue && before?.readonly) {
    yield* shell.complain(call.io, `${name}: readonly variable`);
    return 1;
  }
  const next = hasValue
    ? plus === '+'
      ? (before?.value ?? '') + (value ?? '')
      : value
    : before?.value;
  shell.variables.set(name, {
    ...(before?.items && { items: before.items }),
    ...(before?.keyed && { keyed: true }),
    value: next,
    exported: more.exported ?? before?.exported ?? false,
    readonly: more.readonly ?? before?.readonly ?? false,
  });
  return 0;
}

function* declareAll(
  call: Call,
  words: readonly string[],
  more: { exported?: boolean; readonly?: boolean },
): Step<number> {
  let status = 0;
  for (const word of words) status = (yield* declared(call, word, more)) || status;
  return status;
}

function* listVariables(call: Call, word: string, only: (name: string) => boolean): Step<number> {
  const { variables } = call.shell;
  const names = [...variables.keys()].filter(only).sort((a, b) => (a < b ? -1 : 1));
  const lines = names.map((name) => {
    const value = variables.get(name)?.value;
    return `${word}${name}${value === undefined ? '' : `="${value.replace(/["\\$`]/g, '\\$&')}"`}\n`;
  });
  yield* print(call, lines.join(''));
  return 0;
}

export const exportNames: Builtin = function* (call) {
  const { shell, args } = call;
  const words = args.filter((arg) => arg !== '-p' && arg !== '--' && arg !== '-n');
  const isExported = (name: string) => shell.variables.get(name)?.exported === true;
  const word = shell.flavour === 'bash' ? 'declare -x ' : 'export ';
  if (words.length === 0) return yield* listVariables(call, word, isExported);
  return yield* declareAll(call, words, { exported: args[0] !== '-n' });
};

export const readonly: Builtin = function* (call) {
  const { shell, args } = call;
  const words = args.filter((arg) => arg !== '-p');
  const isReadonly = (name: string) => shell.variables.get(name)?.readonly === true;
  const word = shell.flavour === 'bash' ? 'declare -r ' : 'readonly ';
  if (words.length === 0) return yield* listVariables(call, word, isReadonly);
  return yield* declareAll(call, words, { readonly: true });
};

export const local: Builtin = function* (call) {
  const { shell, args } = call;
  if (shell.calls === 0) {
    if (call.name === 'local') return yield* refuse(call, 'can only be used in a function');
    return yield* declare(call);
  }
  const isArray = args.some((arg) => /^-[a-z]*[aA]/.test(arg));
  for (const word of args.filter((arg) => !/^[-+]/.test(arg))) {
    const name = /^[^=+]*/.exec(word)![0];
    if (!shell.locals.has(name)) shell.locals.set(name, shell.variables.get(name));
    if (!word.includes('=') || isArray) shell.variables.delete(name);
  }
  return yield* declare(call);
};

const declare: Builtin = function* (call) {
  const letters = call.args.filter((arg) => arg.startsWith('-')).join('');
  const words = call.args.filter((arg) => !/^[-+]/.test(arg));
  if (letters.includes('p') && words.length > 0) return yield* showVariables(call, words);
  if (words.length === 0) return yield* listVariables(call, 'declare -- ', () => true);
  if (/[aA]/.test(letters)) {
    for (const name of words.filter((word) => NAME.test(word))) {
      const { shell } = call;
      if (shell.variables.get(name)?.items) continue;
      assignItems(shell, name, itemsOf(shell, name), letters.includes('A'));
    }
  }
  return yield* declareAll(call, words, {
    ...(letters.includes('x') && { exported: true }),
    ...(letters.includes('r') && { readonly: true }),
  });
};

/** `a[2]`; bash knows no element that is read-only. */
function* unsetItem(call: Call, word: string): Step<boolean> {
  const { name, index } = splitName(word);
  const variable = call.shell.variables.get(name);
  if (index === undefined || !variable) return index !== undefined;
  if (index === '@' || index === '*') call.shell.variables.delete(name);
  else {
    const key = yield* keyOfText(contextOf(call), name, index);
    const items = itemsOf(call.shell, name).filter(([one]) => one !== key);
    assignItems(call.shell, name, items, variable.keyed);
  }
  return true;
}

/** `declare -p`: as it could be typed again. */
function* showVariables(call: Call, names: readonly string[]): Step<number> {
  let status = 0;
  const quote = (text: string) => `"${text.replace(/["\\$`]/g, '\\$&')}"`;
  for (const name of names) {
    const variable = call.shell.variables.get(name);
    if (!variable) {
      status = yield* refuse(call, `${name}: not found`);
      continue;
    }
    const { items, keyed, exported, readonly: fixed, value } = variable;
    const letters =
      (items ? (keyed ? 'A' : 'a') : '') + (fixed ? 'r' : '') + (exported ? 'x' : '') || '-';
    const shown = items?.map(([key, text]) => `[${key}]=${quote(text)}`).join(' ');
    const tail = items ? `=(${shown}${keyed && shown ? ' ' : ''})` : '';
    const scalar = !items && value !== undefined ? `=${quote(value)}` : '';
    yield* print(call, `declare -${letters} ${name}${tail}${scalar}\n`);
  }
  return status;
}

export const unset: Builtin = function* (call) {
  const { shell, args } = call;
  let status = 0;
  const functions = args[0] === '-f';
  for (const name of args.filter((arg) => arg !== '-f' && arg !== '-v')) {
    if (!functions && (yield* unsetItem(call, name))) continue;
    if (!functions && shell.variables.get(name)?.readonly) {
      status = yield* refuse(call, `${name}: cannot unset: readonly variable`);
    } else if (functions || !shell.variables.delete(name)) {
      shell.functions.delete(name);
    }
  }
  return status;
};

export const set: Builtin = function* (call) {
  const { shell, args } = call;
  if (args.length === 0) {
    const names = [...shell.variables.keys()].sort((a, b) => (a < b ? -1 : 1));
    const lines = names.map((name) => {
      const value = shell.variables.get(name)?.value ?? '';
      return `${name}=${value === '' ? '' : quoteWord(value)}\n`;
    });
    yield* print(call, lines.join(''));
    return 0;
  }
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    if (arg === '--' || !/^[-+]./.test(arg)) {
      shell.positional = args.slice(arg === '--' ? at + 1 : at);
      return 0;
    }
    const on = arg.startsWith('-');
    for (const letter of arg.slice(1)) {
      if (letter === 'o') {
        at += 1;
        const name = args[at];
        if (name === undefined) return 0;
        const option = OPTION_NAMES[name];
        if (option) shell.options[option] = on;
        else if (!OTHER_OPTIONS.includes(name))
          return yield* refuse(call, `${name}: invalid option name`);
        continue;
      }
      const option = OPTION_LETTERS[letter];
      if (option) shell.options[option] = on;
      else if (!'abhkmnptvBCEHPT'.includes(letter)) {
        yield* refuse(call, `${arg.slice(0, 1)}${letter}: invalid option`);
        yield* shell.complain(
          call.io,
          'set: usage: set [-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]',
        );
        return 2;
      }
    }
  }
  return 0;
};

const OTHER_OPTIONS = [
  'posix',
  'allexport',
  'noclobber',
  'monitor',
  'vi',
  'emacs',
  'errtrace',
  'functrace',
  'verbose',
  'notify',
  'ignoreeof',
  'history',
  'hashall',
  'braceexpand',
];

export const shift: Builtin = function* (call) {
  const { shell, args } = call;
  const count = Number(args[0] ?? 1);
  if (!Number.isSafeInteger(count) || count < 0) {
    return yield* refuse(call, `${args[0] ?? ''}: numeric argument required`);
  }
  if (count > shell.positional.length) return 1;
  shell.positional = shell.positional.slice(count);
  return 0;
};

/** For numbers, in which no commands stand. */
function contextOf({ shell, io }: Call): Context {
  const none = () => {
    throw new ExpansionFault('no commands');
  };
  return { shell, io, substitute: none, processFile: none };
}

export const letNumbers: Builtin = function* (call) {
  let value = 0n;
  if (call.args.length === 0) return yield* refuse(call, 'expression expected');
  for (const arg of call.args) value = yield* calculate(contextOf(call), arg);
  return value === 0n ? 1 : 0;
};
