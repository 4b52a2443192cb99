import { INSPECT_FORMAT, MANY, TABLE_FORMAT, type CommandSpec } from './command-spec.ts';

/** Node of docker/cli v29.7; flags as `--help` shows them. */
export const NODE: CommandSpec = {
  about: 'Manage Swarm nodes',
  args: [0, 0],
  commands: {
    demote: {
      use: 'NODE [NODE...]',
      about: 'Demote one or more nodes from manager in the swarm',
      args: [1, MANY],
    },
    inspect: {
      use: '[OPTIONS] self|NODE [NODE...]',
      about: 'Display detailed information on one or more nodes',
      args: [1, MANY],
      flags: `
      -f, --format string   ${INSPECT_FORMAT}
          --pretty          Print the information in a human friendly format`,
    },
    ls: {
      use: '[OPTIONS]',
      about: 'List nodes in the swarm',
      args: [0, 0],
      aliases: ['list'],
      also: 'docker node ls, docker node list',
      flags: `
      -f, --filter filter   Filter output based on conditions provided
          --format string   ${TABLE_FORMAT}
      -q, --quiet           Only display IDs`,
    },
    promote: {
      use: 'NODE [NODE...]',
      about: 'Promote one or more nodes to manager in the swarm',
      args: [1, MANY],
    },
    ps: {
      use: '[OPTIONS] [NODE...]',
      about: 'List tasks running on one or more nodes, defaults to current node',
      args: [0, MANY],
      flags: `
      -f, --filter filter   Filter output based on conditions provided
          --format string   Pretty-print tasks using a Go template
          --no-resolve      Do not map IDs to Names
          --no-trunc        Do not truncate output
      -q, --quiet           Only display task IDs`,
    },
    rm: {
      use: '[OPTIONS] NODE [NODE...]',
      about: 'Remove one or more nodes from the swarm',
      args: [1, MANY],
      aliases: ['remove'],
      also: 'docker node rm, docker node remove',
      flags: `
      -f, --force   Force remove a node from the swarm`,
    },
    update: {
      use: '[OPTIONS] NODE',
      about: 'Update a node',
      args: [1, 1],
      flags: `
          --availability string   Availability of the node ("active", "pause", "drain")
          --label-add list*       Add or update a node label ("key=value")
          --label-rm list         Remove a node label if exists
          --role string           Role of the node ("worker", "manager")`,
    },
  },
};
