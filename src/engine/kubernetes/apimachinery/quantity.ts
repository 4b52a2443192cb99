/**
 * Quantities: `100m`, `1.5`, `128Mi`, `2G`, `1e3`
 * (staging/src/k8s.io/apimachinery/pkg/api/resource/{quantity,suffix,amount}.go, v1.36).
 *
 * Simplified: a text of more than 1,000 characters or an exponent beyond ±1000 is refused, where
 * upstream goes on for as long as memory lasts.
 */
export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent';

/** unscaled * 10^-scale, exactly, and how it is written. */
export interface Quantity {
  readonly unscaled: bigint;
  readonly scale: number;
  readonly format: QuantityFormat;
}

/** What is wrong with a text that is no quantity. */
export interface QuantityError {
  readonly error: string;
}

const WRONG_FORMAT =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const WRONG_NUMBER = 'unable to parse numeric part of quantity';
const WRONG_SUFFIX = "unable to parse quantity's suffix";

const TEXT_LIMIT = 1000;
const EXPONENT_LIMIT = 1000;

/** Nothing is finer than a billionth; what is, is rounded away from zero. */
const FINEST_SCALE = 9;

/** In powers of two, what is larger than a 64-bit integer counts as the largest one. */
const LARGEST = 2n ** 63n - 1n;

const DECIMAL: Readonly<Record<string, number>> = {
  ...{ n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 },
};
const BINARY: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };

const DECIMAL_BY_EXPONENT = new Map(Object.entries(DECIMAL).map(([suffix, by]) => [by, suffix]));
const BINARY_BY_EXPONENT = new Map(Object.entries(BINARY).map(([suffix, by]) => [by, suffix]));

/** sign, digits before and after the point, suffix: what upstream's scanner takes apart. */
const PARTS = /^([+-]?)(\d*)(?:(\.)(\d*))?([eEinumkKMGTP]*[-+]?\d*)$/;
const EXPONENT = /^[eE]([+-]?\d+)$/;

interface Scale {
  readonly format: QuantityFormat;
  readonly exponent: number;
}

function scaleOf(suffix: string): Scale | undefined {
  const decimal = DECIMAL[suffix];
  if (decimal !== undefined) return { format: 'DecimalSI', exponent: decimal };
  const binary = BINARY[suffix];
  if (binary !== undefined) return { format: 'BinarySI', exponent: binary };
  const match = EXPONENT.exec(suffix);
  if (!match) return undefined;
  const exponent = Number(match[1]);
  if (exponent > EXPONENT_LIMIT || exponent < -EXPONENT_LIMIT) return undefined;
  return { format: 'DecimalExponent', exponent };
}

/** Reads a quantity, or says what is wrong with it in the server's words. */
export function readQuantity(text: string): Quantity | QuantityError {
  if (text === '' || text.length > TEXT_LIMIT) return { error: WRONG_FORMAT };
  const match = PARTS.exec(text);
  if (!match) return { error: WRONG_FORMAT };
  const [, sign = '', whole = '', , fraction = '', suffix = ''] = match;
  const scale = scaleOf(suffix);
  if (!scale) return { error: WRONG_SUFFIX };
  const { format, exponent } = scale;
  // Upstream's short way takes a lone suffix for zero; its long way, of Pi and Ei, refuses it.
  if (whole + fraction === '' && exponent > 40 && format === 'BinarySI') {
    return { error: WRONG_NUMBER };
  }
  const digits = BigInt(`0${whole}${fraction}`);
  const amount = format === 'BinarySI' ? digits << BigInt(exponent) : digits;
  const shift = format === 'BinarySI' ? 0 : exponent;
  const fine = { unscaled: amount, scale: fraction.length - shift, format };
  const bounded = withinBounds(fine);
  return sign === '-' ? { ...bounded, unscaled: -bounded.unscaled } : bounded;
}

