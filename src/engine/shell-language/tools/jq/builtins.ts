import { compile, matchAll, type Match } from '../../regex/regex.ts';
import { formatDate, readDate } from '../dates.ts';
import {
  deletePath,
  getPath,
  setPath,
  type FilterRunner,
  type Located,
  type Variables,
} from './paths.ts';
import { toJson, toText } from './formats.ts';
import { JqFault, type Filter } from './syntax.ts';
import {
  add,
  compare,
  get,
  isArray,
  isObject,
  shortText,
  sortedKeys,
  typeOf,
  type Json,
} from './values.ts';

/** jq's own functions. */
type Simple = (input: Json, ...args: readonly Json[]) => Json;

const items = (value: Json): readonly Json[] => {
  if (isArray(value)) return value;
  if (isObject(value)) return Object.values(value);
  throw new JqFault(
    `Cannot iterate over ${typeOf(value)}${value === null ? '' : ` (${shortText(value)})`}`,
  );
};
const text = (value: Json, what: string): string => {
  if (typeof value === 'string') return value;
  throw new JqFault(`${typeOf(value)} (${shortText(value)}) ${what}`);
};
const number = (value: Json): number => {
  if (typeof value === 'number') return value;
  throw new JqFault(`${typeOf(value)} (${shortText(value)}) number required`);
};
const array = (value: Json, what: string): readonly Json[] => {
  if (isArray(value)) return value;
  throw new JqFault(`${typeOf(value)} (${shortText(value)}) ${what}`);
};

function length(value: Json): number {
  if (value === null) return 0;
  if (typeof value === 'string') return [...value].length;
  if (typeof value === 'number') return Math.abs(value);
  if (typeof value === 'boolean') throw new JqFault(`boolean (${String(value)}) has no length`);
  return isArray(value) ? value.length : Object.keys(value).length;
}

function contains(a: Json, b: Json): boolean {
  if (isObject(a) && isObject(b))
    return Object.keys(b).every((key) => Object.hasOwn(a, key) && contains(a[key]!, b[key]!));
  if (isArray(a) && isArray(b)) return b.every((two) => a.some((one) => contains(one, two)));
  if (typeof a === 'string' && typeof b === 'string') return a.includes(b);
  if (typeOf(a) === typeOf(b)) return compare(a, b) === 0;
  throw new JqFault(
    `${typeOf(a)} (${shortText(a)}) and ${typeOf(b)} (${shortText(b)}) cannot have their containment checked`,
  );
}

function has(value: Json, key: Json): boolean {
  if (isObject(value) && typeof key === 'string') return Object.hasOwn(value, key);
  if (isArray(value) && typeof key === 'number') return key >= 0 && key < value.length;
  throw new JqFault(
    `Cannot check whether ${typeOf(value)} has a ${typeof key === 'string' ? 'string' : typeOf(key)} key`,
  );
}

function flatten(value: readonly Json[], depth: number): Json[] {
  return value.flatMap((one) => (isArray(one) && depth > 0 ? flatten(one, depth - 1) : [one]));
}

function toNumber(value: Json): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value)))
    return Number(value);
  throw new JqFault(
    typeof value === 'string'
      ? `Cannot parse '${value}' as JSON`
      : `${typeOf(value)} (${shortText(value)}) cannot be parsed as a number`,
  );
}

function parseJson(value: Json): Json {
  try {
    return JSON.parse(text(value, 'cannot be parsed as JSON')) as Json;
  } catch (fault) {
    if (fault instanceof JqFault) throw fault;
    const said = toText(value);
    throw new JqFault(`${said} (while parsing '${said}')`);
  }
}

const unique = (sorted: readonly Json[]): Json[] =>
  sorted.filter((one, i) => i === 0 || compare(sorted[i - 1]!, one) !== 0);
const entriesOf = (value: Json): Json =>
  Object.entries(isObject(value) ? value : {}).map(([key, one]) => ({ key, value: one }));

function fromEntries(value: Json): Json {
  return Object.fromEntries(
    items(value).map((entry) => {
      if (!isObject(entry)) throw new JqFault(`Cannot index ${typeOf(entry)} with "key"`);
      const key =
        ['key', 'k', 'name', 'Name', 'Key', 'K']
          .map((name) => get(entry, name))
          .find((one) => one !== null) ?? null;
      const held = ['value', 'v', 'Value', 'V'].find((name) => Object.hasOwn(entry, name));
      return [toText(key), held === undefined ? null : entry[held]!];
    }),
  );
}

