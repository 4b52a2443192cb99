/** JSON with keys in order, so that equal values have equal texts. */
export function canonicalJson(value: unknown, indent = 0): string {
  return JSON.stringify(sortKeys(value), undefined, indent);
}

/** The value with the keys of its objects in order; fields that are undefined are dropped. */
export function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, field]) => [key, sortKeys(field)]));
}

/** Whether two plain values say the same; a field that is undefined counts as absent. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return false;
  if (!Array.isArray(a)) return !Array.isArray(b) && sameFields(a as Fields, b as Fields);
  if (!Array.isArray(b) || a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!sameValue(a[i], b[i])) return false;
  return true;
}

type Fields = Readonly<Record<string, unknown>>;

/** Without pairs of names and values: they would be made for every write. */
function sameFields(a: Fields, b: Fields): boolean {
  let more = 0;
  for (const key of Object.keys(b)) if (b[key] !== undefined) more += 1;
  for (const key of Object.keys(a)) {
    const field = a[key];
    if (field === undefined) continue;
    if (!sameValue(field, b[key])) return false;
    more -= 1;
  }
  return more === 0;
}
