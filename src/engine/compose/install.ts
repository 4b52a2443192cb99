import type { CommandHandlers } from '../docker/cli/commands.ts';
import type { Processes } from '../sim/processes.ts';
import { composePlugin } from './cli/plugin.ts';
import { ERRAND, errand } from './together.ts';

/** The plugin as the docker command line finds it. */
export const COMPOSE_COMMANDS: CommandHandlers = { compose: composePlugin };

/** The programs it starts. */
export function addCompose(processes: Processes): void {
  processes.program(ERRAND, errand);
}
