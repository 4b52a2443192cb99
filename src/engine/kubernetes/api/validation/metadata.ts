import type { LabelSelector } from '../../apimachinery/label-selector.ts';
import type { KubeObject, Labels, ObjectMeta, OwnerReference } from '../../apimachinery/object.ts';
import {
  forbidden,
  immutable,
  invalid,
  invalids,
  required,
  tooLong,
  type FieldCause,
} from './field-errors.ts';
import { dnsLabel, labelKey, labelValue, type NameRule } from './names.ts';

/**
 * Metadata of every kind (staging/src/k8s.io/apimachinery/pkg/api/validation/objectmeta.go and
 * pkg/apis/meta/v1/validation/validation.go, v1.36).
 */
const ANNOTATIONS_MAX_BYTES = 256 * 1024;
const AT = 'metadata';

/** What the kind asks of its names, and whether it lies in a namespace. */
export interface MetadataRule {
  readonly name: NameRule;
  readonly namespaced: boolean;
}

export function validateMetadata({ metadata }: KubeObject, rule: MetadataRule): FieldCause[] {
  const { name, namespace, generateName, finalizers, ownerReferences } = metadata;
  const causes: FieldCause[] = [];
  if (generateName) {
    const masked = withoutLastDash(generateName);
    causes.push(...invalids(`${AT}.generateName`, generateName, rule.name(masked)));
  }
  if (!name) causes.push(required(`${AT}.name`, 'name or generateName is required'));
  else causes.push(...invalids(`${AT}.name`, name, rule.name(name)));
  if (!rule.namespaced) {
    if (namespace) causes.push(forbidden(`${AT}.namespace`, 'not allowed on this type'));
  } else if (!namespace) causes.push(required(`${AT}.namespace`));
  else causes.push(...invalids(`${AT}.namespace`, namespace, dnsLabel(namespace)));
  return [
    ...causes,
    ...validateMaps(metadata),
    ...validateOwners(ownerReferences ?? []),
    ...validateFinalizers(finalizers ?? []),
  ];
}

/** Something is appended to a prefix, so it may end with a dash. */
const withoutLastDash = (name: string): string =>
  name.length > 1 && name.endsWith('-') ? `${name.slice(0, -2)}a` : name;

const validateMaps = ({ labels, annotations }: ObjectMeta): FieldCause[] => [
  ...validateLabels(labels, `${AT}.labels`),
  ...validateAnnotations(annotations, `${AT}.annotations`),
];

/** Maps found right before: templates hand theirs to many objects. */
const validMaps = new WeakSet<Labels>();

export function validateLabels(labels: Labels | undefined, at: string): FieldCause[] {
  if (!labels || validMaps.has(labels)) return [];
  const causes = Object.entries(labels).flatMap(([key, value]) => [
    ...validateLabelKey(key, at),
    ...invalids(at, value, labelValue(value)),
  ]);
  if (causes.length === 0) validMaps.add(labels);
  return causes;
}

export const validateLabelKey = (key: string, at: string): FieldCause[] =>
  invalids(at, key, labelKey(key));

export function validateAnnotations(annotations: Labels | undefined, at: string): FieldCause[] {
  if (!annotations) return [];
  const causes: FieldCause[] = [];
  let units = 0;
  for (const [key, value] of Object.entries(annotations)) {
    causes.push(...invalids(at, key, labelKey(key.toLowerCase())));
    units += key.length + value.length;
  }
  // A character takes four bytes at most, so most maps need no counting.
  if (units > ANNOTATIONS_MAX_BYTES / 4 && bytesOf(annotations) > ANNOTATIONS_MAX_BYTES) {
    causes.push(tooLong(at, ANNOTATIONS_MAX_BYTES));
  }
  return causes;
}

/** Bytes of a map's keys and values together. */
export function bytesOf(map: Labels | undefined): number {
  const encoder = new TextEncoder();
  return Object.entries(map ?? {}).reduce(
    (sum, [key, value]) => sum + encoder.encode(key + value).length,
    0,
  );
}

