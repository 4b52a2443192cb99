import { wholeText } from '../../sim/whole-text.ts';
import { readFlags, type CommandSpec, type FlagSpec } from './spec/command-spec.ts';
import { COMMON, MANAGEMENT, SHORT, SWARM_MANAGEMENT } from './spec/root.ts';

/**
 * `docker COMMAND --help` (docker/cli v29.7 `cli/cobra.go`, its usage template; spf13/pflag
 * v1.0.10 `FlagUsagesWrapped`): flags sorted by name, wrapped at 80 columns as without a terminal.
 */
const WIDTH = 79;
const NAME_WIDTH = 11;

export function helpText(path: string, spec: CommandSpec): string {
  const root = path === 'docker';
  const usage =
    spec.commands && !root
      ? `Usage:  ${path}${spec.flags === undefined ? '' : ' [OPTIONS]'} COMMAND`
      : `Usage:  ${root ? 'docker [OPTIONS] COMMAND' : useLine(path, spec)}`;
  const sections = [usage, wholeText(spec.long ?? spec.about).trim()];
  if (spec.experimental) sections.push(experimental(path));
  const also = spec.also ?? aliasesOf(path, spec);
  if (also !== undefined) sections.push(`Aliases:\n  ${also}`);
  if (!root && spec.flags !== undefined) sections.push(`Options:\n${flagUsages(spec.flags)}`);
  if (root) sections.push(...rootCommands());
  else if (spec.commands) sections.push(...groups(spec.commands));
  if (root) sections.push(`Global Options:\n${flagUsages(spec.flags ?? '')}`);
  if (spec.commands) {
    sections.push(`Run '${path} COMMAND --help' for more information on a command.`);
  }
  if (root) {
    sections.push('For more help on how to use Docker, head to https://docs.docker.com/go/guides/');
  }
  return `${sections.join('\n\n')}\n`;
}

/** A command in its usage line; two of them for `docker cp`. */
export const useLine = (path: string, { use }: CommandSpec): string =>
  use === undefined ? path : `${path} ${use}`;

function aliasesOf(path: string, { aliases }: CommandSpec): string | undefined {
  if (!aliases || aliases.length === 0) return undefined;
  const parent = path.slice(0, path.lastIndexOf(' '));
  return [path, ...aliases.map((name) => `${parent} ${name}`)].join(', ');
}

const experimental = (path: string): string => `EXPERIMENTAL:
  ${path} is an experimental feature.
  Experimental features provide early access to product functionality. These
  features may change between releases without warning, or can be removed from a
  future release. Learn more about experimental features in our documentation:
  https://docs.docker.com/go/experimental/`;

const row = (name: string, about: string, width: number): string =>
  `  ${name.padEnd(width)} ${about}`;

function listed(title: string, commands: Readonly<Record<string, CommandSpec>>): string {
  const names = Object.keys(commands).sort((a, b) => (a < b ? -1 : 1));
  const width = Math.max(NAME_WIDTH, ...names.map((name) => name.length));
  const lines = names.map((name) => row(name, commands[name]?.about ?? '', width));
  return `${title}:\n${lines.join('\n')}`;
}

/** Commands that hold others come first. */
function groups(commands: Readonly<Record<string, CommandSpec>>): string[] {
  const entries = Object.entries(commands).filter(([, { unlisted }]) => !unlisted);
  const parents = entries.filter(([, spec]) => spec.commands);
  const leaves = entries.filter(([, spec]) => !spec.commands);
  return [
    ...(parents.length > 0 ? [listed('Management Commands', Object.fromEntries(parents))] : []),
    ...(leaves.length > 0 ? [listed('Commands', Object.fromEntries(leaves))] : []),
  ];
}

function rootCommands(): string[] {
  const common = Object.entries(COMMON).map(([name, { about }]) => row(name, about, NAME_WIDTH));
  const marked = Object.entries(MANAGEMENT).map(([name, spec]) => {
    const plugin = name === 'buildx' || name === 'compose';
    return [plugin ? `${name}*` : name, spec] as const;
  });
  return [
    `Common Commands:\n${common.join('\n')}`,
    listed('Management Commands', Object.fromEntries(marked)),
    listed('Swarm Commands', SWARM_MANAGEMENT),
    listed('Commands', SHORT),
  ];
}

/** The block of flags, in columns. */
export function flagUsages(block: string, width = WIDTH): string {
  const flags = readFlags(wholeText(block)).sort((a, b) => (a.name < b.name ? -1 : 1));
  const heads = flags.map(({ shorthand, name, type }) => {
    const short = shorthand === '' ? '    ' : `-${shorthand}, `;
    return `  ${short}--${name}${type === '' ? '' : ` ${type}`}`;
  });
  const column = Math.max(...heads.map((head) => head.length)) + 3;
  return flags
    .map((flag, at) => heads[at]!.padEnd(column) + wrapped(flag, column, width))
    .join('\n');
}

/** pflag's `wrap`: breaks at blanks, and lets the last line run five letters over. */
function wrapped({ usage }: FlagSpec, column: number, width: number): string {
  const gap = `\n${' '.repeat(column)}`;
  let room = width - column;
  let indent = column;
  let text = '';
  if (room < 24) {
    indent = 16;
    room = width - indent;
    text = `\n${' '.repeat(indent)}`;
  }
  if (room < 24) return usage.replaceAll('\n', text === '' ? gap : text);
  const slop = 5;
  room -= slop;
  const joint = `\n${' '.repeat(indent)}`;
  let [line, rest] = cut(usage, room, slop);
  text += line.replaceAll('\n', joint);
  while (rest !== '') {
    [line, rest] = cut(rest, room, slop);
    text += joint + line.replaceAll('\n', joint);
  }
  return text;
}

/** As much as fits, and what is left. */
function cut(text: string, room: number, slop: number): [string, string] {
  if (room + slop > text.length) return [text, ''];
  const fit = text.slice(0, room);
  const space = Math.max(fit.lastIndexOf(' '), fit.lastIndexOf('\t'), fit.lastIndexOf('\n'));
  if (space <= 0) return [text, ''];
  const line = fit.indexOf('\n');
  if (line > 0 && line < space) return [text.slice(0, line), text.slice(line + 1)];
  return [text.slice(0, space), text.slice(space + 1)];
}
