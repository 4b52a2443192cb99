import { createHash } from 'node:crypto';
import { filmNow } from '../../islands/engine-room/run-film.ts';
import type { FigureRun } from './opened-runs.ts';

/** The film of a figure's run as a file of the site. */
export interface PreparedFilm {
  /** Below the site's base. It names figure, language and what is in it, so it may be kept for ever. */
  readonly path: string;
  readonly json: string;
}

const HASH_DIGITS = 12;

const taken = new WeakMap<FigureRun, PreparedFilm>();

/** Takes the film of a run that the build has lived; each run's once. */
export function preparedFilm(figureRun: FigureRun): PreparedFilm {
  const known = taken.get(figureRun);
  if (known) return known;
  const { run, data } = figureRun;
  const json = JSON.stringify(filmNow(run, data.locale));
  const hash = createHash('sha256').update(json).digest('hex').slice(0, HASH_DIGITS);
  const made = { path: `films/${data.figure}.${data.locale}.${hash}.json`, json };
  taken.set(figureRun, made);
  return made;
}
