import { INSPECT_FORMAT, MANY, TABLE_FORMAT, type CommandSpec } from './command-spec.ts';

/** Context of docker/cli v29.7; flags as `--help` shows them. */
export const CONTEXT: CommandSpec = {
  about: 'Manage contexts',
  args: [0, 0],
  commands: {
    create: {
      use: '[OPTIONS] CONTEXT',
      about: 'Create a context',
      long: `Create a context

Docker endpoint config:

NAME                DESCRIPTION
from                Copy named context's Docker endpoint configuration
host                Docker endpoint on which to connect
ca                  Trust certs signed only by this CA
cert                Path to TLS certificate file
key                 Path to TLS key file
skip-tls-verify     Skip TLS certificate validation

Example:

$ docker context create my-context --description "some description" --docker "host=tcp://myserver:2376,ca=~/ca-file,cert=~/cert-file,key=~/key-file"`,
      args: [1, 1],
      flags: `
          --description string      Description of the context
          --docker stringToString   set the docker endpoint (default [])
          --from string             create context from a named context`,
    },
    export: {
      use: '[OPTIONS] CONTEXT [FILE|-]',
      about: 'Export a context to a tar archive FILE or a tar stream on STDOUT.',
      args: [1, 2],
    },
    import: {
      use: 'CONTEXT FILE|-',
      about: 'Import a context from a tar or zip file',
      args: [2, 2],
    },
    inspect: {
      use: '[OPTIONS] [CONTEXT] [CONTEXT...]',
      about: 'Display detailed information on one or more contexts',
      flags: `
      -f, --format string   ${INSPECT_FORMAT}`,
    },
    ls: {
      use: '[OPTIONS]',
      about: 'List contexts',
      args: [0, 0],
      aliases: ['list'],
      also: 'docker context ls, docker context list',
      flags: `
          --format string   ${TABLE_FORMAT}
      -q, --quiet           Only show context names`,
    },
    rm: {
      use: 'CONTEXT [CONTEXT...]',
      about: 'Remove one or more contexts',
      args: [1, MANY],
      aliases: ['remove'],
      also: 'docker context rm, docker context remove',
      flags: `
      -f, --force   Force the removal of a context in use`,
    },
    show: {
      about: 'Print the name of the current context',
      args: [0, 0],
    },
    update: {
      use: '[OPTIONS] CONTEXT',
      about: 'Update a context',
      long: `Update a context

Docker endpoint config:

NAME                DESCRIPTION
from                Copy named context's Docker endpoint configuration
host                Docker endpoint on which to connect
ca                  Trust certs signed only by this CA
cert                Path to TLS certificate file
key                 Path to TLS key file
skip-tls-verify     Skip TLS certificate validation

Example:

$ docker context update my-context --description "some description" --docker "host=tcp://myserver:2376,ca=~/ca-file,cert=~/cert-file,key=~/key-file"`,
      args: [1, 1],
      flags: `
          --description string      Description of the context
          --docker stringToString   set the docker endpoint (default [])`,
    },
    use: {
      use: 'CONTEXT',
      about: 'Set the default docker context',
      args: [1, 1],
    },
  },
};
