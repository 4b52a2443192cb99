import { parseFloatNumber } from '../go/numbers.ts';
import { isRefused, refuse, type Refused } from '../go/refused.ts';

/** docker/go-units v0.5 `duration.go`: how long ago, in one rounded unit. */
export function humanDuration(durationMs: number): string {
  const seconds = Math.trunc(durationMs / 1000);
  if (seconds < 1) return 'Less than a second';
  if (seconds === 1) return '1 second';
  if (seconds < 60) return `${seconds} seconds`;
  const minutes = Math.trunc(seconds / 60);
  if (minutes === 1) return 'About a minute';
  if (minutes < 60) return `${minutes} minutes`;
  const hours = Math.floor(durationMs / 3_600_000 + 0.5);
  if (hours === 1) return 'About an hour';
  if (hours < 48) return `${hours} hours`;
  if (hours < 24 * 7 * 2) return `${Math.floor(hours / 24)} days`;
  if (hours < 24 * 30 * 2) return `${Math.floor(hours / 24 / 7)} weeks`;
  if (hours < 24 * 365 * 2) return `${Math.floor(hours / 24 / 30)} months`;
  return `${Math.floor(Math.trunc(durationMs / 3_600_000) / 24 / 365)} years`;
}

const DECIMAL = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB'];
const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB', 'ZiB', 'YiB'];

function scaled(bytes: number, base: number, names: readonly string[], digits: number): string {
  let value = bytes;
  let at = 0;
  while (value >= base && at < names.length - 1) {
    value /= base;
    at += 1;
  }
  return `${significant(value, digits)}${names[at] ?? ''}`;
}

/** C's `%.{digits}g`: so many digits that count, no zeros behind them, `1.049e+06` beyond. */
export function significant(value: number, digits: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const [mantissa = '', exponent = '0'] = value.toExponential(digits - 1).split('e');
  const power = Number(exponent);
  if (power >= -4 && power < digits) return String(Number(value.toPrecision(digits)));
  const size = String(Math.abs(power)).padStart(2, '0');
  return `${String(Number(mantissa))}e${power < 0 ? '-' : '+'}${size}`;
}

/** go-units `HumanSizeWithPrecision`: three digits that count in tables, four elsewhere. */
export const humanSize = (bytes: number, digits = 3): string =>
  scaled(bytes, 1000, DECIMAL, digits);

/** go-units `BytesSize`: `1.5GiB`. */
export const bytesSize = (bytes: number): string => scaled(bytes, 1024, BINARY, 4);

const POWERS = 'kmgtp';

/** go-units `parseSize`: a number, at most one blank and a unit in any case; fractions cut off. */
function parseSize(text: string, base: number): number | Refused {
  const last = /^[\s\S]*[0-9. ]/.exec(text)?.[0].length ?? 0;
  if (last === 0) return refuse(`invalid size: '${text}'`);
  const size = parseFloatNumber(
    text[last - 1] === ' ' ? text.slice(0, last - 1) : text.slice(0, last),
  );
  if (isRefused(size)) return size;
  if (size < 0) return refuse(`invalid size: '${text}'`);
  const unit = text.slice(last);
  const suffix = unit.length > 3 ? unit : unit.toLowerCase();
  // `-0` is no other number than 0.
  if (suffix === '' || suffix === 'b') return Math.trunc(size) + 0;
  const power = unit.length > 3 ? -1 : POWERS.indexOf(suffix[0] ?? '');
  if (power === -1 || !['', 'b', 'ib'].includes(suffix.slice(1))) {
    return refuse(`invalid suffix: '${suffix}'`);
  }
  let factor = base;
  for (let at = 0; at < power; at++) factor *= base;
  return Math.trunc(size * factor) + 0;
}

/** Bytes of `10MB`: thousands. */
export const fromHumanSize = (text: string): number | Refused => parseSize(text, 1000);

/** Bytes of `512m`, as memory is told: 1024s. */
export const ramInBytes = (text: string): number | Refused => parseSize(text, 1024);

/** East Asian wide and full-width letters, and pictures: two columns (Unicode 16 UAX 11). */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

const columnsOf = (char: string): number => (/\p{M}/u.test(char) ? 0 : WIDE.test(char) ? 2 : 1);

export const displayWidth = (text: string): number =>
  [...text].reduce((sum, char) => sum + columnsOf(char), 0);

/**
 * At most so many columns, an ellipsis for what is left out (docker/cli v29.7
 * `cli/command/formatter/displayutils.go`).
 */
export function ellipsis(text: string, width: number): string {
  if (width <= 0) return '';
  const chars = [...text];
  if (width === 1) return chars[0] ?? '';
  const ends: number[] = [];
  for (const char of chars) ends.push((ends.at(-1) ?? 0) + columnsOf(char));
  if ((ends.at(-1) ?? 0) <= width) return text;
  // A wide letter that no room is left for keeps the text whole, as upstream has it.
  const last = ends.findIndex((end, at) => end <= width - 1 && (ends[at + 1] ?? 0) > width - 1);
  return last === -1 ? text : `${chars.slice(0, last + 1).join('')}…`;
}

/** Twelve letters of an id or digest. */
export const shortId = (id: string): string => id.replace(/^[^:]*:/, '').slice(0, 12);
