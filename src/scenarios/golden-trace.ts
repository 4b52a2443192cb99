import type { Playback } from './playback.ts';

/**
 * A run as text, a line for each step: what a person reviews once, and every change of the engine is
 * held against from then on.
 */
export function goldenTrace({ records }: Playback): string {
  const lines = records.map(({ timeMs, actor, verb, object, reason }) =>
    [timeMs, actor, verb, object, reason].filter((part) => part !== undefined).join('  '),
  );
  return `${lines.join('\n')}\n`;
}
