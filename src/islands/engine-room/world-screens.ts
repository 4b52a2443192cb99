import { Log } from '../../engine/sim/log.ts';
import type { ScreenText } from '../../engine/terminal.ts';
import type { World } from '../../engine/world.ts';
import type { Printed, WorldMachine } from './world-messages.ts';

/** What a page has been told of the prompts of its world, and so what is new to it. */
export class Screens {
  readonly #world: World;
  readonly #machines: readonly string[];
  readonly #told = new Map<string, Log<ScreenText>>();
  /** What stands at the beginning and is not shown. */
  readonly #hidden = new Map<string, number>();

  constructor(world: World, machines: readonly WorldMachine[], isHidden: boolean) {
    this.#world = world;
    this.#machines = machines.filter(({ hasPrompt }) => hasPrompt).map(({ name }) => name);
    for (const machine of isHidden ? this.#machines : []) {
      this.#hidden.set(machine, world.terminals.screen(machine).length);
    }
  }

  /** What changed since this was asked last, by machine. */
  news(): readonly Printed[] {
    return this.#machines.flatMap((machine) => {
      const now = this.#world.terminals.screen(machine);
      const told = this.#told.get(machine) ?? Log.empty<ScreenText>();
      if (now === told || (now.length === 0 && told.length === 0)) return [];
      this.#told.set(machine, now);
      const hidden = this.#hidden.get(machine) ?? 0;
      const from = Math.max(now.sharedWith(told), hidden);
      return [{ machine, from: from - hidden, texts: now.toArray(from) }];
    });
  }
}
