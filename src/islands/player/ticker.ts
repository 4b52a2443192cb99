import type { Playhead } from './playhead.ts';

/** After a pause of the page (a hidden tab) the run goes on where it was, not where it would be. */
const LONGEST_FRAME_MS = 100;

/** Lets screen time pass for a playhead as long as it moves; idle otherwise. */
export function startTicker(head: Playhead): () => void {
  let frame = 0;
  let lastMs = 0;
  const tick = (nowMs: number): void => {
    frame = 0;
    const elapsedMs = lastMs === 0 ? 0 : Math.min(LONGEST_FRAME_MS, nowMs - lastMs);
    lastMs = nowMs;
    head.tick(elapsedMs);
    wake();
  };
  const wake = (): void => {
    if (!head.moving) lastMs = 0;
    else if (!frame) frame = requestAnimationFrame(tick);
  };
  const ends = [head.playing.subscribe(wake), head.position.subscribe(wake)];
  return () => {
    for (const end of ends) end();
    cancelAnimationFrame(frame);
  };
}
