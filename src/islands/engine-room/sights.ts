import type { Breathing } from '../../engine/sim/breath.ts';
import type { Timeline } from '../../engine/sim/timeline.ts';
import type { World } from '../../engine/world.ts';

/**
 * The worlds and runs that panels may look at, by the names that their page gave them. Whoever opens
 * one shows it here; what looks at it reads, or asks in a fork, and leaves it as it was.
 */
export interface Sight {
  /** The world, taken to where the reader is: of a run, to a step. */
  readonly world: (step?: number) => World;
  /** Of a world that can be acted on: its branches. */
  readonly timeline?: Timeline;
  /**
   * Looks while nobody else is at work in it, so that a fork or a journey through time is never seen
   * half-way; left out where nothing takes longer than one answer.
   */
  readonly look?: <T>(at: () => T) => Promise<T>;
  /** The same for what takes long: others are answered meanwhile, and who acts in it goes first. */
  readonly lookAlong?: <T>(work: () => Breathing<T>) => Promise<T>;
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
