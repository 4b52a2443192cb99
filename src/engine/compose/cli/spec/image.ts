import { MANY, type CommandSpec } from '../../../docker/cli/spec/command-spec.ts';

/** Commands about images and what leaves the project (docker/compose v5.5 `cmd/compose`); flags as `--help` shows them. */
export const IMAGES: Readonly<Record<string, CommandSpec>> = {
  build: {
    use: '[OPTIONS] [SERVICE...]',
    about: 'Build or rebuild services',
    flags: `
              --build-arg stringArray   Set build-time variables for services
              --builder string          Set builder to use
              --check                   Check build configuration
              --dry-run                 Execute command in dry run mode
          -m, --memory bytes            Set memory limit for the build container. Not supported
                                        > by BuildKit.
              --no-cache                Do not use cache when building the image
              --print                   Print equivalent bake file
              --provenance string       Add a provenance attestation
              --pull                    Always attempt to pull a newer version of the image
              --push                    Push service images
          -q, --quiet                   Suppress the build output
              --sbom string             Add a SBOM attestation
              --ssh string              Set SSH authentications used when building service
                                        > images. (use 'default' for using your default SSH Agent)
              --with-dependencies       Also build dependencies (transitively)`,
    hidden: `
              --compress          Compress the build context using gzip. DEPRECATED (default
                                  > true)
              --force-rm          Always remove intermediate containers. DEPRECATED (default
                                  > true)
              --no-rm             Do not remove intermediate containers after a successful
                                  > build. DEPRECATED
              --parallel          Build images in parallel. DEPRECATED (default true)
              --progress string   Set type of ui output (auto, tty, plain, json, quiet)`,
  },
  commit: {
    use: '[OPTIONS] SERVICE [REPOSITORY[:TAG]]',
    about: "Create a new image from a service container's changes",
    args: [1, 2],
    flags: `
          -a, --author string    Author (e.g., "John Hannibal Smith <hannibal@a-team.com>")
          -c, --change list      Apply Dockerfile instruction to the created image
              --dry-run          Execute command in dry run mode
              --index int        index of the container if service has multiple replicas.
          -m, --message string   Commit message
          -p, --pause            Pause container during commit (default true)`,
  },
  export: {
    use: '[OPTIONS] SERVICE',
    about: "Export a service container's filesystem as a tar archive",
    args: [1, MANY],
    flags: `
              --dry-run         Execute command in dry run mode
              --index int       index of the container if service has multiple replicas.
          -o, --output string   Write to a file, instead of STDOUT`,
  },
  publish: {
    use: '[OPTIONS] REPOSITORY[:TAG]',
    about: 'Publish compose application',
    args: [1, 1],
    flags: `
              --app                     Published compose application (includes referenced
                                        > images)
              --dry-run                 Execute command in dry run mode
              --oci-version string      OCI image/artifact specification version (automatically
                                        > determined by default)
              --resolve-image-digests   Pin image tags to digests
              --with-env                Include environment variables in the published OCI
                                        > artifact
          -y, --yes                     Assume "yes" as answer to all prompts`,
    hidden: `
              --insecure-registry   Use insecure registry`,
  },
  pull: {
    use: '[OPTIONS] [SERVICE...]',
    about: 'Pull service images',
    flags: `
              --dry-run                Execute command in dry run mode
              --ignore-buildable       Ignore images that can be built
              --ignore-pull-failures   Pull what it can and ignores images with pull failures
              --include-deps           Also pull services declared as dependencies
              --policy string          Apply pull policy ("missing"|"always")
          -q, --quiet                  Pull without printing progress information`,
    hidden: `
              --no-parallel   DEPRECATED disable parallel pulling (default true)
              --parallel      DEPRECATED pull multiple images in parallel (default true)`,
  },
  push: {
    use: '[OPTIONS] [SERVICE...]',
    about: 'Push service images',
    flags: `
              --dry-run                Execute command in dry run mode
              --ignore-push-failures   Push what it can and ignores images with push failures
              --include-deps           Also push images of services declared as dependencies
          -q, --quiet                  Push without printing progress information`,
  },
};
