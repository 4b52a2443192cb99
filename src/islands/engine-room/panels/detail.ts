import type { World } from '../../../engine/world.ts';
import type { ForkAnswer } from '../world-messages.ts';
import { lookAt } from './looked-at.ts';
import type { Look } from './messages.ts';

/** So much virtual time and so many events a command that shows something may take. */
const PATIENCE_MS = 30_000;
const EVENTS_LIMIT = 500_000;

/** What a command would print here; the world stays as it is. */
export function detail(
  look: Look & { readonly machine: string; readonly line: string },
): Promise<ForkAnswer> {
  return lookAt(look, ({ world }) => askInFork(world, look.machine, look.line));
}

function askInFork({ kernel, terminals }: World, machine: string, line: string): ForkAnswer {
  const here = kernel.checkpoint();
  const untilFree = (): void => {
    const endMs = kernel.now + PATIENCE_MS;
    for (let events = 0; events < EVENTS_LIMIT && terminals.isBusy(machine); events++) {
      if ((kernel.nextEventMs ?? Infinity) > endMs) break;
      kernel.step();
    }
  };
  try {
    if (terminals.isBusy(machine)) terminals.interrupt(machine);
    untilFree();
    const before = terminals.row(machine).printed.length;
    kernel.dispatch({ type: 'shell', machine, line } as { type: 'shell' });
    untilFree();
    const { printed, exitCode } = terminals.row(machine);
    const texts = printed.toArray(before).map(({ text }) => text);
    return { printed: texts.join(''), exitCode };
  } finally {
    kernel.restore(here);
  }
}
