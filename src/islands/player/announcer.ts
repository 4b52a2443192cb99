/**
 * Speaks through a live region without flooding it: while the run plays, at most one sentence in
 * four seconds; when the reader steps, the last of a quick succession.
 */
export interface Announcer {
  /** @param steady true while the run plays by itself */
  say(text: string, steady: boolean): void;
  stop(): void;
}

const STEADY_MS = 4000;
const SETTLE_MS = 200;

export function createAnnouncer(region: HTMLElement): Announcer {
  let timer = 0;
  let lastMs = -Infinity;
  let waiting = '';
  const speak = (): void => {
    timer = 0;
    lastMs = performance.now();
    if (region.textContent !== waiting) region.textContent = waiting;
  };
  return {
    say(text, steady) {
      if (text === waiting) return;
      waiting = text;
      if (steady) {
        // What is due already speaks the newest text when its time comes.
        if (timer) return;
        timer = window.setTimeout(speak, Math.max(0, lastMs + STEADY_MS - performance.now()));
        return;
      }
      clearTimeout(timer);
      timer = window.setTimeout(speak, SETTLE_MS);
    },
    stop: () => clearTimeout(timer),
  };
}
