import type { Engine } from '../engine-room/connect.ts';
import type { RunData } from '../engine-room/run-messages.ts';
import type { Progress } from '../engine-room/world-messages.ts';
import { runOver, type Run } from './run.ts';

/**
 * Has the engine live a figure's scenario. @param onProgress hears how many events were lived
 * @throws (rejects) when the engine cannot be had, or fails
 */
export async function openFilm(
  engine: Engine,
  data: RunData,
  onProgress: (events: number) => void,
): Promise<Run> {
  const name = `run/${data.figure}`;
  const stop = engine.hear(name, ({ kind, body }) => {
    if (kind === 'progress') onProgress((body as Progress).events);
  });
  try {
    return runOver(engine, name, await engine.ask('run/open', { run: name, data }));
  } finally {
    stop();
  }
}
