import type { Locale } from '../../i18n/locales.ts';
import type { Engine } from '../engine-room/connect.ts';
import type { Catalogue } from './catalogue.ts';
import type { Store } from './kept-worlds.ts';
import type { FetchExercises } from './opening.ts';

/** What the lab stands on: a page gives it its own, a test others. */
export interface LabMeans {
  readonly engine: Engine;
  readonly locale: Locale;
  readonly catalogue: Catalogue;
  readonly store: Store | undefined;
  readonly fetchExercises: FetchExercises;
  /** What is kept or solved is other than before. */
  readonly changed: () => void;
}
