import type { Checkpoint } from './kernel.ts';

/**
 * Which checkpoints a run keeps to go back to. A seek replays what happened since the nearest one,
 * so that they stand a piece of work apart: so many events, or things recorded. There are never
 * more than the limit, nor do they hold more than so many rows that they do not share; when they
 * would, the older part is thinned out to twice the work apart. So what is kept is bounded, however
 * long the run, and what happened last is the nearest.
 */
export const CHECKPOINT_LIMIT = 512;
/** Rows that are held for going back only, as far as can be told. */
export const ROW_BUDGET = 250_000;
/** So many are kept whatever they hold. */
const LEAST = 16;
/** So many at the end are not thinned out, or half of all. */
const LATEST = 128;
/** One piece of work. */
const EVENTS = 256;
const RECORDS = 400;
/** Model figure: rows that a piece of work changes. */
const ROWS_CHANGED = 80;

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

/** Rows that checkpoints hold each for itself: those that changed since the one before, at most all. */
export function rowsHeld(checkpoints: readonly Checkpoint[]): number {
  let held = 0;
  for (let i = 1; i < checkpoints.length; i++) {
    const one = checkpoints[i]!;
    const changed = ROWS_CHANGED * workBetween(checkpoints[i - 1]!, positionOf(one));
    held += Math.min(one.rows, changed);
  }
  return held;
}

/** The checkpoints of a run, in order, and one that is later than all. */
export function withOneMore(
  checkpoints: readonly Checkpoint[],
  next: Checkpoint,
): readonly Checkpoint[] {
  const all = [...checkpoints, next];
  for (let apart = 2; isTooMuch(all); apart *= 2) thinOut(all, apart);
  return all;
}

const isTooMuch = (all: readonly Checkpoint[]): boolean =>
  all.length > CHECKPOINT_LIMIT || (all.length > LEAST && rowsHeld(all) > ROW_BUDGET);

/** Drops what is less than so much work behind the one kept before it; the first stays. */
function thinOut(all: Checkpoint[], apart: number): void {
  const late = all.length - Math.min(LATEST, all.length >> 1);
  let kept = 1;
  for (let i = 1; i < all.length; i++) {
    const [last, one] = [all[kept - 1]!, all[i]!];
    // What follows decides: the gap that would be there without this one.
    const following = all[i + 1] ?? one;
    if (i >= late || workBetween(last, positionOf(following)) > apart) all[kept++] = one;
  }
  all.length = kept;
}
