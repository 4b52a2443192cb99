import type { ComposeCommand } from '../commands/command.ts';
import { config } from '../commands/config.ts';
import { create, scale } from '../commands/create.ts';
import { down } from '../commands/down.ts';
import { build, images, pull, push } from '../commands/images.ts';
import { attach, commit, cp, exec, exportService, stats } from '../commands/inside.ts';
import { ls, ps, version } from '../commands/list.ts';
import { logs } from '../commands/logs.ts';
import { events, port, top, volumes } from '../commands/look.ts';
import { kill, pause, restart, rm, start, stop, unpause, wait } from '../commands/power.ts';
import { run } from '../commands/run.ts';
import { up } from '../commands/up.ts';

/** Which function answers to a command of `docker compose`. Not modelled: `publish`, `watch`. */
export const COMMANDS: Readonly<Record<string, ComposeCommand>> = {
  ...{ attach, build, commit, config, cp, create, down, events, exec, export: exportService },
  ...{ images, kill, logs, ls, pause, port, ps, pull, push, restart, rm, run, scale, start },
  ...{ stats, stop, top, unpause, up, version, volumes, wait },
};
