import { definitionOf, type Definition, type Field, type TypeNode } from './definitions.ts';
import { canonicalJson, sameValue } from '../../apimachinery/canonical-json.ts';
import { EMPTY, setFrom, withSelf } from '../../apimachinery/field-sets.ts';
import type { FieldsV1 } from '../../apimachinery/object.ts';

/**
 * Objects as trees of fields that are owned one by one: which fields an object says something of,
 * which differ between two, what two make together, and what is left without some
 * (sigs.k8s.io/structured-merge-diff/v6 typed/{tofieldset,compare,merge,remove}.go).
 */
export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** How a value is taken apart. */
export interface Shape {
  readonly type: TypeNode;
  readonly listType?: 'atomic' | 'set' | 'map';
  readonly listKeys?: readonly string[];
  readonly isAtomic: boolean;
}

export const rootShape = ({ name }: Definition): Shape => ({
  type: { of: 'object', definition: name },
  isAtomic: false,
});

function shapeOf(field: Field | undefined): Shape {
  if (!field) return { type: { of: 'any' }, isAtomic: true };
  const { type, listType, listKeys, isAtomicMap } = field;
  const definition = type.of === 'object' ? definitionOf(type.definition) : undefined;
  return {
    type,
    ...(type.of === 'list' && { listType: listType ?? 'atomic' }),
    ...(listKeys && { listKeys }),
    isAtomic: isAtomicMap || (definition?.isAtomic ?? false),
  };
}

/** The shape of an element or a field below a value. */
function below({ type }: Shape, name: string): Shape {
  if (type.of === 'object') {
    return shapeOf(definitionOf(type.definition)?.fields.get(name));
  }
  const inner = type.of === 'list' ? type.items : type.of === 'map' ? type.values : type;
  const definition = inner.of === 'object' ? definitionOf(inner.definition) : undefined;
  return { type: inner, isAtomic: definition?.isAtomic ?? false };
}

/** What a list is merged by when an element leaves it out. */
const KEY_DEFAULTS: Fields = { protocol: 'TCP' };

/** The elements of a value by path element, in order; undefined when it is one field as a whole. */
export function elementsOf(shape: Shape, value: unknown): Map<string, unknown> | undefined {
  const { type, listType, listKeys = [], isAtomic } = shape;
  if (isAtomic) return undefined;
  if (isFields(value) && (type.of === 'object' || type.of === 'map')) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    return new Map(entries.map(([key, item]) => [`f:${key}`, item]));
  }
  if (!Array.isArray(value) || type.of !== 'list') return undefined;
  const items = value as readonly unknown[];
  if (listType === 'set') {
    return new Map(items.map((item) => [`v:${JSON.stringify(item)}`, item]));
  }
  if (listType !== 'map' || !items.every(isFields)) return undefined;
  return new Map(
    items.map((item) => {
      const keys = listKeys.map((key) => [key, item[key] ?? KEY_DEFAULTS[key]] as const);
      const given = keys.filter(([, part]) => part !== undefined);
      return [`k:${canonicalJson(Object.fromEntries(given))}`, item];
    }),
  );
}

export const shapeBelow = (shape: Shape, element: string): Shape => below(shape, element.slice(2));

/** The fields that an object says something of. */
export function fieldsOf(shape: Shape, value: unknown): FieldsV1 {
  const elements = elementsOf(shape, value);
  if (!elements || elements.size === 0) return EMPTY;
  const isStruct = shape.type.of === 'object';
  return setFrom(
    [...elements].map(([element, item]) => {
      const inner = fieldsOf(shapeBelow(shape, element), item);
      return [element, isStruct ? inner : withSelf(inner)];
    }),
  );
}

export interface Comparison {
  /** Fields that the second has and the first has not, or has otherwise. */
  readonly changed: FieldsV1;
  /** Fields that the first has and the second has not. */
  readonly removed: FieldsV1;
}

/** Kinds of fields that Go keeps in place even when they are empty. */
const IN_PLACE: ReadonlySet<string> = new Set(
  'f:metadata f:spec f:status f:template f:strategy f:updateStrategy f:jobTemplate f:containers'.split(
    ' ',
  ),
);

