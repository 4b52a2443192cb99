import type { Command, CommandLine, CommandTable } from '../../machine/command.ts';
import { join, signal, sleep, start, write, type Program, type Signal } from '../../sim/process.ts';
import { find, replaceBy } from '../launch.ts';
import { RUNNER } from '../execute.ts';
import { statusOf } from '../signals.ts';
import { Shell, type Step } from '../state.ts';
import { quoted, readOptions, Tool } from './tool.ts';

/** Tools that start other commands: env, xargs, nohup. */
export interface ExecLine extends CommandLine {
  /** In whose words it is told that there is no such command. */
  readonly style: string;
}

const MESSAGES: Readonly<Record<string, (name: string) => string>> = {
  env: (name) => `env: ${quoted(name)}: No such file or directory`,
  xargs: (name) => `xargs: ${name}: No such file or directory`,
  timeout: (name) => `timeout: failed to run command ${quoted(name)}: No such file or directory`,
  nohup: (name) => `nohup: failed to run command ${quoted(name)}: No such file or directory`,
  watch: (name) => `sh: 1: ${name}: not found`,
  find: (name) => `find: ${quoted(name)}: No such file or directory`,
};

/** `shell/exec`: becomes the command, as execvp(3) does. */
export const execute = (commands: CommandTable): Program<ExecLine, number> =>
  function* (line, self) {
    const { machine, argv, env, cwd, style } = line;
    const shell = new Shell({ machine, env, cwd, commands }, self, RUNNER);
    const found = yield* find(shell, argv);
    if ('message' in found) {
      const name = argv[0] ?? '';
      const said = MESSAGES[style]?.(name) ?? found.message;
      const denied = found.status === 126;
      yield* write(
        self.stderr,
        `${denied ? said.replace('No such file or directory', 'Permission denied') : said}\n`,
      );
      return found.status;
    }
    return yield* replaceBy(shell, found, env, { 0: self.stdin, 1: self.stdout, 2: self.stderr });
  };

/** `shell/alarm`: sends a signal after a while. */
export const alarm: Program<{ afterMs: number; pid: number; signal: Signal }, number> = function* (
  args,
) {
  yield* sleep(args.afterMs);
  yield* signal(args.pid, args.signal);
  return 0;
};

export const env: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const options = readOptions(tool.args, 'iu:0C:S:v', {
    inOrder: true,
    long: { 'ignore-environment': 'i', unset: 'u' },
  });
  if (options.problem !== undefined) return yield* tool.misuse(options.problem, 125);
  let variables: Record<string, string> = options.has('i') ? {} : { ...line.env };
  const removed = options.all('u');
  variables = Object.fromEntries(
    Object.entries(variables).filter(([name]) => !removed.includes(name)),
  );
  const words = [...options.operands];
  if (words[0] === '-') words.shift();
  while (words[0]?.includes('=')) {
    const [name = '', ...value] = words.shift()!.split('=');
    variables[name] = value.join('=');
  }
  if (words.length === 0) {
    const end = options.has('0') ? '\0' : '\n';
    yield* tool.out(
      Object.entries(variables)
        .map(([name, value]) => `${name}=${value}${end}`)
        .join(''),
    );
    return 0;
  }
  const started: ExecLine = { ...line, argv: words, env: variables, style: 'env' };
  return statusOf(yield* join(yield* start('shell/exec', started, self)));
};

export const nohup: Command = function* (line, self) {
  const tool = new Tool(line, self);
  if (tool.args.length === 0) return yield* tool.misuse('missing operand', 125);
  const started: ExecLine = { ...line, argv: tool.args, style: 'nohup' };
  return statusOf(yield* join(yield* start('shell/exec', started, self)));
};

export const printenv: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const names = tool.args.filter((arg) => !arg.startsWith('-'));
  if (names.length === 0) {
    yield* tool.out(
      Object.entries(line.env)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    );
    return 0;
  }
  let status = 0;
  for (const name of names) {
    if (Object.hasOwn(line.env, name)) yield* tool.out(`${line.env[name]!}\n`);
    else status = 1;
  }
  return status;
};

/** The words of xargs' input: quotes and backslashes keep blanks together. */
function inputWords(text: string, delimiter: string | undefined): string[] | undefined {
  if (delimiter !== undefined) {
    const parts = text.split(delimiter);
    if (parts.at(-1) === '') parts.pop();
    return parts;
  }
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (quote !== '') {
      if (char === '\n') return undefined;
      if (char === quote) quote = '';
      else word = (word ?? '') + char;
    } else if (char === "'" || char === '"') {
      quote = char;
      word ??= '';
    } else if (char === '\\') {
      at += 1;
      word = (word ?? '') + (text[at] ?? '');
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + char;
  }
  if (quote !== '') return undefined;
  if (word !== undefined) words.push(word);
  return words;
}

const COMMAND_LINE_WORDS = 5000;

export const xargs: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const options = readOptions(tool.args, 'n:I:0rd:tL:P:s:', {
    inOrder: true,
    long: {
      null: '0',
      'no-run-if-empty': 'r',
      'max-args': 'n',
      replace: 'I',
      delimiter: 'd',
      verbose: 't',
      'max-lines': 'L',
      'max-procs': 'P',
    },
  });
  if (options.problem !== undefined) return yield* tool.misuse(options.problem);
  const command = options.operands.length === 0 ? ['echo'] : options.operands;
  const place = options.value('I');
  const byLine = place !== undefined || options.has('L');
  const delimiter = options.has('0') ? '\0' : options.value('d')?.replace('\\n', '\n');
  const text = yield* tool.input();
  const words =
    byLine && delimiter === undefined
      ? text
          .split('\n')
          .map((one) => one.trim())
          .filter((one) => one !== '')
      : inputWords(text, delimiter);
  if (!words) {
    return yield* tool.fail(
      'unmatched single quote; by default quotes are special to xargs unless you use the -0 option',
    );
  }
  const count = Number(options.value('n') ?? options.value('L') ?? COMMAND_LINE_WORDS);
  if (!(count >= 1))
    return yield* tool.fail(`value ${options.value('n') ?? ''} for -n option should be >= 1`);
  const runs: string[][] = [];
  if (place !== undefined) {
    for (const word of words) runs.push(command.map((part) => part.split(place).join(word)));
  } else {
    for (let at = 0; at < words.length; at += count) {
      const taken = words.slice(at, at + count);
      runs.push([...command, ...(byLine ? taken.flatMap((one) => one.split(/\s+/)) : taken)]);
    }
    if (words.length === 0 && !options.has('r') && !(yield* tool.isBusybox()))
      runs.push([...command]);
  }
  return yield* runAll(tool, runs, options.has('t'));
};

function* runAll(tool: Tool, runs: readonly (readonly string[])[], shows: boolean): Step<number> {
  let status = 0;
  for (const argv of runs) {
    if (shows) yield* write(tool.self.stderr, `${argv.join(' ')}\n`);
    const started: ExecLine = { ...tool.line, argv, style: 'xargs' };
    const { stdout, stderr } = tool.self;
    const ended = statusOf(yield* join(yield* start('shell/exec', started, { stdout, stderr })));
    if (ended === 126 || ended === 127) return ended;
    if (ended === 255) {
      yield* tool.fail(`${argv[0]!}: exited with status 255; aborting`);
      return 124;
    }
    if (ended > 128) return 125;
    if (ended !== 0) status = 123;
  }
  return status;
}
