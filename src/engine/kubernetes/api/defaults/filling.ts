/**
 * How defaults are filled in: into a new object that shares what stays, or into none at all when
 * nothing is missing, so that objects made of one template go on sharing it.
 */

/** Fills in fields that are left out (in Go a nil pointer). */
export function fillMissing<T extends object>(object: T, fields: Partial<T>): T {
  return fill(object, fields, (value) => value === undefined || value === null);
}

/** Fills in fields that are left out, empty or zero (in Go a zero value). */
export function fillEmpty<T extends object>(object: T, fields: Partial<T>): T {
  return fill(
    object,
    fields,
    (value) => value === undefined || value === null || value === '' || value === 0,
  );
}

function fill<T extends object>(
  object: T,
  fields: Partial<T>,
  isUnset: (value: unknown) => boolean,
): T {
  let filled: Record<string, unknown> | undefined;
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined || !isUnset((object as Record<string, unknown>)[key])) continue;
    filled ??= { ...(object as Record<string, unknown>) };
    filled[key] = value;
  }
  return filled === undefined ? object : (filled as T);
}

/** Puts other values into fields; gives back the same object when they are there already. */
export function withFields<T extends object>(object: T, fields: Partial<T>): T {
  const changed = Object.entries(fields).some(
    ([key, value]) => value !== undefined && (object as Record<string, unknown>)[key] !== value,
  );
  if (!changed) return object;
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return { ...object, ...Object.fromEntries(given) };
}

/** What becomes of each; the same list when nothing changes. */
export function mapKept<T>(list: readonly T[], change: (item: T) => T): readonly T[] {
  const changed = list.map(change);
  return changed.some((item, i) => item !== list[i]) ? changed : list;
}

/**
 * A pure function of an object that is never changed, computed once for each. It also knows its
 * own results, so filling in twice costs nothing.
 */
export function once<T extends object>(compute: (object: T) => T): (object: T) => T {
  const known = new WeakMap<T, T>();
  return (object) => {
    const before = known.get(object);
    if (before !== undefined) return before;
    const result = compute(object);
    known.set(object, result);
    if (result !== object) known.set(result, result);
    return result;
  };
}
