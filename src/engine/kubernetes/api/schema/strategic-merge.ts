import { goText } from '../../../go/template/print.ts';
import { definitionOf, type Definition, type Field } from './definitions.ts';
import { sameValue } from '../../apimachinery/canonical-json.ts';

/**
 * Strategic merge patches: lists merge by the key that their kind declares, and directives say what
 * a merge cannot: `$patch`, `$retainKeys`, `$deleteFromPrimitiveList/…`, `$setElementOrder/…`
 * (staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/patch.go, v1.36).
 */
export type StrategicMerged = { readonly value: unknown } | { readonly error: string };

type Fields = Readonly<Record<string, unknown>>;

const PATCH = '$patch';
const RETAIN = '$retainKeys';
const DELETE_FROM = '$deleteFromPrimitiveList/';
const ORDER = '$setElementOrder/';

/** Leaves the merge; never this file. */
class Refusal extends Error {}
const refuse = (why: string): never => {
  throw new Refusal(why);
};

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * @param definition what the object is made of; without one, lists are replaced
 * @returns the object with the patch merged in, or why it cannot be
 */
export function strategicMergePatch(
  definition: Definition | undefined,
  original: unknown,
  patch: unknown,
): StrategicMerged {
  if (!isFields(patch)) return { error: 'invalid JSON document' };
  try {
    return { value: mergeFields(definition, isFields(original) ? original : {}, patch) };
  } catch (error) {
    if (error instanceof Refusal) return { error: error.message };
    throw error;
  }
}

function definitionBelow(field: Field | undefined): Definition | undefined {
  const type = field?.type.of === 'list' ? field.type.items : field?.type;
  return type?.of === 'object' ? definitionOf(type.definition) : undefined;
}

function mergeFields(definition: Definition | undefined, original: Fields, patch: Fields): Fields {
  const directive = patch[PATCH];
  if (directive === 'replace') return withoutDirectives(patch);
  if (directive === 'delete') return {};
  if (directive !== undefined && directive !== 'merge') {
    refuse(`unknown patch type found in map: ${goText(patch as never)}`);
  }
  const result = new Map(Object.entries(retained(original, patch[RETAIN])));
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith(DELETE_FROM)) {
      const name = key.slice(DELETE_FROM.length);
      const list = result.get(name);
      if (Array.isArray(list) && Array.isArray(value)) {
        result.set(
          name,
          list.filter((item) => !value.some((gone) => sameValue(gone, item))),
        );
      }
    }
    if (key.startsWith('$')) continue;
    const field = definition?.fields.get(key);
    if (value === null) result.delete(key);
    else result.set(key, mergeField(field, result.get(key), value, patch[`${ORDER}${key}`]));
  }
  for (const [key, order] of Object.entries(patch)) {
    if (!key.startsWith(ORDER) || !Array.isArray(order)) continue;
    const name = key.slice(ORDER.length);
    const list = result.get(name);
    if (name in patch || !Array.isArray(list)) continue;
    const { mergeKey } = definition?.fields.get(name) ?? {};
    result.set(name, ordered(list as unknown[], order, list as unknown[], mergeKey));
  }
  return Object.fromEntries(result);
}

/** `$retainKeys`: of the fields that are there, only these stay. */
function retained(original: Fields, keys: unknown): Fields {
  if (!Array.isArray(keys)) return original;
  return Object.fromEntries(Object.entries(original).filter(([key]) => keys.includes(key)));
}

function mergeField(
  field: Field | undefined,
  original: unknown,
  value: unknown,
  order: unknown,
): unknown {
  const strategies = field?.patchStrategies ?? [];
  if (Array.isArray(value)) {
    const list = value as readonly unknown[];
    if (!strategies.includes('merge')) return list.map(withoutNested);
    const before = Array.isArray(original) ? (original as unknown[]) : [];
    return mergeLists(field, before, list, Array.isArray(order) ? order : undefined);
  }
  if (!isFields(value)) return value;
  if (strategies.includes('replace')) return withoutDirectives(value);
  return mergeFields(definitionBelow(field), isFields(original) ? original : {}, value);
}

/** Directives and nulls of a patch mean nothing where there is nothing to merge with. */
function withoutDirectives(value: Fields): Fields {
  const entries = Object.entries(value).filter(
    ([key, item]) => !key.startsWith('$') && item !== null,
  );
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutNested(item)]));
}

function withoutNested(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNested);
  return isFields(value) ? withoutDirectives(value) : value;
}

function mergeLists(
  field: Field | undefined,
  original: readonly unknown[],
  patch: readonly unknown[],
  order: readonly unknown[] | undefined,
): unknown[] {
  const mergeKey = field?.mergeKey;
  if (mergeKey === undefined || !patch.every(isFields)) {
    const added = patch.filter((item) => !original.some((one) => sameValue(one, item)));
    return ordered([...original, ...added], order ?? patch, original, undefined);
  }
  const definition = definitionBelow(field);
  let merged: unknown[] = [...original];
  const wanted: Fields[] = [];
  if (patch.some((item) => item[PATCH] === 'replace')) {
    return patch.filter((item) => item[PATCH] !== 'replace').map(withoutDirectives);
  }
  for (const item of patch) {
    const directive = item[PATCH];
    const known = directive === undefined || directive === 'delete' || directive === 'merge';
    if (!known) {
      refuse(`unknown patch type: ${goText(directive as never)} in map: ${goText(item as never)}`);
    }
    const key = item[mergeKey];
    if (key === undefined) {
      refuse(`map: ${goText(item as never)} does not contain declared merge key: ${mergeKey}`);
    }
    const at = (one: unknown): boolean => isFields(one) && one[mergeKey] === key;
    if (item[PATCH] === 'delete') {
      merged = merged.filter((one) => !at(one));
      continue;
    }
    wanted.push(item);
    const index = merged.findIndex(at);
    const before = index < 0 ? {} : (merged[index] as Fields);
    const next = mergeFields(definition, before, item);
    if (index < 0) merged.push(next);
    else merged[index] = next;
  }
  return ordered(merged, order ?? wanted, original, mergeKey);
}

/**
 * The items that `order` names in that order; the others in between, where they were before
 * (`normalizeElementOrder`).
 */
function ordered(
  items: readonly unknown[],
  order: readonly unknown[],
  before: readonly unknown[],
  mergeKey: string | undefined,
): unknown[] {
  const keyOf = (item: unknown): unknown =>
    mergeKey !== undefined && isFields(item) ? item[mergeKey] : item;
  const place = (list: readonly unknown[], item: unknown): number =>
    list.findIndex((one) => sameValue(keyOf(one), keyOf(item)));
  const right = items
    .filter((item) => place(order, item) >= 0)
    .sort((a, b) => place(order, a) - place(order, b));
  const left = items.filter((item) => place(order, item) < 0);
  const result: unknown[] = [];
  while (left.length > 0 && right.length > 0) {
    const [l, r] = [place(before, left[0]), place(before, right[0])];
    result.push(l >= 0 && r >= 0 && l < r ? left.shift() : right.shift());
  }
  return [...result, ...left, ...right];
}
