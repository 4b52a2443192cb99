/**
 * Work for the players of a page, one after the other, since one engine does it: first for the one
 * that the reader waits for, then for those in sight, then for those nearest to it.
 */
interface Waiting {
  readonly root: Element;
  readonly isUrgent: () => boolean;
  readonly work: () => Promise<void>;
}

const waiting: Waiting[] = [];
let working = false;

/** Does `work` when it is its turn. @returns what takes it out of the row, if it has not begun */
export function inTurn(root: Element, isUrgent: () => boolean, work: () => Promise<void>) {
  const one = { root, isUrgent, work };
  waiting.push(one);
  // All players of the page come before the first is chosen.
  queueMicrotask(() => void goOn());
  return (): void => {
    const at = waiting.indexOf(one);
    if (at >= 0) waiting.splice(at, 1);
  };
}

async function goOn(): Promise<void> {
  if (working) return;
  working = true;
  while (waiting.length > 0) {
    const next = waiting.reduce((first, other) => (rank(other) < rank(first) ? other : first));
    waiting.splice(waiting.indexOf(next), 1);
    await next.work();
  }
  working = false;
}

function rank({ root, isUrgent }: Waiting): number {
  if (isUrgent()) return -1;
  const { top, bottom } = (root.closest('figure') ?? root).getBoundingClientRect();
  return Math.max(0, top - innerHeight, -bottom);
}
