import { MANY, type CommandSpec } from './command-spec.ts';

/** Manifest of docker/cli v29.7; flags as `--help` shows them. */
export const MANIFEST: CommandSpec = {
  about: 'Manage Docker image manifests and manifest lists',
  long: `The **docker manifest** command has subcommands for managing image manifests and
manifest lists. A manifest list allows you to use one name to refer to the same image
built for multiple architectures.

To see help for a subcommand, use:

    docker manifest CMD --help

For full details on using docker manifest lists, see the registry v2 specification.`,
  use: 'COMMAND',
  experimental: true,
  args: [0, 0],
  commands: {
    annotate: {
      use: '[OPTIONS] MANIFEST_LIST MANIFEST',
      about: 'Add additional information to a local image manifest',
      args: [2, 2],
      flags: `
          --arch string           Set architecture
          --os string             Set operating system
          --os-features strings   Set operating system feature
          --os-version string     Set operating system version
          --variant string        Set architecture variant`,
      experimental: true,
    },
    create: {
      use: 'MANIFEST_LIST MANIFEST [MANIFEST...]',
      about: 'Create a local manifest list for annotating and pushing to a registry',
      args: [2, MANY],
      flags: `
      -a, --amend      Amend an existing manifest list
          --insecure   Allow communication with an insecure registry`,
      experimental: true,
    },
    inspect: {
      use: '[OPTIONS] [MANIFEST_LIST] MANIFEST',
      about: 'Display an image manifest, or manifest list',
      args: [1, 2],
      flags: `
          --insecure   Allow communication with an insecure registry
      -v, --verbose    Output additional info including layers and platform`,
      experimental: true,
    },
    push: {
      use: '[OPTIONS] MANIFEST_LIST',
      about: 'Push a manifest list to a repository',
      args: [1, 1],
      flags: `
          --insecure   Allow push to an insecure registry
      -p, --purge      Remove the local manifest list after push`,
      experimental: true,
    },
    rm: {
      use: 'MANIFEST_LIST [MANIFEST_LIST...]',
      about: 'Delete one or more manifest lists from local storage',
      args: [1, MANY],
      experimental: true,
    },
  },
};
