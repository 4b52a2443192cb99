import { fail } from '../failure.ts';
import { isList, isMapping, type Mapping } from '../tree/tree.ts';
import { pathText, type Path } from '../tree/path-table.ts';
import { MERGE_RULES } from './merge-rules.ts';

/**
 * Lays a later document over an earlier one: mappings merge key by key, lists grow, a single value
 * is replaced, and some places have rules of their own (compose-go v2.13 `override/merge.go`).
 * Neither document changes.
 */
export const mergeDocuments = (base: Mapping, override: Mapping): Mapping =>
  mergeMappings(base, override, []);

/** Lays a service over the one it extends. */
export const extendService = (base: Mapping, service: Mapping): Mapping =>
  mergeMappings(base, service, ['services', 'x']);

/** Lays what a file says of a resource over what it includes of the same name. */
export const mergeResource = (base: unknown, override: unknown, path: Path): unknown =>
  mergeValues(base, override, path);

function mergeValues(base: unknown, override: unknown, path: Path): unknown {
  const rule = MERGE_RULES.get(path);
  if (rule) return rule(base, override, path, mergeMappings);
  if (override === null || override === undefined) return base;
  if (isMapping(base)) {
    if (!isMapping(override)) return fail(`cannot override ${pathText(path)}`);
    return mergeMappings(base, override, path);
  }
  if (isList(base)) {
    if (!isList(override)) return fail(`cannot override ${pathText(path)}`);
    return [...base, ...override];
  }
  return override;
}

function mergeMappings(base: Mapping, override: Mapping, path: Path): Mapping {
  const merged: Mapping = { ...base };
  for (const [key, value] of Object.entries(override)) {
    merged[key] = Object.hasOwn(base, key) ? mergeValues(base[key], value, [...path, key]) : value;
  }
  return merged;
}
