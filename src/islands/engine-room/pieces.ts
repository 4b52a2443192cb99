import { findPreset } from '../../engine/presets.ts';
import { fetchMissing, fetchPieces, PieceMissing, whole } from '../../engine/sim/pieces.ts';

/**
 * The engine comes to a page by pieces (`engine/sim/pieces.ts`). Who lives a world here has those
 * fetched that are known to be needed, and catches up on the others when they are missed.
 */
const CLUSTER = ['kubernetes', 'images/kubernetes', 'kubectl'];
const SWARM = ['swarm', 'swarm/cli', 'docker/spec'];

/** What every world of a preset needs. */
function piecesOf(preset: string): readonly string[] {
  const machines = findPreset(preset)?.machines ?? [];
  return [
    ...(machines.some(({ node }) => node) ? CLUSTER : []),
    ...(preset.startsWith('swarm') ? SWARM : []),
  ];
}

/**
 * Fetches what a world of a preset is known to need; to be awaited before it is made.
 * @param pieces what the build saw it use, if somebody knows
 */
export async function readyFor(preset: string, pieces: readonly string[] = []): Promise<void> {
  // To say which machines a world has takes code that may be missing as well: of large ones it does.
  const own = await withPieces(() => piecesOf(preset));
  await fetchPieces([...own, ...pieces]);
}

/** What is used at a prompt sooner or later, though not by every world. */
const AT_PROMPTS: readonly string[] = ['warm/shared', 'warm/hosts', 'warm/docker'];

/** Fetches, while a world is looked at, what its prompts are likely to need. */
export function prepareFor(preset: string): void {
  const own = piecesOf(preset).includes('kubectl') ? ['warm/kubernetes'] : [];
  // What does not come now is fetched when it is missed.
  fetchPieces([...AT_PROMPTS, ...own]).catch(() => undefined);
}

/**
 * Does something anew until no piece is missing any more.
 * @param live makes its world itself, or leaves all as it was when it throws or rejects
 */
export async function withPieces<T>(live: () => T | Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await whole(live);
    } catch (fault) {
      if (!(fault instanceof PieceMissing)) throw fault;
      await fetchMissing();
    }
  }
}