const SIMPLE: Readonly<Record<string, Simple>> = {
  length: (value) => length(value),
  utf8bytelength: (value) =>
    new TextEncoder().encode(text(value, 'only strings have UTF-8 byte length')).length,
  not: (value) => value === null || value === false,
  keys: (value) => {
    if (isArray(value)) return value.map((_, i) => i);
    if (isObject(value)) return sortedKeys(value);
    throw new JqFault(`${typeOf(value)} (${shortText(value)}) has no keys`);
  },
  keys_unsorted: (value) =>
    isObject(value) ? Object.keys(value) : array(value, 'has no keys').map((_, i) => i),
  add: (value) => items(value).reduce<Json>((sum, one) => add(sum, one), null),
  any: (value) => items(value).some((one) => one !== null && one !== false),
  all: (value) => items(value).every((one) => one !== null && one !== false),
  type: (value) => typeOf(value),
  tostring: (value) => toText(value),
  tonumber: (value) => toNumber(value),
  tojson: (value) => toJson(value),
  fromjson: (value) => parseJson(value),
  ascii_downcase: (value) => text(value, 'cannot be lowercased').toLowerCase(),
  ascii_upcase: (value) => text(value, 'cannot be uppercased').toUpperCase(),
  reverse: (value) =>
    typeof value === 'string'
      ? [...value].reverse().join('')
      : value === null
        ? []
        : [...array(value, 'cannot be reversed')].reverse(),
  sort: (value) => [...array(value, 'cannot be sorted, as it is not an array')].sort(compare),
  unique: (value) =>
    unique([...array(value, 'cannot be sorted, as it is not an array')].sort(compare)),
  min: (value) => [...array(value, 'cannot be compared')].sort(compare)[0] ?? null,
  max: (value) => [...array(value, 'cannot be compared')].sort(compare).at(-1) ?? null,
  flatten: (value, depth) =>
    flatten(array(value, 'cannot be flattened'), depth === undefined ? Infinity : number(depth)),
  floor: (value) => Math.floor(number(value)),
  ceil: (value) => Math.ceil(number(value)),
  round: (value) => Math.round(number(value)),
  sqrt: (value) => Math.sqrt(number(value)),
  abs: (value) => Math.abs(number(value)),
  to_entries: (value) => entriesOf(value),
  from_entries: (value) => fromEntries(value),
  first: (value) => array(value, 'cannot be indexed')[0] ?? null,
  last: (value) => array(value, 'cannot be indexed').at(-1) ?? null,
  join: (value, separator = '') =>
    items(value)
      .map((one) => (one === null ? '' : toText(one)))
      .join(text(separator, 'cannot be added')),
  split: (value, separator = '') => {
    const whole = text(value, 'cannot be split');
    return whole === '' ? [] : whole.split(text(separator, 'cannot be split'));
  },
  startswith: (value, start = '') =>
    text(value, 'startswith() requires string inputs').startsWith(toText(start)),
  endswith: (value, end = '') =>
    text(value, 'endswith() requires string inputs').endsWith(toText(end)),
  ltrimstr: (value, start = '') =>
    typeof value === 'string' && typeof start === 'string' && value.startsWith(start)
      ? value.slice(start.length)
      : value,
  rtrimstr: (value, end = '') =>
    typeof value === 'string' && typeof end === 'string' && end !== '' && value.endsWith(end)
      ? value.slice(0, -end.length)
      : value,
  trim: (value) => text(value, 'trim input must be a string').trim(),
  ltrim: (value) => text(value, 'trim input must be a string').trimStart(),
  rtrim: (value) => text(value, 'trim input must be a string').trimEnd(),
  has: (value, key = null) => has(value, key),
  in: (key, value = null) => has(value, key),
  contains: (value, other = null) => contains(value, other),
  inside: (value, other = null) => contains(other, value),
  index: (value, other = '') => {
    const at = text(value, 'cannot be searched').indexOf(toText(other));
    return at < 0 ? null : at;
  },
  explode: (value) => [...text(value, 'cannot be exploded')].map((char) => char.codePointAt(0)!),
  implode: (value) =>
    array(value, 'cannot be imploded')
      .map((code) => String.fromCodePoint(number(code)))
      .join(''),
  transpose: (value) => {
    const rows = array(value, 'cannot be transposed').map((row) =>
      array(row, 'cannot be transposed'),
    );
    return Array.from({ length: Math.max(0, ...rows.map((row) => row.length)) }, (_, i) =>
      rows.map((row) => row[i] ?? null),
    );
  },
  getpath: (value, path = []) =>
    getPath(value, array(path, 'Path must be specified as an array') as (string | number)[]),
  setpath: (value, path = [], to = null) =>
    setPath(value, array(path, 'Path must be specified as an array') as (string | number)[], to),
  fromdateiso8601: (value) => (readDate(text(value, 'is no date'), 0) ?? 0) / 1000,
  fromdate: (value) => Math.floor((readDate(text(value, 'is no date'), 0) ?? 0) / 1000),
  todate: (value) => formatDate(number(value) * 1000, '%Y-%m-%dT%H:%M:%SZ'),
  ascii: (value) => String.fromCharCode(number(value)),
  error: (value, message) => {
    throw new JqFault(toText(message ?? value));
  },
};

