import type { Checkpoint } from './kernel.ts';

/**
 * Which checkpoints a run keeps to go back to. A seek replays what happened since the nearest one,
 * so that they stand a piece of work apart: so many events, or things recorded. There are never
 * more than the limit; when there would be, the older part is thinned out to twice the work apart.
 * So what is kept is bounded, however long the run, and what happened last is the nearest.
 */
export const CHECKPOINT_LIMIT = 512;
/** So many at the end are not thinned out. */
const LATEST = 128;
/** One piece of work. */
const EVENTS = 256;
const RECORDS = 400;

interface Position {
  readonly sequence: number;
  readonly records: number;
}

/** Pieces of work that were done between a checkpoint and a later moment. */
export function workBetween({ moment, records }: Checkpoint, later: Position): number {
  return Math.max((later.sequence - moment.sequence) / EVENTS, (later.records - records) / RECORDS);
}

const positionOf = ({ moment, records }: Checkpoint): Position => ({
  sequence: moment.sequence,
  records,
});

/** The checkpoints of a run, in order, and one that is later than all. */
export function withOneMore(
  checkpoints: readonly Checkpoint[],
  next: Checkpoint,
): readonly Checkpoint[] {
  const all = [...checkpoints, next];
  for (let apart = 2; all.length > CHECKPOINT_LIMIT; apart *= 2) thinOut(all, apart);
  return all;
}

/** Drops what is less than so much work behind the one kept before it; the first stays. */
function thinOut(all: Checkpoint[], apart: number): void {
  let kept = 1;
  for (let i = 1; i < all.length; i++) {
    const [last, one] = [all[kept - 1]!, all[i]!];
    // What follows decides: the gap that would be there without this one.
    const following = all[i + 1] ?? one;
    const isLate = i >= all.length - LATEST;
    if (isLate || workBetween(last, positionOf(following)) > apart) all[kept++] = one;
  }
  all.length = kept;
}
