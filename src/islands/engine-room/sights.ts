import type { Timeline } from '../../engine/sim/timeline.ts';
import type { World } from '../../engine/world.ts';

/**
 * The worlds and runs that panels may look at, by the names that their page gave them. Whoever opens
 * one shows it here; what looks at it reads, or asks in a fork, and leaves it as it was.
 */
export interface Sight {
  /** The world, taken to where the reader is now. */
  readonly world: () => World;
  /** Where its time begins for the reader. */
  readonly startMs: number;
  /** Of a world that can be acted on: its branches. */
  readonly timeline?: Timeline;
}

const sights = new Map<string, Sight>();

export function showSight(name: string, sight: Sight): void {
  sights.set(name, sight);
}

export function hideSight(name: string): void {
  sights.delete(name);
}

/** @throws when the page named a world that it did not open */
export function sightOf(name: string): Sight {
  const sight = sights.get(name);
  if (!sight) throw new Error(`nothing is shown as ${name}`);
  return sight;
}