/** How two versions of an object differ, field by field. */
export function compareFields(shape: Shape, before: unknown, after: unknown): Comparison {
  if (before === after) return { changed: EMPTY, removed: EMPTY };
  const left = elementsOf(shape, before) ?? new Map<string, unknown>();
  const right = elementsOf(shape, after) ?? new Map<string, unknown>();
  const changed: [string, FieldsV1][] = [];
  const removed: [string, FieldsV1][] = [];
  for (const [element, item] of right) {
    const inner = shapeBelow(shape, element);
    if (!left.has(element)) changed.push([element, everything(inner, item, element)]);
    else {
      const old = left.get(element);
      if (sameValue(old, item)) continue;
      if (isWhole(inner, old) || isWhole(inner, item)) changed.push([element, EMPTY]);
      else {
        const nested = compareFields(inner, old, item);
        if (Object.keys(nested.changed).length > 0) changed.push([element, nested.changed]);
        if (Object.keys(nested.removed).length > 0) removed.push([element, nested.removed]);
      }
    }
  }
  for (const [element, item] of left) {
    if (!right.has(element)) {
      removed.push([element, everything(shapeBelow(shape, element), item, element)]);
    }
  }
  return { changed: setFrom(changed), removed: setFrom(removed) };
}

const isWhole = (shape: Shape, value: unknown): boolean => {
  const elements = elementsOf(shape, value);
  return !elements || elements.size === 0;
};

/** A value that is new as a whole, with everything in it. */
function everything(shape: Shape, value: unknown, element: string): FieldsV1 {
  const elements = elementsOf(shape, value);
  if (!elements || elements.size === 0) return EMPTY;
  const inner = setFrom(
    [...elements].map(([name, item]) => [name, everything(shapeBelow(shape, name), item, name)]),
  );
  return IN_PLACE.has(element) ? inner : withSelf(inner);
}

/** What an applied object makes of a live one. */
export function mergeApplied(shape: Shape, live: unknown, applied: unknown): unknown {
  if (applied === undefined) return live;
  const left = elementsOf(shape, live);
  const right = elementsOf(shape, applied);
  if (!left || !right || applied === null) return applied;
  const merged = (element: string): unknown =>
    mergeApplied(shapeBelow(shape, element), left.get(element), right.get(element));
  if (!Array.isArray(applied)) {
    const names = [...new Set([...left.keys(), ...right.keys()])];
    return Object.fromEntries(names.map((element) => [element.slice(2), merged(element)]));
  }
  return interleaved([...left.keys()], [...right.keys()]).map(merged);
}

/** The applied elements in their order, the others where they stood between them. */
function interleaved(live: readonly string[], applied: readonly string[]): string[] {
  const wanted = new Set(applied);
  const result: string[] = [];
  let at = 0;
  for (const element of applied) {
    for (; at < live.length && !wanted.has(live[at] ?? ''); at++) result.push(live[at] ?? '');
    if (live[at] !== undefined && wanted.has(live[at] ?? '')) at += 1;
    result.push(element);
  }
  return [...result, ...live.slice(at).filter((element) => !wanted.has(element))];
}

/** The value without the fields of a set; what is left empty by that goes too. */
export function withoutFields(shape: Shape, value: unknown, set: FieldsV1): unknown {
  const elements = elementsOf(shape, value);
  if (!elements) return value;
  const kept: [string, unknown][] = [];
  for (const [element, item] of elements) {
    const node = set[element];
    if (!node) {
      kept.push([element, item]);
      continue;
    }
    const isLeaf = Object.keys(node).length === 0;
    if (isLeaf) continue;
    const rest = withoutFields(shapeBelow(shape, element), item, node);
    const emptied = isEmptyValue(rest) && !isEmptyValue(item);
    if (!(emptied && '.' in node)) kept.push([element, rest]);
  }
  if (Array.isArray(value)) return kept.map(([, item]) => item);
  return Object.fromEntries(kept.map(([element, item]) => [element.slice(2), item]));
}

const isEmptyValue = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;
