import {
  definitionOf,
  definitionOfKind,
  type Definition,
  type Field,
} from '../api/schema/definitions.ts';
import { sameValue } from '../apimachinery/canonical-json.ts';
import { refuse, type Refused } from '../../go/refused.ts';
import type { KubeObject } from '../apimachinery/object.ts';

/**
 * The strategic merge patch that `apply` sends: what the manifest says otherwise than the live
 * object, and what the earlier manifest said and this one does not
 * (staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/patch.go `CreateThreeWayMergePatch`,
 * v1.36). Lists are compared by the merge keys that their kind declares.
 */
export type Plain = Readonly<Record<string, unknown>>;

interface Options {
  /** Looks for what is gone only. */
  readonly deletionsOnly: boolean;
}

const CHANGES: Options = { deletionsOnly: false };
const DELETIONS: Options = { deletionsOnly: true };

const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

/** @returns the patch, empty when nothing changes; refused when a list's merge key is missing */
export function strategicThreeWay(
  original: unknown,
  modified: KubeObject,
  live: KubeObject,
): Plain | Refused {
  const definition = definitionOfKind(modified.apiVersion, modified.kind);
  try {
    const wanted = modified as unknown as Plain;
    const changes = diffMaps(live as unknown as Plain, wanted, definition, CHANGES, false);
    const before = isPlain(original) ? original : {};
    const deletions = diffMaps(before, wanted, definition, DELETIONS, false);
    return joined(deletions, changes, definition);
  } catch (error) {
    if (error instanceof NoMergeKey) return refuse(error.message);
    throw error;
  }
}

/** Ends a comparison where an element of a list does not say which one it is. */
class NoMergeKey extends Error {}

function definitionBelow(field: Field | undefined): Definition | undefined {
  const type = field?.type.of === 'list' ? field.type.items : field?.type;
  return type?.of === 'object' ? definitionOf(type.definition) : undefined;
}

