import { isList, isMapping } from './tree.ts';
import { ELEMENT, type Path } from './path-table.ts';

/** The value with each of its children changed; a value without children as it is. */
export function mapChildren(
  value: unknown,
  path: Path,
  change: (child: unknown, path: Path) => unknown,
): unknown {
  if (isList(value)) return value.map((one) => change(one, [...path, ELEMENT]));
  if (!isMapping(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, change(one, [...path, key])]),
  );
}
