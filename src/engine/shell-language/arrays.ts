import type { Items, Shell } from './state.ts';

/**
 * Arrays of GNU bash 5.2 (`array.c`, `assoc.c`): indexed ones, `a=(1 2 3)`, `a+=(x)`, `a[2]=y`, and
 * associative ones, `declare -A m`.
 *
 * Simplified: the keys of an associative array come in the order in which they were set.
 */
export function itemOf(items: Items, key: string): string | undefined {
  const likely = items[Number(key)];
  return likely?.[0] === key ? likely[1] : items.find(([one]) => one === key)?.[1];
}

/** Indexed arrays stay sorted by their numbers. */
export function withItem(items: Items, key: string, value: string, keyed: boolean): Items {
  const last = items.at(-1);
  if (!last || (!keyed && Number(last[0]) < Number(key))) return [...items, [key, value]];
  const at = items.findIndex(([one]) => (keyed ? one === key : Number(one) >= Number(key)));
  if (at === -1) return [...items, [key, value]];
  const replaces = items[at]![0] === key ? 1 : 0;
  return [...items.slice(0, at), [key, value], ...items.slice(at + replaces)];
}

/** A variable that is no array is one of one element. */
export function itemsOf(shell: Shell, name: string): Items {
  const variable = shell.variables.get(name);
  if (variable?.items) return variable.items;
  const special = variable ? undefined : shell.list(name);
  if (special) return special.map((value, i) => [String(i), value] as const);
  const value = shell.get(name);
  return value === undefined ? [] : [['0', value]];
}

/** False, and nothing done, when it is read-only. */
export function assignItems(shell: Shell, name: string, items: Items, keyed = false): boolean {
  const before = shell.variables.get(name);
  if (before?.readonly) return false;
  const { exported = false } = before ?? {};
  shell.variables.set(name, { value: undefined, exported, readonly: false, items, keyed });
  return true;
}

export const assignValues = (shell: Shell, name: string, values: readonly string[]): boolean =>
  assignItems(
    shell,
    name,
    values.map((value, i) => [String(i), value] as const),
  );

export function assignItem(shell: Shell, name: string, key: string, value: string): boolean {
  const keyed = shell.variables.get(name)?.keyed === true;
  return assignItems(shell, name, withItem(itemsOf(shell, name), key, value, keyed), keyed);
}

/** `a[2]`, as `unset`, `read` and arithmetic are given it. */
export function splitName(word: string): { name: string; index: string | undefined } {
  const match = /^([A-Za-z_][A-Za-z0-9_]*)\[(.+)\]$/s.exec(word);
  return match ? { name: match[1]!, index: match[2]! } : { name: word, index: undefined };
}
