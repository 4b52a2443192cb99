import { MANY, type CommandSpec } from '../../../docker/cli/spec/command-spec.ts';

/** Commands that look at what runs, or go into it (docker/compose v5.5 `cmd/compose`); flags as `--help` shows them. */
export const LOOK: Readonly<Record<string, CommandSpec>> = {
  attach: {
    use: '[OPTIONS] SERVICE',
    about:
      "Attach local standard input, output, and error streams to a service's running container",
    args: [1, MANY],
    flags: `
              --detach-keys string   Override the key sequence for detaching from a container.
              --dry-run              Execute command in dry run mode
              --index int            index of the container if service has multiple replicas.
              --no-stdin             Do not attach STDIN
              --sig-proxy            Proxy all received signals to the process (default true)`,
  },
  config: {
    use: '[OPTIONS] [SERVICE...]',
    about: 'Parse, resolve and render compose file in canonical format',
    flags: `
              --dry-run                 Execute command in dry run mode
              --environment             Print environment used for interpolation.
              --format string           Format the output. Values: [yaml | json]
              --hash string             Print the service config hash, one per line.
              --images                  Print the image names, one per line.
              --lock-image-digests      Produces an override file with image digests
              --models                  Print the model names, one per line.
              --networks                Print the network names, one per line.
              --no-consistency          Don't check model consistency - warning: may produce
                                        > invalid Compose output
              --no-env-resolution       Don't resolve service env files
              --no-interpolate          Don't interpolate environment variables
              --no-normalize            Don't normalize compose model
              --no-path-resolution      Don't resolve file paths
          -o, --output string           Save to file (default to stdout)
              --profiles                Print the profile names, one per line.
          -q, --quiet                   Only validate the configuration, don't print anything
              --resolve-image-digests   Pin image tags to digests
              --services                Print the service names, one per line.
              --variables               Print model variables and default values.
              --volumes                 Print the volume names, one per line.`,
  },
  cp: {
    use: '[OPTIONS] SERVICE:SRC_PATH DEST_PATH|-\n\tdocker compose cp [OPTIONS] SRC_PATH|- SERVICE:DEST_PATH',
    about: 'Copy files/folders between a service container and the local filesystem',
    args: [2, 2],
    flags: `
              --all           Include containers created by the run command
          -a, --archive       Archive mode (copy all uid/gid information)
              --dry-run       Execute command in dry run mode
          -L, --follow-link   Always follow symbol link in SRC_PATH
              --index int     Index of the container if service has multiple replicas`,
  },
  events: {
    use: '[OPTIONS] [SERVICE...]',
    about: 'Receive real time events from containers',
    flags: `
              --dry-run        Execute command in dry run mode
              --json           Output events as a stream of json objects
              --since string   Show all events created since timestamp
              --until string   Stream events until this timestamp`,
  },
  exec: {
    use: '[OPTIONS] SERVICE COMMAND [ARGS...]',
    about: 'Execute a command in a running container',
    args: [2, MANY],
    flags: `
          -d, --detach            Detached mode: Run command in the background
              --dry-run           Execute command in dry run mode
          -e, --env stringArray   Set environment variables
              --index int         Index of the container if service has multiple replicas
          -T, --no-tty            Disable pseudo-TTY allocation. By default 'docker compose
                                  > exec' allocates a TTY. (default true)
              --privileged        Give extended privileges to the process
          -u, --user string       Run the command as this user
          -w, --workdir string    Path to workdir directory for this command`,
    hidden: `
          -i, --interactive   Keep STDIN open even if not attached (default true)
          -t, --tty           Allocate a pseudo-TTY (default true)`,
    interspersed: false,
  },
  images: {
    use: '[OPTIONS] [SERVICE...]',
    about: 'List images used by the created containers',
    flags: `
              --dry-run         Execute command in dry run mode
              --format string   Format the output. Values: [table | json] (default "table")
          -q, --quiet           Only display IDs`,
  },
  logs: {
    use: '[OPTIONS] [SERVICE...]',
    about: 'View output from containers',
    flags: `
              --dry-run         Execute command in dry run mode
          -f, --follow          Follow log output
              --index int       index of the container if service has multiple replicas
              --no-color        Produce monochrome output
              --no-log-prefix   Don't print prefix in logs
              --since string    Show logs since timestamp (e.g. 2013-01-02T13:23:37Z) or
                                > relative (e.g. 42m for 42 minutes)
          -n, --tail string     Number of lines to show from the end of the logs for each
                                > container (default "all")
          -t, --timestamps      Show timestamps
              --until string    Show logs before a timestamp (e.g. 2013-01-02T13:23:37Z) or
                                > relative (e.g. 42m for 42 minutes)`,
  },
  ls: {
    use: '[OPTIONS]',
    about: 'List running compose projects',
    args: [0, 0],
    flags: `
          -a, --all             Show all stopped Compose projects
              --dry-run         Execute command in dry run mode
              --filter filter   Filter output based on conditions provided
              --format string   Format the output. Values: [table | json] (default "table")
          -q, --quiet           Only display project names`,
  },
  port: {
    use: '[OPTIONS] SERVICE PRIVATE_PORT',
    about: 'Print the public port for a port binding',
    args: [2, MANY],
    flags: `
              --dry-run           Execute command in dry run mode
              --index int         Index of the container if service has multiple replicas
              --protocol string   tcp or udp (default "tcp")`,
  },
  ps: {
    use: '[OPTIONS] [SERVICE...]',
    about: 'List containers',
    flags: `
          -a, --all                  Show all stopped containers (including those created by the
                                     > run command)
              --dry-run              Execute command in dry run mode
              --filter string        Filter services by a property (supported filters: status)
              --format string        Format output using a custom template:
                                     | 'table':            Print output in table format with
                                     > column headers (default)
                                     | 'table TEMPLATE':   Print output in table format using the
                                     > given Go template
                                     | 'json':             Print in JSON format
                                     | 'TEMPLATE':         Print output using the given Go
                                     > template.
                                     | Refer to https://docs.docker.com/go/formatting/ for more
                                     > information about formatting output with templates
              --no-trunc             Don't truncate output
              --orphans              Include orphaned services (not declared by project)
                                     > (default true)
          -q, --quiet                Only display IDs
              --services             Display services
              --status stringArray   Filter services by status. Values: [paused | restarting |
                                     > removing | running | dead | created | exited]`,
  },
  stats: {
    use: '[OPTIONS] [SERVICE]',
    about: 'Display a live stream of container(s) resource usage statistics',
    args: [0, 1],
    flags: `
          -a, --all             Show all containers (default shows just running)
              --dry-run         Execute command in dry run mode
              --format string   Format output using a custom template:
                                | 'table':            Print output in table format with column
                                > headers (default)
                                | 'table TEMPLATE':   Print output in table format using the given
                                > Go template
                                | 'json':             Print in JSON format
                                | 'TEMPLATE':         Print output using the given Go template.
                                | Refer to https://docs.docker.com/engine/cli/formatting/ for more
                                > information about formatting output with templates
              --no-stream       Disable streaming stats and only pull the first result
              --no-trunc        Do not truncate output`,
  },
  top: {
    use: '[SERVICES...]',
    about: 'Display the running processes',
    flags: `
              --dry-run   Execute command in dry run mode`,
  },
  version: {
    use: '[OPTIONS]',
    about: 'Show the Docker Compose version information',
    args: [0, 0],
    flags: `
              --dry-run         Execute command in dry run mode
          -f, --format string   Format the output. Values: [pretty | json]. (Default: pretty)
              --short           Shows only Compose's version number`,
  },
  volumes: {
    use: '[OPTIONS] [SERVICE...]',
    about: 'List volumes',
    flags: `
              --dry-run         Execute command in dry run mode
              --format string   Format output using a custom template:
                                | 'table':            Print output in table format with column
                                > headers (default)
                                | 'table TEMPLATE':   Print output in table format using the given
                                > Go template
                                | 'json':             Print in JSON format
                                | 'TEMPLATE':         Print output using the given Go template.
                                | Refer to https://docs.docker.com/go/formatting/ for more
                                > information about formatting output with templates (default
                                > "table")
          -q, --quiet           Only display volume names`,
  },
  wait: {
    use: 'SERVICE [SERVICE...] [OPTIONS]',
    about: 'Block until containers of all (or specified) services stop.',
    args: [1, MANY],
    flags: `
              --down-project   Drops project when the first container stops
              --dry-run        Execute command in dry run mode`,
  },
  watch: {
    use: '[SERVICE...]',
    about: 'Watch build context for service and rebuild/refresh containers when files are updated',
    flags: `
              --dry-run   Execute command in dry run mode
              --no-up     Do not build & start services before watching
              --prune     Prune dangling images on rebuild (default true)
              --quiet     hide build output`,
  },
};
