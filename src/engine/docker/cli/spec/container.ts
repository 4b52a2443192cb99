import { INSPECT_FORMAT, MANY, TABLE_FORMAT, type CommandSpec } from './command-spec.ts';
import { CONTAINER_OPTIONS, HIDDEN_CONTAINER_OPTIONS } from './container-options.ts';

/** Container of docker/cli v29.7; flags as `--help` shows them. */
export const CONTAINER: CommandSpec = {
  about: 'Manage containers',
  args: [0, 0],
  commands: {
    attach: {
      use: '[OPTIONS] CONTAINER',
      about: 'Attach local standard input, output, and error streams to a running container',
      args: [1, 1],
      also: 'docker container attach, docker attach',
      flags: `
          --detach-keys string   Override the key sequence for detaching a container
          --no-stdin             Do not attach STDIN
          --sig-proxy            Proxy all received signals to the process (default true)`,
    },
    commit: {
      use: '[OPTIONS] CONTAINER [REPOSITORY[:TAG]]',
      about: "Create a new image from a container's changes",
      args: [1, 2],
      also: 'docker container commit, docker commit',
      interspersed: false,
      flags: `
      -a, --author string    Author (e.g., "John Hannibal Smith <hannibal@a-team.com>")
      -c, --change list      Apply Dockerfile instruction to the created image
      -m, --message string   Commit message
          --no-pause         Disable pausing container during commit`,
      hidden:
        '-p, --pause   !and enabled by default. Use --no-pause to disable pausing during commit.',
    },
    cp: {
      use: `[OPTIONS] CONTAINER:SRC_PATH DEST_PATH|-
	docker cp [OPTIONS] SRC_PATH|- CONTAINER:DEST_PATH`,
      about: 'Copy files/folders between a container and the local filesystem',
      long: `Copy files/folders between a container and the local filesystem

Use '-' as the source to read a tar archive from stdin
and extract it to a directory destination in a container.
Use '-' as the destination to stream a tar archive of a
container source to stdout.`,
      args: [2, 2],
      also: 'docker container cp, docker cp',
      flags: `
      -a, --archive       Archive mode (copy all uid/gid information)
      -L, --follow-link   Always follow symlinks in SRC_PATH
      -q, --quiet         Suppress progress output during copy. Progress output is
                          > automatically suppressed if no terminal is attached`,
    },
    create: {
      use: '[OPTIONS] IMAGE [COMMAND] [ARG...]',
      about: 'Create a new container',
      args: [1, MANY],
      also: 'docker container create, docker create',
      interspersed: false,
      flags: `${CONTAINER_OPTIONS}
          --pull string   Pull image before creating ("always", "missing", "never") (default
                          > "missing")`,
      hidden: HIDDEN_CONTAINER_OPTIONS,
    },
    diff: {
      use: 'CONTAINER',
      about: "Inspect changes to files or directories on a container's filesystem",
      args: [1, 1],
      also: 'docker container diff, docker diff',
    },
    exec: {
      use: '[OPTIONS] CONTAINER COMMAND [ARG...]',
      about: 'Execute a command in a running container',
      args: [2, MANY],
      also: 'docker container exec, docker exec',
      interspersed: false,
      flags: `
      -d, --detach               Detached mode: run command in the background
          --detach-keys string   Override the key sequence for detaching a container
      -e, --env list             Set environment variables
          --env-file list        Read in a file of environment variables
      -i, --interactive          Keep STDIN open even if not attached
          --privileged           Give extended privileges to the command
      -t, --tty                  Allocate a pseudo-TTY
      -u, --user string          Username or UID (format: "<name|uid>[:<group|gid>]")
      -w, --workdir string       Working directory inside the container`,
    },
    export: {
      use: '[OPTIONS] CONTAINER',
      about: "Export a container's filesystem as a tar archive",
      args: [1, 1],
      also: 'docker container export, docker export',
      flags: `
      -o, --output string   Write to a file, instead of STDOUT`,
    },
    inspect: {
      use: '[OPTIONS] CONTAINER [CONTAINER...]',
      about: 'Display detailed information on one or more containers',
      args: [1, MANY],
      flags: `
      -f, --format string   ${INSPECT_FORMAT}
      -s, --size            Display total file sizes`,
    },
    kill: {
      use: '[OPTIONS] CONTAINER [CONTAINER...]',
      about: 'Kill one or more running containers',
      args: [1, MANY],
      also: 'docker container kill, docker kill',
      flags: `
      -s, --signal string   Signal to send to the container`,
    },
    logs: {
      use: '[OPTIONS] CONTAINER',
      about: 'Fetch the logs of a container',
      args: [1, 1],
      also: 'docker container logs, docker logs',
      flags: `
          --details        Show extra details provided to logs
      -f, --follow         Follow log output
          --since string   Show logs since timestamp (e.g. "2013-01-02T13:23:37Z") or relative
                           > (e.g. "42m" for 42 minutes)
      -n, --tail string    Number of lines to show from the end of the logs (default "all")
      -t, --timestamps     Show timestamps
          --until string   Show logs before a timestamp (e.g. "2013-01-02T13:23:37Z") or
                           > relative (e.g. "42m" for 42 minutes)`,
    },
    ls: {
      use: '[OPTIONS]',
      about: 'List containers',
      args: [0, 0],
      aliases: ['ps', 'list'],
      also: 'docker container ls, docker container list, docker container ps, docker ps',
      flags: `
      -a, --all             Show all containers (default shows just running)
      -f, --filter filter   Filter output based on conditions provided
          --format string   ${TABLE_FORMAT}
      -n, --last int        Show n last created containers (includes all states) (default -1)
      -l, --latest          Show the latest created container (includes all states)
          --no-trunc        Don't truncate output
      -q, --quiet           Only display container IDs
      -s, --size            Display total file sizes`,
    },
    pause: {
      use: 'CONTAINER [CONTAINER...]',
      about: 'Pause all processes within one or more containers',
      args: [1, MANY],
      also: 'docker container pause, docker pause',
    },
    port: {
      use: 'CONTAINER [PRIVATE_PORT[/PROTO]]',
      about: 'List port mappings or a specific mapping for the container',
      args: [1, 2],
      also: 'docker container port, docker port',
    },
    prune: {
      use: '[OPTIONS]',
      about: 'Remove all stopped containers',
      args: [0, 0],
      flags: `
          --filter filter   Provide filter values (e.g. "until=<timestamp>")
      -f, --force           Do not prompt for confirmation`,
    },
    rename: {
      use: 'CONTAINER NEW_NAME',
      about: 'Rename a container',
      args: [2, 2],
      also: 'docker container rename, docker rename',
    },
    restart: {
      use: '[OPTIONS] CONTAINER [CONTAINER...]',
      about: 'Restart one or more containers',
      args: [1, MANY],
      also: 'docker container restart, docker restart',
      flags: `
      -s, --signal string   Signal to send to the container
      -t, --timeout int     Seconds to wait before killing the container`,
      hidden: '    --time int   !use --timeout instead',
    },
    rm: {
      use: '[OPTIONS] CONTAINER [CONTAINER...]',
      about: 'Remove one or more containers',
      args: [1, MANY],
      aliases: ['remove'],
      also: 'docker container rm, docker container remove, docker rm',
      flags: `
      -f, --force     Force the removal of a running container (uses SIGKILL)
      -l, --link      Remove the specified link
      -v, --volumes   Remove anonymous volumes associated with the container`,
    },
    run: {
      use: '[OPTIONS] IMAGE [COMMAND] [ARG...]',
      about: 'Create and run a new container from an image',
      args: [1, MANY],
      also: 'docker container run, docker run',
      interspersed: false,
      flags: `${CONTAINER_OPTIONS}
      -d, --detach               Run container in background and print container ID
          --detach-keys string   Override the key sequence for detaching a container
          --pull string          Pull image before running ("always", "missing", "never")
                                 > (default "missing")
          --sig-proxy            Proxy received signals to the process (default true)`,
      hidden: HIDDEN_CONTAINER_OPTIONS,
    },
    start: {
      use: '[OPTIONS] CONTAINER [CONTAINER...]',
      about: 'Start one or more stopped containers',
      args: [1, MANY],
      also: 'docker container start, docker start',
      flags: `
      -a, --attach                  Attach STDOUT/STDERR and forward signals
          --checkpoint string       Restore from this checkpoint
          --checkpoint-dir string   Use a custom checkpoint storage directory
          --detach-keys string      Override the key sequence for detaching a container
      -i, --interactive             Attach container's STDIN`,
    },
    stats: {
      use: '[OPTIONS] [CONTAINER...]',
      about: 'Display a live stream of container(s) resource usage statistics',
      args: [0, MANY],
      also: 'docker container stats, docker stats',
      flags: `
      -a, --all             Show all containers (default shows just running)
          --format string   ${TABLE_FORMAT}
          --no-stream       Disable streaming stats and only pull the first result
          --no-trunc        Do not truncate output`,
    },
    stop: {
      use: '[OPTIONS] CONTAINER [CONTAINER...]',
      about: 'Stop one or more running containers',
      args: [1, MANY],
      also: 'docker container stop, docker stop',
      flags: `
      -s, --signal string   Signal to send to the container
      -t, --timeout int     Seconds to wait before killing the container`,
      hidden: '    --time int   !use --timeout instead',
    },
    top: {
      use: 'CONTAINER [ps OPTIONS]',
      about: 'Display the running processes of a container',
      args: [1, MANY],
      also: 'docker container top, docker top',
      interspersed: false,
    },
    unpause: {
      use: 'CONTAINER [CONTAINER...]',
      about: 'Unpause all processes within one or more containers',
      args: [1, MANY],
      also: 'docker container unpause, docker unpause',
    },
    update: {
      use: '[OPTIONS] CONTAINER [CONTAINER...]',
      about: 'Update configuration of one or more containers',
      args: [1, MANY],
      also: 'docker container update, docker update',
      flags: `
          --blkio-weight uint16        Block IO (relative weight), between 10 and 1000, or 0
                                       > to disable (default 0)
          --cpu-period int             Limit CPU CFS (Completely Fair Scheduler) period
          --cpu-quota int              Limit CPU CFS (Completely Fair Scheduler) quota
          --cpu-rt-period int          Limit the CPU real-time period in microseconds
          --cpu-rt-runtime int         Limit the CPU real-time runtime in microseconds
      -c, --cpu-shares int             CPU shares (relative weight)
          --cpus decimal               Number of CPUs
          --cpuset-cpus string         CPUs in which to allow execution (0-3, 0,1)
          --cpuset-mems string         MEMs in which to allow execution (0-3, 0,1)
      -m, --memory bytes               Memory limit
          --memory-reservation bytes   Memory soft limit
          --memory-swap bytes          Swap limit equal to memory plus swap: -1 to enable
                                       > unlimited swap
          --pids-limit int             Tune container pids limit (set -1 for unlimited)
          --restart string             Restart policy to apply when a container exits`,
      hidden: '    --kernel-memory bytes   !and no longer supported by the kernel',
    },
    wait: {
      use: 'CONTAINER [CONTAINER...]',
      about: 'Block until one or more containers stop, then print their exit codes',
      args: [1, MANY],
      also: 'docker container wait, docker wait',
    },
  },
};
