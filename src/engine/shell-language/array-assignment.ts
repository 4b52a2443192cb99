import { assignItem, assignItems, itemOf, itemsOf, withItem } from './arrays.ts';
import { fail, type Context } from './context.ts';
import { expandText, expandWords, keyOf } from './expansion.ts';
import type { Items, Step } from './state.ts';
import type { ArrayElement, Assignment } from './syntax.ts';

/** `a=(1 2 [5]=x)`, `a+=(y)`, `a[2]=z` and `x=y` (GNU bash 5.2 `arrayfunc.c`). */
const ELEMENT_LIMIT = 100_000;

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
