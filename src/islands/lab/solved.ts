import type { Store } from './kept-worlds.ts';

const KEY = 'drydock:solved';

/** The ids of the challenges that were solved in this browser. */
export function solvedChallenges(store: Store | undefined): readonly string[] {
  try {
    const data: unknown = JSON.parse(store?.getItem(KEY) ?? '[]');
    return Array.isArray(data) ? data.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}

export function noteSolved(store: Store | undefined, id: string): void {
  try {
    const all = new Set([...solvedChallenges(store), id]);
    store?.setItem(KEY, JSON.stringify([...all]));
  } catch {
    // It is solved all the same; this browser will not remember it.
  }
}
