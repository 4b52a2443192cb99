import type { CommandTable } from '../machine/command.ts';
import type { Processes } from '../sim/processes.ts';
import { shellRun } from './run.ts';
import { sh } from './sh.ts';
import { alarm, execute } from './tools/starting.ts';
import { TOOL_COMMANDS, TOOLS } from './tools.ts';

export { TOOL_COMMANDS } from './tools.ts';

/**
 * Registers the shell and its tools: `shell/run` (its subshells), `shell/sh` (sh and bash) and a
 * program for each tool. `commands` is what names stand for on machines.
 */
export function addShell(processes: Processes, commands: CommandTable): void {
  processes.program('shell/run', shellRun);
  const all = { ...TOOL_COMMANDS, ...commands };
  processes.program('shell/sh', sh(all));
  processes.program('shell/exec', execute(all));
  processes.program('shell/alarm', alarm);
  for (const [name, tool] of Object.entries(TOOLS)) processes.program(name, tool);
}
