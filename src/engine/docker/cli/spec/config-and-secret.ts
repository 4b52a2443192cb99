import { INSPECT_FORMAT, MANY, TABLE_FORMAT, type CommandSpec } from './command-spec.ts';

/** Config and secret of docker/cli v29.7; flags as `--help` shows them. */
export const CONFIG: CommandSpec = {
  about: 'Manage Swarm configs',
  args: [0, 0],
  commands: {
    create: {
      use: '[OPTIONS] CONFIG file|-',
      about: 'Create a config from a file or STDIN',
      args: [2, 2],
      flags: `
      -l, --label list               Config labels
          --template-driver string   Template driver`,
    },
    inspect: {
      use: '[OPTIONS] CONFIG [CONFIG...]',
      about: 'Display detailed information on one or more configs',
      args: [1, MANY],
      flags: `
      -f, --format string   ${INSPECT_FORMAT}
          --pretty          Print the information in a human friendly format`,
    },
    ls: {
      use: '[OPTIONS]',
      about: 'List configs',
      args: [0, 0],
      aliases: ['list'],
      also: 'docker config ls, docker config list',
      flags: `
      -f, --filter filter   Filter output based on conditions provided
          --format string   ${TABLE_FORMAT}
      -q, --quiet           Only display IDs`,
    },
    rm: {
      use: 'CONFIG [CONFIG...]',
      about: 'Remove one or more configs',
      args: [1, MANY],
      aliases: ['remove'],
      also: 'docker config rm, docker config remove',
    },
  },
};

export const SECRET: CommandSpec = {
  about: 'Manage Swarm secrets',
  args: [0, 0],
  commands: {
    create: {
      use: '[OPTIONS] SECRET [file|-]',
      about: 'Create a secret from a file or STDIN as content',
      args: [1, 2],
      flags: `
      -d, --driver string            Secret driver
      -l, --label list               Secret labels
          --template-driver string   Template driver`,
    },
    inspect: {
      use: '[OPTIONS] SECRET [SECRET...]',
      about: 'Display detailed information on one or more secrets',
      args: [1, MANY],
      flags: `
      -f, --format string   ${INSPECT_FORMAT}
          --pretty          Print the information in a human friendly format`,
    },
    ls: {
      use: '[OPTIONS]',
      about: 'List secrets',
      args: [0, 0],
      aliases: ['list'],
      also: 'docker secret ls, docker secret list',
      flags: `
      -f, --filter filter   Filter output based on conditions provided
          --format string   ${TABLE_FORMAT}
      -q, --quiet           Only display IDs`,
    },
    rm: {
      use: 'SECRET [SECRET...]',
      about: 'Remove one or more secrets',
      args: [1, MANY],
      aliases: ['remove'],
      also: 'docker secret rm, docker secret remove',
    },
  },
};
