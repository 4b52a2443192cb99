import type { CommandHandlers } from '../docker/cli/commands.ts';
import type { Processes } from '../sim/processes.ts';
import { COMMANDS } from './cli/commands.ts';
import { composePlugin } from './cli/plugin.ts';
import { ERRAND, errand } from './together.ts';

/** The plugin as the docker command line finds it. */
export const COMPOSE_COMMANDS: CommandHandlers = { compose: composePlugin };

/** What can be asked of it. */
export const COMPOSE_COMMAND_NAMES: readonly string[] = Object.keys(COMMANDS);

/** The programs it starts. */
export function addCompose(processes: Processes): void {
  processes.program(ERRAND, errand);
}