const TYPES: Readonly<Record<string, readonly string[]>> = {
  arrays: ['array'],
  objects: ['object'],
  iterables: ['array', 'object'],
  booleans: ['boolean'],
  numbers: ['number'],
  strings: ['string'],
  nulls: ['null'],
  values: ['array', 'object', 'boolean', 'number', 'string'],
  scalars: ['boolean', 'number', 'string', 'null'],
};

type Call = Extract<Filter, { kind: 'call' }>;

export function* callBuiltin(
  run: FilterRunner,
  { name, args }: Call,
  input: Located,
  variables: Variables,
): Generator<Located> {
  const { value } = input;
  const [first, second, third] = args;
  const types = Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
  if (types) {
    if (types.includes(typeOf(value))) yield input;
    return;
  }
  const special = first
    ? withFilter({ run, name, args, input, variables, first, second })
    : name === 'empty'
      ? []
      : name === 'recurse'
        ? run.recurse(input)
        : name === 'paths' || name === 'leaf_paths'
          ? pathsOf(run, value, name)
          : undefined;
  if (special) {
    yield* special;
    return;
  }
  const simple = Object.hasOwn(SIMPLE, name) ? SIMPLE[name] : undefined;
  if (!simple) throw new JqFault(`${name}/${args.length} is not defined`);
  for (const c of third ? run.values(third, value, variables) : [undefined]) {
    for (const b of second ? run.values(second, value, variables) : [undefined]) {
      for (const a of first ? run.values(first, value, variables) : [undefined]) {
        yield { value: simple(value, ...[a, b, c].filter((one) => one !== undefined)) };
      }
    }
  }
}

function* pathsOf(run: FilterRunner, value: Json, name: string): Generator<Located> {
  for (const { path, value: one } of run.recurse({ value, path: [] })) {
    const isLeaf = typeof one !== 'object' || one === null;
    if (path && path.length > 0 && (name === 'paths' || isLeaf)) yield { value: path };
  }
}

/** A call whose arguments are filters. */
interface FilterCall {
  readonly run: FilterRunner;
  readonly name: string;
  readonly args: readonly Filter[];
  readonly input: Located;
  readonly variables: Variables;
  readonly first: Filter;
  readonly second: Filter | undefined;
}

/** Undefined for the functions that take values. */
const withFilter = (call: FilterCall): Iterable<Located> | undefined => {
  const result = overItems(call);
  return result === undefined ? overResults(call) : [{ value: result }];
};

const isTrue = (value: Json): boolean => value !== null && value !== false;

/** Functions that give one value, made from what the filter says of each item. */
function overItems({ run, name, input, variables, first, second }: FilterCall): Json | undefined {
  const { value } = input;
  const of = (one: Json): Json[] => [...run.values(first, one, variables)];
  const keyed = () =>
    array(value, 'cannot be sorted, as it is not an array')
      .map((one) => ({ one, key: of(one) }))
      .sort((a, b) => compare(a.key, b.key));
  switch (name) {
    case 'map':
      return items(value).flatMap(of);
    case 'map_values':
      if (isArray(value)) return value.flatMap((item) => of(item).slice(0, 1));
      return Object.fromEntries(
        Object.entries(isObject(value) ? value : {}).flatMap(([key, item]) =>
          of(item)
            .slice(0, 1)
            .map((to) => [key, to] as const),
        ),
      );
    case 'sort_by':
      return keyed().map(({ one }) => one);
    case 'min_by':
      return keyed()[0]?.one ?? null;
    case 'max_by':
      return keyed().at(-1)?.one ?? null;
    case 'group_by':
      return grouped(keyed());
    case 'unique_by':
      return grouped(keyed()).map((list) => list[0]!);
    case 'with_entries':
      return fromEntries(items(entriesOf(value)).flatMap(of));
    case 'any':
    case 'all': {
      const list = second ? of(value) : items(value);
      const test = second ?? first;
      const holds = (item: Json) => [...run.values(test, item, variables)].some(isTrue);
      return name === 'any' ? list.some(holds) : list.every(holds);
    }
    case 'add':
      return of(value).reduce<Json>((sum, item) => add(sum, item), null);
    case 'del':
      return [...run.paths(first, value, variables)]
        .reverse()
        .reduce<Json>((result, path) => deletePath(result, path), value);
    default:
      return undefined;
  }
}

