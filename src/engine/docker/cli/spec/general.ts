import { INSPECT_FORMAT, MANY, type CommandSpec } from './command-spec.ts';

/** General of docker/cli v29.7; flags as `--help` shows them. */
export const INSPECT_COMMAND: CommandSpec = {
  use: '[OPTIONS] NAME|ID [NAME|ID...]',
  about: 'Return low-level information on Docker objects',
  args: [1, MANY],
  flags: `
      -f, --format string   ${INSPECT_FORMAT}
      -s, --size            Display total file sizes if the type is container
          --type string     Only inspect objects of the given type`,
};

export const LOGIN_COMMAND: CommandSpec = {
  use: '[OPTIONS] [SERVER]',
  about: 'Authenticate to a registry',
  long: `Authenticate to a registry.
Defaults to Docker Hub if no server is specified.`,
  args: [0, 1],
  flags: `
      -p, --password string   Password or Personal Access Token (PAT), or "-" to read from stdin
          --password-stdin    Take the Password or Personal Access Token (PAT) from stdin
      -u, --username string   Username`,
};

export const LOGOUT_COMMAND: CommandSpec = {
  use: '[SERVER]',
  about: 'Log out from a registry',
  long: `Log out from a registry.
If no server is specified, the default is defined by the daemon.`,
  args: [0, 1],
};

export const SEARCH_COMMAND: CommandSpec = {
  use: '[OPTIONS] TERM',
  about: 'Search Docker Hub for images',
  args: [1, 1],
  flags: `
      -f, --filter filter   Filter output based on conditions provided
          --format string   Pretty-print search using a Go template
          --limit int       Max number of search results
          --no-trunc        Don't truncate output`,
};

export const VERSION_COMMAND: CommandSpec = {
  use: '[OPTIONS]',
  about: 'Show the Docker version information',
  args: [0, 0],
  flags: `
      -f, --format string   ${INSPECT_FORMAT}`,
};
