import type { CommandHandlers } from '../../docker/cli/commands.ts';
import { fileCommands } from './file.ts';
import { nodeCommands } from './node.ts';
import { serviceCommands } from './service.ts';
import { stackCommands } from './stack.ts';
import { swarmCommands } from './swarm.ts';

/** Commands of the docker command line that a swarm brings, by their path. */
export const SWARM_COMMANDS: CommandHandlers = {
  ...swarmCommands,
  ...nodeCommands,
  ...serviceCommands,
  ...fileCommands,
  ...stackCommands,
};
