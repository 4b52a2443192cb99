/**
 * A run as it is read without a script: what was typed, what followed, and stills. Computed by the
 * same engine that plays it in the browser.
 */
import { drawStill } from '../../diagram/still.ts';
import type { Run } from '../../islands/engine-room/open-run.ts';

export interface RunChapter {
  readonly id: string;
  readonly command: string;
  readonly firstStep: number;
  /** Sentences on what followed, the most telling ones. */
  readonly captions: readonly string[];
  /** The moment after which nothing of this chapter happens any more. */
  readonly lastStep: number;
}

const CAPTIONS = 6;

export function chaptersOf(run: Run): RunChapter[] {
  const { chapters, records } = run.playback;
  return chapters.map(({ id, command, firstStep }, i) => {
    const end = chapters[i + 1]?.firstStep ?? records.length;
    return { id, command, firstStep, lastStep: end - 1, captions: captionsOf(run, firstStep, end) };
  });
}

/** The first record of each kind, thinned out evenly. */
function captionsOf(run: Run, first: number, end: number): string[] {
  const seen = new Set<string>();
  const captions: string[] = [];
  for (const record of run.playback.records.slice(first, end)) {
    // What was typed is the chapter's own heading.
    if (record.actor === 'developer') continue;
    const kind = `${record.actor.split('/')[0]} ${record.verb} ${record.object.split(' ')[0]}`;
    const caption = run.captionOf(record);
    if (seen.has(kind) || captions.includes(caption)) continue;
    seen.add(kind);
    captions.push(caption);
  }
  return evenly(captions, CAPTIONS);
}

/** At most `count` of a list, evenly spread, the first and the last among them. */
export function evenly<T>(all: readonly T[], count: number): T[] {
  if (all.length <= count) return [...all];
  if (count === 1) return all.slice(-1);
  return Array.from(
    { length: count },
    (_, i) => all[Math.round((i * (all.length - 1)) / (count - 1))] as T,
  );
}

const INLINE_STILLS = 3;

/** The chapters whose end stands as a still within the page: those named, else evenly chosen. */
export function inlineStills(chapters: readonly RunChapter[], named: readonly string[]): string[] {
  const telling = chapters.filter(({ firstStep, lastStep }) => lastStep >= firstStep);
  const ids = telling.map(({ id }) => id);
  return named.length > 0 ? ids.filter((id) => named.includes(id)) : evenly(ids, INLINE_STILLS);
}

/** The drawing as it stands at the end of a chapter. */
export function stillAfter(run: Run, drawing: string, chapter: RunChapter, title: string): string {
  const { lastStep } = chapter;
  return drawStill(drawing, {
    title,
    view: run.figure.viewAt(lastStep),
    journey: run.figure.journeyOf(lastStep),
  });
}
