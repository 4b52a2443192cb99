import { read, sleep, write, type Call, type Resumption } from '../sim/process.ts';
import { resolvePath, type Command } from '../machine/command.ts';
import { listFiles, readFile, removeFile, writeFile } from '../machine/files.ts';

/** Small tools that every machine has, in the words of GNU coreutils 9. */
type Step<T> = Generator<Call, T, Resumption>;

const echo: Command = function* ({ argv }, self) {
  const noNewline = argv[1] === '-n';
  const text = argv.slice(noNewline ? 2 : 1).join(' ');
  yield* write(self.stdout, noNewline ? text : `${text}\n`);
  return 0;
};

function* readAll(stream: number): Step<string> {
  let text = '';
  for (let chunks = yield* read<string>(stream); chunks; chunks = yield* read<string>(stream)) {
    text += chunks.join('');
  }
  return text;
}

const cat: Command = function* ({ argv, machine, cwd }, self) {
  if (argv.length === 1) {
    yield* write(self.stdout, yield* readAll(self.stdin));
    return 0;
  }
  let status = 0;
  for (const name of argv.slice(1)) {
    const file = yield* readFile(machine, resolvePath(cwd, name));
    if (file) yield* write(self.stdout, file.content);
    else {
      const below = yield* listFiles(machine, resolvePath(cwd, name));
      const why = below.length > 0 ? 'Is a directory' : 'No such file or directory';
      yield* write(self.stderr, `cat: ${name}: ${why}\n`);
      status = 1;
    }
  }
  return status;
};

const ls: Command = function* ({ argv, machine, cwd }, self) {
  const name = argv.slice(1).find((word) => !word.startsWith('-')) ?? '.';
  const path = resolvePath(cwd, name);
  if (yield* readFile(machine, path)) {
    yield* write(self.stdout, `${name}\n`);
    return 0;
  }
  const prefix = path === '/' ? '/' : `${path}/`;
  const files = yield* listFiles(machine, path);
  if (files.length === 0 && path !== '/') {
    yield* write(self.stderr, `ls: cannot access '${name}': No such file or directory\n`);
    return 2;
  }
  const names = new Set(files.map((file) => file.path.slice(prefix.length).split('/')[0] ?? ''));
  const hidden = argv.includes('-a');
  const shown = [...names].filter((one) => hidden || !one.startsWith('.'));
  yield* write(self.stdout, shown.map((one) => `${one}\n`).join(''));
  return 0;
};

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Beyond this nobody waits. */
const SLEEP_LIMIT_MS = 2 ** 40;

const tryHelp = (tool: string): string => `Try '${tool} --help' for more information.\n`;

const sleepTool: Command = function* ({ argv }, self) {
  if (argv.length === 1) {
    yield* write(self.stderr, `sleep: missing operand\n${tryHelp('sleep')}`);
    return 1;
  }
  for (const word of argv.slice(1)) {
    const match = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(word);
    if (!match) {
      const problem = `sleep: invalid time interval ‘${word}’\n`;
      yield* write(self.stderr, problem + tryHelp('sleep'));
      return 1;
    }
    const delayMs = Math.round(Number(match[1]) * (UNITS[match[2] ?? ''] ?? 1000));
    yield* sleep(Math.min(delayMs, SLEEP_LIMIT_MS));
  }
  return 0;
};

const rm: Command = function* ({ argv, machine, cwd }, self) {
  const force = argv.some((word) => /^-[rR]*f/.test(word));
  const recursive = argv.some((word) => /^-f?[rR]/.test(word));
  let status = 0;
  const names = argv.slice(1).filter((word) => !word.startsWith('-'));
  if (names.length === 0 && !force) {
    yield* write(self.stderr, `rm: missing operand\n${tryHelp('rm')}`);
    return 1;
  }
  for (const name of names) {
    const path = resolvePath(cwd, name);
    if (!(yield* removeFile(machine, path))) continue;
    const below = yield* listFiles(machine, path);
    if (below.length > 0 && recursive) {
      for (const file of below) yield* removeFile(machine, file.path);
    } else if (below.length > 0) {
      yield* write(self.stderr, `rm: cannot remove '${name}': Is a directory\n`);
      status = 1;
    } else if (!force) {
      yield* write(self.stderr, `rm: cannot remove '${name}': No such file or directory\n`);
      status = 1;
    }
  }
  return status;
};

/** One file onto another or into a directory; directories are not copied. */
const cp: Command = function* ({ argv, machine, cwd }, self) {
  const [from, to, ...more] = argv.slice(1);
  const fail = function* (problem: string, usage = false): Step<number> {
    yield* write(self.stderr, `cp: ${problem}\n${usage ? tryHelp('cp') : ''}`);
    return 1;
  };
  if (from === undefined) return yield* fail('missing file operand', true);
  if (to === undefined) {
    return yield* fail(`missing destination file operand after '${from}'`, true);
  }
  if (more.length > 0) return yield* fail(`target '${more.at(-1)}': No such file or directory`);
  const source = resolvePath(cwd, from);
  const file = yield* readFile(machine, source);
  if (!file) {
    const below = yield* listFiles(machine, source);
    if (below.length > 0) return yield* fail(`-r not specified; omitting directory '${from}'`);
    return yield* fail(`cannot stat '${from}': No such file or directory`);
  }
  const target = resolvePath(cwd, to);
  const isDirectory = to.endsWith('/') || (yield* listFiles(machine, target)).length > 0;
  const name = source.slice(source.lastIndexOf('/'));
  yield* writeFile(machine, isDirectory ? target + name : target, file.content, file.mode);
  return 0;
};

const touch: Command = function* ({ argv, machine, cwd }, self) {
  if (argv.length === 1) {
    yield* write(self.stderr, `touch: missing file operand\n${tryHelp('touch')}`);
    return 1;
  }
  for (const name of argv.slice(1)) {
    const path = resolvePath(cwd, name);
    const file = yield* readFile(machine, path);
    yield* writeFile(machine, path, file?.content ?? '');
  }
  return 0;
};

const constant = (status: number): Command =>
  function* () {
    yield* sleep(0);
    return status;
  };

/** Programs by name; the world registers them and lists them in each shell's table. */
export const TOOLS: Readonly<Record<string, Command>> = {
  'shell/echo': echo,
  'shell/cat': cat,
  'shell/ls': ls,
  'shell/sleep': sleepTool,
  'shell/cp': cp,
  'shell/rm': rm,
  'shell/touch': touch,
  'shell/true': constant(0),
  'shell/false': constant(1),
};

export const TOOL_COMMANDS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.keys(TOOLS).map((name) => [name.slice('shell/'.length), name]),
);
