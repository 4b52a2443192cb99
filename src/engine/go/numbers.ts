import { refuse, type Refused } from './refused.ts';
import { goQuote } from './quote.ts';

/** Numbers as Go's `strconv` reads them, with its words when it does not (Go 1.25). */
const INT64_MAX = (1n << 63n) - 1n;

const problem = (what: string, text: string, why: string): Refused =>
  refuse(`strconv.${what}: parsing ${goQuote(text)}: ${why}`);

/** The magnitude in base 10, or in the base its prefix names when `base` is 0. */
function magnitude(text: string, base: 0 | 10): bigint | undefined {
  if (base === 10) return /^\d+$/.test(text) ? BigInt(text) : undefined;
  const plain = text.replace(/(?<=[0-9a-fA-FxXoObB])_(?=[0-9a-fA-F])/g, '');
  if (/^0[xX][0-9a-fA-F]+$|^0[bB][01]+$|^0[oO][0-7]+$|^[1-9]\d*$|^0$/.test(plain)) {
    return BigInt(plain.toLowerCase());
  }
  return /^0[0-7]+$/.test(plain) ? BigInt(`0o${plain.slice(1)}`) : undefined;
}

/** A signed 64-bit number; a number beyond 2^53 comes rounded. */
export function parseInteger(
  text: string,
  { base = 10, what = 'ParseInt' }: { base?: 0 | 10; what?: 'ParseInt' | 'Atoi' } = {},
): number | Refused {
  const sign = /^[-+]/.exec(text)?.[0] ?? '';
  const size = magnitude(text.slice(sign.length), base);
  if (size === undefined) return problem(what, text, 'invalid syntax');
  const limit = sign === '-' ? INT64_MAX + 1n : INT64_MAX;
  if (size > limit) return problem(what, text, 'value out of range');
  return Number(sign === '-' ? -size : size);
}

export function parseUnsigned(text: string, bits = 64, base: 0 | 10 = 10): number | Refused {
  const size = magnitude(text, base);
  if (size === undefined) return problem('ParseUint', text, 'invalid syntax');
  if (size >= 1n << BigInt(bits)) return problem('ParseUint', text, 'value out of range');
  return Number(size);
}

export function parseFloatNumber(text: string): number | Refused {
  if (/^[-+]?(inf|infinity)$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (/^nan$/i.test(text)) return NaN;
  const plain = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text);
  return plain ? Number(text) : problem('ParseFloat', text, 'invalid syntax');
}

const TRUE = ['1', 't', 'T', 'true', 'TRUE', 'True'];
const FALSE = ['0', 'f', 'F', 'false', 'FALSE', 'False'];

export function parseBoolean(text: string): boolean | Refused {
  if (TRUE.includes(text)) return true;
  return FALSE.includes(text) ? false : problem('ParseBool', text, 'invalid syntax');
}

/** `strconv`'s reason alone: what docker keeps of such an error where it unwraps it. */
export const reasonOf = ({ refused }: Refused): string =>
  refused.slice(refused.lastIndexOf(': ') + 2);
