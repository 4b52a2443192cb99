import { goQuote } from '../../go/quote.ts';
import { failAt } from './decode-failure.ts';

/** Durations with days and weeks (xhit/go-str2duration v2.1.0), in nanoseconds. */
const UNITS: Readonly<Record<string, number>> = {
  w: 604_800e9,
  d: 86_400e9,
  h: 3_600e9,
  m: 60e9,
  s: 1e9,
  ms: 1e6,
  us: 1e3,
  µs: 1e3,
  ns: 1,
};

export function parseLongDuration(text: string, at: string): number {
  if (text === '0') return 0;
  const whole = /^([-+]?)((?:\d+(?:\.\d*)?|\.\d+)(?:w|d|h|ms|us|µs|ns|m|s))+$/.exec(text);
  if (!whole) return failAt(at, `time: invalid duration ${goQuote(text)}`);
  let total = 0;
  for (const [, size, unit] of text.matchAll(/(\d+(?:\.\d*)?|\.\d+)([a-zµ]+)/g)) {
    total += Math.round(Number(size) * (UNITS[unit ?? ''] ?? 0));
  }
  return text.startsWith('-') ? -total : total;
}

const SMALL = [
  ['ns', 1],
  ['µs', 1e3],
  ['ms', 1e6],
] as const;

/** A duration as Go prints it: `1m30s`, `500ms`, `0s` (`time.Duration.String`). */
export function goDurationText(nanoseconds: number): string {
  if (nanoseconds === 0) return '0s';
  const sign = nanoseconds < 0 ? '-' : '';
  const size = Math.abs(nanoseconds);
  if (size < 1e9) {
    const [unit, scale] = size < 1e3 ? SMALL[0] : size < 1e6 ? SMALL[1] : SMALL[2];
    return `${sign}${size / scale}${unit}`;
  }
  const hours = Math.floor(size / 3_600e9);
  const minutes = Math.floor((size % 3_600e9) / 60e9);
  const seconds = `${decimal(size % 60e9)}s`;
  if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${sign}${minutes}m${seconds}` : `${sign}${seconds}`;
}

function decimal(nanoseconds: number): string {
  const whole = Math.floor(nanoseconds / 1e9);
  const fraction = String(nanoseconds % 1e9)
    .padStart(9, '0')
    .replace(/0+$/, '');
  return fraction === '' ? String(whole) : `${whole}.${fraction}`;
}
