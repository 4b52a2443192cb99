import { childOf } from '../kubernetes/kubectl/resolve.ts';
import {
  aloneValue,
  readFlags,
  sharedFlags,
  type CommandSpec,
  type FlagSpec,
} from '../kubernetes/kubectl/spec/command-spec.ts';
import { GLOBAL_FLAGS } from '../kubernetes/kubectl/spec/global-flags.ts';
import { COMMANDS } from '../kubernetes/kubectl/spec/root.ts';
import { SHARED_FLAGS } from '../kubernetes/kubectl/spec/shared-flags.ts';
import { wholeText } from '../sim/whole-text.ts';
import type { CommandTree, TreeFlag } from './command-tree.ts';

const flagOf = (spec: FlagSpec): TreeFlag => ({
  ...{ name: spec.name, letter: spec.letter, usage: spec.usage },
  takesValue: aloneValue(spec) === undefined,
});

/** Blocks of flags that were read, and those that several commands have. */
const blocks = new Map<string, readonly FlagSpec[]>();
let shared: ReturnType<typeof sharedFlags> | undefined;

function whole(block: string): readonly FlagSpec[] {
  const known = blocks.get(block);
  if (known) return known;
  shared ??= sharedFlags(wholeText(SHARED_FLAGS));
  const read = readFlags(wholeText(block), false, shared);
  blocks.set(block, read);
  return read;
}

const HELP: TreeFlag = { name: 'help', letter: 'h', takesValue: false, usage: '' };
const ROOT: CommandSpec = { short: 'kubectl', commands: COMMANDS };

/** A flag of the command's own hides the one of all commands, its letter, too. */
function byName(flags: readonly TreeFlag[]): TreeFlag[] {
  return [...flags, HELP].filter(
    ({ name }, at, all) => all.findIndex((other) => other.name === name) === at,
  );
}

/** kubectl, or a command of it, with the flags that every command has. */
export function kubectlTree(path = '', spec: CommandSpec = ROOT): CommandTree {
  const { commands = {}, flags = '' } = spec;
  return {
    path,
    interspersed: true,
    flags: () => byName([...whole(flags), ...whole(GLOBAL_FLAGS)].map(flagOf)),
    children: () =>
      Object.entries(commands)
        .filter(([name]) => name !== 'alpha')
        .map(([text, { short, aliases = [] }]) => ({ text, note: short, other: aliases })),
    child: (name) => {
      const found = childOf(spec, name);
      return found && kubectlTree(path === '' ? found[0] : `${path} ${found[0]}`, found[1]);
    },
  };
}
