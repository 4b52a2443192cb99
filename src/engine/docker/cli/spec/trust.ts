import { MANY, type CommandSpec } from './command-spec.ts';

/** Trust of docker/cli v29.7; flags as `--help` shows them. */
export const TRUST: CommandSpec = {
  about: 'Manage trust on Docker images',
  args: [0, 0],
  commands: {
    key: {
      about: 'Manage keys for signing Docker images',
      args: [0, 0],
      commands: {
        generate: {
          use: 'NAME',
          about: 'Generate and load a signing key-pair',
          args: [1, 1],
          flags: `
          --dir string   Directory to generate key in, defaults to current directory`,
        },
        load: {
          use: '[OPTIONS] KEYFILE',
          about: 'Load a private key file for signing',
          args: [1, 1],
          flags: `
          --name string   Name for the loaded key (default "signer")`,
        },
      },
    },
    signer: {
      about: 'Manage entities who can sign Docker images',
      args: [0, 0],
      commands: {
        add: {
          use: 'OPTIONS NAME REPOSITORY [REPOSITORY...] ',
          about: 'Add a signer',
          args: [2, MANY],
          flags: `
          --key list   Path to the signer's public key file`,
        },
        remove: {
          use: '[OPTIONS] NAME REPOSITORY [REPOSITORY...]',
          about: 'Remove a signer',
          args: [2, MANY],
          flags: `
      -f, --force   Do not prompt for confirmation before removing the most recent signer`,
        },
      },
    },
    inspect: {
      use: 'IMAGE[:TAG] [IMAGE[:TAG]...]',
      about: 'Return low-level information about keys and signatures',
      args: [1, MANY],
      flags: `
          --pretty   Print the information in a human friendly format`,
    },
    revoke: {
      use: '[OPTIONS] IMAGE[:TAG]',
      about: 'Remove trust for an image',
      args: [1, 1],
      flags: `
      -y, --yes   Do not prompt for confirmation`,
    },
    sign: {
      use: 'IMAGE:TAG',
      about: 'Sign an image',
      args: [1, 1],
      flags: `
          --local   Sign a locally tagged image`,
    },
  },
};
