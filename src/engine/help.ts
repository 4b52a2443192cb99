import { COMPOSE_COMMAND_NAMES } from './compose/install.ts';
import { handlerOf } from './docker/cli/commands.ts';
import { experimentalOnly, noPlugin, notModelled } from './docker/cli/commands/plugins.ts';
import { createService, outside, scale } from './docker/cli/commands/swarm.ts';
import { COMMON, MANAGEMENT, SHORT, SWARM_MANAGEMENT } from './docker/cli/spec/root.ts';
import type { CommandSpec } from './docker/cli/spec/command-spec.ts';
import { USAGE } from './drydock.ts';
import { KUBECTL_COMMANDS } from './kubernetes/kubectl/help.ts';
import type { Command, CommandTable } from './machine/command.ts';
import { BUILTINS } from './shell-language/builtins/index.ts';
import { TOOL_COMMANDS } from './shell-language/tools.ts';
import { write } from './sim/process.ts';
import { SWARM_COMMANDS } from './swarm/cli/commands.ts';

/**
 * `help` at a machine's prompt: what is modelled. The names come from the tables by which commands
 * are carried out, so that it lists what there is and nothing else.
 */
interface Group {
  readonly name: string;
  readonly title: string;
  readonly lines: readonly string[];
  /** What differs from the real thing. */
  readonly notes: readonly string[];
}

const WIDTH = 96;
const INDENT = 2;

/** Words in lines no wider than a page of help. */
function wrapped(words: readonly string[], lead = ''): string[] {
  const lines: string[] = [];
  let line = lead;
  for (const word of words) {
    const isFresh = line === lead || line.trim() === '';
    if (INDENT + line.length + 1 + word.length <= WIDTH || isFresh) {
      line += isFresh ? word : ` ${word}`;
      continue;
    }
    lines.push(line);
    line = ' '.repeat(lead.length) + word;
  }
  return line.trim() === '' ? lines : [...lines, line];
}

/** They say only why there is nothing behind them: no plugin, no swarm, no experiment. */
const REFUSALS = [notModelled, experimentalOnly, noPlugin, outside, createService, scale];

const isModelled = (path: string): boolean => !REFUSALS.includes(handlerOf(path, SWARM_COMMANDS));

const GROUP_WIDTH = 18;

function dockerLines(): string[] {
  const single = Object.keys({ ...COMMON, ...SHORT }).filter(isModelled);
  const groups = Object.entries<CommandSpec>({ ...MANAGEMENT, ...SWARM_MANAGEMENT });
  const grouped = groups.flatMap(([group, { commands = {} }]) => {
    const names = Object.keys(commands).filter((name) => isModelled(`${group} ${name}`));
    return wrapped(names, names.length > 0 ? `docker ${group}`.padEnd(GROUP_WIDTH) : '');
  });
  const compose = wrapped(COMPOSE_COMMAND_NAMES, 'docker compose'.padEnd(GROUP_WIDTH));
  return [...wrapped(single, 'docker'.padEnd(GROUP_WIDTH)), ...grouped, ...compose];
}

const sorted = (names: readonly string[]): string[] =>
  [...new Set(names)].sort((a, b) => (a < b ? -1 : 1));

function groupsOf(commands: CommandTable): Group[] {
  const own = ['docker', 'kubectl', 'drydock', 'help'];
  const tools = Object.keys({ ...TOOL_COMMANDS, ...commands });
  return [
    {
      name: 'docker',
      title: 'Docker Engine and CLI 29 (docker COMMAND --help tells more)',
      lines: dockerLines(),
      notes: [
        'Sizes of images, times and speeds are figures of a model.',
        'A program without a model stays idle until it is stopped.',
      ],
    },
    {
      name: 'kubectl',
      title: 'Kubernetes 1.36, where the world has a cluster',
      lines: wrapped(sorted(KUBECTL_COMMANDS), 'kubectl'.padEnd(GROUP_WIDTH)),
      notes: [],
    },
    {
      name: 'drydock',
      title: 'What happens to the world (drydock help tells more)',
      lines: USAGE.split('\n')
        .filter((line) => /^ {2}\S/.test(line))
        .map((line) => line.slice(2)),
      notes: [],
    },
    {
      name: 'tools',
      title: 'Tools',
      lines: wrapped(sorted(tools.filter((name) => !own.includes(name)))),
      notes: ['They know the options that people use most; others they refuse.'],
    },
    {
      name: 'shell',
      title: 'Shell: bash 5.2',
      lines: wrapped(sorted(Object.keys(BUILTINS))),
      notes: [
        'Also if, for, while, until, case, [[ ]], (( )), functions, arrays, pipes, redirections, ' +
          'here-documents, $( ), <( ), & and traps. There is no select, no coproc and no >( ).',
        'A command that would never end is ended after 60 seconds, as by Ctrl+C.',
      ],
    },
  ];
}

function show({ title, lines, notes }: Group): string {
  const all = [...lines, ...notes.flatMap((note) => wrapped(note.split(' '), '- '))];
  return `${title}\n${all.map((line) => `${' '.repeat(INDENT)}${line}\n`).join('')}`;
}

/** `help`, and `help docker` for one part. `commands` is the table of the machine's shell. */
export const help = (commands: CommandTable): Command =>
  function* ({ argv }, self) {
    const groups = groupsOf(commands);
    const [wanted] = argv.slice(1);
    const chosen = groups.filter(({ name }) => wanted === undefined || name === wanted);
    if (chosen.length === 0) {
      const names = groups.map(({ name }) => name).join(', ');
      yield* write(self.stderr, `help: there is help on ${names}, not on "${wanted}"\n`);
      return 1;
    }
    yield* write(self.stdout, chosen.map(show).join('\n'));
    return 0;
  };
