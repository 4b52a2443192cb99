import { wholeText } from '../../sim/whole-text.ts';
import { readFlags, sharedFlags, unfold, type CommandSpec } from './spec/command-spec.ts';
import { GLOBAL_FLAGS } from './spec/global-flags.ts';
import { COMMANDS, GROUPS } from './spec/root.ts';
import { SHARED_FLAGS } from './spec/shared-flags.ts';

/** What `kubectl` and its commands say of themselves (kubectl/pkg/util/templates, v1.36). */
export const KUBECTL_COMMANDS: readonly string[] = Object.keys(COMMANDS).filter(
  (name) => name !== 'alpha' && name !== 'options',
);

const NAME_WIDTH = 11;

const ROOT_LONG =
  'kubectl controls the Kubernetes cluster manager.\n\n' +
  ' Find more information at: https://kubernetes.io/docs/reference/kubectl/';
const OPTIONS_TIP =
  'Use "kubectl options" for a list of global command-line options (applies to all commands).';

const tip = (path: string): string =>
  `Use "${path} <command> --help" for more information about a given command.`;

function listed(commands: Readonly<Record<string, CommandSpec>>): string {
  const names = Object.keys(commands);
  const width = Math.max(NAME_WIDTH, ...names.map((name) => name.length));
  return names.map((name) => `  ${name.padEnd(width)}   ${commands[name]!.short}\n`).join('');
}

/** The text behind the first paragraph: `kubectl help nothing` prints it alone. */
export function rootUsage(): string {
  const groups = Object.entries(GROUPS).map(([title, commands]) => {
    const names = Object.keys(commands);
    const width = Math.max(13, ...names.map((name) => name.length));
    const lines = names.map((name) => `  ${name.padEnd(width)}   ${commands[name]!.short}\n`);
    return `${title}:\n${lines.join('')}\n`;
  });
  groups.splice(-1, 0, 'Subcommands provided by plugins:\n\n');
  return `${groups.join('')}Usage:\n  kubectl [flags] [options]\n\n${tip('kubectl')}\n${OPTIONS_TIP}\n`;
}

/** The text of `kubectl`, `kubectl help` and `kubectl --help`. */
export const helpText = (): string => `${ROOT_LONG}\n\n${rootUsage()}`;

/** @param path with `kubectl` in front */
function usageLine(path: string, use: string): string {
  const line = use.startsWith('!') ? `kubectl ${use.slice(1)}` : path + (use && ` ${use}`);
  return line.includes('[options]') ? line : `${line} [options]`;
}

/** The help of one command. */
export function commandHelp(path: string, spec: CommandSpec): string {
  const { long, short, aliases, examples, flags, commands, use } = spec;
  const name = path.slice(path.lastIndexOf(' ') + 1);
  const sections = [unfold(wholeText(long ?? short)).trim()];
  if (aliases) sections.push(`Aliases:\n${[name, ...aliases].join(', ')}`);
  if (examples) {
    const lines = unfold(wholeText(examples)).split('\n');
    sections.push(`Examples:\n${lines.map((line) => `  ${line}`).join('\n')}`);
  }
  if (commands) sections.push(`Available Commands:\n${listed(commands).trimEnd()}`);
  if (flags) sections.push(`Options:\n${flagUsages(flags)}`);
  if (use !== undefined) sections.push(`Usage:\n  ${usageLine(path, use)}`);
  const tips = [...(commands ? [tip(path)] : []), ...(use === undefined ? [] : [OPTIONS_TIP])];
  return `${[...sections, tips.join('\n')].join('\n\n').trimEnd()}\n`;
}

/** `kubectl options`. */
export const optionsText = (): string =>
  'The following options can be passed to any command:\n\n' + `${flagUsages(GLOBAL_FLAGS)}\n\n`;

const flagUsages = (block: string): string =>
  readFlags(wholeText(block), false, sharedFlags(wholeText(SHARED_FLAGS)))
    .map(({ letter, name, type, otherwise, usage }) => {
      const short = letter === '' ? '' : `-${letter}, `;
      const value = type === 'string' ? `'${otherwise}'` : otherwise;
      return `    ${short}--${name}=${value}:\n\t${usage}`;
    })
    .join('\n\n');