/** An amount that is not negative, rounded up to a billionth and capped. */
function withinBounds(quantity: Quantity): Quantity {
  const { format } = quantity;
  const rounded = quantity.scale > FINEST_SCALE ? toScale(quantity, FINEST_SCALE) : quantity;
  if (format !== 'BinarySI') return rounded;
  if (compareQuantities(rounded, { unscaled: LARGEST, scale: 0, format }) > 0) {
    return { unscaled: LARGEST, scale: 0, format };
  }
  const belowOne =
    rounded.unscaled > 0n && rounded.scale > 0 && rounded.unscaled < power(rounded.scale);
  return belowOne ? { ...rounded, format: 'DecimalSI' } : rounded;
}

const power = (exponent: number): bigint => BigInt(`1${'0'.repeat(exponent)}`);

/** The same amount with so many decimal places, rounded away from zero. */
function toScale(quantity: Quantity, scale: number): Quantity {
  const { unscaled, format } = quantity;
  if (scale >= quantity.scale) {
    return { unscaled: unscaled * power(scale - quantity.scale), scale, format };
  }
  const divisor = power(quantity.scale - scale);
  const quotient = unscaled / divisor;
  const rest = unscaled % divisor;
  const away = rest === 0n ? 0n : rest > 0n ? 1n : -1n;
  return { unscaled: quotient + away, scale, format };
}

/**
 * Rounds away from zero to 10^exponent (-3 for thousandths): the amount, and whether nothing was
 * lost.
 */
export function roundUp(
  quantity: Quantity,
  exponent: number,
): { readonly quantity: Quantity; readonly exact: boolean } {
  if (-quantity.scale >= exponent) return { quantity, exact: true };
  const rounded = toScale(quantity, -exponent);
  return { quantity: rounded, exact: compareQuantities(rounded, quantity) === 0 };
}

