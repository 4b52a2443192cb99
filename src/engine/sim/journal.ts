import { assert } from './assert.ts';
import type { Action, Moment } from './kernel.ts';

/**
 * All that is needed to live a run again: which engine, which seed, which world, and what people
 * did when. It is the share link, the undo stack, the bug report and the regression test.
 */
export interface Journal {
  readonly engine: string;
  readonly seed: number;
  /** Names the world at the start: a preset or a scenario. */
  readonly world: string;
  readonly entries: readonly JournalEntry[];
}

/** An action and the moment just before it. */
export interface JournalEntry {
  readonly moment: Moment;
  readonly action: Action;
}

/** Negative when `a` is earlier. Sequence decides; time only moves between events. */
export function compareMoments(a: Moment, b: Moment): number {
  return a.sequence - b.sequence || a.timeMs - b.timeMs;
}

/** The journal with one more entry, which must not lie before the last one. */
export function appendEntry(journal: Journal, entry: JournalEntry): Journal {
  const last = journal.entries.at(-1);
  assert(!last || compareMoments(last.moment, entry.moment) <= 0, 'a journal only grows forward');
  return { ...journal, entries: [...journal.entries, entry] };
}