function grouped(keyed: readonly { one: Json; key: Json }[]): Json[][] {
  const groups: { key: Json; list: Json[] }[] = [];
  for (const { one, key } of keyed) {
    const last = groups.at(-1);
    if (last && compare(last.key, key) === 0) last.list.push(one);
    else groups.push({ key, list: [one] });
  }
  return groups.map(({ list }) => list);
}

/** Functions that give any number of values; undefined for those that take values. */
function overResults(call: FilterCall): Iterable<Located> | undefined {
  const { run, name, args, input, variables, first, second } = call;
  const { value } = input;
  const of = (one: Json): Json[] => [...run.values(first, one, variables)];
  switch (name) {
    case 'select':
      return of(value)
        .filter(isTrue)
        .map(() => input);
    case 'first':
      return [...run.run(first, input, variables)].slice(0, 1);
    case 'last':
      return [...run.run(first, input, variables)].slice(-1);
    case 'isvalid':
    case 'path':
      return run.paths(first, value, variables).map((path) => ({ value: path }));
    case 'limit':
      return second
        ? [...run.run(second, input, variables)].slice(0, number(of(value)[0] ?? 0))
        : undefined;
    case 'range': {
      const [from, to] = second
        ? [number(of(value)[0] ?? 0), number([...run.values(second, value, variables)][0] ?? 0)]
        : [0, number(of(value)[0] ?? 0)];
      return Array.from(
        { length: Math.max(0, Math.min(1_000_000, Math.ceil(to - from))) },
        (_, i) => ({ value: from + i }),
      );
    }
    case 'test':
    case 'match':
    case 'capture':
    case 'scan':
    case 'sub':
    case 'gsub':
      return regexFunction(run, name, args, input, variables);
    default:
      return undefined;
  }
}

function captures(match: Match, names: readonly string[]): Json {
  return Object.fromEntries(
    names.flatMap((name, i) => (name === '' ? [] : [[name, match.groups[i] ?? null]])),
  );
}

function* regexFunction(
  run: FilterRunner,
  name: string,
  args: readonly Filter[],
  { value }: Located,
  variables: Variables,
): Generator<Located> {
  const replaces = name === 'sub' || name === 'gsub';
  const [pattern = '', given = ''] = [args[0], args[replaces ? 2 : 1]].map(
    (arg) => (arg ? [...run.values(arg, value, variables)][0] : undefined) ?? '',
  );
  const [source, inner] = isArray(pattern) ? [pattern[0] ?? '', pattern[1] ?? ''] : [pattern, ''];
  const flags = toText(given) + toText(inner);
  const whole = text(value, 'cannot be matched, as it is not a string');
  const regex = compile(text(source, 'cannot be matched, as it is not a string'), {
    perl: true,
    ignoreCase: flags.includes('i'),
  });
  const all = flags.includes('g') || name === 'scan' || name === 'gsub';
  const found = matchAll(regex, whole, all ? 100_000 : 1);
  if (name === 'test') yield { value: found.length > 0 };
  else if (replaces) {
    let result = '';
    let at = 0;
    for (const match of found) {
      const [to = ''] = args[1] ? run.values(args[1], captures(match, regex.names), variables) : [];
      result += whole.slice(at, match.index) + toText(to);
      at = match.end;
    }
    yield { value: result + whole.slice(at) };
  } else {
    for (const match of found) {
      if (name === 'capture') yield { value: captures(match, regex.names) };
      else if (name === 'scan')
        yield {
          value:
            match.groups.length > 1
              ? match.groups.slice(1).map((group) => group ?? null)
              : match.groups[0],
        };
      else {
        const groups = match.groups.slice(1).map((group, i) => ({
          offset: match.starts[i + 1] ?? -1,
          length: group?.length ?? 0,
          string: group ?? null,
          name: regex.names[i + 1] || null,
        }));
        yield {
          value: {
            offset: match.index,
            length: match.end - match.index,
            string: match.groups[0],
            captures: groups,
          },
        };
      }
    }
  }
}
