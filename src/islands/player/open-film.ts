import type { Film, RunData } from '../engine-room/run-messages.ts';

/**
 * The film that the build took of a figure's run. @returns undefined where there is none: while pages are
 * written, in a page opened from a file, and when it could not be fetched
 */
export async function fetchFilm({ film }: RunData): Promise<Film | undefined> {
  // From a file nothing can be fetched, and the browser would complain.
  if (film === undefined || location.protocol === 'file:') return undefined;
  try {
    const response = await fetch(film);
    return response.ok ? ((await response.json()) as Film) : undefined;
  } catch {
    return undefined;
  }
}
