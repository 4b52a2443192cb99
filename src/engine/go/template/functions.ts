import { goText, sprint, sprintf, sprintln } from './print.ts';
import { isRefused, refuse, type Refused } from '../refused.ts';
import { goQuote } from '../quote.ts';
import { isList, isMap, isTrue, keyType, toJson, typeName, type Value } from './value.ts';

/**
 * What a template may call: Go's own functions (`text/template/funcs.go`, Go 1.25) and docker's
 * (docker/cli v29.7 `templates/templates.go`). A refusal is the reason that Go's error gives.
 */
export interface TemplateFunction {
  /** Fewest and most arguments. */
  readonly takes: readonly [number, number];
  readonly call: (args: readonly Value[]) => Value | Refused;
}

const ANY = 1000;
const fixed = (count: number, call: TemplateFunction['call']): TemplateFunction => ({
  takes: [count, count],
  call,
});
const many = (least: number, call: TemplateFunction['call']): TemplateFunction => ({
  takes: [least, ANY],
  call,
});

const text = (value: Value): string => (typeof value === 'string' ? value : goText(value));

function index([item, ...keys]: readonly Value[]): Value | Refused {
  let value = item;
  if (value === undefined || value === null) return refuse('index of untyped nil');
  for (const key of keys) {
    if (isList(value) || typeof value === 'string') {
      if (typeof key !== 'number') {
        return refuse(`cannot index slice/array with type ${typeName(key)}`);
      }
      if (key < 0 || key >= value.length) return refuse(`index out of range: ${key}`);
      value = typeof value === 'string' ? value.charCodeAt(key) : value[key];
    } else if (isMap(value)) {
      const wanted = keyType(value);
      if (wanted !== undefined) {
        return refuse(`value has type ${typeName(key)}; should be ${wanted}`);
      }
      if (typeof key !== 'string') {
        return refuse(`value has type ${typeName(key)}; should be string`);
      }
      value = Object.hasOwn(value, key) ? value[key] : undefined;
    } else if (value === undefined || value === null) {
      return refuse('index of nil pointer');
    } else {
      return refuse(`can't index item of type ${typeName(value)}`);
    }
  }
  // What is not in a map of text is no text.
  return value ?? '';
}

function slice([item, from = 0, to]: readonly Value[]): Value | Refused {
  if (!isList(item) && typeof item !== 'string') {
    return refuse(`can't slice item of type ${typeName(item)}`);
  }
  const end = to ?? item.length;
  if (typeof from !== 'number' || typeof end !== 'number') {
    return refuse('cannot index slice/array with type string');
  }
  const outside = [from, end].find((index) => index < 0 || index > item.length);
  if (outside !== undefined) return refuse(`index out of range: ${outside}`);
  return from > end ? refuse(`invalid slice index: ${from} > ${end}`) : item.slice(from, end);
}

function length([item]: readonly Value[]): Value | Refused {
  if (item === undefined || item === null) return refuse('len of nil pointer');
  if (typeof item === 'string') return new TextEncoder().encode(item).length;
  if (isList(item)) return item.length;
  if (isMap(item)) return Object.keys(item).length;
  return refuse(`len of type ${typeName(item)}`);
}

const basic = (value: Value): boolean =>
  ['string', 'number', 'boolean'].includes(typeof value) || value === undefined || value === null;

function equal([first, ...others]: readonly Value[]): Value | Refused {
  if (others.length === 0) return refuse('missing argument for comparison');
  for (const other of others) {
    const both = basic(first) && basic(other);
    const none = [first, other].some((value) => value === undefined || value === null);
    if (!both || (!none && typeof first !== typeof other)) {
      return refuse('incompatible types for comparison');
    }
    if ((first ?? null) === (other ?? null)) return true;
  }
  return false;
}

