import { MANY, type CommandSpec } from '../../../docker/cli/spec/command-spec.ts';

/** Commands that change what runs (docker/compose v5.5 `cmd/compose`); flags as `--help` shows them. */
export const LIFE: Readonly<Record<string, CommandSpec>> = {
  create: {
    use: '[OPTIONS] [SERVICE...]',
    about: 'Creates containers for a service',
    flags: `
              --build            Build images before starting containers
              --dry-run          Execute command in dry run mode
              --force-recreate   Recreate containers even if their configuration and image
                                 > haven't changed
              --no-build         Don't build an image, even if it's policy
              --no-recreate      If containers already exist, don't recreate them. Incompatible
                                 > with --force-recreate.
              --pull string      Pull image before running ("always"|"missing"|"never"|"build")
                                 > (default "policy")
              --quiet-pull       Pull without printing progress information
              --remove-orphans   Remove containers for services not defined in the Compose file
              --scale scale      Scale SERVICE to NUM instances. Overrides the scale setting in
                                 > the Compose file if present.
          -y, --yes              Assume "yes" as answer to all prompts and run non-interactively`,
  },
  down: {
    use: '[OPTIONS] [SERVICES]',
    about: 'Stop and remove containers, networks',
    flags: `
              --dry-run          Execute command in dry run mode
              --remove-orphans   Remove containers for services not defined in the Compose file
              --rmi string       Remove images used by services. "local" remove only images that
                                 > don't have a custom tag ("local"|"all")
          -t, --timeout int      Specify a shutdown timeout in seconds
          -v, --volumes          Remove named volumes declared in the "volumes" section of the
                                 > Compose file and anonymous volumes attached to containers`,
  },
  kill: {
    use: '[OPTIONS] [SERVICE...]',
    about: 'Force stop service containers',
    flags: `
              --dry-run          Execute command in dry run mode
              --remove-orphans   Remove containers for services not defined in the Compose file
          -s, --signal string    SIGNAL to send to the container (default "SIGKILL")`,
  },
  pause: {
    use: '[SERVICE...]',
    about: 'Pause services',
    flags: `
              --dry-run   Execute command in dry run mode`,
  },
  restart: {
    use: '[OPTIONS] [SERVICE...]',
    about: 'Restart service containers',
    flags: `
              --dry-run       Execute command in dry run mode
              --no-deps       Don't restart dependent services
          -t, --timeout int   Specify a shutdown timeout in seconds`,
  },
  rm: {
    use: '[OPTIONS] [SERVICE...]',
    about: 'Removes stopped service containers',
    flags: `
              --dry-run   Execute command in dry run mode
          -f, --force     Don't ask to confirm removal
          -s, --stop      Stop the containers, if required, before removing
          -v, --volumes   Remove any anonymous volumes attached to containers`,
    hidden: `
          -a, --all   Deprecated - no effect`,
  },
  run: {
    use: '[OPTIONS] SERVICE [COMMAND] [ARGS...]',
    about: 'Run a one-off command on a service',
    args: [1, MANY],
    flags: `
              --build                       Build image before starting container
              --cap-add list                Add Linux capabilities
              --cap-drop list               Drop Linux capabilities
          -d, --detach                      Run container in background and print container ID
              --dry-run                     Execute command in dry run mode
              --entrypoint string           Override the entrypoint of the image
          -e, --env stringArray             Set environment variables
              --env-from-file stringArray   Set environment variables from file
          -i, --interactive                 Keep STDIN open even if not attached (default true)
          -l, --label stringArray           Add or override a label
              --name string                 Assign a name to the container
              --no-deps                     Don't start linked services
          -T, --no-tty                      Disable pseudo-TTY allocation (default: auto-
                                            > detected) (default true)
          -p, --publish stringArray         Publish a container's port(s) to the host
              --pull string                 Pull image before running
                                            > ("always"|"missing"|"never") (default "policy")
          -q, --quiet                       Don't print anything to STDOUT
              --quiet-build                 Suppress progress output from the build process
              --quiet-pull                  Pull without printing progress information
              --remove-orphans              Remove containers for services not defined in the
                                            > Compose file
              --rm                          Automatically remove the container when it exits
          -P, --service-ports               Run command with all service's ports enabled and
                                            > mapped to the host
              --use-aliases                 Use the service's network useAliases in the
                                            > network(s) the container connects to
          -u, --user string                 Run as specified username or uid
          -v, --volume stringArray          Bind mount a volume
          -w, --workdir string              Working directory inside the container`,
    hidden: `
          -t, --tty   Allocate a pseudo-TTY (default true)`,
    interspersed: false,
  },
  scale: {
    use: '[SERVICE=REPLICAS...]',
    about: 'Scale services',
    args: [1, MANY],
    flags: `
              --dry-run   Execute command in dry run mode
              --no-deps   Don't start linked services`,
  },
  start: {
    use: '[SERVICE...]',
    about: 'Start services',
    flags: `
              --dry-run            Execute command in dry run mode
              --wait               Wait for services to be running|healthy. Implies detached
                                   > mode.
              --wait-timeout int   Maximum duration in seconds to wait for the project to be
                                   > running|healthy`,
  },
  stop: {
    use: '[OPTIONS] [SERVICE...]',
    about: 'Stop services',
    flags: `
              --dry-run       Execute command in dry run mode
          -t, --timeout int   Specify a shutdown timeout in seconds`,
  },
  unpause: {
    use: '[SERVICE...]',
    about: 'Unpause services',
    flags: `
              --dry-run   Execute command in dry run mode`,
  },
  up: {
    use: '[OPTIONS] [SERVICE...]',
    about: 'Create and start containers',
    flags: `
              --abort-on-container-exit      Stops all containers if any container was stopped.
                                             > Incompatible with -d
              --abort-on-container-failure   Stops all containers if any container exited with
                                             > failure. Incompatible with -d
              --always-recreate-deps         Recreate dependent containers. Incompatible with
                                             > --no-recreate.
              --attach stringArray           Restrict attaching to the specified services.
                                             > Incompatible with --attach-dependencies.
              --attach-dependencies          Automatically attach to log output of dependent
                                             > services
              --build                        Build images before starting containers
          -d, --detach                       Detached mode: Run containers in the background
              --dry-run                      Execute command in dry run mode
              --exit-code-from string        Return the exit code of the selected service
                                             > container. Implies --abort-on-container-exit
              --force-recreate               Recreate containers even if their configuration and
                                             > image haven't changed
              --menu                         Enable interactive shortcuts when running attached.
                                             > Incompatible with --detach. Can also be
                                             > enable/disable by setting COMPOSE_MENU environment
                                             > var.
              --no-attach stringArray        Do not attach (stream logs) to the specified
                                             > services
              --no-build                     Don't build an image, even if it's policy
              --no-color                     Produce monochrome output
              --no-deps                      Don't start linked services
              --no-log-prefix                Don't print prefix in logs
              --no-recreate                  If containers already exist, don't recreate them.
                                             > Incompatible with --force-recreate.
              --no-start                     Don't start the services after creating them
              --pull string                  Pull image before running
                                             > ("always"|"missing"|"never") (default "policy")
              --quiet-build                  Suppress the build output
              --quiet-pull                   Pull without printing progress information
              --remove-orphans               Remove containers for services not defined in the
                                             > Compose file
          -V, --renew-anon-volumes           Recreate anonymous volumes instead of retrieving
                                             > data from the previous containers
              --scale scale                  Scale SERVICE to NUM instances. Overrides the scale
                                             > setting in the Compose file if present.
          -t, --timeout int                  Use this timeout in seconds for container shutdown
                                             > when attached or when containers are already
                                             > running
              --timestamps                   Show timestamps
              --wait                         Wait for services to be running|healthy. Implies
                                             > detached mode.
              --wait-timeout int             Maximum duration in seconds to wait for the project
                                             > to be running|healthy
          -w, --watch                        Watch source code and rebuild/refresh containers
                                             > when files are updated.
          -y, --yes                          Assume "yes" as answer to all prompts and run non-
                                             > interactively`,
  },
};
