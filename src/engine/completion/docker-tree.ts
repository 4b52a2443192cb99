import { COMPOSE } from '../compose/cli/spec/root.ts';
import { readFlags, type CommandSpec, type FlagSpec } from '../docker/cli/spec/command-spec.ts';
import { ROOT } from '../docker/cli/spec/root.ts';
import { wholeText } from '../sim/whole-text.ts';
import type { CommandTree, TreeFlag } from './command-tree.ts';

const flagOf = ({ name, shorthand, type, usage }: FlagSpec): TreeFlag => ({
  ...{ name, usage, letter: shorthand },
  takesValue: type !== '',
});

const HELP: TreeFlag = { name: 'help', letter: '', takesValue: false, usage: 'Print usage' };

/** `docker`, `docker compose`: a command as the tables of the command line have it. */
export function dockerTree(path = '', spec: CommandSpec = ROOT): CommandTree {
  const { commands = {}, flags = '' } = spec;
  const at = (name: string): string => (path === '' ? name : `${path} ${name}`);
  return {
    path,
    interspersed: path !== '' && path !== 'compose' && (spec.interspersed ?? true),
    flags: () => {
      const own = readFlags(wholeText(flags)).map(flagOf);
      return own.some(({ name }) => name === 'help') ? own : [...own, HELP];
    },
    children: () =>
      Object.entries(commands)
        .filter(([, one]) => !one.unlisted)
        .map(([text, { about, aliases = [] }]) => ({ text, note: about, other: aliases })),
    child: (name) => {
      if (path === '' && name === 'compose') return dockerTree('compose', COMPOSE);
      if (Object.hasOwn(commands, name)) return dockerTree(at(name), commands[name]);
      const other = Object.entries(commands).find(([, { aliases }]) => aliases?.includes(name));
      return other && dockerTree(at(other[0]), other[1]);
    },
  };
}
