import { isMapping, type Mapping } from '../tree/tree.ts';
import type { Path } from '../tree/path-table.ts';

/** A document without what stands at the places a later one marked `!reset` or `!override`. */
export function withoutMarked(document: Mapping, marks: readonly Path[]): Mapping {
  if (marks.length === 0) return document;
  const result: Mapping = {};
  for (const [key, value] of Object.entries(document)) {
    const below = marks.filter(([head]) => head === key || head === '*');
    if (below.some((mark) => mark.length === 1)) continue;
    const deeper = below.map((mark) => mark.slice(1));
    result[key] = isMapping(value) ? withoutMarked(value, deeper) : value;
  }
  return result;
}
