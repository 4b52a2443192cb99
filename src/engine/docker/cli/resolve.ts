import { digestOfText } from '../../oci/digest.ts';
import { helpText, useLine } from './help.ts';
import { goQuote } from '../../go/quote.ts';
import { Flags, readWords } from './pflag.ts';
import { readFlags, MANY, type CommandSpec, type FlagSpec } from './spec/command-spec.ts';
import { ROOT } from './spec/root.ts';

/**
 * From words to a command with flags and arguments, or to what is printed instead (docker/cli
 * v29.7 `cmd/docker/docker.go`, `cli/required.go`, spf13/cobra v1.10 `command.go`).
 */
export type Resolved =
  | {
      readonly kind: 'command';
      /** `container ls`: the words by which it was called, other names replaced. */
      readonly path: string;
      readonly spec: CommandSpec;
      readonly global: Flags;
      readonly flags: Flags;
      readonly args: readonly string[];
      /** Printed before anything else. */
      readonly out: string;
    }
  | {
      readonly kind: 'print';
      readonly out: string;
      readonly err: string;
      readonly exitCode: number;
    };

interface Print {
  readonly out?: string;
  readonly err?: string;
  readonly exitCode?: number;
}

const print = ({ out = '', err = '', exitCode = 0 }: Print): Resolved => ({
  kind: 'print',
  out,
  err,
  exitCode,
});

const lines = (notes: readonly string[]): string => notes.map((note) => `${note}\n`).join('');

/** Wrong usage: what, how it is used, where to read more. */
const misused = (why: string, path: string, spec: CommandSpec, verb = 'Run'): string =>
  `${why}\n\nUsage:  ${useLine(path, spec)}\n\n${verb} '${path} --help' for more information\n`;

const globalFlags = readFlags(ROOT.flags ?? '');

