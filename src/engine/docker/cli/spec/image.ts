import { INSPECT_FORMAT, MANY, TABLE_FORMAT, type CommandSpec } from './command-spec.ts';

/** Image of docker/cli v29.7; flags as `--help` shows them. */
export const IMAGE: CommandSpec = {
  about: 'Manage images',
  args: [0, 0],
  commands: {
    history: {
      use: '[OPTIONS] IMAGE',
      about: 'Show the history of an image',
      args: [1, 1],
      also: 'docker image history, docker history',
      flags: `
          --format string     ${TABLE_FORMAT}
      -H, --human             Print sizes and dates in human readable format (default true)
          --no-trunc          Don't truncate output
          --platform string   Show history for the given platform. Formatted as
                              > "os[/arch[/variant]]" (e.g., "linux/amd64")
      -q, --quiet             Only show image IDs`,
    },
    import: {
      use: '[OPTIONS] file|URL|- [REPOSITORY[:TAG]]',
      about: 'Import the contents from a tarball to create a filesystem image',
      args: [1, MANY],
      also: 'docker image import, docker import',
      flags: `
      -c, --change list       Apply Dockerfile instruction to the created image
      -m, --message string    Set commit message for imported image
          --platform string   Set platform if server is multi-platform capable`,
    },
    inspect: {
      use: '[OPTIONS] IMAGE [IMAGE...]',
      about: 'Display detailed information on one or more images',
      args: [1, MANY],
      flags: `
      -f, --format string     ${INSPECT_FORMAT}
          --platform string   Inspect a specific platform of the multi-platform image.
                              | If the image or the server is not multi-platform capable, the
                              > command will error out if the platform does not match.
                              | 'os[/arch[/variant]]': Explicit platform (eg. linux/amd64)`,
    },
    load: {
      use: '[OPTIONS]',
      about: 'Load an image from a tar archive or STDIN',
      args: [0, 0],
      also: 'docker image load, docker load',
      flags: `
      -i, --input string       Read from tar archive file, instead of STDIN
          --platform strings   Load only the given platform(s). Formatted as a comma-separated
                               > list of "os[/arch[/variant]]" (e.g.,
                               > "linux/amd64,linux/arm64/v8").
      -q, --quiet              Suppress the load output`,
    },
    ls: {
      use: '[OPTIONS] [REPOSITORY[:TAG]]',
      about: 'List images',
      args: [0, 1],
      aliases: ['list'],
      also: 'docker image ls, docker image list, docker images',
      flags: `
      -a, --all             Show all images (default hides intermediate and dangling images)
          --digests         Show digests
      -f, --filter filter   Filter output based on conditions provided
          --format string   ${TABLE_FORMAT}
          --no-trunc        Don't truncate output
      -q, --quiet           Only show image IDs
          --tree            List multi-platform images as a tree (EXPERIMENTAL)`,
    },
    prune: {
      use: '[OPTIONS]',
      about: 'Remove unused images',
      args: [0, 0],
      flags: `
      -a, --all             Remove all unused images, not just dangling ones
          --filter filter   Provide filter values (e.g. "until=<timestamp>")
      -f, --force           Do not prompt for confirmation`,
    },
    pull: {
      use: '[OPTIONS] NAME[:TAG|@DIGEST]',
      about: 'Download an image from a registry',
      args: [1, 1],
      also: 'docker image pull, docker pull',
      flags: `
      -a, --all-tags          Download all tagged images in the repository
          --platform string   Set platform if server is multi-platform capable
      -q, --quiet             Suppress verbose output`,
      hidden: '    --disable-content-trust   !support for docker content trust was removed',
    },
    push: {
      use: '[OPTIONS] NAME[:TAG]',
      about: 'Upload an image to a registry',
      args: [1, 1],
      also: 'docker image push, docker push',
      flags: `
      -a, --all-tags          Push all tags of an image to the repository
          --platform string   Push a platform-specific manifest as a single-platform image to
                              > the registry.
                              | Image index won't be pushed, meaning that other manifests,
                              > including attestations won't be preserved.
                              | 'os[/arch[/variant]]': Explicit platform (eg. linux/amd64)
      -q, --quiet             Suppress verbose output`,
      hidden: '    --disable-content-trust   !support for docker content trust was removed',
    },
    rm: {
      use: '[OPTIONS] IMAGE [IMAGE...]',
      about: 'Remove one or more images',
      args: [1, MANY],
      aliases: ['remove'],
      also: 'docker image rm, docker image remove, docker rmi',
      flags: `
      -f, --force              Force removal of the image
          --no-prune           Do not delete untagged parents
          --platform strings   Remove only the given platform variant. Formatted as
                               > "os[/arch[/variant]]" (e.g., "linux/amd64")`,
    },
    save: {
      use: '[OPTIONS] IMAGE [IMAGE...]',
      about: 'Save one or more images to a tar archive (streamed to STDOUT by default)',
      args: [1, MANY],
      also: 'docker image save, docker save',
      flags: `
      -o, --output string      Write to a file, instead of STDOUT
          --platform strings   Save only the given platform(s). Formatted as a comma-separated
                               > list of "os[/arch[/variant]]" (e.g.,
                               > "linux/amd64,linux/arm64/v8")`,
    },
    tag: {
      use: 'SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]',
      about: 'Create a tag TARGET_IMAGE that refers to SOURCE_IMAGE',
      args: [2, 2],
      also: 'docker image tag, docker tag',
      interspersed: false,
    },
  },
};
