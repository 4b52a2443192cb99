/** Texts of statements and functions that are moved, or stood for. */
import type { Inner, Item } from './chunk-items.ts';
import { below, type Node } from './chunk-scopes.ts';
import type { Place, Places } from './chunk-places.ts';

export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Edits that make private names plain where a method that uses them goes out. */
export function lowering(items: readonly Item[], places: Places): Edit[] {
  const edits: Edit[] = [];
  for (const item of items) {
    const at = places.of(item);
    const names = new Set<string>();
    for (const one of item.inner) {
      if (places.ofInner(item, one) !== at) for (const name of one.privates) names.add(name);
    }
    if (names.size === 0) continue;
    const plain = new Map([...names].map((name, i) => [name, `$${i.toString(36)}`]));
    const look = (node: Node): void => {
      if (node.type === 'PrivateIdentifier' && plain.has(String(node.name))) {
        edits.push({ start: node.start, end: node.end, text: plain.get(String(node.name))! });
      }
      below(node).forEach(look);
    };
    look(item.node);
  }
  return edits.sort((a, b) => a.start - b.start);
}

/** Text of a stretch, with what is edited in it; the widest edit counts. */
export function textOf(
  code: string,
  { start, end }: { start: number; end: number },
  edits: readonly Edit[],
): string {
  let low = 0;
  let high = edits.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edits[middle]!.start < start) low = middle + 1;
    else high = middle;
  }
  let text = '';
  let at = start;
  for (let i = low; i < edits.length && edits[i]!.start < end; i += 1) {
    const edit = edits[i]!;
    if (edit.start < at) continue;
    text += code.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return text + code.slice(at, end);
}

/** A method as a function by itself. */
export function functionText(code: string, one: Inner, edits: readonly Edit[]): string {
  const { value } = one;
  const text = textOf(code, value, edits);
  if (value.type !== 'FunctionExpression' || /^function\b/.test(text)) return text;
  return `function${value.generator === true ? '*' : ''} ${text}`;
}

/** What stands for a function of a table that is elsewhere. */
export const standing = (
  code: string,
  { node }: Inner,
  plain: readonly Edit[],
  [to, key]: readonly [Place, number],
): Edit => ({
  ...{ start: node.start, end: node.end },
  text: `${textOf(code, node.key as Node, plain)}: $s${to}(${key})`,
});

/** How `latePart` is told of a method that is elsewhere. */
export function methodName(code: string, { node, how }: Inner, plain: readonly Edit[]): string {
  const name = textOf(code, node.key as Node, plain);
  return `${node.static === true ? '^' : ''}${how === 'getter' ? '=' : ''}${name}`;
}
