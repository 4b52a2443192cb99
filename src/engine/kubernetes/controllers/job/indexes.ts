import type { Pod } from '../../api/pod.ts';
import { JOB_COMPLETION_INDEX } from '../../api/batch.ts';

/**
 * Sets of completion indexes as ranges in order: `0-2,5`
 * (pkg/controller/job/indexed_job_utils.go, v1.36).
 */
export interface Interval {
  readonly first: number;
  readonly last: number;
}

export type Intervals = readonly Interval[];

/** -1 when a Pod has no index, or none that makes sense. */
export function completionIndexOf({ metadata }: Pod): number {
  const text = metadata.annotations?.[JOB_COMPLETION_INDEX] ?? '';
  return /^\+?\d+$/.test(text) ? Number(text) : -1;
}

/** Reads ranges below `completions`; what is not a number is passed over. */
export function parseIntervals(text: string | undefined, completions: number): Intervals {
  const intervals: Interval[] = [];
  for (const part of (text ?? '').split(',').filter((one) => one !== '')) {
    const [from = '', to = from] = part.split('-');
    if (!/^\d+$/.test(from)) continue;
    const first = Number(from);
    if (first >= completions) break;
    if (!/^\d+$/.test(to)) continue;
    const last = Math.min(Number(to), completions - 1);
    const previous = intervals.at(-1);
    if (previous?.last === first - 1) intervals[intervals.length - 1] = { ...previous, last };
    else intervals.push({ first, last });
  }
  return intervals;
}

/** `0,1,3-5`: two neighbours stand apart, three make a range. */
export function formatIntervals(intervals: Intervals): string {
  return intervals
    .map(({ first, last }) => {
      if (last === first) return String(first);
      return `${first}${last === first + 1 ? ',' : '-'}${last}`;
    })
    .join(',');
}

export const totalOf = (intervals: Intervals): number =>
  intervals.reduce((total, { first, last }) => total + last - first + 1, 0);

export const includes = (intervals: Intervals, index: number): boolean =>
  intervals.some(({ first, last }) => first <= index && index <= last);

export function mergeIntervals(one: Intervals, other: Intervals): Intervals {
  const merged: Interval[] = [];
  for (const next of [...one, ...other].sort((a, b) => a.first - b.first)) {
    const previous = merged.at(-1);
    if (!previous || next.first > previous.last + 1) merged.push(next);
    else if (previous.last < next.last)
      merged[merged.length - 1] = { ...previous, last: next.last };
  }
  return merged;
}

export function withIndexes(intervals: Intervals, indexes: Iterable<number>): Intervals {
  const added = [...new Set(indexes)].sort((a, b) => a - b);
  return mergeIntervals(
    intervals,
    added.map((index) => ({ first: index, last: index })),
  );
}

/** The first `count` indexes below `completions` that are not taken. */
export function firstFree(taken: Intervals, count: number, completions: number): number[] {
  const free: number[] = [];
  let candidate = 0;
  for (const { first, last } of [...taken, { first: completions, last: completions }]) {
    for (; candidate < Math.min(first, completions) && free.length < count; candidate++) {
      free.push(candidate);
    }
    candidate = Math.max(candidate, last + 1);
  }
  return free;
}

/** The indexes of some Pods, without those that have none. */
export const indexesOf = (pods: readonly Pod[]): number[] =>
  pods.map(completionIndexOf).filter((index) => index >= 0);
