import { goDurationText, parseLongDuration } from './durations.ts';
import { parseFloatNumber } from '../../go/numbers.ts';
import { isRefused } from '../../go/refused.ts';
import { castText } from '../interpolation/casts.ts';
import { printValue } from '../tree/tree.ts';
import { parseBytes } from './bytes.ts';
import type { Codec } from './codec.ts';
import { failAt } from './decode-failure.ts';

/** Codecs of single values. */
const same = (value: unknown): unknown => value;

export const text: Codec = {
  decode: (value) => (value === null ? undefined : printValue(value)),
  isZero: (value) => value === '',
  yaml: same,
};

export const flag: Codec = {
  decode: (value, at) =>
    typeof value === 'string' ? failAt(at, () => castText(value, 'boolean')) : value,
  isZero: (value) => value === false,
  yaml: same,
};

const numberCodec = (cast: 'int' | 'number'): Codec => ({
  decode: (value, at) =>
    typeof value === 'string' ? failAt(at, () => castText(value, cast)) : value,
  isZero: (value) => value === 0,
  yaml: same,
});

export const integer = numberCodec('int');
export const number = numberCodec('number');

/** `cpus` of resources: a text of a number stays none. */
export const processors: Codec = {
  ...number,
  decode: (value, at) => {
    if (typeof value !== 'string') return value;
    const read = parseFloatNumber(value);
    return isRefused(read) ? failAt(at, read.refused) : read;
  },
};

export const bytes: Codec = {
  decode: (value, at) => (typeof value === 'string' ? parseBytes(value, at) : value),
  isZero: (value) => value === 0,
  yaml: (value) => String(value),
};

export const duration: Codec = {
  decode: (value, at) => (value === null ? undefined : parseLongDuration(printValue(value), at)),
  isZero: (value) => value === 0,
  yaml: (value) => goDurationText(value as number),
};

/** `0440`: octal as a text, the number itself as a number. */
export const fileMode: Codec = {
  decode: (value, at) => {
    if (typeof value !== 'string') return value;
    if (/^[0-7]+$/.test(value)) return Number.parseInt(value, 8);
    return failAt(at, `strconv.ParseInt: parsing "${value}": invalid syntax`);
  },
  isZero: () => false,
  yaml: (value) => `0${(value as number).toString(8)}`,
};

/** A switch that is on unless it was turned off: printed only then. */
export const optOut: Codec = { ...flag, isZero: (value) => value === true };

export const deviceCount: Codec = {
  decode: (value, at) => {
    if (typeof value !== 'string') return value;
    if (value.toLowerCase() === 'all') return -1;
    if (/^-?\d+$/.test(value)) return Number(value);
    return failAt(at, `invalid value "${value}", the only value allowed is 'all' or a number`);
  },
  isZero: (value) => value === 0,
  yaml: same,
};
