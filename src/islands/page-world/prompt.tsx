import { render } from 'preact';
import type { Locale } from '../../i18n/locales.ts';
import type { Engine } from '../engine-room/connect.ts';
import type {
  OpenedWorld,
  Printed,
  Progress,
  Said,
  WorldState,
} from '../engine-room/world-messages.ts';
import { FollowedWorld } from '../terminal/followed-world.ts';
import { Screen } from '../terminal/screen.ts';
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

const NOBODY_HEARS: (news: WorldState | number) => void = () => undefined;

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
  // What was above may have been taken back: whatever then comes in its place stands only here.
  const hiddenTexts = (kept: number): number => (stands = Math.min(stands, kept));
  const hearing = {
    screens: new Map([[machine, new Screen()]]),
    onState: NOBODY_HEARS as (state: WorldState) => void,
    onReached: NOBODY_HEARS as (timeMs: number) => void,
    end: engine.hear(name, ({ kind, body }) => {
      if (kind === 'state') hearing.onState(body as WorldState);
      const { timeMs } = body as Progress;
      if (kind === 'progress' && timeMs !== undefined) hearing.onReached(timeMs);
      if (kind === 'said') followed.screen((body as Said).machine).say(body as Said);
      if (kind !== 'printed') return;
      const printed = body as Printed;
      const hidden = printed.machine === machine ? hiddenTexts(printed.from) : 0;
      const texts = printed.texts.slice(Math.max(0, hidden - printed.from));
      followed.screen(printed.machine).show(Math.max(0, printed.from - hidden), texts);
    }),
  };
  const followed = new FollowedWorld(borrowed, name, opened, hearing);
  render(<Terminal world={followed} locale={locale} machine={machine} />, place);
  return {
    lines: () => followed.screen(machine).lines,
    take: () => {
      render(null, place);
      followed.end();
    },
  };
}
