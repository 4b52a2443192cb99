import { echoText, formatText } from '../formats.ts';
import { evaluateTest } from '../test-expression.ts';
import { NAME, print, refuse, type Builtin } from './builtin.ts';

/** Commands that only answer and print. */
export const nothing: Builtin = function* () {
  return 0;
};

export const no: Builtin = function* () {
  return 1;
};

export const echo: Builtin = function* (call) {
  yield* print(call, echoText(call.args, call.shell.flavour));
  return 0;
};

export const printf: Builtin = function* (call) {
  const { shell, io } = call;
  let { args } = call;
  let variable: string | undefined;
  if (args[0] === '-v' && shell.flavour === 'bash') {
    variable = args[1] ?? '';
    if (!NAME.test(variable))
      return yield* refuse(call, `\`${variable}': not a valid identifier`, 2);
    args = args.slice(2);
  }
  if (args[0] === '--') args = args.slice(1);
  const [format, ...rest] = args;
  if (format === undefined) {
    yield* shell.complain(io, 'printf: usage: printf [-v var] format [arguments]');
    return 2;
  }
  if (/^-./.test(format) && shell.flavour === 'bash') {
    yield* refuse(call, `${format.slice(0, 2)}: invalid option`, 2);
    yield* shell.complain({ ...io }, 'printf: usage: printf [-v var] format [arguments]');
    return 2;
  }
  const done = formatText(format, rest);
  for (const problem of done.problems) yield* refuse(call, problem);
  if (variable === undefined) {
    if (done.text !== '') yield* print(call, done.text);
  } else shell.assign(variable, done.text);
  return done.status;
};

export const test: Builtin = function* (call) {
  const { shell, name } = call;
  let { args } = call;
  if (name === '[') {
    if (args.at(-1) !== ']') return yield* refuse(call, "missing `]'", 2);
    args = args.slice(0, -1);
  }
  const { status, message } = yield* evaluateTest(args, {
    place: shell.place,
    cwd: shell.cwd,
    isSet: (variable) => shell.get(variable) !== undefined,
  });
  if (message !== undefined) return yield* refuse(call, message, 2);
  return status;
};

export const pwd: Builtin = function* (call) {
  yield* print(call, `${call.shell.cwd}\n`);
  return 0;
};

export const umask: Builtin = function* (call) {
  if (call.args.length === 0) yield* print(call, '0022\n');
  return 0;
};
