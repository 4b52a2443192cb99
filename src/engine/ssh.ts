import type { Command, CommandLine } from './machine/command.ts';
import { SHELL_PROGRAM } from './shell-language/launch.ts';
import { statusOf } from './shell-language/signals.ts';
import {
  Interrupt,
  join,
  signal,
  start,
  write,
  type Call,
  type Resumption,
  type Self,
} from './sim/process.ts';

/**
 * `ssh HOST COMMAND` (OpenSSH 9): runs a command in the shell of another machine of the world.
 * `machines` are the machines by the names and addresses they are reached by.
 *
 * Simplified: keys are in place, nothing is encrypted, and the way there takes no time.
 */
const VALUE_OPTIONS = 'BbcDEeFIiJLlmOopQRSWw';
const USAGE = 'usage: ssh [-46AaCfGgKkMNnqsTtVvXxYy] destination [command [argument ...]]\n';
const FAILURE = 255;

export const ssh = (machines: Readonly<Record<string, string>>): Command =>
  function* ({ argv, env }, self) {
    let at = 1;
    for (; argv[at]?.startsWith('-') === true; at++) {
      const letter = argv[at]!.at(-1)!;
      if (VALUE_OPTIONS.includes(letter) && argv[at]!.length === 2) at += 1;
    }
    const [destination, ...words] = argv.slice(at);
    if (destination === undefined) {
      yield* write(self.stderr, USAGE);
      return FAILURE;
    }
    const host = destination.replace(/^ssh:\/\//, '').replace(/^[^@]*@/, '');
    const machine = Object.hasOwn(machines, host) ? machines[host] : undefined;
    if (machine === undefined) {
      const problem = `Could not resolve hostname ${host}: Name or service not known`;
      yield* write(self.stderr, `ssh: ${problem}\n`);
      return FAILURE;
    }
    // Without a command the other shell reads what comes in.
    const shell = words.length === 0 ? ['bash', '-s'] : ['bash', '-c', words.join(' ')];
    const { TERM = 'dumb' } = env;
    const there = { HOME: '/root', USER: 'root', HOSTNAME: machine, TERM };
    return yield* inShell({ machine, argv: shell, env: there, cwd: '/root' }, self);
  };

/** Runs a shell to its end and passes signals on to it. */
function* inShell(line: CommandLine, self: Self): Generator<Call, number, Resumption> {
  const pid = yield* start(SHELL_PROGRAM, line, self);
  for (;;) {
    try {
      return statusOf(yield* join(pid));
    } catch (fault) {
      if (!(fault instanceof Interrupt)) throw fault;
      yield* signal(pid, fault.signal);
    }
  }
}

const SUDO_USAGE =
  'usage: sudo -h | -K | -k | -V\nusage: sudo [-ABbEHnPS] [-g group] [-u user] [command [arg ...]]\n';

/**
 * `sudo COMMAND` (sudo 1.9): who types is root already, so that it only runs the command.
 *
 * Simplified: options are read over, and so is the user that `-u` names.
 */
export const sudo: Command = function* (line, self) {
  let at = 1;
  for (; line.argv[at]?.startsWith('-') === true; at++) {
    if (/^-[gu]$/.test(line.argv[at]!)) at += 1;
  }
  const words = line.argv.slice(at);
  if (words.length === 0) {
    yield* write(self.stderr, SUDO_USAGE);
    return 1;
  }
  return yield* inShell({ ...line, argv: ['bash', '-c', '"$@"', 'bash', ...words] }, self);
};
