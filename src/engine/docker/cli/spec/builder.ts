import type { CommandSpec } from './command-spec.ts';

/** Builder of docker/cli v29.7; flags as `--help` shows them. */
export const BUILDER: CommandSpec = {
  about: 'Manage builds',
  args: [0, 0],
  commands: {
    prune: {
      about: 'Remove build cache',
      args: [0, 0],
      flags: `
      -a, --all                  Remove all unused build cache, not just dangling ones
          --filter filter        Provide filter values (e.g. "until=24h")
      -f, --force                Do not prompt for confirmation
          --keep-storage bytes   Amount of disk space to keep for cache`,
    },
  },
};
