import { sameValue } from './canonical-json.ts';

/**
 * Patches. `mergePatch` applies RFC 7386. `threeWayPatch` makes the patch that `kubectl apply`
 * sends: what the manifest says, plus the removal of what an earlier manifest said and this one
 * does not (staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/patch.go
 * `CreateThreeWayMergePatch`, v1.36). Lists whose elements have a merge key merge by it.
 */
type Plain = Readonly<Record<string, unknown>>;

/** The merge key of a list by its field name (the `patchMergeKey` tags of the API types). */
const MERGE_KEYS: Readonly<Record<string, readonly string[]>> = {
  containers: ['name'],
  initContainers: ['name'],
  env: ['name'],
  ports: ['containerPort', 'port'],
  volumes: ['name'],
  volumeMounts: ['mountPath'],
  conditions: ['type'],
};

const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** RFC 7386: null removes, objects merge, everything else replaces. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isPlain(patch)) return patch;
  const result = new Map(Object.entries(isPlain(target) ? target : {}));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) result.delete(key);
    else result.set(key, mergePatch(result.get(key), value));
  }
  return Object.fromEntries(result);
}

/**
 * What becomes of a live object when a manifest is applied over an earlier one.
 *
 * Simplified: computed by the client and sent as the whole merged fields, where kubectl sends a
 * strategic merge patch; what is stored in the end is the same.
 */
export function applyThreeWay(original: unknown, modified: unknown, live: unknown): unknown {
  if (!isPlain(modified)) return modified;
  const before = isPlain(original) ? original : {};
  const result = new Map(Object.entries(isPlain(live) ? live : {}));
  for (const key of Object.keys(before)) if (!(key in modified)) result.delete(key);
  for (const [key, value] of Object.entries(modified)) {
    if (value === null) result.delete(key);
    else if (Array.isArray(value)) {
      result.set(key, applyList(key, before[key], value, result.get(key)));
    } else result.set(key, applyThreeWay(before[key], value, result.get(key)));
  }
  return Object.fromEntries(result);
}

function applyList(
  field: string,
  original: unknown,
  modified: readonly unknown[],
  live: unknown,
): unknown {
  const mergeKey = MERGE_KEYS[field]?.find((key) => isPlain(modified[0]) && key in modified[0]);
  if (mergeKey === undefined || !Array.isArray(live)) {
    return sameValue(modified, live) ? live : modified;
  }
  const keyOf = (item: unknown): unknown => (isPlain(item) ? item[mergeKey] : undefined);
  const find = (list: unknown, key: unknown): unknown =>
    Array.isArray(list) ? list.find((item) => keyOf(item) === key) : undefined;
  const wanted = modified.map((item) =>
    applyThreeWay(find(original, keyOf(item)), item, find(live, keyOf(item))),
  );
  const kept = (live as readonly unknown[]).filter((item) => {
    const key = keyOf(item);
    return find(modified, key) === undefined && find(original, key) === undefined;
  });
  return [...wanted, ...kept];
}

/** The RFC 7386 patch that leads from one value to another. */
export function diffPatch(from: unknown, to: unknown): Plain {
  const patch: Record<string, unknown> = {};
  const before = isPlain(from) ? from : {};
  const after = isPlain(to) ? to : {};
  for (const key of Object.keys(before)) {
    if (after[key] === undefined && before[key] !== undefined) patch[key] = null;
  }
  for (const [key, value] of Object.entries(after)) {
    if (value === undefined || sameValue(before[key], value)) continue;
    patch[key] = isPlain(value) && isPlain(before[key]) ? diffPatch(before[key], value) : value;
  }
  return patch;
}