function diffMaps(
  before: Plain,
  after: Plain,
  definition: Definition | undefined,
  options: Options,
  retainKeys: boolean,
): Plain {
  const patch = new Map<string, unknown>();
  for (const [key, old] of Object.entries(before)) {
    if (!Object.hasOwn(after, key)) {
      if (options.deletionsOnly) patch.set(key, null);
      continue;
    }
    const value = after[key];
    const field = definition?.fields.get(key);
    if (isPlain(old) && isPlain(value)) diffMap(patch, key, old, value, field, options);
    else if (isList(old) && isList(value)) diffList(patch, key, old, value, field, options);
    else if (!options.deletionsOnly && !sameValue(old, value)) patch.set(key, value);
  }
  if (!options.deletionsOnly) {
    for (const [key, value] of Object.entries(after)) {
      if (!Object.hasOwn(before, key)) patch.set(key, value);
    }
  }
  const keys = Object.keys(after);
  const isNew = keys.some((key) => !Object.hasOwn(before, key));
  if (retainKeys && keys.length > 0 && (patch.size > 0 || isNew)) {
    patch.set('$retainKeys', keys.sort(byText));
  }
  return Object.fromEntries(patch);
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function diffMap(
  patch: Map<string, unknown>,
  key: string,
  old: Plain,
  value: Plain,
  field: Field | undefined,
  options: Options,
): void {
  const strategies = field?.patchStrategies ?? [];
  if (strategies.includes('replace')) {
    if (!options.deletionsOnly) patch.set(key, value);
    return;
  }
  const retain = strategies.includes('retainKeys');
  const below = diffMaps(old, value, definitionBelow(field), options, retain);
  if (Object.keys(below).length > 0) patch.set(key, below);
}

function diffList(
  patch: Map<string, unknown>,
  key: string,
  old: readonly unknown[],
  value: readonly unknown[],
  field: Field | undefined,
  options: Options,
): void {
  if (!field?.patchStrategies.includes('merge')) {
    if (!options.deletionsOnly && !sameValue(old, value)) patch.set(key, value);
    return;
  }
  if (old.length === 0) {
    if (value.length > 0 && !options.deletionsOnly) patch.set(key, value);
    return;
  }
  const isOfMaps = isPlain(old[0] ?? value[0]);
  const mergeKey = field.mergeKey ?? '';
  if (isOfMaps) {
    const items = diffListOfMaps(old, value, field, options);
    if (items.length > 0) patch.set(key, items);
    const ordered = options.deletionsOnly ? !sameValue(old, value) : items.length > 0;
    const order = value.map((item) => ({ [mergeKey]: keyOf(item, mergeKey) }));
    if (ordered && order.length > 0) patch.set(`$setElementOrder/${key}`, order);
    return;
  }
  const added = options.deletionsOnly ? [] : value.filter((item) => !old.includes(item));
  const gone = options.deletionsOnly ? old.filter((item) => !value.includes(item)) : [];
  if (added.length > 0) patch.set(key, added);
  if (gone.length > 0) patch.set(`$deleteFromPrimitiveList/${key}`, gone);
  const ordered = options.deletionsOnly ? !sameValue(old, value) : added.length > 0;
  if (ordered && value.length > 0) patch.set(`$setElementOrder/${key}`, value);
}

function keyOf(item: unknown, mergeKey: string): unknown {
  const value = isPlain(item) ? item[mergeKey] : undefined;
  if (value !== undefined) return value;
  throw new NoMergeKey(`map: ${goMap(item)} does not contain declared merge key: ${mergeKey}`);
}

/** As Go prints a map. */
function goMap(value: unknown): string {
  if (isList(value)) return `[${value.map(goMap).join(' ')}]`;
  if (!isPlain(value))
    return typeof value === 'string' ? value : value === null ? '<nil>' : JSON.stringify(value);
  const fields = Object.keys(value).sort(byText);
  return `map[${fields.map((key) => `${key}:${goMap(value[key])}`).join(' ')}]`;
}

function diffListOfMaps(
  old: readonly unknown[],
  value: readonly unknown[],
  field: Field,
  options: Options,
): unknown[] {
  const mergeKey = field.mergeKey ?? '';
  const below = definitionBelow(field);
  const before = new Map(old.map((item) => [keyOf(item, mergeKey), item as Plain]));
  const wanted = new Set(value.map((item) => keyOf(item, mergeKey)));
  const retain = field.patchStrategies.includes('retainKeys');
  const items: unknown[] = [];
  if (options.deletionsOnly) {
    for (const name of before.keys()) {
      if (!wanted.has(name)) items.push({ $patch: 'delete', [mergeKey]: name });
    }
  }
  for (const item of value as readonly Plain[]) {
    const name = item[mergeKey];
    const known = before.get(name);
    if (!known) {
      if (!options.deletionsOnly) items.push(item);
      continue;
    }
    const change = diffMaps(known, item, below, options, retain);
    if (Object.keys(change).length > 0) items.push({ ...change, [mergeKey]: name });
  }
  return items;
}

/** Both patches in one: fields of both, elements of lists by their merge keys. */
function joined(first: Plain, second: Plain, definition: Definition | undefined): Plain {
  const result = new Map(Object.entries(first));
  for (const [key, value] of Object.entries(second)) {
    const own = result.get(key);
    const field = definition?.fields.get(key);
    if (isPlain(own) && isPlain(value)) {
      result.set(key, joined(own, value, definitionBelow(field)));
    } else if (isList(own) && isList(value) && field?.mergeKey !== undefined) {
      result.set(key, joinedLists(own, value, field));
    } else result.set(key, value);
  }
  return Object.fromEntries(result);
}

function joinedLists(
  first: readonly unknown[],
  second: readonly unknown[],
  field: Field,
): unknown[] {
  const mergeKey = field.mergeKey ?? '';
  const below = definitionBelow(field);
  const items = [...first];
  for (const item of second) {
    const at = items.findIndex((one) => keyOf(one, mergeKey) === keyOf(item, mergeKey));
    if (at === -1) items.push(item);
    else items[at] = joined(items[at] as Plain, item as Plain, below);
  }
  return items;
}
