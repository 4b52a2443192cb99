import { parseRfc3339, SECOND } from '../../../sim/clock.ts';
import type { CronJob } from '../../api/batch.ts';
import { nextTime, type Schedule } from './schedule.ts';

/**
 * Which start of a CronJob is due (pkg/controller/cronjob/utils.go `mostRecentScheduleTime`,
 * v1.36): the latest one that has passed since the last; those before it are missed for good.
 */
export interface Due {
  /** Since when starts are looked for. */
  readonly earliestMs: number;
  /** The latest start that has passed; undefined when none has. */
  readonly startMs?: number;
  /** More than a hundred starts have passed. */
  readonly tooMany: boolean;
  /** The schedule makes no sense. */
  readonly error?: string;
}

const MOST_MISSED = 100;
const TOO_CLOSE = 'time difference between two schedules is less than 1 second';

/** @param withDeadline whether starts before the starting deadline are left out */
export function dueStart(
  { spec, status, metadata }: Pick<CronJob, 'spec' | 'status' | 'metadata'>,
  schedule: Schedule,
  nowMs: number,
  withDeadline: boolean,
): Due {
  const last = parseRfc3339(status.lastScheduleTime ?? metadata.creationTimestamp) ?? nowMs;
  const { startingDeadlineSeconds } = spec;
  const deadlineMs =
    withDeadline && startingDeadlineSeconds !== undefined
      ? nowMs - startingDeadlineSeconds * SECOND
      : last;
  const earliestMs = Math.max(last, deadlineMs);
  const first = nextTime(schedule, earliestMs);
  const second = first === undefined ? undefined : nextTime(schedule, first);
  if (first === undefined || second === undefined) {
    return { earliestMs, tooMany: false, error: TOO_CLOSE };
  }
  if (nowMs < first) return { earliestMs, tooMany: false };
  if (nowMs < second) return { earliestMs, startMs: first, tooMany: false };
  const between = Math.round((second - first) / SECOND);
  const missed = Math.floor((nowMs - first) / SECOND / between) + 1;
  // Begin one interval early: a schedule need not be regular.
  let startMs: number | undefined;
  const from = first + (missed - 2) * between * SECOND;
  for (
    let next = nextTime(schedule, from);
    next !== undefined && next <= nowMs;
    next = nextTime(schedule, next)
  ) {
    startMs = next;
  }
  const tooMany = missed > MOST_MISSED;
  return { earliestMs, tooMany, ...(startMs !== undefined && { startMs }) };
}

/** A look comes so much after a start, for clocks that differ (`nextScheduleDelta`). */
const MARGIN_MS = 100;

/** Milliseconds until the next start must be looked at. */
export function nextLookInMs(cronJob: CronJob, schedule: Schedule, nowMs: number): number {
  const { earliestMs, startMs, error } = dueStart(cronJob, schedule, nowMs, false);
  const base = error === undefined ? (startMs ?? earliestMs) : nowMs;
  const next = nextTime(schedule, base) ?? nowMs;
  return Math.max(0, next + MARGIN_MS - nowMs);
}
