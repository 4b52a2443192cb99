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

/** What a reader may find in a link or a file: the journal, or why it is not one. */
export type ParsedJournal =
  | { readonly ok: true; readonly journal: Journal }
  | { readonly ok: false; readonly problem: 'not-a-journal' | 'too-long' };

export const JOURNAL_LIMIT = 10_000;

/** Checks data from outside. Never throws. */
export function parseJournal(data: unknown): ParsedJournal {
  if (!isRecord(data)) return { ok: false, problem: 'not-a-journal' };
  const { engine, seed, world, entries } = data;
  const head = typeof engine === 'string' && typeof world === 'string' && isCount(seed);
  if (!head || !Array.isArray(entries)) return { ok: false, problem: 'not-a-journal' };
  if (entries.length > JOURNAL_LIMIT) return { ok: false, problem: 'too-long' };
  let last: Moment = { timeMs: 0, sequence: 0 };
  for (const entry of entries as unknown[]) {
    if (!isEntry(entry) || compareMoments(last, entry.moment) > 0) {
      return { ok: false, problem: 'not-a-journal' };
    }
    last = entry.moment;
  }
  return { ok: true, journal: { engine, seed, world, entries: entries as JournalEntry[] } };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0;

function isEntry(value: unknown): value is JournalEntry {
  if (!isRecord(value) || !isRecord(value.moment) || !isRecord(value.action)) return false;
  const { timeMs, sequence } = value.moment;
  return isCount(timeMs) && isCount(sequence) && typeof value.action.type === 'string';
}