export function resolve(
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Resolved {
  const read = readWords(words, globalFlags, false);
  if (read.kind === 'wrong') {
    return print({ err: misused(read.message, 'docker', ROOT), exitCode: 125 });
  }
  const { flags: global, args, notes } = read;
  const level = global.last('log-level');
  if (level !== undefined && !isLogLevel(level)) {
    return print({ err: `Unable to parse logging level: ${level}\n`, exitCode: 1 });
  }
  const nowhere = connectionProblem(global, env);
  if (nowhere !== undefined) return print({ err: `${nowhere}\n`, exitCode: 1 });
  if (global.has('help')) {
    // Help of what there is not is help of docker itself.
    const topic = childOf(ROOT, args[0] ?? '') ? args.slice(0, 2) : [];
    return { ...helpOn(topic), err: lines(notes) } as Resolved;
  }
  if (args.length === 0) {
    if (global.has('version')) return print({ out: VERSION_LINE });
    return print({ err: helpText('docker', ROOT) });
  }
  if (args[0] === 'help') return helpOn(args.slice(1));
  return descend(global, args);
}

/** Where the client looked for a context that is none. */
export function missingContext(name: string, home: string): string {
  const directory = `${home}/.docker/contexts/meta/${digestOfText(name).slice('sha256:'.length)}`;
  const why = `open ${directory}/meta.json: no such file or directory`;
  return `context "${name}": context not found: ${why}`;
}

const DEFAULT_HOST = 'unix:///var/run/docker.sock';

/** A daemon at another address, or a context that is none: there is one daemon on each machine. */
function connectionProblem(
  global: Flags,
  env: Readonly<Record<string, string>>,
): string | undefined {
  const context = global.text('context', env.DOCKER_CONTEXT ?? '');
  const failed = 'Failed to initialize: unable to resolve docker endpoint';
  if (context !== '' && context !== 'default') {
    return `${failed}: ${missingContext(context, env.HOME ?? '/root')}`;
  }
  const host = global.text('host', env.DOCKER_HOST ?? '');
  if (host === '' || host === DEFAULT_HOST) return undefined;
  if (!/^(unix|tcp|npipe|fd|ssh|http|https):\/\//.test(host) && host.includes('://')) {
    return `${failed}: invalid bind address format: ${host}`;
  }
  const address = host.includes('://') ? host : `tcp://${host}`;
  const what = address.startsWith('unix://')
    ? `dial unix ${address.slice('unix://'.length)}: connect: no such file or directory`
    : `dial tcp ${address.slice('tcp://'.length)}: connect: connection refused`;
  const check = 'check if the path is correct and if the daemon is running';
  return `failed to connect to the docker API at ${address}; ${check}: ${what}`;
}

export const CLI_VERSION = '29.7.2';
const VERSION_LINE = `Docker version ${CLI_VERSION}, build 28f7560\n`;

const LEVELS = ['panic', 'fatal', 'error', 'warn', 'warning', 'info', 'debug', 'trace'];
const isLogLevel = (text: string): boolean => text === '' || LEVELS.includes(text.toLowerCase());

/** A command by name or by another of its names. */
function childOf(spec: CommandSpec, name: string): [string, CommandSpec] | undefined {
  const { commands = {} } = spec;
  if (Object.hasOwn(commands, name)) return [name, commands[name]!];
  return Object.entries(commands).find(([, one]) => one.aliases?.includes(name));
}

function helpOn(topic: readonly string[]): Resolved {
  let [path, spec] = ['docker', ROOT];
  const plugin = childOf(ROOT, topic[0] ?? '');
  if (plugin?.[1].passes) return passed(new Flags(), plugin, [...topic.slice(1), '--help']);
  for (const [at, name] of topic.entries()) {
    const child = childOf(spec, name);
    if (!child) {
      return print({ err: `unknown help topic: ${topic.slice(at).join(' ')}\n`, exitCode: 1 });
    }
    path = `${path} ${child[0]}`;
    spec = child[1];
  }
  return print({ out: helpText(path, spec) });
}

function descend(global: Flags, words: readonly string[]): Resolved {
  const [first = ''] = words;
  const top = childOf(ROOT, first);
  if (!top) {
    if (words.includes('--help')) return helpOn([]);
    const why = `docker: unknown command: docker ${first}`;
    return print({ err: `${why}\n\nRun 'docker --help' for more information\n`, exitCode: 1 });
  }
  let [path, spec] = [`docker ${top[0]}`, top[1]];
  let rest = words.slice(1);
  if (spec.passes) return passed(global, top, rest);
  while (spec.commands) {
    const at = rest.findIndex((word) => !word.startsWith('-'));
    const child = at === -1 ? undefined : childOf(spec, rest[at] ?? '');
    if (!child || (at > 0 && rest.slice(0, at).includes('--'))) break;
    if (rest[0] === '--help') return helpOn([...path.split(' ').slice(1), child[0]]);
    const between = readWords(rest.slice(0, at), flagsOf(spec));
    if (between.kind === 'wrong') return wrongFlag(between, path, spec);
    if (between.help) return print({ out: lines(between.notes) + helpText(path, spec) });
    path = `${path} ${child[0]}`;
    spec = child[1].plugin || !spec.plugin ? child[1] : { ...child[1], plugin: true };
    rest = rest.slice(at + 1);
  }
  return finish(global, path, spec, rest);
}

/** All words for a plugin that reads them itself. */
const passed = (
  global: Flags,
  [path, spec]: readonly [string, CommandSpec],
  args: readonly string[],
): Resolved => ({ kind: 'command', path, spec, global, flags: new Flags(), args, out: '' });

const flagsOf = ({ flags = '', hidden = '' }: CommandSpec): FlagSpec[] => [
  ...readFlags(flags),
  ...readFlags(hidden, true),
];

function wrongFlag(
  { message, notes }: { message: string; notes: readonly string[] },
  path: string,
  spec: CommandSpec,
): Resolved {
  const shown = spec.plugin ? pluginPath(path) : path;
  return print({ out: lines(notes), err: misused(message, shown, spec), exitCode: 125 });
}

/** docker hands `docker build` over to buildx, which calls itself by its own name. */
const pluginPath = (path: string): string =>
  path
    .replace(/^docker (image build|build|bake)(?= |$)/, (_all, name: string) =>
      name === 'bake' ? 'docker buildx bake' : 'docker buildx build',
    )
    .replace(/^docker builder(?= |$)/, 'docker buildx');

function finish(
  global: Flags,
  path: string,
  spec: CommandSpec,
  words: readonly string[],
): Resolved {
  const read = readWords(words, flagsOf(spec), spec.interspersed ?? true);
  if (read.kind === 'wrong') return wrongFlag(read, path, spec);
  const { flags, args, notes } = read;
  const shown = spec.plugin ? pluginPath(path) : path;
  const out = lines(notes);
  if (read.help) return print({ out: out + helpText(shown, spec) });
  const wrong = argumentProblem(shown, spec, args);
  if (wrong !== undefined) {
    return print({ out, err: spec.plugin ? `ERROR: ${wrong}` : wrong, exitCode: 1 });
  }
  if (spec.commands) return group(shown, spec, args, out);
  return { kind: 'command', path: path.slice('docker '.length), spec, global, flags, args, out };
}

/** A group without a command, or with one that buildx does not know. */
function group(path: string, spec: CommandSpec, args: readonly string[], out: string): Resolved {
  const help = helpText(path, spec);
  if (path === 'docker manifest') return print({ out, err: `\n${help}` });
  if (!spec.plugin) return print({ out, err: help });
  if (args.length === 0) return print({ out: out + help });
  const err = `ERROR: unknown command: ${goQuote(args[0] ?? '')}\n`;
  return print({ out: out + help, err, exitCode: 1 });
}

const counted = (count: number): string => `${count} argument${count === 1 ? '' : 's'}`;

/** `cli/required.go`: how many arguments there are and must be. */
function argumentProblem(
  path: string,
  spec: CommandSpec,
  args: readonly string[],
): string | undefined {
  const [least, most] = spec.args ?? [0, MANY];
  if (args.length >= least && args.length <= most) return undefined;
  if (path === 'docker context use') {
    return `accepts 1 arg(s), received ${args.length}\n`;
  }
  if (spec.commands) {
    return misused(`docker: unknown command: ${path} ${args[0] ?? ''}`, path, spec);
  }
  const needs = (what: string, verb?: string): string =>
    misused(`docker: '${path}' ${what}`, path, spec, verb);
  if (most === 0) return needs('accepts no arguments');
  if (least === most) return needs(`requires ${counted(least)}`);
  if (most === MANY) return needs(`requires at least ${counted(least)}`, 'See');
  if (least === 0) return needs(`requires at most ${counted(most)}`);
  return needs(`requires at least ${least} and at most ${counted(most)}`);
}
