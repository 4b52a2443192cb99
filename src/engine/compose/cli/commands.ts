import type { ComposeCommand } from '../commands/command.ts';
import { config } from '../commands/config.ts';
import { down } from '../commands/down.ts';
import { ls, ps, version } from '../commands/list.ts';
import { logs } from '../commands/logs.ts';
import { up } from '../commands/up.ts';

/** Which function answers to a command of `docker compose`. */
export const COMMANDS: Readonly<Record<string, ComposeCommand>> = {
  config,
  down,
  logs,
  ls,
  ps,
  up,
  version,
};
