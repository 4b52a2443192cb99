import { MANY, TABLE_FORMAT, type CommandSpec } from './command-spec.ts';

/** Every command of a stack takes it still. */
const hidden = '    --orchestrator string   !option will be ignored';

/** Stack of docker/cli v29.7; flags as `--help` shows them. */
export const STACK: CommandSpec = {
  about: 'Manage Swarm stacks',
  use: '[OPTIONS]',
  args: [0, 0],
  commands: {
    config: {
      use: '[OPTIONS]',
      about: 'Outputs the final config file, after doing merges and interpolations',
      args: [0, 0],
      hidden,
      flags: `
      -c, --compose-file strings   Path to a Compose file, or "-" to read from stdin
          --skip-interpolation     Skip interpolation and output only merged config`,
    },
    deploy: {
      use: '[OPTIONS] STACK',
      about: 'Deploy a new stack or update an existing stack',
      args: [1, 1],
      hidden,
      aliases: ['up'],
      also: 'docker stack deploy, docker stack up',
      flags: `
      -c, --compose-file strings   Path to a Compose file, or "-" to read from stdin
      -d, --detach                 Exit immediately instead of waiting for the stack services
                                   > to converge (default true)
          --prune                  Prune services that are no longer referenced
      -q, --quiet                  Suppress progress output
          --resolve-image string   Query the registry to resolve image digest and supported
                                   > platforms ("always", "changed", "never") (default "always")
          --with-registry-auth     Send registry authentication details to Swarm agents`,
    },
    ls: {
      use: '[OPTIONS]',
      about: 'List stacks',
      args: [0, 0],
      hidden,
      aliases: ['list'],
      also: 'docker stack ls, docker stack list',
      flags: `
          --format string   ${TABLE_FORMAT}`,
    },
    ps: {
      use: '[OPTIONS] STACK',
      about: 'List the tasks in the stack',
      args: [1, 1],
      hidden,
      flags: `
      -f, --filter filter   Filter output based on conditions provided
          --format string   ${TABLE_FORMAT}
          --no-resolve      Do not map IDs to Names
          --no-trunc        Do not truncate output
      -q, --quiet           Only display task IDs`,
    },
    rm: {
      use: '[OPTIONS] STACK [STACK...]',
      about: 'Remove one or more stacks',
      args: [1, MANY],
      hidden,
      aliases: ['remove', 'down'],
      also: 'docker stack rm, docker stack remove, docker stack down',
      flags: `
      -d, --detach   Do not wait for stack removal (default true)`,
    },
    services: {
      use: '[OPTIONS] STACK',
      about: 'List the services in the stack',
      args: [1, 1],
      hidden,
      flags: `
      -f, --filter filter   Filter output based on conditions provided
          --format string   ${TABLE_FORMAT}
      -q, --quiet           Only display IDs`,
    },
  },
};
