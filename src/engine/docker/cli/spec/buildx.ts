import { MANY, type CommandSpec } from './command-spec.ts';

/** Buildx of docker/cli v29.7; flags as `--help` shows them. */
export const BUILDX: CommandSpec = {
  about: 'Docker Buildx',
  long: 'Extended build capabilities with BuildKit',
  use: '[OPTIONS] COMMAND',
  flags: `
      --builder string   Override the configured builder instance
  -D, --debug            Enable debug logging`,
  commands: {
    bake: {
      use: '[OPTIONS] [TARGET...]',
      about: 'Build from a file',
      args: [0, MANY],
      also: 'docker buildx bake, docker buildx f',
      flags: `
          --allow stringArray      Allow build to access specified resources
          --builder string         Override the configured builder instance
          --call string            Set method for evaluating build ("check", "outline",
                                   > "targets") (default "build")
          --check                  Shorthand for "--call=check"
      -D, --debug                  Enable debug logging
      -f, --file stringArray       Build definition file
          --list string            List targets or variables
          --load                   Shorthand for "--set=*.output=type=docker". Conditional.
          --metadata-file string   Write build result metadata to a file
          --no-cache               Do not use cache when building the image
          --policy stringArray     Global policy evaluation options (format:
                                   > "[disabled=true|false][,strict=true|false][,log-level=level]")
          --print                  Print the options without building
          --progress string        Set type of progress output ("auto", "none",  "plain",
                                   > "quiet", "rawjson", "tty"). Use plain to show container
                                   > output (default "auto")
          --provenance string      Shorthand for "--set=*.attest=type=provenance"
          --pull                   Always attempt to pull all referenced images
          --push                   Shorthand for "--set=*.output=type=registry". Conditional.
          --sbom string            Shorthand for "--set=*.attest=type=sbom"
          --set stringArray        Override target value (e.g., "targetpattern.key=value")
          --var stringArray        Set a variable value (e.g., "name=value")`,
    },
    build: {
      use: '[OPTIONS] PATH | URL | -',
      about: 'Start a build',
      args: [1, 1],
      also: 'docker build, docker builder build, docker image build, docker buildx b',
      flags: `
          --add-host strings              Add a custom host-to-IP mapping (format: "host:ip")
          --allow stringArray             Allow extra privileged entitlement (e.g.,
                                          > "network.host", "security.insecure", "device",
                                          > "buildx.local.delete")
          --annotation stringArray        Add annotation to the image
          --attest stringArray            Attestation parameters (format:
                                          > "type=sbom,generator=image")
          --build-arg stringArray         Set build-time variables
          --build-context stringArray     Additional build contexts (e.g., name=path)
          --builder string                Override the configured builder instance
          --cache-from stringArray        External cache sources (e.g., "user/app:cache",
                                          > "type=local,src=path/to/dir")
          --cache-to stringArray          Cache export destinations (e.g., "user/app:cache",
                                          > "type=local,dest=path/to/dir")
          --call string                   Set method for evaluating build ("check", "outline",
                                          > "targets") (default "build")
          --cgroup-parent string          Set the parent cgroup for the "RUN" instructions
                                          > during build
          --check                         Shorthand for "--call=check"
      -D, --debug                         Enable debug logging
      -f, --file string                   Name of the Dockerfile (default: "PATH/Dockerfile")
          --iidfile string                Write the image ID to a file
          --label stringArray             Set metadata for an image
          --load                          Shorthand for "--output=type=docker"
          --metadata-file string          Write build result metadata to a file
          --network string                Set the networking mode for the "RUN" instructions
                                          > during build (default "default")
          --no-cache                      Do not use cache when building the image
          --no-cache-filter stringArray   Do not cache specified stages
      -o, --output stringArray            Output destination (format: "type=local,dest=path")
          --platform stringArray          Set target platform for build
          --policy stringArray            Policy configuration (format:
                                          > "filename=path[,filename=path][,reset=true|false][,disabled=true|false][,strict=true|false][,log-level=level]")
          --progress string               Set type of progress output ("auto", "none",
                                          > "plain", "quiet", "rawjson", "tty"). Use plain to
                                          > show container output (default "auto")
          --provenance string             Shorthand for "--attest=type=provenance"
          --pull                          Always attempt to pull all referenced images
          --push                          Shorthand for "--output=type=registry,unpack=false"
      -q, --quiet                         Suppress the build output and print image ID on
                                          > success
          --resource stringArray          Resource limits for build containers (format:
                                          > "memory=2g", "cpu-quota=50000")
          --sbom string                   Shorthand for "--attest=type=sbom"
          --secret stringArray            Secret to expose to the build (format:
                                          > "id=mysecret[,src=/local/secret]")
          --shm-size bytes                Shared memory size for build containers
          --ssh stringArray               SSH agent socket or keys to expose to the build
                                          > (format: "default|<id>[=<socket>|<key>[,<key>]]")
      -t, --tag stringArray               Image identifier (format:
                                          > "[registry/]repository[:tag]")
          --target string                 Set the target build stage to build
          --ulimit ulimit                 Ulimit options`,
    },
    create: {
      use: '[OPTIONS] [CONTEXT|ENDPOINT]',
      about: 'Create a new builder instance',
      args: [0, 1],
      flags: `
          --append                    Append a node to builder instead of changing it
          --bootstrap                 Boot builder after creation
          --buildkitd-config string   BuildKit daemon config file
          --buildkitd-flags string    BuildKit daemon flags
      -D, --debug                     Enable debug logging
          --driver string             Driver to use (available: "docker-container",
                                      > "kubernetes", "remote")
          --driver-opt stringArray    Options for the driver
          --leave                     Remove a node from builder instead of changing it
          --name string               Builder instance name
          --node string               Create/modify node with given name
          --platform stringArray      Fixed platforms for current node
          --timeout duration          Override the default timeout for loading builder status
                                      > (default 20s)
          --use                       Set the current builder instance`,
    },
    du: {
      use: '[OPTIONS]',
      about: 'Disk usage',
      args: [0, 0],
      flags: `
          --builder string     Override the configured builder instance
      -D, --debug              Enable debug logging
          --filter filter      Provide filter values
          --format string      Format the output
          --timeout duration   Override the default timeout for loading builder status
                               > (default 20s)
          --verbose            Shorthand for "--format=pretty"`,
    },
    inspect: {
      use: '[NAME]',
      about: 'Inspect current builder instance',
      args: [0, 1],
      flags: `
          --bootstrap          Ensure builder has booted before inspecting
          --builder string     Override the configured builder instance
      -D, --debug              Enable debug logging
          --timeout duration   Override the default timeout for loading builder status
                               > (default 20s)`,
    },
    ls: {
      use: '[OPTIONS]',
      about: 'List builder instances',
      args: [0, 0],
      flags: `
      -D, --debug              Enable debug logging
          --format string      Format the output (default "table")
          --no-trunc           Don't truncate output
          --timeout duration   Override the default timeout for loading builder status
                               > (default 20s)`,
    },
    prune: {
      use: '[OPTIONS]',
      about: 'Remove build cache',
      args: [0, 0],
      flags: `
      -a, --all                    Include internal/frontend images
          --builder string         Override the configured builder instance
      -D, --debug                  Enable debug logging
          --filter filter          Provide filter values
      -f, --force                  Do not prompt for confirmation
          --max-used-space bytes   Maximum amount of disk space allowed to keep for cache
          --min-free-space bytes   Target amount of free disk space after pruning
          --reserved-space bytes   Amount of disk space always allowed to keep for cache
          --timeout duration       Override the default timeout for loading builder status
                                   > (default 20s)
          --verbose                Provide a more verbose output`,
    },
    rm: {
      use: '[OPTIONS] [NAME...]',
      about: 'Remove one or more builder instances',
      args: [0, MANY],
      flags: `
          --all-inactive       Remove all inactive builders
          --builder string     Override the configured builder instance
      -D, --debug              Enable debug logging
      -f, --force              Do not prompt for confirmation
          --keep-daemon        Keep the BuildKit daemon running
          --keep-state         Keep BuildKit state
          --timeout duration   Override the default timeout for loading builder status
                               > (default 20s)`,
    },
    stop: {
      use: '[NAME]',
      about: 'Stop builder instance',
      args: [0, 1],
      flags: `
          --builder string   Override the configured builder instance
      -D, --debug            Enable debug logging`,
    },
    use: {
      use: '[OPTIONS] NAME',
      about: 'Set the current builder instance',
      args: [1, 1],
      flags: `
          --builder string   Override the configured builder instance
      -D, --debug            Enable debug logging
          --default          Set builder as default for current context
          --global           Builder persists context changes`,
    },
    version: {
      about: 'Show buildx version information',
      args: [0, 0],
      flags: `
      -D, --debug   Enable debug logging`,
    },
  },
};
