/**
 * `intstr.IntOrString`: a number, or a percentage of one
 * (staging/src/k8s.io/apimachinery/pkg/util/intstr/intstr.go, v1.36).
 */
export type IntOrString = number | string;

const LARGEST = 2 ** 31 - 1;
const SMALLEST = -(2 ** 31);

/** The percentage that a text such as `25%` means; undefined when it means none. */
export function percentOf(value: IntOrString): number | undefined {
  if (typeof value === 'number') return undefined;
  const match = /^([+-]?\d+)%$/.exec(value);
  return match ? Number(match[1]) : undefined;
}

/**
 * The number itself, or percentage * total / 100 rounded up or down. Undefined for a text that is
 * not a percentage, and for nothing.
 */
export function scaledValue(
  value: IntOrString | null | undefined,
  total: number,
  up: boolean,
): number | undefined {
  if (typeof value === 'number') return value;
  const percent = value === null || value === undefined ? undefined : percentOf(value);
  if (percent === undefined) return undefined;
  return up ? Math.ceil((percent * total) / 100) : Math.floor((percent * total) / 100);
}

/** What a text on a command line means: a number of 32 bits, else the text itself. */
export function parseIntOrString(text: string): IntOrString {
  const value = /^[+-]?\d+$/.test(text) ? Number(text) : NaN;
  return value >= SMALLEST && value <= LARGEST ? value : text;
}
