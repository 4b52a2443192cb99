import {
  definitionOf,
  definitionOfKind,
  type Definition,
  type Field,
} from '../api/schema/definitions.ts';
import { sameValue } from '../apimachinery/canonical-json.ts';
import type { KubeObject } from '../apimachinery/object.ts';

/**
 * What becomes of a live object when a manifest is applied over an earlier one: what the manifest
 * says, without what the earlier one said and this one does not
 * (staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/patch.go `CreateThreeWayMergePatch`,
 * v1.36). Lists merge by the keys that their kind declares.
 *
 * Simplified: computed by the client and sent as whole fields, where kubectl sends a strategic merge
 * patch; what is stored in the end is the same.
 */
type Plain = Readonly<Record<string, unknown>>;

const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function mergeThreeWay(
  original: unknown,
  modified: KubeObject,
  live: KubeObject,
): KubeObject {
  const definition = definitionOfKind(modified.apiVersion, modified.kind);
  const merged = mergeFields(
    definition,
    isPlain(original) ? original : {},
    { ...modified },
    {
      ...live,
    },
  );
  return merged as unknown as KubeObject;
}

function definitionBelow(field: Field | undefined): Definition | undefined {
  const type = field?.type.of === 'list' ? field.type.items : field?.type;
  return type?.of === 'object' ? definitionOf(type.definition) : undefined;
}

function mergeFields(
  definition: Definition | undefined,
  original: Plain,
  modified: Plain,
  live: Plain,
): Plain {
  const result = new Map(Object.entries(live));
  for (const key of Object.keys(original)) if (!(key in modified)) result.delete(key);
  for (const [key, value] of Object.entries(modified)) {
    const field = definition?.fields.get(key);
    const merged = mergeValue(field, original[key], value, result.get(key));
    if (merged === undefined) result.delete(key);
    else result.set(key, merged);
  }
  return Object.fromEntries(result);
}

function mergeValue(
  field: Field | undefined,
  original: unknown,
  modified: unknown,
  live: unknown,
): unknown {
  if (modified === null) return undefined;
  if (Array.isArray(modified)) return mergeList(field, original, modified, live);
  if (!isPlain(modified)) return modified;
  const before = isPlain(original) ? original : {};
  const now = isPlain(live) ? live : {};
  const merged = mergeFields(definitionBelow(field), before, modified, now);
  if (!field?.patchStrategies.includes('retainKeys')) return merged;
  return Object.fromEntries(Object.entries(merged).filter(([key]) => key in modified));
}

function mergeList(
  field: Field | undefined,
  original: unknown,
  modified: readonly unknown[],
  live: unknown,
): unknown {
  const merges = field?.patchStrategies.includes('merge') ?? false;
  if (!merges || !Array.isArray(live)) return sameValue(modified, live) ? live : modified;
  const key = field?.mergeKey;
  if (key === undefined) {
    const before: readonly unknown[] = Array.isArray(original) ? (original as unknown[]) : [];
    const kept = (live as unknown[]).filter(
      (item) => !before.includes(item) && !modified.includes(item),
    );
    return [...modified, ...kept];
  }
  const keyOf = (item: unknown): unknown => (isPlain(item) ? item[key] : undefined);
  const find = (list: unknown, wanted: unknown): Plain => {
    const found = Array.isArray(list)
      ? (list as unknown[]).find((item) => keyOf(item) === wanted)
      : undefined;
    return isPlain(found) ? found : {};
  };
  const below = definitionBelow(field);
  const wanted = modified.map((item) =>
    isPlain(item)
      ? mergeFields(below, find(original, keyOf(item)), item, find(live, keyOf(item)))
      : item,
  );
  const names = new Set(modified.map(keyOf));
  const gone = new Set(Array.isArray(original) ? (original as unknown[]).map(keyOf) : []);
  const kept = (live as unknown[]).filter(
    (item) => !names.has(keyOf(item)) && !gone.has(keyOf(item)),
  );
  const merged = [...wanted, ...kept];
  return sameValue(merged, live) ? live : merged;
}
