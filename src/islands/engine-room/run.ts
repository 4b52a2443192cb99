import { breathe } from './breath.ts';
import { openWithBreaths, type Run } from './open-run.ts';
import { readyFor, withPieces } from './pieces.ts';
import type { Room } from './port.ts';
import { filmOf } from './run-film.ts';
import type { Film, RunData } from './run-messages.ts';
import { hideSight, showSight } from './sights.ts';
import type { Progress } from './world-messages.ts';

/** The runs of a page's figures, by the names that the page gave them. */
const runs = new Map<string, Run>();

function runNamed(name: string): Run {
  const run = runs.get(name);
  if (!run) throw new Error(`there is no run ${name}`);
  return run;
}

interface Named {
  readonly run: string;
}

export const runHandlers = {
  async 'run/open'({ run: name, data }: Named & { data: RunData }, { tell }: Room): Promise<Film> {
    await readyFor(data.scenario.preset, data.pieces);
    const told = (events: number): void =>
      tell({ about: name, kind: 'progress', body: { events } satisfies Progress });
    const run = await withPieces(() => breathe(openWithBreaths(data), told));
    const { playback } = run;
    runs.set(name, run);
    showSight(name, { world: (step = -1) => playback.worldAt(step) });
    return withPieces(() => breathe(filmOf(run, data.locale)));
  },

  'run/close'({ run }: Named): void {
    hideSight(run);
    runs.delete(run);
  },

  'run/hash': ({ run, step }: Named & { step: number }): Promise<string> =>
    withPieces(() => runNamed(run).playback.hashOf(step)),
};
