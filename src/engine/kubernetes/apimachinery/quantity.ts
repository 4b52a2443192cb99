/**
 * Quantities: `100m`, `1.5`, `128Mi`, `2G`, `1e3`
 * (staging/src/k8s.io/apimachinery/pkg/api/resource/quantity.go, v1.36).
 *
 * Simplified: a quantity is a double, exact up to 2^53 thousandths of a unit (8 PiB in bytes);
 * upstream falls back to arbitrary precision beyond 64 bits.
 */
const SUFFIXES: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** In powers of two, what is larger than a 64-bit integer counts as the largest one. */
const LARGEST = 2 ** 63 - 1;

const FORM = /^([+-]?)(\d+\.?\d*|\.\d+)(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d{1,2}))?$/;

/** The value of a quantity in units; undefined when the text is not one. */
export function parseQuantity(text: string | number): number | undefined {
  const match = FORM.exec(String(text));
  if (!match) return undefined;
  const [, sign, digits, suffix, exponent] = match;
  const scale = exponent === undefined ? SUFFIXES[suffix ?? ''] : Number(`1e${exponent}`);
  if (scale === undefined) return undefined;
  const value = scale < 1 ? Number(digits) / Math.round(1 / scale) : Number(digits) * scale;
  const kept = suffix?.endsWith('i') ? Math.min(value, LARGEST) : value;
  return sign === '-' ? -kept : kept;
}

/** Thousandths of a unit, rounded up as upstream's `MilliValue`; 0 for what is not a quantity. */
export function milliValue(text: string | number | undefined): number {
  const value = text === undefined ? 0 : (parseQuantity(text) ?? 0);
  return Math.ceil(Math.round(value * 1e6) / 1e3);
}

/** Whole units, rounded up as upstream's `Value`; 0 for what is not a quantity. */
export function wholeValue(text: string | number | undefined): number {
  const value = text === undefined ? 0 : (parseQuantity(text) ?? 0);
  return Math.ceil(Math.round(value * 1e3) / 1e3);
}
