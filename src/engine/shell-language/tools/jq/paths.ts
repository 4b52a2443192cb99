import { JqFault, type Filter } from './syntax.ts';
import { get, isArray, isObject, shortText, typeOf, withKey, type Json } from './values.ts';

/** Where values are within the input, and how they are read and changed there. */
export type Variables = Readonly<Record<string, Json>>;
export type Path = readonly (string | number)[];

export interface Located {
  readonly value: Json;
  /** Undefined where the value is no part of the input. */
  readonly path?: Path | undefined;
}

/** What runs filters; see evaluate.ts. */
export interface FilterRunner {
  values(filter: Filter, input: Json, variables: Variables): Generator<Json>;
  run(filter: Filter, input: Located, variables: Variables): Generator<Located>;
  recurse(input: Located): Generator<Located>;
  paths(filter: Filter, input: Json, variables: Variables): Path[];
}

export function index({ value, path }: Located, key: Json): Located {
  const to =
    path && (typeof key === 'string' || typeof key === 'number') ? [...path, key] : undefined;
  if (value === null && (typeof key === 'string' || typeof key === 'number' || key === null))
    return { value: null, path: to };
  if (isObject(value) && typeof key === 'string') return { value: get(value, key), path: to };
  if (isArray(value) && typeof key === 'number') {
    const at = Math.floor(key) + (key < 0 ? value.length : 0);
    return { value: value[at] ?? null, path: to };
  }
  const named = typeof key === 'string' ? `"${key}"` : typeOf(key);
  throw new JqFault(`Cannot index ${typeOf(value)} with ${named}`);
}

export function* each({ value, path }: Located): Generator<Located> {
  if (isArray(value))
    for (const [i, one] of value.entries()) yield { value: one, path: path && [...path, i] };
  else if (isObject(value))
    for (const key of Object.keys(value))
      yield { value: value[key]!, path: path && [...path, key] };
  else
    throw new JqFault(
      `Cannot iterate over ${typeOf(value)}${value === null ? '' : ` (${shortText(value)})`}`,
    );
}

export const getPath = (value: Json, path: Path): Json =>
  path.reduce<Json>((one, key) => (one === null ? null : index({ value: one }, key).value), value);

export function setPath(value: Json, path: Path, to: Json): Json {
  const [key, ...rest] = path;
  if (key === undefined) return to;
  if (typeof key === 'number' && (value === null || isArray(value))) {
    const items = [...(value ?? [])];
    const at = key < 0 ? items.length + key : key;
    if (at < 0 || at > 1_000_000) throw new JqFault('Out of bounds negative array index');
    while (items.length < at) items.push(null);
    items[at] = setPath(items[at] ?? null, rest, to);
    return items;
  }
  if (typeof key === 'string' && (value === null || isObject(value))) {
    const object = value ?? {};
    return withKey(object, key, setPath(get(object, key), rest, to));
  }
  throw new JqFault(
    `Cannot index ${typeOf(value)} with ${typeof key === 'string' ? `"${key}"` : 'number'}`,
  );
}

export function deletePath(value: Json, path: Path): Json {
  const [key, ...rest] = path;
  if (key === undefined || value === null) return null;
  if (rest.length > 0) {
    const inner = getPath(value, [key]);
    return inner === null ? value : setPath(value, [key], deletePath(inner, rest));
  }
  if (isArray(value) && typeof key === 'number') {
    const at = key < 0 ? value.length + key : key;
    return value.filter((_, i) => i !== at);
  }
  if (isObject(value))
    return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
  throw new JqFault(`Cannot delete field of ${typeOf(value)}`);
}
