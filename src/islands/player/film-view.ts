import type { FigureView, NodeView } from '../../diagram/projection/figure-view.ts';
import type { Film, NodeChange } from '../engine-room/run-messages.ts';

/**
 * What a figure shows at a step of a film. It costs the same wherever the step is and however long
 * the film: of each node the last change is looked up.
 */
export function viewAt({ nodes, steps }: Film, step: number): FigureView {
  const shown: Record<string, NodeView> = {};
  for (const [node, changes] of Object.entries(nodes)) {
    const change = changes[lastUpTo(changes, step)];
    if (change) shown[node] = change[1];
  }
  const acting = steps[step]?.acting;
  return acting === undefined ? { nodes: shown } : { nodes: shown, acting };
}

/** The index of the last change at or before a step; -1 when there is none. */
function lastUpTo(changes: readonly NodeChange[], step: number): number {
  let from = 0;
  let to = changes.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (changes[middle]![0] <= step) from = middle + 1;
    else to = middle;
  }
  return from - 1;
}
