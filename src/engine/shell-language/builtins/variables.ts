import { read, unread } from '../../sim/process.ts';
import { calculate } from '../expansion.ts';
import { ExpansionFault, type Shell, type Step } from '../state.ts';
import { quoteWord } from '../tracing.ts';
import { inForeground } from '../waiting.ts';
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
  for (const word of args.filter((arg) => !/^[-+]/.test(arg))) {
    const name = /^[^=+]*/.exec(word)![0];
    if (!shell.locals.has(name)) shell.locals.set(name, shell.variables.get(name));
    if (!word.includes('=')) shell.variables.delete(name);
  }
  return yield* declare(call);
};

const declare: Builtin = function* (call) {
  const letters = call.args.filter((arg) => arg.startsWith('-')).join('');
  const words = call.args.filter((arg) => !/^[-+]/.test(arg));
  if (words.length === 0) return yield* listVariables(call, 'declare -- ', () => true);
  return yield* declareAll(call, words, {
    ...(letters.includes('x') && { exported: true }),
    ...(letters.includes('r') && { readonly: true }),
  });
};

export const unset: Builtin = function* (call) {
  const { shell, args } = call;
  let status = 0;
  const functions = args[0] === '-f';
  for (const name of args.filter((arg) => arg !== '-f' && arg !== '-v')) {
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

export const letNumbers: Builtin = function* (call) {
  let value = 0n;
  if (call.args.length === 0) return yield* refuse(call, 'expression expected');
  const context = {
    shell: call.shell,
    io: call.io,
    substitute: () => {
      throw new ExpansionFault('let');
    },
  };
  for (const arg of call.args) value = yield* calculate(context, arg);
  return value === 0n ? 1 : 0;
};

interface ReadOptions {
  readonly raw: boolean;
  readonly delimiter: string;
  readonly count: number | undefined;
  readonly names: readonly string[];
  readonly prompt: string | undefined;
  readonly invalid: string | undefined;
}

function readOptions(args: readonly string[]): ReadOptions {
  let raw = false;
  let delimiter = '\n';
  let count: number | undefined;
  let prompt: string | undefined;
  const names: string[] = [];
  let invalid: string | undefined;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    if (arg === '--' || !/^-./.test(arg) || names.length > 0) {
      if (arg !== '--') names.push(arg);
      continue;
    }
    for (let i = 1; i < arg.length; i++) {
      const letter = arg[i]!;
      if (letter === 'r') raw = true;
      else if ('dnNptui'.includes(letter)) {
        const inline = arg.slice(i + 1);
        const value = inline !== '' ? inline : (args[++at] ?? '');
        if (letter === 'd') delimiter = value.slice(0, 1) || '\0';
        if (letter === 'n' || letter === 'N') count = Number(value);
        if (letter === 'p') prompt = value;
        break;
      } else if (letter !== 's' && letter !== 'e') invalid = `-${letter}`;
    }
  }
  return { raw, delimiter, count, names, prompt, invalid };
}

/** Reads up to the delimiter, and gives back what comes behind it. */
function* readLine(call: Call, options: ReadOptions): Step<{ text: string; ended: boolean }> {
  const { shell, io } = call;
  const stream = io[0] ?? 0;
  let text = '';
  for (;;) {
    let end = options.count !== undefined && text.length >= options.count ? options.count : -1;
    let skip = 0;
    if (end < 0) {
      const from = findDelimiter(text, options);
      if (from >= 0) {
        end = from;
        skip = 1;
      }
    }
    if (end >= 0) {
      const rest = text.slice(end + skip);
      if (rest !== '') yield* unread(stream, rest);
      return { text: text.slice(0, end), ended: false };
    }
    const chunks = yield* inForeground(shell, [], () => read<string>(stream));
    if (!chunks) return { text, ended: true };
    text += chunks.join('');
  }
}

function findDelimiter(text: string, { raw, delimiter }: ReadOptions): number {
  for (let at = 0; at < text.length; at++) {
    if (text[at] === delimiter) return at;
    if (text[at] === '\\' && !raw) at += 1;
  }
  return -1;
}

export const readVariables: Builtin = function* (call) {
  const { shell, args } = call;
  const options = readOptions(args);
  if (options.invalid !== undefined) {
    return yield* refuse(call, `${options.invalid}: invalid option`, 2);
  }
  for (const name of options.names) {
    if (!NAME.test(name)) return yield* refuse(call, `\`${name}': not a valid identifier`);
  }
  const { text, ended } = yield* readLine(call, options);
  const line = options.raw ? text : text.replace(/\\\n/g, '').replace(/\\(.)/g, '$1');
  if (options.names.length === 0) shell.assign('REPLY', line);
  else assignFields(shell, line, options.names);
  return ended ? 1 : 0;
};

function assignFields(shell: Shell, line: string, names: readonly string[]): void {
  const separators = shell.get('IFS') ?? ' \t\n';
  const blanks = [...separators].filter((char) => ' \t\n'.includes(char)).join('');
  const isBlank = (char: string) => char !== '' && blanks.includes(char);
  let at = 0;
  const skipBlanks = () => {
    while (isBlank(line[at] ?? '')) at += 1;
  };
  skipBlanks();
  names.forEach((name, i) => {
    if (i === names.length - 1) {
      let end = line.length;
      while (end > at && isBlank(line[end - 1] ?? '')) end -= 1;
      shell.assign(name, line.slice(at, end));
      return;
    }
    const from = at;
    while (at < line.length && !separators.includes(line[at]!)) at += 1;
    shell.assign(name, line.slice(from, at));
    skipBlanks();
    if (at < line.length && separators.includes(line[at]!) && !isBlank(line[at]!)) at += 1;
    skipBlanks();
  });
}
