import { ComposeError } from '../../compose-file/failure.ts';
import { helpText, useLine } from '../../docker/cli/help.ts';
import type { Handler, Invocation, Step } from '../../docker/cli/invocation.ts';
import { type Flags, readWords } from '../../docker/cli/pflag.ts';
import {
  MANY,
  readFlags,
  type CommandSpec,
  type FlagSpec,
} from '../../docker/cli/spec/command-spec.ts';
import { goQuote } from '../../go/quote.ts';
import { Interrupt } from '../../sim/process.ts';
import { Compose } from '../compose.ts';
import { DryInvocation } from '../dry-run.ts';
import { Failure } from '../failure.ts';
import { Progress, type Mode } from '../progress/progress.ts';
import { isTerminal } from '../terminal.ts';
import { COMMANDS } from './commands.ts';
import { COMPOSE } from './spec/root.ts';

/**
 * The plugin `docker compose`: its own flags, then a command with flags of its own (docker/compose
 * v5.5 `cmd/compose/compose.go`; spf13/cobra v1.10).
 */
export const composePlugin: Handler = function* (call) {
  const before = readWords(call.args, flagsOf(COMPOSE), false);
  if (before.kind === 'wrong') return yield* call.fail(before.message);
  const { flags: global, args } = before;
  const [name = ''] = args;
  if (name === 'help' || before.help) return yield* help(call, name === 'help' ? args[1] : name);
  if (name === '') {
    if (global.has('version')) return yield* runCommand(call, global, 'version', []);
    yield* call.out(helpText('docker compose', COMPOSE));
    return 0;
  }
  if (!Object.hasOwn(COMPOSE.commands ?? {}, name)) {
    yield* call.out(helpText('docker compose', COMPOSE));
    return yield* call.fail(`unknown docker command: ${goQuote(`compose ${name}`)}`);
  }
  return yield* runCommand(call, global, name, args.slice(1));
};

function* help(call: Invocation, name: string | undefined): Step<number> {
  const spec = COMPOSE.commands?.[name ?? ''];
  yield* call.out(
    spec ? helpText(`docker compose ${name}`, spec) : helpText('docker compose', COMPOSE),
  );
  return 0;
}

const flagsOf = ({ flags = '', hidden = '' }: CommandSpec): FlagSpec[] => [
  ...readFlags(flags),
  ...readFlags(hidden, true),
];

/** Other spellings of flags. */
const spelt = (word: string): string => (word === '--no-TTY' ? '--no-tty' : word);

function* runCommand(
  typed: Invocation,
  global: Flags,
  name: string,
  words: readonly string[],
): Step<number> {
  const spec = COMPOSE.commands![name]!;
  const read = readWords(words.map(spelt), flagsOf(spec), spec.interspersed ?? true);
  if (read.kind === 'wrong') return yield* typed.fail(read.message);
  if (read.help) {
    yield* typed.out(helpText(`docker compose ${name}`, spec));
    return 0;
  }
  const { flags, args } = read;
  const isDry = global.has('dry-run') || flags.has('dry-run');
  const problem = argumentProblem(name, spec, args) ?? (isDry ? dryProblem(name) : undefined);
  if (problem !== undefined) return yield* typed.fail(problem);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) return yield* typed.fail(`docker compose ${name} is not modelled`);
  const mode = yield* modeOf(typed, global);
  if (typeof mode === 'object') return yield* typed.fail(mode.refused);
  const detached = flags.has('detach') || flags.has('wait');
  const call = isDry ? new DryInvocation(typed.line, typed.self, typed) : typed;
  const progress = new Progress(call, mode, detached);
  const startMs = yield* typed.now();
  const compose = new Compose({ call, global, flags, args, progress, startMs });
  try {
    return yield* command(compose);
  } catch (problem) {
    if (problem instanceof Interrupt) return problem.signal === 'SIGPIPE' ? 141 : 130;
    if (problem instanceof ComposeError) return yield* typed.fail(problem.message);
    if (!(problem instanceof Failure)) throw problem;
    if (problem.message !== '') yield* typed.err(`${problem.message}\n`);
    return problem.exitCode;
  }
}

/** Simplified: what goes into a container or makes an image is not pretended. */
const NEVER_DRY = ['attach', 'build', 'commit', 'cp', 'exec', 'export', 'push', 'run'];

const dryProblem = (name: string): string | undefined =>
  NEVER_DRY.includes(name) ? `docker compose ${name} --dry-run is not modelled` : undefined;

/** What cobra, and docker's own check for some, says of a wrong number of arguments. */
function argumentProblem(
  name: string,
  spec: CommandSpec,
  args: readonly string[],
): string | undefined {
  const [least, most] = spec.args ?? [0, MANY];
  const count = args.length;
  if (count >= least && count <= most) return undefined;
  const path = `docker compose ${name}`;
  if (name === 'cp' || name === 'wait') {
    const what = name === 'cp' ? 'requires 2 arguments' : 'requires at least 1 argument';
    const verb = name === 'cp' ? 'Run' : 'See';
    const usage = `Usage:  ${useLine(path, spec)}`;
    return `docker: '${path}' ${what}\n\n${usage}\n\n${verb} '${path} --help' for more information`;
  }
  if (most === 0) return `unknown command ${goQuote(args[0] ?? '')} for ${goQuote(path)}`;
  if (most === MANY) return `requires at least ${least} arg(s), only received ${count}`;
  return least === 0
    ? `accepts at most ${most} arg(s), received ${count}`
    : `accepts between ${least} and ${most} arg(s), received ${count}`;
}

function* modeOf(
  { self, line }: Invocation,
  global: Flags,
): Step<Mode | { readonly refused: string }> {
  const { COMPOSE_PROGRESS = '', COMPOSE_ANSI = 'auto' } = line.env;
  const wish = global.text('progress', COMPOSE_PROGRESS);
  const ansi = global.text('ansi', COMPOSE_ANSI);
  switch (wish) {
    case '':
    case 'auto':
      return ansi !== 'never' && (yield* isTerminal(self.stderr)) ? 'tty' : 'plain';
    case 'tty':
      return ansi === 'never'
        ? { refused: "can't use --progress tty while ANSI support is disabled" }
        : 'tty';
    case 'plain':
      return ansi === 'always'
        ? { refused: "can't use --progress plain while ANSI support is forced" }
        : 'plain';
    case 'quiet':
    case 'none':
      return 'quiet';
    case 'json':
      return 'json';
    default:
      return { refused: `unsupported --progress value ${goQuote(wish)}` };
  }
}
