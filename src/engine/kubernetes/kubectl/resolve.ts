import { readWords, normalName, type Flags } from './flags.ts';
import { commandHelp, helpText, optionsText, rootUsage } from './help.ts';
import { goQuote } from '../../go/quote.ts';
import { aloneValue, readFlags, type CommandSpec, type FlagSpec } from './spec/command-spec.ts';
import { GLOBAL_FLAGS } from './spec/global-flags.ts';
import { COMMANDS } from './spec/root.ts';

/**
 * From words to a command (spf13/cobra v1.10 `command.go`; kubectl/pkg/cmd/{cmd,plugin}.go, v1.36):
 * which command is meant, and what its flags and arguments are; or what is printed instead.
 */
export type Resolved =
  | {
      readonly kind: 'command';
      /** `create deployment`. */
      readonly path: string;
      readonly flags: Flags;
      readonly args: readonly string[];
      readonly dash: number;
      readonly notes: readonly string[];
    }
  | {
      readonly kind: 'print';
      readonly out: string;
      readonly err: string;
      readonly exitCode: number;
    };

const printed = (out: string, err = '', exitCode = 0): Resolved => ({
  kind: 'print',
  out,
  err,
  exitCode,
});
const wrong = (message: string): Resolved => printed('', `error: ${message}\n`, 1);

const ROOT: CommandSpec = { short: 'kubectl', commands: COMMANDS };
const GLOBAL = readFlags(GLOBAL_FLAGS);

const flagsOf = ({ flags = '', hidden = '' }: CommandSpec): FlagSpec[] => [
  ...readFlags(flags),
  ...readFlags(hidden, true),
  ...GLOBAL,
];

const PROFILES = ['none', 'cpu', 'heap', 'goroutine', 'threadcreate', 'block', 'mutex', 'trace'];

interface Found {
  readonly path: string;
  readonly spec: CommandSpec;
  readonly words: readonly string[];
}

export function resolve(words: readonly string[]): Resolved {
  if (words[0] === 'help' || (words[0] === 'options' && words.length > 0)) return special(words);
  const found = find({ path: 'kubectl', spec: ROOT, words });
  if (found.spec === ROOT) {
    const unknown = unknownCommand(words);
    if (unknown) return unknown;
  }
  const read = readWords(found.words, flagsOf(found.spec));
  if (read.kind === 'wrong') {
    // Everything that is wrong with `diff` ends with 2: 1 says that there are differences.
    if (found.path === 'kubectl diff') {
      const hint = `See '${found.path} -h' for help and examples`;
      return printed('', `error: ${read.message}\n${hint}\n`, 2);
    }
    return wrong(`${read.message}\nSee '${found.path} --help' for usage.`);
  }
  const { flags, args, dash, notes } = read;
  const own = readFlags(found.spec.flags ?? '');
  if (found.spec === ROOT) return printed(helpText());
  if (flags.has('help')) return printed(commandHelp(found.path, found.spec));
  const missing = (found.spec.required ?? []).filter((name) => !flags.changed(name));
  if (missing.length > 0) {
    return wrong(`required flag(s) ${missing.map(goQuote).join(', ')} not set`);
  }
  const profile = flags.text('profile');
  const profiles = !own.some(({ name }) => name === 'profile');
  if (profiles && !PROFILES.includes(profile)) return wrong(`unknown profile '${profile}'`);
  const path = found.path.slice('kubectl '.length);
  return { kind: 'command', path, flags, args, dash, notes };
}

function special([name, ...topic]: readonly string[]): Resolved {
  if (name === 'options') return printed(optionsText());
  let at: Found = { path: 'kubectl', spec: ROOT, words: topic };
  at = find({ ...at, words: topic.filter((word) => !word.startsWith('-')) });
  if (at.spec !== ROOT) return printed(commandHelp(at.path, at.spec));
  if (topic.length === 0 || topic[0]!.startsWith('-')) return printed(helpText());
  const list = topic.map((word) => `\`${word}\``).join(' ');
  return printed('', `Unknown help topic [${list}]\n\n\n${rootUsage()}`);
}

/** A command by its name or another of its names. */
export function childOf(
  spec: CommandSpec,
  name: string,
): readonly [string, CommandSpec] | undefined {
  const { commands = {} } = spec;
  if (Object.hasOwn(commands, name)) return [name, commands[name]!];
  return Object.entries(commands).find(([, one]) => one.aliases?.includes(name));
}

/** Goes down as far as words that are not flags name commands. */
function find(from: Found): Found {
  const [first] = withoutFlags(from.words, from.spec);
  const child = first === undefined ? undefined : childOf(from.spec, first);
  if (!child || first === undefined) return from;
  const at = indexOfArgument(from.words, first, from.spec);
  const words = [...from.words.slice(0, at), ...from.words.slice(at + 1)];
  return find({ path: `${from.path} ${child[0]}`, spec: child[1], words });
}

/** How a flag takes the word behind it, when nothing else is known but its look. */
function takesNext(word: string, specs: readonly FlagSpec[]): boolean {
  if (!word.startsWith('-') || word.includes('=')) return false;
  if (word.startsWith('--')) {
    const spec = specs.find(({ name }) => name === normalName(word.slice(2)));
    return !spec || aloneValue(spec) === undefined;
  }
  if (word.length !== 2) return false;
  const spec = specs.find(({ letter }) => letter === word[1]);
  return !spec || aloneValue(spec) === undefined;
}

function withoutFlags(words: readonly string[], spec: CommandSpec): string[] {
  const specs = flagsOf(spec);
  const commands: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === '--') break;
    if (takesNext(word, specs)) {
      if (words.length - at <= 2) break;
      at += 1;
    } else if (word !== '' && !word.startsWith('-')) commands.push(word);
  }
  return commands;
}

function indexOfArgument(words: readonly string[], wanted: string, spec: CommandSpec): number {
  const specs = flagsOf(spec);
  for (let at = 0; at < words.length; at++) {
    if (takesNext(words[at]!, specs)) at += 1;
    else if (words[at] === wanted) return at;
  }
  return words.indexOf(wanted);
}

function unknownCommand(words: readonly string[]): Resolved | undefined {
  const [typed] = withoutFlags(words, ROOT);
  if (typed === undefined) return undefined;
  const [first = ''] = words;
  if (first.startsWith('-')) {
    return printed('', `Error: flags cannot be placed before plugin name: ${first}\n`, 1);
  }
  const near = suggestions(typed);
  const hint = near.length === 0 ? '' : `\n\nDid you mean this?\n\t${near.join('\n\t')}`;
  return printed('', `error: unknown command ${goQuote(typed)} for "kubectl"${hint}\n`, 1);
}

const NEAR = 2;

/** Commands that a mistyped word may have meant, in the order of cobra's own list. */
function suggestions(typed: string): string[] {
  const word = typed.toLowerCase();
  return Object.entries(COMMANDS)
    .filter(([name]) => name !== 'alpha')
    .filter(
      ([name, { suggestFor = [] }]) =>
        distance(word, name) <= NEAR || name.startsWith(word) || suggestFor.includes(word),
    )
    .map(([name]) => name);
}

/** How many letters must be changed, added or taken away. */
function distance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(changed, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    above = row;
  }
  return above[b.length] ?? 0;
}