function validateOwners(owners: readonly OwnerReference[]): FieldCause[] {
  const at = `${AT}.ownerReferences`;
  const causes: FieldCause[] = [];
  let controller = '';
  for (const owner of owners) {
    const { apiVersion, kind, name, uid } = owner;
    if (!apiVersion) causes.push(invalid(`${at}.apiVersion`, '', 'version must not be empty'));
    if (!kind) causes.push(invalid(`${at}.kind`, kind ?? '', 'must not be empty'));
    if (!name) causes.push(invalid(`${at}.name`, name ?? '', 'must not be empty'));
    if (!uid) causes.push(invalid(`${at}.uid`, uid ?? '', 'must not be empty'));
    if (apiVersion === 'v1' && kind === 'Event') {
      const why = '/v1, Kind=Event is disallowed from being an owner';
      causes.push(invalid(at, owner, why));
    }
    if (!owner.controller) continue;
    const current = `${kind}/${name}`;
    if (controller) {
      const why =
        'Only one reference can have Controller set to true. Found "true" in references for ' +
        `${controller} and ${current}`;
      causes.push(invalid(at, owners, why));
    } else controller = current;
  }
  return causes;
}

const STANDARD_FINALIZERS = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

function validateFinalizers(finalizers: readonly string[]): FieldCause[] {
  const at = `${AT}.finalizers`;
  const causes = finalizers.flatMap((finalizer) => invalids(at, finalizer, labelKey(finalizer)));
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    const why = 'finalizer orphan and foregroundDeletion cannot be both set';
    causes.push(invalid(at, finalizers, why));
  }
  finalizers.forEach((finalizer, i) => causes.push(...validateFinalizer(finalizer, `${at}[${i}]`)));
  return causes;
}

export function validateFinalizer(finalizer: string, at: string): FieldCause[] {
  if (finalizer.includes('/') || STANDARD_FINALIZERS.has(finalizer)) return [];
  const why = 'name is neither a standard finalizer name nor is it fully qualified';
  return [invalid(at, finalizer, why)];
}

export function validateMetadataUpdate(
  { metadata }: KubeObject,
  { metadata: old }: KubeObject,
): FieldCause[] {
  if (metadata === old) return [];
  const causes: FieldCause[] = [];
  const { finalizers = [], ownerReferences } = metadata;
  if (old.deletionTimestamp) {
    const extra = finalizers.filter((finalizer) => !old.finalizers?.includes(finalizer));
    if (extra.length > 0) {
      const list = extra.map((finalizer) => JSON.stringify(finalizer)).join(', ');
      const why =
        'no new finalizers can be added if the object is being deleted, found new finalizers ' +
        `[]string{${list}}`;
      causes.push(forbidden(`${AT}.finalizers`, why));
    }
  }
  causes.push(
    ...immutable(`${AT}.name`, metadata.name, metadata.name === old.name),
    ...immutable(`${AT}.namespace`, metadata.namespace, metadata.namespace === old.namespace),
    ...immutable(`${AT}.uid`, metadata.uid, metadata.uid === old.uid),
    ...validateMaps(metadata),
  );
  if (ownerReferences !== old.ownerReferences)
    causes.push(...validateOwners(ownerReferences ?? []));
  finalizers.forEach((finalizer, i) =>
    causes.push(...validateFinalizer(finalizer, `${AT}.finalizers[${i}]`)),
  );
  return causes;
}

export const IN_OR_NOT_IN = "must be specified when `operator` is 'In' or 'NotIn'";
export const EXISTS_OR_NOT = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";

export function validateSelector(selector: LabelSelector | undefined, at: string): FieldCause[] {
  if (!selector) return [];
  const causes = validateLabels(selector.matchLabels, `${at}.matchLabels`);
  (selector.matchExpressions ?? []).forEach(({ key, operator, values = [] }, i) => {
    const here = `${at}.matchExpressions[${i}]`;
    if (operator === 'In' || operator === 'NotIn') {
      if (values.length === 0) causes.push(required(`${here}.values`, IN_OR_NOT_IN));
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      if (values.length > 0) causes.push(forbidden(`${here}.values`, EXISTS_OR_NOT));
    } else {
      causes.push(invalid(`${here}.operator`, operator ?? '', 'not a valid selector operator'));
    }
    causes.push(...validateLabelKey(key ?? '', `${here}.key`));
    values.forEach((value, j) =>
      causes.push(...invalids(`${here}.values[${j}]`, value, labelValue(value))),
    );
  });
  return causes;
}
