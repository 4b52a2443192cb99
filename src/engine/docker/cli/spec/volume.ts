import { INSPECT_FORMAT, MANY, TABLE_FORMAT, type CommandSpec } from './command-spec.ts';

/** Volume of docker/cli v29.7; flags as `--help` shows them. */
export const VOLUME: CommandSpec = {
  about: 'Manage volumes',
  use: 'COMMAND',
  args: [0, 0],
  commands: {
    create: {
      use: '[OPTIONS] [VOLUME]',
      about: 'Create a volume',
      args: [0, 1],
      flags: `
          --availability string       Cluster Volume availability ("active", "pause", "drain")
                                      > (default "active")
      -d, --driver string             Specify volume driver name (default "local")
          --group string              Cluster Volume group (cluster volumes)
          --label list                Set metadata for a volume
          --limit-bytes bytes         Minimum size of the Cluster Volume in bytes
      -o, --opt map                   Set driver specific options (default map[])
          --required-bytes bytes      Maximum size of the Cluster Volume in bytes
          --scope string              Cluster Volume access scope ("single", "multi") (default
                                      > "single")
          --secret map                Cluster Volume secrets (default map[])
          --sharing string            Cluster Volume access sharing ("none", "readonly",
                                      > "onewriter", "all") (default "none")
          --topology-preferred list   A topology that the Cluster Volume would be preferred in
          --topology-required list    A topology that the Cluster Volume must be accessible from
          --type string               Cluster Volume access type ("mount", "block") (default
                                      > "block")`,
      hidden: '    --name string   Specify volume name',
    },
    inspect: {
      use: '[OPTIONS] VOLUME [VOLUME...]',
      about: 'Display detailed information on one or more volumes',
      args: [1, MANY],
      flags: `
      -f, --format string   ${INSPECT_FORMAT}`,
    },
    ls: {
      use: '[OPTIONS]',
      about: 'List volumes',
      args: [0, 0],
      aliases: ['list'],
      also: 'docker volume ls, docker volume list',
      flags: `
          --cluster         Display only cluster volumes, and use cluster volume list formatting
      -f, --filter filter   Provide filter values (e.g. "dangling=true")
          --format string   ${TABLE_FORMAT}
      -q, --quiet           Only display volume names`,
    },
    prune: {
      use: '[OPTIONS]',
      about: 'Remove unused local volumes',
      args: [0, 0],
      flags: `
      -a, --all             Remove all unused volumes, not just anonymous ones
          --filter filter   Provide filter values (e.g. "label=<label>")
      -f, --force           Do not prompt for confirmation`,
    },
    rm: {
      use: '[OPTIONS] VOLUME [VOLUME...]',
      about: 'Remove one or more volumes',
      long: 'Remove one or more volumes. You cannot remove a volume that is in use by a container.',
      args: [1, MANY],
      aliases: ['remove'],
      also: 'docker volume rm, docker volume remove',
      flags: `
      -f, --force   Force the removal of one or more volumes`,
    },
    update: {
      use: '[OPTIONS] [VOLUME]',
      about: 'Update a volume (cluster volumes only)',
      args: [1, 1],
      flags: `
          --availability string   Cluster Volume availability ("active", "pause", "drain")
                                  > (default "active")`,
    },
  },
};
