import { historyOf, lookAlong, lookAt } from './looked-at.ts';
import type { HistoryAnswer, Look, PlaceTold } from './messages.ts';

/** Requests by the second, from one on, and what a timeline marks. */
export function history(look: Look & { readonly fromSecond: number }): Promise<HistoryAnswer> {
  return lookAt(look, (at) => {
    const told = historyOf(at);
    return { series: told.series(look.fromSecond), marks: told.marks };
  });
}

/**
 * The next thing that was done to an object after a time of this branch, or the one before it, as far
 * as it has been lived. Undefined when there is none.
 */
export function next(
  look: Look & { readonly object: string; readonly timeMs: number; readonly back: boolean },
): Promise<PlaceTold | undefined> {
  return lookAlong(look, function* ({ world, sight: { timeline } }) {
    const goBack = timeline?.bookmark();
    try {
      if (timeline && !look.back) yield* timeline.seeking(timeline.branch.end);
      const records = world.kernel.trace.of(look.object);
      const found = look.back
        ? records.findLast(({ timeMs }) => timeMs < look.timeMs)
        : records.find(({ timeMs }) => timeMs > look.timeMs);
      return found && { timeMs: found.timeMs, record: found.id };
    } finally {
      goBack?.();
    }
  });
}
