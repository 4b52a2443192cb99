import type { Signal } from '@preact/signals';
import type { AttachedFigure } from '../../diagram/attach.ts';
import type { Locale } from '../../i18n/locales.ts';
import type { PlayerWords } from '../../i18n/player.ts';
import type { Parts } from './parts.ts';
import type { Playhead } from './playhead.ts';
import type { Run } from './run.ts';

/** What can stand beside the figure. */
export type SideTab = 'inspect' | 'events' | 'requests';

/** All that the parts of one player share. */
export interface Session {
  readonly run: Run;
  readonly locale: Locale;
  readonly figureId: string;
  readonly words: PlayerWords;
  readonly parts: Parts;
  readonly head: Playhead;
  /** The node whose inspector is open. */
  readonly inspected: Signal<string | undefined>;
  /** What stands beside the figure. */
  readonly side: Signal<SideTab | undefined>;
  /** A sentence on what just happened to the player itself: a link was copied, or is broken. */
  readonly notice: Signal<string>;
  /** False until the reader has done something: what plays by itself is not read aloud. */
  readonly touched: Signal<boolean>;
  readonly still: Signal<boolean>;
  readonly attached: AttachedFigure;
  /** The reader goes to a step. @param settle glides on until what travels is in sight */
  visit(step: number, settle?: boolean): void;
  /** Opens the inspector of a node, or closes it with undefined. */
  inspect(node: string | undefined): void;
  /** Takes everything back out of the page. */
  end(): void;
}
