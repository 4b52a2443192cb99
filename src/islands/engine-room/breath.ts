import { fetchMissing, isMissing, toABreath } from '../../engine/sim/pieces.ts';

/** So long the engine works before it looks whether it was asked something else. */
const SLICE_MS = 16;

export interface Manner<Step> {
  /** Hears what was yielded last, at each breath. */
  readonly onBreath?: ((step: Step) => void) | undefined;
  /** Whether to leave off at a breath. */
  readonly leavesOff?: () => boolean;
}

/** Said instead of a result by what left off. */
export const LEFT_OFF = Symbol('left off');

/**
 * Does work that takes long and breathes in between, so that other questions are answered meanwhile.
 * @param work yields wherever it may be interrupted, well within a slice
 * @param onBreath hears what was yielded last
 * @throws (rejects) PieceMissing, after which the work cannot go on: see `withPieces`
 */
export async function breathe<Step, Result>(
  work: Iterator<Step, Result, undefined>,
  onBreath?: (step: Step) => void,
): Promise<Result> {
  // Whoever asked is left first: a piece that is missed is then missed in a slice of its own.
  await Promise.resolve();
  return (await inSlices(work, { onBreath })) as Result;
}

/**
 * The same at once, and as one wants it done. Without `leavesOff` it never leaves off.
 * @throws (rejects) PieceMissing, with the work undone as far as it can
 */
export async function inSlices<Step, Result>(
  work: Iterator<Step, Result, undefined>,
  { onBreath, leavesOff }: Manner<Step>,
): Promise<Result | typeof LEFT_OFF> {
  for (;;) {
    const next = nextSlice(work);
    if (next.done) return next.value;
    if (!isMissing()) onBreath?.(next.value);
    await nextBreath();
    if (leavesOff?.()) {
      work.return?.();
      return LEFT_OFF;
    }
  }
}

/** Works for a slice, or to its end. @throws PieceMissing, also when the work took it for its own fault */
function nextSlice<Step, Result>(
  work: Iterator<Step, Result, undefined>,
): IteratorResult<Step, Result> {
  const untilMs = performance.now() + SLICE_MS;
  return toABreath(() => {
    let step = work.next();
    while (!step.done && !isMissing() && performance.now() < untilMs) step = work.next();
    return step;
  });
}

/** Lets others in between two slices; where a piece was missed, until it is there. */
const nextBreath = (): Promise<void> => (isMissing() ? fetchMissing() : nextTask());

/** Lets others in, without the 4 ms that a browser's timers wait at least. */
function nextTask(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
