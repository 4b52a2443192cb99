import { render } from 'preact';
import type { Locale } from '../../i18n/locales.ts';
import type { Engine } from '../engine-room/connect.ts';
import type { OpenedWorld, Printed } from '../engine-room/world-messages.ts';
import { FollowedWorld, hearWorld } from '../terminal/followed-world.ts';
import { Terminal } from '../terminal/terminal.tsx';
import type { OwnPrompt } from './block-view.ts';
import '../../styles/terminal.css';

interface PromptOptions {
  readonly engine: Engine;
  /** The engine room's name of the world, and what it was opened as. */
  readonly world: string;
  readonly opened: Extract<OpenedWorld, { kind: 'open' }>;
  readonly machine: string;
  readonly locale: Locale;
  /** How many texts stand at the prompt already, above: they are not shown again. */
  readonly from: number;
}

/**
 * The reader's own prompt, below what a block printed, in the block's world.
 *
 * When it is taken away, the world lives on.
 */
export function mountPrompt(place: HTMLElement, options: PromptOptions): OwnPrompt {
  const { engine, world: name, opened, machine, locale, from } = options;
  // Who follows the world here does not own it: the page closes it.
  const borrowed: Engine = {
    hear: (about, listener) => engine.hear(about, listener),
    ask: (ask, body) =>
      ask === 'world/close' ? (Promise.resolve() as never) : engine.ask(ask, body),
  };
  let stands = from;
  const shown = (printed: Printed): Printed => {
    if (printed.machine !== machine) return printed;
    // What was above may have been taken back: whatever then comes in its place stands only here.
    stands = Math.min(stands, printed.from);
    const texts = printed.texts.slice(Math.max(0, stands - printed.from));
    return { machine, from: Math.max(0, printed.from - stands), texts };
  };
  const followed = new FollowedWorld(borrowed, name, opened, hearWorld(engine, name, { shown }));
  render(<Terminal world={followed} locale={locale} machine={machine} />, place);
  return {
    lines: () => followed.screen(machine).lines,
    take: () => {
      render(null, place);
      followed.end();
    },
  };
}
