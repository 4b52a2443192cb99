import { isList, isMapping, printValue, sortedEntries, type Mapping } from '../tree/tree.ts';

/** A mapping as the list it may be written as: `KEY=value`, keys in order, no value no `=`. */
export function asSequence(value: unknown): unknown[] {
  if (isList(value)) return value;
  if (typeof value === 'string') return [value];
  if (!isMapping(value)) return [];
  const entries = sortedEntries(value).flatMap(([key, one]) => {
    if (one === null) return [key];
    const values = isList(one) ? one : [one];
    return values.map((item) => `${key}=${printValue(item)}`);
  });
  return entries.sort();
}

/** A list of names as the mapping it may be written as. */
export function asMapping(value: unknown, each: () => unknown): Mapping {
  if (isMapping(value)) return value;
  if (!isList(value)) return {};
  return Object.fromEntries(value.map((name) => [String(name), each()]));
}
