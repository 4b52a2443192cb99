import type { CDPSession } from '@playwright/test';

/**
 * What a page's main thread does, as the browser's own trace tells it: each task, and where frames
 * begin. Counted is the processor's time of the thread, so others on the machine count for nothing.
 */
interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
  /** Of which the thread had the processor: what others on the machine do counts for nothing. */
  readonly tdur?: number;
  readonly pid: number;
  readonly tid: number;
  readonly args?: { readonly name?: string };
}

export interface Work {
  /** Of each frame, in ms: the task in which it is drawn, and all until that of the next. */
  readonly frames: readonly number[];
  /** The same of the frames only in which the page set a mark. */
  marked(mark: string): readonly number[];
  /** The longest task, in ms. */
  readonly longestMs: number;
  /** What was done from one mark of the page to another; undefined when one was not set. */
  between(first: string, last: string): Between | undefined;
}

export interface Between {
  /** By the main thread in each frame, the task of the mark before the first, in ms. */
  readonly frames: readonly number[];
  /** By the page's workers, in ms. */
  readonly workersMs: number;
}

const CATEGORIES = [
  'devtools.timeline',
  'disabled-by-default-devtools.timeline',
  'blink.user_timing',
];
const TASK = 'RunTask';
const FRAME = 'AnimationFrame';

const isFrame = ({ name, ph }: TraceEvent): boolean => name === FRAME && ph === 'b';

/**
 * Has something happen, and tells what the page's main thread had to do meanwhile.
 * @param session the browser's, as traces are its own
 */
export async function workDuring(session: CDPSession, happen: () => Promise<void>): Promise<Work> {
  const events: TraceEvent[] = [];
  const collect = ({ value }: { value: readonly object[] }): void => {
    for (const event of value) events.push(event as TraceEvent);
  };
  session.on('Tracing.dataCollected', collect);
  const ended = new Promise<void>((resolve) => {
    session.once('Tracing.tracingComplete', () => resolve());
  });
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: CATEGORIES },
  });
  await happen();
  await session.send('Tracing.end');
  await ended;
  session.off('Tracing.dataCollected', collect);
  return workOf(events);
}

function workOf(events: readonly TraceEvent[]): Work {
  const main = mainThread(events);
  const mine = events.filter((event) => threadOf(event) === main);
  const tasks = mine
    .filter(({ name, ph }) => ph === 'X' && name === TASK)
    .sort((a, b) => a.ts - b.ts);
  // A frame may be announced while the task before is not quite over; drawn it is in the task in which
  // it ends, and that one's begin is the frame's.
  const ends = mine.filter(({ name, ph }) => name === FRAME && ph === 'e').map(({ ts }) => ts);
  const begins = tasks
    .filter(({ ts, dur = 0 }) => ends.some((end) => end >= ts && end < ts + dur))
    .map(({ ts }) => ts);
  const frames = begins.slice(0, -1).map(() => 0);
  let longest = 0;
  for (const { ts, dur = 0, tdur = dur } of tasks) {
    longest = Math.max(longest, tdur);
    const frame = begins.findLastIndex((begin) => begin <= ts);
    if (frame >= 0 && frame < frames.length) frames[frame]! += tdur / 1000;
  }
  const marked = (mark: string): readonly number[] => {
    const set = mine.filter(({ name }) => name === mark);
    return frames.filter((_, frame) =>
      set.some(({ ts }) => ts >= begins[frame]! && ts < begins[frame + 1]!),
    );
  };
  return {
    frames,
    marked,
    longestMs: longest / 1000,
    between: (first, last) => betweenMarks(events, first, last),
  };
}

/** The task in which the first mark was set counts whole, so does that of the last. */
function betweenMarks(
  events: readonly TraceEvent[],
  first: string,
  last: string,
): Between | undefined {
  const from = events.find(({ name }) => name === first);
  const to = events.find(({ name }) => name === last);
  if (!from || !to) return undefined;
  const workers = new Set(
    events
      .filter(({ name, args }) => name === 'thread_name' && /worker/i.test(args?.name ?? ''))
      .map(threadOf),
  );
  const begins = events.filter(
    (event) =>
      isFrame(event) &&
      threadOf(event) === threadOf(from) &&
      event.ts > from.ts &&
      event.ts < to.ts,
  );
  const frames = [0, ...begins.map(() => 0)];
  let others = 0;
  for (const event of events) {
    const { name, ph, pid, ts, dur = 0, tdur = dur } = event;
    if (ph !== 'X' || name !== TASK || ts + dur < from.ts || ts > to.ts) continue;
    if (threadOf(event) === threadOf(from)) {
      frames[begins.filter((begin) => begin.ts < ts + dur).length]! += tdur / 1000;
    } else if (pid === from.pid && workers.has(threadOf(event))) others += tdur;
  }
  return { frames, workersMs: others / 1000 };
}

const threadOf = ({ pid, tid }: TraceEvent): string => `${pid} ${tid}`;

/** Of the renderers' main threads the one that drew most frames: there may be a spare one. */
function mainThread(events: readonly TraceEvent[]): string | undefined {
  const counts = new Map<string, number>();
  for (const event of events) {
    if (!isFrame(event)) continue;
    counts.set(threadOf(event), (counts.get(threadOf(event)) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

/** The value below which a share of all values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
