import type { JournalEntry } from '../../engine/sim/journal.ts';
import { Log } from '../../engine/sim/log.ts';
import type { ScreenText } from '../../engine/terminal.ts';
import type { ShellAction, World } from '../../engine/world.ts';
import type { Printed, WorldMachine } from './world-messages.ts';

function isTyped(text: ScreenText, entry: JournalEntry | undefined, machine: string): boolean {
  const { line, machine: there } = (entry?.action ?? {}) as Partial<ShellAction>;
  const isThen = text.timeMs === entry?.moment.timeMs && machine === there;
  return isThen && 'typed' in text && text.typed === 'command' && text.text === line;
}

/** What a page has been told of the prompts of its world, and so what is new to it. */
export class Screens {
  readonly #world: World;
  readonly #machines: readonly string[];
  readonly #told = new Map<string, Log<ScreenText>>();
  /** What stands at the beginning and is not shown. */
  readonly #hidden = new Map<string, number>();

  /** @param last the last of what stands there and is not shown; all of it when that is `all` */
  constructor(world: World, machines: readonly WorldMachine[], last?: JournalEntry | 'all') {
    this.#world = world;
    this.#machines = machines.filter(({ hasPrompt }) => hasPrompt).map(({ name }) => name);
    for (const machine of last ? this.#machines : []) {
      const texts = world.terminals.screen(machine).toArray();
      const isLast = (text: ScreenText) => last !== 'all' && isTyped(text, last, machine);
      const at = texts.findIndex(isLast);
      this.#hidden.set(machine, at === -1 ? texts.length : at + 1);
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
