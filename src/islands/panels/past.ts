import { useComputed } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type {
  HistoryAnswer,
  LoadSecond,
  LoadSeries,
  Mark,
} from '../engine-room/panels/messages.ts';
import { lookOf, useTaken } from './asking.ts';
import type { Looking } from './looking.ts';

/** What was told of this branch so far; each answer brings what came since the one before. */
export interface Past {
  readonly series: readonly LoadSeries[];
  readonly marks: readonly Mark[];
}

/** The last second may still have been going on when it was told. */
const AGAIN_S = 2;

/** Requests by the second and marks of the branch that is looked at. */
export function usePast(looking: Looking): Past {
  const branch = useComputed(() => looking.state.value.branch).value;
  const known = useRef<{ branch: number; gatherer: Gatherer }>(undefined);
  if (known.current?.branch !== branch) known.current = { branch, gatherer: new Gatherer() };
  const { gatherer } = known.current;
  const { answer } = useTaken(
    looking,
    async () => {
      const fromSecond = gatherer.last - AGAIN_S;
      const told = await looking.engine.ask('panels/history', { ...lookOf(looking), fromSecond });
      return { told, fromSecond };
    },
    (taken) => gatherer.take(taken),
    String(branch),
  );
  return answer.value ?? gatherer.past;
}

interface TakenHistory {
  readonly told: HistoryAnswer;
  /** From which second on it tells. */
  readonly fromSecond: number;
}

export class Gatherer {
  past: Past = { series: [], marks: [] };
  last = 0;

  /** @returns the same as before where nothing came to it */
  take({ told: { series, marks }, fromSecond: from }: TakenHistory): Past {
    const isQuiet = series.length === 0 && this.past.series.length === 0;
    if (isQuiet && JSON.stringify(marks) === JSON.stringify(this.past.marks)) return this.past;
    const all = series.map(({ name, seconds }) => {
      const before = this.past.series.find((one) => one.name === name)?.seconds ?? [];
      const kept = before.filter(({ second }) => second < from);
      return { name, seconds: [...kept, ...seconds] };
    });
    this.past = { series: all, marks };
    this.last = Math.max(0, ...all.map(({ seconds }) => seconds.at(-1)?.second ?? 0));
    return this.past;
  }
}

/** A stretch of time in a chart. */
export interface Bin {
  readonly fromMs: number;
  readonly toMs: number;
  /** Per second. */
  readonly served: number;
  readonly failed: number;
  readonly latencyMs: number | undefined;
}

/** Whole seconds that a bin may last. */
const BIN_SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];

/** Seconds gathered into at most `most` bins of the same length, from one time to another. */
export function binned(
  seconds: readonly LoadSecond[],
  fromMs: number,
  toMs: number,
  most: number,
): Bin[] {
  const wanted = Math.max(1, (toMs - fromMs) / 1000 / most);
  const length = BIN_SECONDS.find((one) => one >= wanted) ?? Math.ceil(wanted);
  const first = Math.floor(fromMs / 1000 / length);
  const count = Math.max(1, Math.ceil(toMs / 1000 / length) - first);
  const sums = Array.from({ length: count }, () => ({
    served: 0,
    failed: 0,
    latency: 0,
    timed: 0,
  }));
  for (const { second, served, failed, latencyMs } of seconds) {
    const sum = sums[Math.floor(second / length) - first];
    if (!sum) continue;
    sum.served += served;
    sum.failed += failed;
    if (latencyMs === undefined) continue;
    sum.latency += latencyMs * served;
    sum.timed += served;
  }
  return sums.map(({ served, failed, latency, timed }, at) => ({
    fromMs: (first + at) * length * 1000,
    toMs: (first + at + 1) * length * 1000,
    served: served / length,
    failed: failed / length,
    latencyMs: timed > 0 ? latency / timed : undefined,
  }));
}
