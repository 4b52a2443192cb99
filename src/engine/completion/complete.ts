import { BUILTINS } from '../shell-language/builtins/index.ts';
import type { World } from '../world.ts';
import { behind, named, type Candidate } from './candidate.ts';
import { flagCandidates, positionAt, type CommandTree, type Position } from './command-tree.ts';
import { composeArguments, composeValue } from './compose.ts';
import { dockerTree } from './docker-tree.ts';
import { dockerArguments, dockerValue } from './docker.ts';
import { drydockArguments } from './drydock.ts';
import { kubectlTree } from './kubectl-tree.ts';
import { kubectlArguments, kubectlValue } from './kubectl.ts';
import { filesAt, type Place } from './place.ts';
import { openCommand, quoted, type OpenWord } from './words.ts';

/**
 * What could stand at the caret of a line that is being typed at a machine's prompt, as bash with its
 * completions would say: commands, subcommands and flags by the tables that the tools read them by,
 * names by the world as it is now.
 */
export interface Completion {
  /** What is replaced, in UTF-16 units of the line. */
  readonly from: number;
  readonly to: number;
  /** Each for the whole of what is replaced, in order; quoted as the line has to have it. */
  readonly candidates: readonly Candidate[];
}

const CANDIDATES_LIMIT = 2_000;

/** Answers at once, whatever the line is. */
export function complete(world: World, machine: string, line: string, caret: number): Completion {
  const at = Math.max(0, Math.min(line.length, Math.floor(caret) || 0));
  const none = { from: at, to: at, candidates: [] };
  const open = openCommand(line, at);
  if (!open) return none;
  const { words, word } = open;
  const place: Place = { world, machine, cwd: world.terminals.row(machine).cwd };
  const offered = word.isTarget ? filesAt(place, word.text) : offer(place, words, word.text);
  const candidates = sorted(offered.filter(({ text }) => text.startsWith(word.text)));
  const shown = candidates.slice(0, CANDIDATES_LIMIT).map((one) => withQuotes(one, word));
  return { from: word.from, to: at, candidates: shown };
}

const withQuotes = ({ text, ...rest }: Candidate, word: OpenWord): Candidate => ({
  ...rest,
  text: quoted(text, word),
});

function sorted(candidates: readonly Candidate[]): Candidate[] {
  const byText = new Map(candidates.map((one) => [one.text, one]));
  return [...byText.values()].sort((a, b) => (a.text < b.text ? -1 : 1));
}

function offer(place: Place, words: readonly string[], typed: string): readonly Candidate[] {
  const [name, ...rest] = words;
  if (name === undefined) return commandNames(place, typed);
  switch (name) {
    case 'docker':
      return inTree(dockerTree(), rest, typed, {
        args: (position) =>
          isCompose(position)
            ? composeArguments(place, position)
            : dockerArguments(place, typed, position),
        value: (text, position) =>
          isCompose(position)
            ? composeValue(place, text, position)
            : dockerValue(place, text, position),
      });
    case 'kubectl':
      return inTree(kubectlTree(), rest, typed, {
        args: (position) => kubectlArguments(place, typed, position),
        value: (text, position) => kubectlValue(place, text, position),
      });
    case 'drydock':
      return drydockArguments(place, rest);
    case 'ssh':
      return overSsh(place, rest, typed);
    case 'cd':
    case 'rmdir':
      return filesAt(place, typed, (_name, isDirectory) => isDirectory);
    default:
      return behindPrefix(place, name, rest, typed) ?? filesAt(place, typed);
  }
}

const isCompose = ({ tree }: Position): boolean => /^compose\b/.test(tree.path);

interface Offers {
  readonly args: (position: Position) => readonly Candidate[];
  readonly value: (typed: string, position: Position) => readonly Candidate[];
}

function inTree(
  root: CommandTree,
  words: readonly string[],
  typed: string,
  { args, value }: Offers,
): readonly Candidate[] {
  const position = positionAt(root, words);
  const { tree, flag, isBehind } = position;
  if (flag) return value(typed, position);
  const [start, name] = /^--([\w-]+)=/.exec(typed) ?? [];
  if (start !== undefined && !isBehind) {
    const given = tree.flags().find((one) => one.name === name);
    if (!given) return [];
    return behind(start, value(typed.slice(start.length), { ...position, flag: given }));
  }
  if (typed.startsWith('-') && !isBehind) return flagCandidates(tree, typed);
  const children = position.args.length === 0 && !isBehind ? tree.children() : [];
  return [
    ...children.map(({ text, note }) => ({ text, ...(note !== undefined && { note }) })),
    ...args(position),
  ];
}

/** Commands before a command: what is behind them is a command again. */
const PREFIXES: Readonly<Record<string, RegExp>> = {
  sudo: /^-|^$/,
  time: /^-/,
  exec: /^-/,
  nohup: /^-/,
  env: /^-|=/,
  xargs: /^-/,
  command: /^-/,
  timeout: /^-|^\d+(\.\d+)?[smhd]?$/,
  watch: /^-|^\d+(\.\d+)?$/,
};

function behindPrefix(
  place: Place,
  name: string,
  words: readonly string[],
  typed: string,
): readonly Candidate[] | undefined {
  const passes = Object.hasOwn(PREFIXES, name) ? PREFIXES[name] : undefined;
  if (!passes) return undefined;
  const at = words.findIndex((word) => !passes.test(word));
  return at < 0 ? offer(place, [], typed) : offer(place, words.slice(at), typed);
}

/** `ssh MACHINE COMMAND …`: the command stands on the other machine, in its home directory. */
function overSsh(place: Place, words: readonly string[], typed: string): readonly Candidate[] {
  const { world } = place;
  const rest = words.filter((word) => !word.startsWith('-'));
  const [host, ...command] = rest;
  if (host === undefined) return named(world.machines.map(({ name }) => name));
  const there = world.machines.find(({ name, ip }) => name === host || ip === host);
  return there ? offer({ world, machine: there.name, cwd: '/root' }, command, typed) : [];
}

const PATH = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin'];
const EXECUTABLE = 0o111;

function commandNames(place: Place, typed: string): Candidate[] {
  const { world, machine } = place;
  if (typed.includes('/')) return filesAt(place, typed);
  const inPath = PATH.flatMap((directory) =>
    (world.files.listDirectory(machine, directory) ?? [])
      .filter(({ type, mode }) => type === 'file' && (mode & EXECUTABLE) !== 0)
      .map(({ name }) => name),
  );
  return named([...world.terminals.commandNames, ...Object.keys(BUILTINS), ...inPath]);
}
