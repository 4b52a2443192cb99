/** What a template works on: JSON, or an object of named members as a Go struct has them. */
export type Value =
  | undefined
  | null
  | boolean
  | number
  | string
  | readonly Value[]
  | { readonly [key: string]: Value }
  | Subject;

/** A field takes nothing; a method such as `.Label "x"` takes arguments. */
export type Member = (...args: Value[]) => Value;

/** A Go value with fields and methods: what the rows of a table are. */
export class Subject {
  /** Go's name of the type, as messages show it: `*formatter.ContainerContext`. */
  readonly type: string;
  readonly members: Readonly<Record<string, Member>>;

  constructor(type: string, members: Readonly<Record<string, Member>>) {
    this.type = type;
    this.members = members;
  }

  member(name: string): Member | undefined {
    return Object.hasOwn(this.members, name) ? this.members[name] : undefined;
  }

  /** Fields by name, as `{{json .}}` shows them. */
  fields(): Readonly<Record<string, Value>> {
    const names = Object.keys(this.members).filter((name) => this.members[name]?.length === 0);
    return Object.fromEntries(sorted(names).map((name) => [name, this.members[name]?.()]));
  }

  /** What `json` makes of it. */
  json(): Value {
    return this.fields();
  }

  /** What `if` makes of it. */
  isTrue(): boolean {
    return true;
  }
}

export const sorted = (names: readonly string[]): string[] =>
  [...names].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));

export const isList = (value: Value): value is readonly Value[] => Array.isArray(value);

export const isMap = (value: Value): value is Readonly<Record<string, Value>> =>
  typeof value === 'object' && value !== null && !isList(value) && !(value instanceof Subject);

const NO_ENTRIES = new WeakSet<object>();
const KEYS = new WeakMap<object, string>();

/** A list or a map that was never made: empty, and `null` in JSON. */
export function never<T extends readonly Value[] | Record<string, Value>>(empty: T): T {
  NO_ENTRIES.add(empty);
  return empty;
}

/** A map whose keys are no texts in Go: `index` does not take one. */
export function keyedBy<T extends Record<string, Value>>(type: string, map: T): T {
  KEYS.set(map, type);
  return map;
}

const isNever = (value: Value): boolean => (isList(value) || isMap(value)) && NO_ENTRIES.has(value);

/** Go's name of the type of a map's keys, where that is not `string`. */
export const keyType = (value: Value): string | undefined =>
  isMap(value) ? KEYS.get(value) : undefined;

/** Go's name of a value's type, in messages. */
export function typeName(value: Value): string {
  if (value === undefined || value === null) return '<nil>';
  if (value instanceof Subject) return value.type;
  if (isList(value))
    return value.every((one) => typeof one === 'string') ? '[]string' : '[]interface {}';
  if (typeof value === 'object') return 'map[string]interface {}';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float64';
  return 'string';
}

/** Empty is false: nothing, zero, no letters, no elements. */
export function isTrue(value: Value): boolean {
  if (value === undefined || value === null || value === false) return false;
  if (value === 0 || value === '') return false;
  if (value instanceof Subject) return value.isTrue();
  if (isList(value)) return value.length > 0;
  return isMap(value) ? Object.keys(value).length > 0 : true;
}

/** Go's `json.Encoder` without HTML escapes, keys in the order in which they stand. */
export function toJson(value: Value, indent = 0): string {
  return JSON.stringify(plain(value), undefined, indent) ?? 'null';
}

function plain(value: Value): unknown {
  if (value instanceof Subject) return plain(value.json());
  if (isNever(value)) return null;
  if (isList(value)) return value.map((one) => plain(one) ?? null);
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}
