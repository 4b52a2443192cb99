import { calculate, expandText, expandWords } from './expansion.ts';
import { fail, type Context } from './context.ts';
import type { Items, Shell, Step } from './state.ts';
import type { ArrayElement, Assignment, Word } from './syntax.ts';

/**
 * Arrays of GNU bash 5.2 (`array.c`, `assoc.c`): indexed ones, `a=(1 2 3)`, `a+=(x)`, `a[2]=y`, and
 * associative ones, `declare -A m`.
 *
 * Simplified: the keys of an associative array come in the order in which they were set.
 */
const ELEMENT_LIMIT = 100_000;

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

/** The key that a subscript comes to: a number, unless the array is associative. */
export function* keyOf(context: Context, name: string, index: Word): Step<string> {
  const text = yield* expandText(context, index);
  return yield* keyOfText(context, name, text);
}

export function* keyOfText(context: Context, name: string, text: string): Step<string> {
  const { shell } = context;
  if (shell.variables.get(name)?.keyed) return text;
  const number = yield* calculate(context, text);
  if (number >= 0n) return String(number);
  const last = itemsOf(shell, name).at(-1);
  const fromEnd = BigInt(last?.[0] ?? -1) + 1n + number;
  if (fromEnd < 0n) yield* fail(context, `${name}: bad array subscript`, false);
  return String(fromEnd);
}

export function assignItem(shell: Shell, name: string, key: string, value: string): boolean {
  const keyed = shell.variables.get(name)?.keyed === true;
  return assignItems(shell, name, withItem(itemsOf(shell, name), key, value, keyed), keyed);
}

/** What `(1 2 [5]=x)` comes to behind what is there already. */
export function* expandElements(
  context: Context,
  name: string,
  elements: readonly ArrayElement[],
  append: boolean,
): Step<Items> {
  const { shell } = context;
  const keyed = shell.variables.get(name)?.keyed === true;
  let items: Items = append ? itemsOf(shell, name) : [];
  let next = Number(keyed ? 0 : (items.at(-1)?.[0] ?? -1)) + 1;
  for (const { index, value } of elements) {
    if (index) {
      const key = yield* keyOf(context, name, index);
      items = withItem(items, key, yield* expandText(context, value), keyed);
      next = Number(key) + 1;
      continue;
    }
    const more: (readonly [string, string])[] = [];
    for (const text of yield* expandWords(context, [value])) {
      more.push([String(next), text]);
      next += 1;
    }
    items = [...items, ...more];
    if (items.length > ELEMENT_LIMIT) yield* fail(context, `${name}: too many elements`);
  }
  return items;
}

/** Carries an assignment out. @returns false when the variable is read-only */
export function* assignTo(
  context: Context,
  { name, index, elements, append }: Assignment,
  text: string,
): Step<boolean> {
  const { shell } = context;
  if (elements) {
    const items = yield* expandElements(context, name, elements, append);
    return assignItems(shell, name, items, shell.variables.get(name)?.keyed);
  }
  if (index) {
    const key = yield* keyOf(context, name, index);
    const before = append ? (itemOf(itemsOf(shell, name), key) ?? '') : '';
    return assignItem(shell, name, key, before + text);
  }
  return shell.assign(name, append ? (shell.get(name) ?? '') + text : text);
}

/** `a[2]`, as `unset`, `read` and arithmetic are given it. */
export function splitName(word: string): { name: string; index: string | undefined } {
  const match = /^([A-Za-z_][A-Za-z0-9_]*)\[(.+)\]$/s.exec(word);
  return match ? { name: match[1]!, index: match[2]! } : { name: word, index: undefined };
}
