/**
 * Turns in what a page draws: in each frame one part of it shows what is new there. All panels of a
 * world hear of the same news at once, and its clock goes on meanwhile; were all of that laid out and
 * painted in the same frame, the frame would cost their sum.
 */
const waiting: (() => void)[] = [];

/**
 * Waits for a frame in which nobody else has the turn. For what comes by itself: what the reader does
 * is answered at once.
 * @returns within the frame, before it is laid out
 */
export function myTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (waiting.length === 1) requestAnimationFrame(giveTurn);
  });
}

function giveTurn(): void {
  waiting.shift()?.();
  if (waiting.length > 0) requestAnimationFrame(giveTurn);
}
