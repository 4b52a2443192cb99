import { INSPECT_FORMAT, TABLE_FORMAT, type CommandSpec } from './command-spec.ts';

/** System of docker/cli v29.7; flags as `--help` shows them. */
export const SYSTEM: CommandSpec = {
  about: 'Manage Docker',
  args: [0, 0],
  commands: {
    df: {
      use: '[OPTIONS]',
      about: 'Show docker disk usage',
      args: [0, 0],
      flags: `
          --format string   ${TABLE_FORMAT}
      -v, --verbose         Show detailed information on space usage`,
    },
    events: {
      use: '[OPTIONS]',
      about: 'Get real time events from the server',
      args: [0, 0],
      also: 'docker system events, docker events',
      flags: `
      -f, --filter filter   Filter output based on conditions provided
          --format string   ${INSPECT_FORMAT}
          --since string    Show all events created since timestamp
          --until string    Stream events until this timestamp`,
    },
    info: {
      use: '[OPTIONS]',
      about: 'Display system-wide information',
      args: [0, 0],
      also: 'docker system info, docker info',
      flags: `
      -f, --format string   ${INSPECT_FORMAT}`,
    },
    prune: {
      use: '[OPTIONS]',
      about: 'Remove unused data',
      args: [0, 0],
      flags: `
      -a, --all             Remove all unused images not just dangling ones
          --filter filter   Provide filter values (e.g. "label=<key>=<value>")
      -f, --force           Do not prompt for confirmation
          --volumes         Prune anonymous volumes`,
    },
    'dial-stdio': {
      about: 'Proxy the stdio stream to the daemon connection. Should not be invoked manually.',
      args: [0, 0],
      unlisted: true,
    },
  },
};
