import type { ReadonlySignal, Signal } from '@preact/signals';
import type { Locale } from '../../i18n/locales.ts';
import type { Engine } from '../engine-room/connect.ts';
import type { ObjectRef } from '../engine-room/panels/messages.ts';
import type { WorldState } from '../engine-room/world-messages.ts';

export type { ObjectRef };

/** How what is looked at stands: of a world its state, of a figure's run the step that is shown. */
export interface Standing extends Pick<
  WorldState,
  'moment' | 'startMs' | 'end' | 'branch' | 'branches'
> {
  /** Of a figure's run. */
  readonly step?: number;
}

/** A time of this branch; where several records share it, the one that is meant. */
export interface Place {
  readonly timeMs: number;
  readonly record?: number;
}

/** What all panels of one world share: what is looked at, where time is, and what is selected. */
export interface Looking {
  readonly engine: Engine;
  /** The page's name of the world or run; the engine room knows it by `showSight`. */
  readonly world: string;
  readonly locale: Locale;
  readonly state: ReadonlySignal<Standing>;
  /** Panels set it and follow it. */
  readonly selected: Signal<ObjectRef | undefined>;
  readonly go: (place: Place) => void;
  /** Left out where there are no branches, as in a figure. */
  readonly switchTo?: (branch: number) => void;
}
