import { isRefused, refuse, type Refused } from '../../../go/refused.ts';
import { compareQuantities, quantityOf } from '../../apimachinery/quantity.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { findResults } from '../jsonpath/evaluate.ts';
import { relaxedPath } from './custom-columns.ts';

/** `--sort-by` (kubectl/pkg/cmd/get/sorter.go, v1.36). */
export function sortBy<T extends { readonly object: KubeObject }>(
  items: readonly T[],
  field: string,
): T[] | Refused {
  const path = relaxedPath(field);
  if (isRefused(path)) return path;
  const keyed: { item: T; key: unknown; found: boolean }[] = [];
  for (const item of items) {
    const results = findResults(path, item.object);
    if (isRefused(results)) return results;
    const [first = []] = results;
    keyed.push({ item, key: first[0], found: first.length > 0 });
  }
  if (items.length > 0 && !keyed.some(({ found }) => found)) {
    return refuse(`couldn't find any field with path "${path.source}" in the list of objects`);
  }
  keyed.sort((a, b) => {
    if (a.found !== b.found) return a.found ? 1 : -1;
    return compareKeys(a.key, b.key);
  });
  return keyed.map(({ item }) => item);
}

function compareKeys(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a !== 'string' || typeof b !== 'string') return 0;
  const [x, y] = [quantityOf(a), quantityOf(b)];
  if (x !== undefined && y !== undefined) return compareQuantities(x, y);
  return a < b ? -1 : a > b ? 1 : 0;
}
