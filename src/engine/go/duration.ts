import { refuse, type Refused } from './refused.ts';
import { goQuote } from './quote.ts';

/** Go's `time.ParseDuration` and `Duration.String` (Go 1.25 `time/format.go`, `time/time.go`). */
const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};
const LIMIT_NS = 9.223372036854775e18;

/** Nanoseconds; beyond 104 days rounded to what a number can hold. */
export function parseDuration(text: string): number | Refused {
  const invalid = refuse(`time: invalid duration ${goQuote(text)}`);
  const negative = text.startsWith('-');
  let rest = text.replace(/^[-+]/, '');
  if (rest === '0') return 0;
  if (rest === '') return invalid;
  let total = 0;
  while (rest !== '') {
    const digits = /^(\d+\.?\d*|\.\d+)/.exec(rest)?.[0];
    if (digits === undefined) return invalid;
    rest = rest.slice(digits.length);
    const unit = /^[^.\d]+/.exec(rest)?.[0];
    if (unit === undefined) {
      return refuse(`time: missing unit in duration ${goQuote(text)}`);
    }
    rest = rest.slice(unit.length);
    const size = Object.hasOwn(UNITS, unit) ? UNITS[unit] : undefined;
    if (size === undefined) {
      return refuse(`time: unknown unit ${goQuote(unit)} in duration ${goQuote(text)}`);
    }
    total += Math.round(Number(digits) * size);
    if (total > LIMIT_NS) return invalid;
  }
  return negative ? -total : total;
}
