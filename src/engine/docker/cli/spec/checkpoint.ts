import type { CommandSpec } from './command-spec.ts';

/** Checkpoint of docker/cli v29.7; flags as `--help` shows them. */
export const CHECKPOINT: CommandSpec = {
  about: 'Manage checkpoints',
  args: [0, 0],
  commands: {
    create: {
      use: '[OPTIONS] CONTAINER CHECKPOINT',
      about: 'Create a checkpoint from a running container',
      args: [2, 2],
      flags: `
          --checkpoint-dir string   Use a custom checkpoint storage directory
          --leave-running           Leave the container running after checkpoint`,
    },
    ls: {
      use: '[OPTIONS] CONTAINER',
      about: 'List checkpoints for a container',
      args: [1, 1],
      aliases: ['list'],
      also: 'docker checkpoint ls, docker checkpoint list',
      flags: `
          --checkpoint-dir string   Use a custom checkpoint storage directory`,
    },
    rm: {
      use: '[OPTIONS] CONTAINER CHECKPOINT',
      about: 'Remove a checkpoint',
      args: [2, 2],
      aliases: ['remove'],
      also: 'docker checkpoint rm, docker checkpoint remove',
      flags: `
          --checkpoint-dir string   Use a custom checkpoint storage directory`,
    },
  },
};
