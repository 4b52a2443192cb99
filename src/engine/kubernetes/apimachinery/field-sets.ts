import type { FieldsV1 } from './object.ts';

/**
 * Sets of field paths, as `managedFields` keep them: a tree whose nodes are path elements, a node
 * with nothing below or with a `.` being in the set
 * (sigs.k8s.io/structured-merge-diff/v6 fieldpath/{set,serialize,path}.go).
 */
export const EMPTY: FieldsV1 = {};
const SELF = '.';

const isMember = (node: FieldsV1): boolean => SELF in node || Object.keys(node).length === 0;

const childrenOf = (node: FieldsV1): [string, FieldsV1][] =>
  Object.entries(node).filter(([element]) => element !== SELF);

export const isEmptySet = (set: FieldsV1): boolean => Object.keys(set).length === 0;

/** A node of a set; undefined when neither it nor anything below is in the set. */
function nodeOf(member: boolean, children: FieldsV1): FieldsV1 | undefined {
  if (isEmptySet(children)) return member ? EMPTY : undefined;
  return member ? { [SELF]: EMPTY, ...children } : children;
}

/** In the order of the elements, so that equal sets have equal texts. */
function collect(nodes: readonly (readonly [string, FieldsV1 | undefined])[]): FieldsV1 {
  const kept = nodes.filter((node): node is [string, FieldsV1] => node[1] !== undefined);
  return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A set of the children of an object, each with what of it is in the set. */
export const setFrom = (children: readonly (readonly [string, FieldsV1])[]): FieldsV1 =>
  collect(children.filter(([, below]) => !isEmptySet(below) || below === EMPTY));

/** A node that is in the set, with what is below it. */
export const withSelf = (children: FieldsV1): FieldsV1 => nodeOf(true, children) ?? EMPTY;

export function union(a: FieldsV1, b: FieldsV1): FieldsV1 {
  const names = [...new Set([...childrenOf(a), ...childrenOf(b)].map(([element]) => element))];
  return collect(
    names.map((element) => {
      const [left, right] = [a[element], b[element]];
      if (!left || !right) return [element, left ?? right];
      return [element, nodeOf(isMember(left) || isMember(right), union(left, right))];
    }),
  );
}

/** What is in the first and not in the second. */
export function difference(a: FieldsV1, b: FieldsV1): FieldsV1 {
  return collect(
    childrenOf(a).map(([element, left]) => {
      const right = b[element];
      if (!right) return [element, left];
      return [element, nodeOf(isMember(left) && !isMember(right), difference(left, right))];
    }),
  );
}

export function intersection(a: FieldsV1, b: FieldsV1): FieldsV1 {
  return collect(
    childrenOf(a).map(([element, left]) => {
      const right = b[element];
      if (!right) return [element, undefined];
      return [element, nodeOf(isMember(left) && isMember(right), intersection(left, right))];
    }),
  );
}

/** The paths of a set, each as messages write it: `.spec.containers[name="web"].image`. */
export function pathTexts(set: FieldsV1, at = ''): string[] {
  return childrenOf(set).flatMap(([element, below]) => {
    const path = at + elementText(element);
    return [...(isMember(below) ? [path] : []), ...pathTexts(below, path)];
  });
}

function elementText(element: string): string {
  const rest = element.slice(2);
  if (element.startsWith('f:')) return `.${rest}`;
  if (element.startsWith('v:')) return `[=${rest}]`;
  const keys = JSON.parse(rest) as Record<string, unknown>;
  const parts = Object.entries(keys).sort(([a], [b]) => (a < b ? -1 : 1));
  return `[${parts.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}]`;
}
