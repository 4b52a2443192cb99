import { rfc3339 } from '../../sim/clock.ts';
import type { ApiRequest } from '../api/requests.ts';
import { definitionOfKind, type Definition } from '../api/schema/definitions.ts';
import { sameValue } from '../apimachinery/canonical-json.ts';
import { difference, EMPTY, isEmptySet, union } from '../apimachinery/field-sets.ts';
import type { FieldsV1, KubeObject, ManagedFields } from '../apimachinery/object.ts';
import { compareFields, fieldsOf, rootShape, type Shape } from '../api/schema/typed-fields.ts';

/**
 * Who manages which fields (staging/src/k8s.io/apimachinery/pkg/util/managedfields, v1.36).
 *
 * Simplified: kept for objects that somebody writes under the name of a field manager, as kubectl
 * does; what components make for themselves, Pods above all, has none, and what they write into the
 * status of others is not counted as theirs. Upstream keeps it for every write.
 */
export function managedAtCreation(
  request: ApiRequest,
  object: KubeObject,
  now: number,
): KubeObject {
  const { fieldManager } = request;
  if (fieldManager === undefined) return object;
  const shape = shapeOf(object);
  if (!shape) return object;
  const { changed } = compareFields(shape, {}, object);
  const own = entryOf(request, fieldManager, object.apiVersion, ownable(changed, request), now);
  return withManagers(object, [own]);
}

/** The object with what an update made of who manages it. */
export function managedAfterUpdate(
  request: ApiRequest,
  object: KubeObject,
  previous: KubeObject,
  now: number,
): KubeObject {
  const before = previous.metadata.managedFields;
  const { fieldManager, subresource } = request;
  if (!before && fieldManager === undefined) return object;
  if (fieldManager === undefined && subresource === 'status') return object;
  const shape = shapeOf(object);
  if (!shape) return object;
  const { changed, removed } = compareFields(shape, previous, object);
  const taken = ownable(changed, request);
  if (isEmptySet(taken) && isEmptySet(ownable(removed, request))) return object;
  const manager = fieldManager ?? processOf(request.user);
  const gone = union(changed, removed);
  const entries = before ?? [inherited(previous)];
  const others = entries
    .filter((entry) => !isSame(entry, manager, 'Update', subresource))
    .map((entry) => without(entry, gone));
  const mine = entries.find((entry) => isSame(entry, manager, 'Update', subresource));
  const fields = union(difference(mine?.fieldsV1 ?? EMPTY, removed), taken);
  const own = entryOf(request, manager, object.apiVersion, fields, now);
  return withManagers(object, [...others, own]);
}

const without = (entry: ManagedFields, gone: FieldsV1): ManagedFields => ({
  ...entry,
  fieldsV1: difference(entry.fieldsV1, gone),
});

/** What an object's fields are taken apart by; undefined for a kind without a schema. */
export function shapeOf({ apiVersion, kind }: KubeObject): Shape | undefined {
  const definition: Definition | undefined = definitionOfKind(apiVersion, kind);
  return definition && rootShape(definition);
}

/** Who asks, when the request does not say under which name. */
function processOf(user: string): string {
  if (user.endsWith('-controller')) return 'kube-controller-manager';
  if (user.startsWith('kubelet/')) return 'kubelet';
  return user === 'scheduler' ? 'kube-scheduler' : user;
}

const SERVER_FIELDS: FieldsV1 = {
  'f:apiVersion': EMPTY,
  'f:kind': EMPTY,
  'f:metadata': Object.fromEntries(
    [
      ...['.', 'f:name', 'f:namespace', 'f:creationTimestamp', 'f:selfLink', 'f:uid'],
      ...['f:generation', 'f:managedFields', 'f:resourceVersion'],
    ].map((element) => [element, EMPTY]),
  ),
};

/** What of a set somebody can manage: not what only the server writes, nor another subresource. */
export function ownable(set: FieldsV1, { subresource }: ApiRequest): FieldsV1 {
  const { 'f:status': status, ...rest } = difference(set, SERVER_FIELDS);
  if (subresource === 'status') return status ? { 'f:status': status } : EMPTY;
  return 'f:metadata' in rest && isEmptySet(rest['f:metadata'] ?? EMPTY)
    ? dropMetadata(rest)
    : rest;
}

function dropMetadata({ 'f:metadata': _, ...rest }: FieldsV1): FieldsV1 {
  return rest;
}

export const isSame = (
  entry: ManagedFields,
  manager: string,
  operation: ManagedFields['operation'],
  subresource: string | undefined,
): boolean =>
  entry.manager === manager &&
  entry.operation === operation &&
  (entry.subresource ?? '') === (subresource ?? '');

export function entryOf(
  { subresource, patchType }: ApiRequest,
  manager: string,
  apiVersion: string,
  fieldsV1: FieldsV1,
  now: number,
): ManagedFields {
  const operation = patchType === 'apply' ? 'Apply' : 'Update';
  return {
    apiVersion,
    fieldsType: 'FieldsV1',
    fieldsV1,
    manager,
    operation,
    ...(subresource && { subresource }),
    time: rfc3339(now),
  };
}

/** Whom the fields of an object belong to that nobody was counted for until now. */
export function inherited(object: KubeObject): ManagedFields {
  const shape = shapeOf(object);
  const fields = shape ? fieldsOf(shape, object) : EMPTY;
  const { 'f:status': _, ...rest } = difference(fields, SERVER_FIELDS);
  return {
    apiVersion: object.apiVersion,
    fieldsType: 'FieldsV1',
    fieldsV1: rest,
    manager: 'before-first-apply',
    operation: 'Update',
    time: object.metadata.creationTimestamp,
  };
}

/** The object with these managers, those of nothing left out, in the server's order. */
export function withManagers(object: KubeObject, entries: readonly ManagedFields[]): KubeObject {
  const kept = entries
    .filter(({ fieldsV1 }) => !isEmptySet(fieldsV1))
    .sort((a, b) => compareEntries(a, b));
  const managedFields = sameValue(kept, object.metadata.managedFields)
    ? object.metadata.managedFields
    : kept;
  if (managedFields === object.metadata.managedFields) return object;
  return { ...object, metadata: { ...object.metadata, managedFields } };
}

/** Applies before updates, then by time, then by name. */
function compareEntries(a: ManagedFields, b: ManagedFields): number {
  const key = ({ operation, time = '', manager, subresource = '' }: ManagedFields): string =>
    `${operation} ${time} ${manager} ${subresource}`;
  const [left, right] = [key(a), key(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