function compare(holds: (sign: number) => boolean): TemplateFunction {
  return fixed(2, ([a, b]) => {
    const same = typeof a === typeof b;
    if (!same) return refuse('incompatible types for comparison');
    if ((typeof a !== 'number' && typeof a !== 'string') || !basic(b)) {
      return refuse('invalid type for comparison');
    }
    const other = b as typeof a;
    return holds(a < other ? -1 : a > other ? 1 : 0);
  });
}

function join([elements, separator]: readonly Value[]): Value | Refused {
  if (elements === undefined || elements === null) return '';
  if (isList(elements)) return elements.map(text).join(text(separator));
  if (isMap(elements)) return Object.values(elements).map(text).sort(order).join(text(separator));
  return refuse(`expected slice, got ${typeName(elements)}`);
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function strings(
  count: number,
  numbersFrom: number,
  call: (args: readonly Value[]) => Value,
): TemplateFunction {
  return fixed(count, (args) => {
    for (const [at, arg] of args.entries()) {
      const wanted = at < numbersFrom ? 'string' : 'number';
      if (typeof arg === wanted) continue;
      const named = wanted === 'number' ? 'int' : 'string';
      return refuse(`wrong type for value; expected ${named}; got ${typeName(arg)}`);
    }
    return call(args);
  });
}

const html: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', "'": '&#39;', '<': '&lt;', '>': '&gt;', '"': '&#34;', '\0': '\uFFFD' },
};

/** Those that Go itself has. */
export const GO_FUNCTIONS: Readonly<Record<string, TemplateFunction>> = {
  and: many(1, (args) => args.find((one) => !isTrue(one)) ?? args.at(-1)),
  or: many(1, (args) => args.find((one) => isTrue(one)) ?? args.at(-1)),
  not: fixed(1, ([value]) => !isTrue(value)),
  len: fixed(1, length),
  index: many(1, index),
  slice: many(1, slice),
  print: many(0, sprint),
  println: many(0, sprintln),
  printf: many(1, ([format, ...rest]) => sprintf(text(format), rest)),
  html: many(0, (args) => sprint(args).replace(/[&'<>"\0]/g, (char) => html[char] ?? char)),
  js: many(0, (args) => goQuote(sprint(args)).slice(1, -1)),
  urlquery: many(0, (args) => encodeURIComponent(sprint(args)).replaceAll('%20', '+')),
  call: many(1, () => refuse('non-function of type string')),
  eq: many(1, equal),
  ne: fixed(2, (args) => {
    const same = equal(args);
    return isRefused(same) ? same : !same;
  }),
  lt: compare((sign) => sign < 0),
  le: compare((sign) => sign <= 0),
  gt: compare((sign) => sign > 0),
  ge: compare((sign) => sign >= 0),
};

/** Go's and docker's. */
export const FUNCTIONS: Readonly<Record<string, TemplateFunction>> = {
  ...GO_FUNCTIONS,
  json: fixed(1, ([value]) => toJson(value)),
  split: strings(2, 2, ([all, by]) => text(all).split(text(by))),
  join: fixed(2, join),
  title: strings(1, 1, ([value]) =>
    text(value).replace(/(^|[\s])(\p{L})/gu, (all) => all.toUpperCase()),
  ),
  lower: strings(1, 1, ([value]) => text(value).toLowerCase()),
  upper: strings(1, 1, ([value]) => text(value).toUpperCase()),
  pad: strings(3, 1, ([value, before, after]) =>
    value === '' ? '' : ' '.repeat(Number(before)) + text(value) + ' '.repeat(Number(after)),
  ),
  truncate: strings(2, 1, ([value, size]) => text(value).slice(0, Number(size))),
};

const same: TemplateFunction = many(1, ([value]) => value);

/** In the heading of a table these leave the name of a column as it is. */
export const HEADER_FUNCTIONS: Readonly<Record<string, TemplateFunction>> = {
  ...FUNCTIONS,
  ...{ json: same, split: same, join: same, title: same, lower: same, upper: same, truncate: same },
};

export const FUNCTION_NAMES: ReadonlySet<string> = new Set(Object.keys(FUNCTIONS));
