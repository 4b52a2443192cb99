import {
  resolvePath,
  type Command,
  type CommandLine,
  type CommandTable,
} from '../machine/command.ts';
import { readFile, stat } from '../machine/files.ts';
import { ownProcess } from '../machine/processes.ts';
import { write } from '../sim/process.ts';
import { RUNNER } from './execute.ts';
import { readAndRun } from './interactive.ts';
import { runWhole, toTheEnd } from './run.ts';
import { Shell, type Flavour, type ShellArgs, type Step } from './state.ts';

/**
 * `sh`, `bash`, `ash`, `dash` as programs: `-c TEXT`, a file, or standard input. On a machine
 * commands come from `commands`, in a container from its files.
 */
interface ShellLine extends CommandLine {
  /** What a container's runtime knows of it: its pid there, and whether it is the first. */
  readonly nsPid?: number | undefined;
  readonly init?: boolean | undefined;
  readonly budget?: number | undefined;
  /** Its standard input is a terminal. */
  readonly tty?: boolean | undefined;
}

interface Options {
  readonly letters: string;
  readonly text: string | undefined;
  readonly fromInput: boolean;
  readonly rest: readonly string[];
  readonly invalid?: string;
  readonly pipefail: boolean;
}

function readOptions(args: readonly string[]): Options {
  let letters = '';
  let isText = false;
  let fromInput = false;
  let pipefail = false;
  let at = 0;
  for (; at < args.length; at++) {
    const arg = args[at]!;
    if (arg === '--' || arg === '-') {
      at += 1;
      break;
    }
    if (/^--(login|norc|noprofile|posix)$/.test(arg)) continue;
    if (!/^[-+]./.test(arg)) break;
    for (const letter of arg.slice(1)) {
      if (letter === 'c') isText = true;
      else if (letter === 's') fromInput = true;
      else if (letter === 'o') pipefail = args[++at] === 'pipefail' || pipefail;
      else if ('euxfilvnabhmB'.includes(letter)) letters += letter;
      else return { letters, text: undefined, fromInput, rest: [], invalid: arg, pipefail };
    }
  }
  const rest = args.slice(at);
  const [text, ...after] = rest;
  if (isText) return { letters, text: text ?? '', fromInput, rest: after, pipefail };
  return { letters, text: undefined, fromInput, rest, pipefail };
}

/** In an image with busybox `sh` is ash, in others dash; where bash is asked for, bash. */
function* flavourOf(place: string, name: string): Step<Flavour> {
  if (name === 'bash') return 'bash';
  if (name === 'ash') return 'ash';
  if (name === 'dash') return 'dash';
  const busybox = (yield* stat(place, '/bin/busybox')) ?? (yield* stat(place, '/bin/ash'));
  if (busybox) return 'ash';
  return 'dash';
}

export const sh = (commands: CommandTable): Command =>
  function* (line, self) {
    const { machine, argv, env, cwd } = line;
    const [called = 'sh', ...args] = argv;
    const base = called.slice(called.lastIndexOf('/') + 1).replace(/^-/, '');
    const flavour = yield* flavourOf(machine, base);
    const options = readOptions(args);
    if (options.invalid !== undefined) {
      const words =
        flavour === 'bash'
          ? `${called}: ${options.invalid}: invalid option\n`
          : `${called}: ${flavour === 'dash' ? '0: ' : ''}Illegal option ${options.invalid}\n`;
      yield* write(self.stderr, flavour === 'ash' ? words.replace('Illegal', 'illegal') : words);
      return 2;
    }
    const { budget, nsPid, init, tty }: ShellLine = line;
    const common = {
      ...{ machine, env, cwd, commands, flavour, options: options.letters },
      ...(budget !== undefined && { budget }),
      ...(init !== undefined && { init }),
    };
    const [file, ...rest] = options.rest;
    let shellArgs: ShellArgs;
    let text: string;
    if (options.text !== undefined) {
      text = options.text;
      shellArgs = { ...common, name: file ?? called, source: 'argument', positional: rest };
    } else if (file !== undefined && !options.fromInput) {
      const path = resolvePath(cwd, file);
      const found = yield* readFile(machine, path);
      if (!found) {
        const isDirectory = (yield* stat(machine, path))?.type === 'dir';
        yield* write(self.stderr, cannotOpen(flavour, called, file, isDirectory));
        return isDirectory ? 126 : flavour === 'bash' ? 127 : 2;
      }
      text = found.content;
      shellArgs = { ...common, name: file, source: 'file', positional: rest };
    } else {
      const source = tty ? 'prompt' : 'file';
      const inputArgs = { ...common, name: called, source, positional: options.rest } as const;
      const shell = new Shell(inputArgs, self, RUNNER);
      if (nsPid !== undefined) shell.shellPid = nsPid;
      yield* toTheEnd(shell, () => readAndRun(shell, tty === true));
      return shell.status;
    }
    const shell = new Shell(shellArgs, self, RUNNER);
    if (options.pipefail) shell.options.pipefail = true;
    if (nsPid !== undefined) shell.shellPid = nsPid;
    // Nobody is asked for what few scripts want to know.
    if (text.includes('PPID')) {
      shell.assign('PPID', String((yield* ownProcess(machine)).ppid));
    }
    yield* toTheEnd(shell, () => runWhole(shell, text));
    return shell.status;
  };

function cannotOpen(flavour: Flavour, called: string, file: string, isDirectory: boolean): string {
  if (isDirectory) return `${called}: ${file}: Is a directory\n`;
  if (flavour === 'bash') return `${called}: ${file}: No such file or directory\n`;
  return flavour === 'dash'
    ? `${called}: 0: cannot open ${file}: No such file\n`
    : `${called}: can't open '${file}': No such file or directory\n`;
}
