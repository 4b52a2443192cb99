import type { Journey } from '../../diagram/projection/figure-view.ts';
import { progressOf, type Presentation } from '../../diagram/presentation.ts';
import type { Traveller } from '../../diagram/travel.ts';

/** Steps looked back over for what is still on its way. */
const LOOK_BACK = 64;
/** More than this many at once is a swarm in which nothing can be followed. */
const TOGETHER = 12;

/**
 * What is on its way at a position: what the step itself sent, and what earlier ones did and has
 * not arrived.
 * @param moving false shows the step's own way as a whole instead of gliding along it
 */
export function travellersAt(
  presentation: Presentation,
  positionMs: number,
  step: number,
  journeyOf: (step: number) => Journey | undefined,
  moving: boolean,
): Traveller[] {
  const travellers: Traveller[] = [];
  const first = moving ? Math.max(0, step - LOOK_BACK) : step;
  for (let i = step; i >= first && travellers.length < TOGETHER; i--) {
    const placed = presentation.steps[i];
    if (!placed || (i !== step && placed.endMs <= positionMs)) continue;
    const journey = journeyOf(i);
    if (!journey) continue;
    const progress = moving ? progressOf(placed, positionMs) : 'shown';
    travellers.push({ id: i, journey, progress, earlier: i < step });
  }
  return travellers;
}