/** Below zero when the first is less, above when it is more, 0 when they are equal. */
export function compareQuantities(a: Quantity, b: Quantity): -1 | 0 | 1 {
  const scale = Math.max(a.scale, b.scale);
  const left = a.unscaled * power(scale - a.scale);
  const right = b.unscaled * power(scale - b.scale);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The sum, written as the first one is unless that is zero. */
export function addQuantities(a: Quantity, b: Quantity): Quantity {
  const scale = Math.max(a.scale, b.scale);
  const unscaled = a.unscaled * power(scale - a.scale) + b.unscaled * power(scale - b.scale);
  return { unscaled, scale, format: a.unscaled === 0n ? b.format : a.format };
}

export const negateQuantity = (quantity: Quantity): Quantity => ({
  ...quantity,
  unscaled: -quantity.unscaled,
});

export const ZERO: Quantity = { unscaled: 0n, scale: 0, format: 'DecimalSI' };

/** The exact value as a decimal number, `0.005`. */
export function decimalText({ unscaled, scale }: Quantity): string {
  const sign = unscaled < 0n ? '-' : '';
  const digits = String(unscaled < 0n ? -unscaled : unscaled);
  if (unscaled === 0n) return '0';
  if (scale <= 0) return `${sign}${digits}${'0'.repeat(-scale)}`;
  const padded = digits.padStart(scale + 1, '0');
  const fraction = padded.slice(-scale).replace(/0+$/, '');
  return `${sign}${padded.slice(0, -scale)}${fraction && `.${fraction}`}`;
}

/** The canonical form: the largest suffix that leaves no fraction (`CanonicalizeBytes`). */
export function formatQuantity(quantity: Quantity): string {
  const { unscaled, format } = quantity;
  if (unscaled === 0n) return '0';
  if (format === 'BinarySI') {
    const whole = roundUp(quantity, 0);
    const { unscaled: units } = toScale(whole.quantity, 0);
    const small = units > -1024n && units < 1024n;
    return whole.exact && !small ? binaryText(units) : tenfoldText(quantity, 'DecimalSI');
  }
  return tenfoldText(quantity, format);
}

function binaryText(units: bigint): string {
  let amount = units;
  let exponent = 0;
  while (amount % 1024n === 0n) {
    amount /= 1024n;
    exponent += 10;
  }
  return `${amount}${BINARY_BY_EXPONENT.get(exponent) ?? ''}`;
}

function tenfoldText({ unscaled, scale }: Quantity, format: QuantityFormat): string {
  let amount = unscaled;
  let exponent = -scale;
  while (amount % 10n === 0n) {
    amount /= 10n;
    exponent += 1;
  }
  while (exponent % 3 !== 0) {
    amount *= 10n;
    exponent -= 1;
  }
  if (format === 'DecimalExponent') return exponent === 0 ? `${amount}` : `${amount}e${exponent}`;
  return `${amount}${DECIMAL_BY_EXPONENT.get(exponent) ?? ''}`;
}

/**
 * How the server gives a quantity back: as it was written when that is as good as canonical, else
 * in canonical form. Undefined when it is none.
 */
export function canonicalQuantity(text: string | number): string | undefined {
  const given = String(text);
  const quantity = known(given).quantity;
  if (!quantity) return undefined;
  return isKeptAsWritten(given) ? given : formatQuantity(quantity);
}

/** Which texts upstream's short way of reading keeps (`Quantity.s`). */
function isKeptAsWritten(text: string): boolean {
  if (text === '0') return true;
  const [, , whole = '', , fraction = '', suffix = ''] = PARTS.exec(text) ?? [];
  const scale = scaleOf(suffix);
  const number = whole.replace(/^0+/, '') || '0';
  if (!scale) return false;
  const { format, exponent } = scale;
  if (format === 'BinarySI') {
    const precision = 15 - number.length - Math.floor((exponent * 3) / 10) - 1;
    return fraction === '' && precision >= 0 && BigInt(number) % 8n !== 0n;
  }
  const shifted = number + fraction;
  const places = exponent - fraction.length;
  if (shifted.length > 18 || places < -FINEST_SCALE) return false;
  return places % 3 === 0 && !shifted.endsWith('000') && !shifted.startsWith('0');
}

/** A text that was read; as a number it is worked out when somebody asks for it. */
interface Known {
  readonly quantity: Quantity | undefined;
  value?: number;
  milli?: number;
  whole?: number;
}

const NONE: Known = { quantity: undefined, value: 0, milli: 0, whole: 0 };

/** Texts that were read before: templates say the same few over and over. */
const read = new Map<string, Known>();
const READ_LIMIT = 10_000;

function known(text: string): Known {
  const before = read.get(text);
  if (before) return before;
  const quantity = readQuantity(text);
  const entry: Known = 'error' in quantity ? NONE : { quantity };
  if (read.size >= READ_LIMIT) read.clear();
  read.set(text, entry);
  return entry;
}

/** A quantity with its exact amount; undefined when the text is none. */
export function quantityOf(text: string | number): Quantity | undefined {
  return known(String(text)).quantity;
}

/** The value of a quantity in units, as a double; undefined when the text is not one. */
export function parseQuantity(text: string | number): number | undefined {
  const entry = known(String(text));
  const { quantity } = entry;
  return quantity && (entry.value ??= Number(decimalText(quantity)));
}

/** Thousandths of a unit, rounded up as upstream's `MilliValue`; 0 for what is not a quantity. */
export function milliValue(text: string | number | undefined): number {
  if (text === undefined) return 0;
  const entry = known(String(text));
  return (entry.milli ??= Number(toScale(entry.quantity ?? ZERO, 3).unscaled));
}

/** Whole units, rounded up as upstream's `Value`; 0 for what is not a quantity. */
export function wholeValue(text: string | number | undefined): number {
  if (text === undefined) return 0;
  const entry = known(String(text));
  return (entry.whole ??= Number(toScale(entry.quantity ?? ZERO, 0).unscaled));
}
