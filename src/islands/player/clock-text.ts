import { fill } from '../../i18n/strings.ts';
import type { PlayerWords } from '../../i18n/player.ts';

const two = (value: number): string => String(value).padStart(2, '0');

/** `00:01:23.4`: hours, minutes, seconds and tenths, cut and not rounded. */
export function clockText(elapsedMs: number): string {
  const tenths = Math.floor(Math.max(0, elapsedMs) / 100);
  const seconds = Math.floor(tenths / 10);
  const minutes = Math.floor(seconds / 60);
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(seconds % 60)}.${tenths % 10}`;
}

/** Less than this goes by unnoticed. */
const WORTH_TELLING_MS = 1000;

/** `+12 s skipped`, or nothing when hardly any time was left out. */
export function skippedText(skippedMs: number, words: PlayerWords): string {
  if (skippedMs < WORTH_TELLING_MS) return '';
  const seconds = Math.round(skippedMs / 1000);
  const time =
    seconds < 60
      ? fill(words.seconds, { count: seconds })
      : fill(words.minutes, { count: Math.floor(seconds / 60), seconds: seconds % 60 });
  return fill(words.skipped, { time });
}
