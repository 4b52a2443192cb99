import { isStep } from '../../diagram/captions.ts';
import { playWithBreaths } from '../../scenarios/play.ts';
import type { Playback } from '../../scenarios/playback.ts';
import { breathe } from './breath.ts';
import { readyFor, withPieces } from './pieces.ts';
import type { Room } from './port.ts';
import type { Film, RunData } from './run-messages.ts';
import { hideSight, showSight } from './sights.ts';
import type { Progress } from './world-messages.ts';

interface Lived {
  readonly data: RunData;
  readonly playback: Playback;
}

/** The runs of a page's figures, by the names that the page gave them. */
const runs = new Map<string, Lived>();

function runNamed(name: string): Lived {
  const run = runs.get(name);
  if (!run) throw new Error(`there is no run ${name}`);
  return run;
}

interface Named {
  readonly run: string;
}

export const runHandlers = {
  /** Lives a run; what is asked about it afterwards is answered. */
  async 'run/open'({ run: name, data }: Named & { data: RunData }, { tell }: Room): Promise<void> {
    await readyFor(data.scenario.preset, data.pieces);
    const told = (events: number): void =>
      tell({ about: name, kind: 'progress', body: { events } satisfies Progress });
    const playback = await withPieces(() => breathe(playWithBreaths(data.scenario, isStep), told));
    runs.set(name, { data, playback });
    showSight(name, { world: (step = -1) => playback.worldAt(step) });
  },

  /** Where a page has no film of it. The code that takes one comes when it is asked for. */
  async 'run/film'({ run }: Named): Promise<Film> {
    const { data, playback } = runNamed(run);
    const { filmOfFigure } = await import('./run-film.ts');
    return withPieces(() => breathe(filmOfFigure(data, playback)));
  },

  'run/close'({ run }: Named): void {
    hideSight(run);
    runs.delete(run);
  },

  'run/hash': ({ run, step }: Named & { step: number }): Promise<string> =>
    withPieces(() => runNamed(run).playback.hashOf(step)),
};
