import { JqFault } from './syntax.ts';

/** JSON values as jq orders, names, joins and prints them. */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = Readonly<Record<string, Json>>;

export const isArray = (value: Json): value is readonly Json[] => Array.isArray(value);
export const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function typeOf(value: Json): string {
  if (value === null) return 'null';
  if (isArray(value)) return 'array';
  return typeof value;
}

const RANKS = ['null', 'false', 'true', 'number', 'string', 'array', 'object'];
const rank = (value: Json): number =>
  RANKS.indexOf(typeof value === 'boolean' ? String(value) : typeOf(value));

export const sortedKeys = (value: JsonObject): string[] =>
  Object.keys(value).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));

export function compare(a: Json, b: Json): number {
  const order = rank(a) - rank(b);
  if (order !== 0) return order;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  if (isArray(a) && isArray(b)) {
    for (let i = 0; i < Math.min(a.length, b.length); i++) {
      const one = compare(a[i]!, b[i]!);
      if (one !== 0) return one;
    }
    return a.length - b.length;
  }
  if (isObject(a) && isObject(b)) {
    const [x, y] = [sortedKeys(a), sortedKeys(b)];
    const keys = compare(x, y);
    if (keys !== 0) return keys;
    for (const key of x) {
      const one = compare(a[key]!, b[key]!);
      if (one !== 0) return one;
    }
  }
  return 0;
}

export const get = (object: JsonObject, key: string): Json =>
  Object.hasOwn(object, key) ? object[key]! : null;

/** An object with a key set; safe for any key. */
export const withKey = (object: JsonObject, key: string, value: Json): JsonObject =>
  Object.fromEntries([
    ...Object.entries(object).map(([name, one]) => [name, name === key ? value : one] as const),
    ...(Object.hasOwn(object, key) ? [] : [[key, value] as const]),
  ]);

/** What an error message shows of a value: 11 characters of it. */
export function shortText(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 11 ? `${text.slice(0, 10)}...` : text;
}

export function add(a: Json, b: Json): Json {
  if (a === null) return b;
  if (b === null) return a;
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  if (typeof a === 'string' && typeof b === 'string') return a + b;
  if (isArray(a) && isArray(b)) return [...a, ...b];
  if (isObject(a) && isObject(b))
    return Object.fromEntries([...Object.entries(a), ...Object.entries(b)]);
  throw new JqFault(
    `${typeOf(a)} (${shortText(a)}) and ${typeOf(b)} (${shortText(b)}) cannot be added`,
  );
}

function numberText(value: number): string {
  if (!Number.isFinite(value))
    return value > 0 ? '1.7976931348623157e+308' : value < 0 ? '-1.7976931348623157e+308' : 'null';
  return String(value);
}

export interface Style {
  /** Spaces of a level; 0 puts all on one line. */
  readonly indent: number;
  readonly tab: boolean;
  readonly sortKeys: boolean;
}

/** Deeper values are not shown (jq 1.7 `src/jv_print.c`, MAX_PRINT_DEPTH). */
const PRINT_DEPTH = 256;

export function print(value: Json, style: Style, level = 0): string {
  if (level > PRINT_DEPTH) return '<skipped: too deep>';
  if (typeof value === 'number') return numberText(value);
  if (typeof value !== 'object' || value === null)
    return JSON.stringify(value).replace(/\x7f/g, '\\u007f');
  const space = style.tab ? '\t'.repeat(level + 1) : ' '.repeat(style.indent * (level + 1));
  const close = style.tab ? '\t'.repeat(level) : ' '.repeat(style.indent * level);
  const flat = style.indent === 0 && !style.tab;
  const parts = isArray(value)
    ? value.map((one) => print(one, style, level + 1))
    : (style.sortKeys ? sortedKeys(value as JsonObject) : Object.keys(value)).map(
        (key) =>
          `${JSON.stringify(key)}:${flat ? '' : ' '}${print((value as JsonObject)[key]!, style, level + 1)}`,
      );
  const [left, right] = isArray(value) ? '[]' : '{}';
  if (parts.length === 0) return `${left!}${right!}`;
  if (flat) return `${left!}${parts.join(',')}${right!}`;
  return `${left!}\n${space}${parts.join(`,\n${space}`)}\n${close}${right!}`;
}
