import { formatText } from '../../formats.ts';
import { matchAll, type Regex } from '../../regex/regex.ts';
import { AwkFault } from './program.ts';

/**
 * What awk's expressions give (POSIX.1-2024 `awk`, "Expressions"). A value from the input that
 * looks like a number compares as one.
 */
export type Value = number | string | { readonly input: string };

const looksNumeric = (text: string): boolean =>
  /^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$/.test(text);
export const toNumber = (value: Value): number => {
  if (typeof value === 'number') return value;
  const text = typeof value === 'string' ? value : value.input;
  return Number(/^\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)/.exec(text)?.[1] ?? 0);
};

/** A number as text: integers whole, others by the format (CONVFMT or OFMT). */
export function numberText(value: number, format: string): string {
  if (!Number.isInteger(value)) return formatText(format, [String(value)]).text;
  return Math.abs(value) < 1e16
    ? String(value === 0 ? 0 : value)
    : formatText('%d', [BigInt(value).toString()]).text;
}

export function isTrue(value: Value): boolean {
  if (typeof value === 'number') return value !== 0;
  if (typeof value === 'string') return value !== '';
  return looksNumeric(value.input) ? Number(value.input) !== 0 : value.input !== '';
}

const isNumber = (value: Value): boolean =>
  typeof value === 'number' ||
  (typeof value === 'object' && (looksNumeric(value.input) || value.input === ''));

/** Whether the comparison holds; `text` turns a value into text by CONVFMT. */
export function compare(
  operator: string,
  one: Value,
  two: Value,
  text: (value: Value) => string,
): boolean {
  const numeric =
    isNumber(one) &&
    isNumber(two) &&
    (typeof one === 'number' ||
      typeof two === 'number' ||
      (looksNumeric(text(one)) && looksNumeric(text(two))));
  const [a, b] = numeric ? [toNumber(one), toNumber(two)] : [text(one), text(two)];
  switch (operator) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '==':
      return a === b;
    case '!=':
      return a !== b;
    case '>':
      return a > b;
    default:
      return a >= b;
  }
}

/** What `printf` makes of its arguments; those that are missing are empty. */
export function formatValues(
  format: string,
  args: readonly Value[],
  text: (value: Value) => string,
): string {
  const wanted = (format.match(/%[-+ 0#']*(?:\*|\d+)?(?:\.(?:\*|\d+))?[a-zA-Z%]/g) ?? []).filter(
    (one) => !one.endsWith('%'),
  );
  const texts = args.slice(0, wanted.length).map((arg, i) => {
    const type = wanted[i]!.at(-1)!;
    if ('di'.includes(type)) return BigInt(Math.trunc(toNumber(arg)) || 0).toString();
    if ('oxXufFeEgG'.includes(type)) return String(toNumber(arg));
    if (type === 'c')
      return typeof arg === 'number' ? String.fromCodePoint(arg) : text(arg).slice(0, 1);
    return text(arg);
  });
  while (texts.length < wanted.length) texts.push('');
  return formatText(format.replace(/\\/g, '\\\\'), texts).text;
}

/** The parts of a text between separators, as of FS: a blank stands for any white space. */
export function splitText(
  text: string,
  separator: string,
  regex: (source: string) => Regex,
): string[] {
  if (separator === ' ') return text.trim() === '' ? [] : text.trim().split(/[ \t\n]+/);
  if (text === '') return [];
  if (separator === '') return [...text];
  if (separator.length === 1 && separator !== '\\') return text.split(separator);
  const parts: string[] = [];
  let at = 0;
  for (const { index, end } of matchAll(regex(separator), text)) {
    if (end === index) continue;
    parts.push(text.slice(at, index));
    at = end;
  }
  return [...parts, text.slice(at)];
}

/** The arguments of a call, each of which is worked out when it is asked for. */
interface Arguments {
  text: (index: number) => string;
  number: (index: number) => number;
  has: (index: number) => boolean;
}

/** The functions that only look at their arguments. */
export const PURE_FUNCTIONS: ReadonlyMap<string, (args: Arguments) => Value> = new Map(
  Object.entries<(args: Arguments) => Value>({
    substr({ text, number, has }) {
      const chars = [...text(0)];
      const from = Math.round(number(1));
      const to = has(2) ? from + Math.round(number(2)) : Infinity;
      return chars.slice(Math.max(0, from - 1), Math.max(0, to - 1)).join('');
    },
    index: ({ text }) => text(0).indexOf(text(1)) + 1,
    toupper: ({ text }) => text(0).toUpperCase(),
    tolower: ({ text }) => text(0).toLowerCase(),
    int: ({ number }) => Math.trunc(number(0)),
    sqrt: ({ number }) => Math.sqrt(number(0)),
  }),
);

/** Throws an {@link AwkFault} for a division by zero. */
export function arithmetic(operator: string, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '^': {
      let result = 1;
      const times = Math.min(Math.abs(Math.trunc(b)), 10_000);
      for (let i = 0; i < times; i++) result *= a;
      return b < 0 ? 1 / result : result;
    }
    default:
      if (b === 0) throw new AwkFault(`division by zero${operator === '%' ? ' in %' : ''}`);
      return operator === '/' ? a / b : a % b;
  }
}
