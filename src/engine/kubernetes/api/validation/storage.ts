import { sameValue } from '../../apimachinery/canonical-json.ts';
import type {
  AccessMode,
  ClaimSource,
  ClaimSpec,
  PersistentVolume,
  PersistentVolumeClaim,
  StorageClass,
} from '../storage.ts';
import {
  given,
  duplicate,
  forbidden,
  immutable,
  invalid,
  invalids,
  notSupported,
  oneOf,
  required,
  type FieldCause,
} from './field-errors.ts';
import { goDiff } from './go-diff.ts';
import { validateLabelKey, validateSelector } from './metadata.ts';
import { dnsLabel, dnsSubdomain, labelKey } from './names.ts';
import { validateNodeSelector } from './placement.ts';
import { isLess, validateAmount, validatePositiveAmount } from './resource-amounts.ts';
import { validateHostPath, validateNfs } from './volume-sources.ts';

/** Volumes, claims and classes (pkg/apis/{core,storage}/validation/validation.go, v1.36). */
const ACCESS_MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
const VOLUME_MODES = ['Block', 'Filesystem'];

function validateAccessModes(modes: readonly AccessMode[] = [], at: string): FieldCause[] {
  const causes = modes.flatMap((mode) =>
    ACCESS_MODES.includes(mode) ? [] : [notSupported(at, mode, ACCESS_MODES)],
  );
  const others = modes.some((mode) => mode !== 'ReadWriteOncePod' && ACCESS_MODES.includes(mode));
  if (modes.includes('ReadWriteOncePod') && others) {
    causes.push(forbidden(at, 'may not use ReadWriteOncePod with other access modes'));
  }
  return causes;
}

export function validateClaimSpec(spec: ClaimSpec, at: string): FieldCause[] {
  const { accessModes = [], resources, storageClassName, dataSource, dataSourceRef } = spec;
  const causes: FieldCause[] = [];
  if (accessModes.length === 0) {
    causes.push(required(`${at}.accessModes`, 'at least 1 access mode is required'));
  }
  causes.push(
    ...validateSelector(spec.selector, `${at}.selector`),
    ...validateAccessModes(accessModes, `${at}.accessModes`),
  );
  const storage = resources?.requests?.storage;
  const field = `${at}.resources[storage]`;
  if (storage === undefined) causes.push(required(field));
  else {
    const wrong = validatePositiveAmount(storage, field);
    causes.push(...(wrong.length > 0 ? wrong : validateAmount('storage', storage, field)));
  }
  if (storageClassName) {
    causes.push(
      ...invalids(`${at}.storageClassName`, storageClassName, dnsSubdomain(storageClassName)),
    );
  }
  causes.push(...oneOf(`${at}.volumeMode`, spec.volumeMode, VOLUME_MODES));
  if (dataSource) causes.push(...validateDataSource(dataSource, `${at}.dataSource`));
  if (dataSourceRef) causes.push(...validateDataSource(dataSourceRef, `${at}.dataSourceRef`));
  const { volumeAttributesClassName: attributes } = spec;
  if (!attributes) return causes;
  const place = `${at}.volumeAttributesClassName`;
  return [...causes, ...invalids(place, attributes, dnsSubdomain(attributes))];
}

function validateDataSource(source: ClaimSource, at: string): FieldCause[] {
  const { name, kind, apiGroup = '', namespace } = source;
  const causes: FieldCause[] = [];
  if (!name) causes.push(required(`${at}.name`));
  if (!kind) causes.push(required(`${at}.kind`));
  if (apiGroup === '' && kind !== 'PersistentVolumeClaim') {
    const why = "must be 'PersistentVolumeClaim' when referencing the default apiGroup";
    causes.push(invalid(at, kind ?? '', why));
  }
  if (apiGroup) causes.push(...invalids(`${at}.apiGroup`, apiGroup, dnsSubdomain(apiGroup)));
  if (namespace) causes.push(...invalids(`${at}.namespace`, namespace, dnsLabel(namespace)));
  return causes;
}

export function validateClaim(
  claim: PersistentVolumeClaim,
  previous?: PersistentVolumeClaim,
): FieldCause[] {
  const { spec } = claim;
  const causes = validateClaimSpec(spec, 'spec');
  if (!previous || spec === previous.spec) return causes;
  const [now, before] = comparable(claim, previous);
  if (!sameValue(now, before)) {
    const why =
      'spec is immutable after creation except resources.requests and ' +
      `volumeAttributesClassName for bound claims\n${goDiff(before, now, 'PersistentVolumeClaimSpec')}`;
    causes.push(forbidden('spec', why));
  }
  const size = spec.resources?.requests?.storage ?? 0;
  const field = 'spec.resources.requests.storage';
  if (isLess(size, previous.spec.resources?.requests?.storage ?? 0)) {
    const has = previous.status?.capacity?.storage ?? 0;
    if (!isLess(has, size)) {
      causes.push(forbidden(field, 'field can not be less than status.capacity'));
    }
  }
  const { volumeMode } = spec;
  return [
    ...causes,
    ...immutable('volumeMode', volumeMode, volumeMode === previous.spec.volumeMode),
  ];
}

/** The two specs with all that may change made equal. */
function comparable(
  { spec, status }: PersistentVolumeClaim,
  { spec: old }: PersistentVolumeClaim,
): [ClaimSpec, ClaimSpec] {
  const before = { ...old, volumeName: old.volumeName ?? spec.volumeName };
  const bound = status?.phase === 'Bound';
  const storage = old.resources?.requests?.storage;
  const resized = {
    ...spec.resources,
    requests: { ...spec.resources?.requests, ...(storage !== undefined && { storage }) },
  };
  const now = {
    ...spec,
    ...(old.storageClassName === undefined && { storageClassName: undefined }),
    ...(bound && { resources: resized }),
    ...(bound && { volumeAttributesClassName: old.volumeAttributesClassName }),
  };
  return [now, before];
}

const SOURCES = ['hostPath', 'local', 'nfs', 'csi'] as const;
const RECLAIM_POLICIES = ['Delete', 'Recycle', 'Retain'];

export function validateVolume(
  volume: PersistentVolume,
  previous?: PersistentVolume,
): FieldCause[] {
  const { spec } = volume;
  const { accessModes = [], capacity = {}, nodeAffinity, storageClassName } = spec;
  const causes: FieldCause[] = accessModes.length > 0 ? [] : [required('spec.accessModes')];
  causes.push(...validateAccessModes(accessModes, 'spec.accessModes'));
  const names = Object.keys(capacity);
  if (names.length === 0) causes.push(required('spec.capacity'));
  if (capacity.storage === undefined || names.length > 1) {
    causes.push(notSupported('spec.capacity', capacity, ['storage']));
  }
  for (const [name, amount] of Object.entries(capacity)) {
    const field = `spec.capacity[${name}]`;
    causes.push(...validatePositiveAmount(amount, field), ...validateAmount(name, amount, field));
  }
  const { persistentVolumeReclaimPolicy: reclaim } = spec;
  causes.push(...oneOf('spec.persistentVolumeReclaimPolicy', reclaim, RECLAIM_POLICIES));
  if (nodeAffinity?.required) {
    causes.push(...validateNodeSelector(nodeAffinity.required, 'spec.nodeAffinity.required'));
  } else if (nodeAffinity) {
    const why = 'must specify required node constraints';
    causes.push(required('spec.nodeAffinity.required', why));
  }
  causes.push(...validateVolumeSource(spec));
  if (storageClassName) {
    const field = 'spec.storageClassName';
    causes.push(...invalids(field, storageClassName, dnsSubdomain(storageClassName)));
  }
  causes.push(...oneOf('spec.volumeMode', spec.volumeMode, VOLUME_MODES));
  return previous ? [...causes, ...validateVolumeUpdate(spec, previous.spec)] : causes;
}

type VolumeSpec = PersistentVolume['spec'];

function validateVolumeSource(spec: VolumeSpec): FieldCause[] {
  const causes: FieldCause[] = [];
  const given = SOURCES.filter((name) => spec[name] !== undefined);
  given.forEach((name, i) => {
    const at = `spec.${name}`;
    if (i > 0) causes.push(forbidden(at, 'may not specify more than 1 volume type'));
    else if (name === 'hostPath' && spec.hostPath) {
      causes.push(...validateHostPath(spec.hostPath, at));
    } else if (name === 'nfs' && spec.nfs) causes.push(...validateNfs(spec.nfs, at));
    else if (name === 'csi') {
      if (!spec.csi?.driver) causes.push(required(`${at}.driver`));
      if (!spec.csi?.volumeHandle) causes.push(required(`${at}.volumeHandle`));
    } else if (name === 'local') {
      if (!spec.local?.path) causes.push(required(`${at}.path`));
      if (!spec.nodeAffinity) {
        causes.push(required('spec.nodeAffinity', 'Local volume requires node affinity'));
      }
    }
  });
  if (given.length === 0) causes.push(required('spec', 'must specify a volume type'));
  if (spec.hostPath?.path === '/' && spec.persistentVolumeReclaimPolicy === 'Recycle') {
    const why = "may not be 'recycle' for a hostPath mount of '/'";
    causes.push(forbidden('spec.persistentVolumeReclaimPolicy', why));
  }
  return causes;
}

function validateVolumeUpdate(spec: VolumeSpec, old: VolumeSpec): FieldCause[] {
  const causes: FieldCause[] = [];
  const source = (of: VolumeSpec): object =>
    Object.fromEntries(SOURCES.map((name) => [name, of[name]]));
  if (!sameValue(source(spec), source(old))) {
    const why =
      'spec.persistentvolumesource is immutable after creation\n' +
      goDiff(source(old), source(spec), 'PersistentVolumeSource');
    causes.push(forbidden('spec.persistentvolumesource', why));
  }
  causes.push(...immutable('volumeMode', spec.volumeMode, spec.volumeMode === old.volumeMode));
  if (old.nodeAffinity && !sameValue(spec.nodeAffinity, old.nodeAffinity)) {
    const why = 'field is immutable, except for updating from beta label to GA';
    causes.push(invalid('nodeAffinity', spec.nodeAffinity, why));
  }
  return causes;
}

export function validateStorageClass(object: StorageClass, previous?: StorageClass): FieldCause[] {
  const {
    provisioner = '',
    parameters = {},
    reclaimPolicy,
    volumeBindingMode: mode,
  } = given(object);
  if (previous) return validateClassUpdate(object, previous);
  const causes: FieldCause[] = [];
  if (!provisioner) causes.push(required('provisioner'));
  else causes.push(...invalids('provisioner', provisioner, labelKey(provisioner.toLowerCase())));
  if (Object.hasOwn(parameters, '')) {
    causes.push(invalid('parameters', '', 'field can not be empty.'));
  }
  const modes = ['Immediate', 'WaitForFirstConsumer'];
  causes.push(
    ...oneOf('reclaimPolicy', reclaimPolicy, ['Delete', 'Retain']),
    ...oneOf('volumeBindingMode', mode, modes),
  );
  (object.allowedTopologies ?? []).forEach(({ matchLabelExpressions = [] }, i) => {
    const keys = new Set<string>();
    matchLabelExpressions.map(given).forEach(({ key = '', values = [] }, j) => {
      const at = `allowedTopologies[${i}].matchLabelExpressions[${j}]`;
      if (values.length === 0) causes.push(required(`${at}.values`));
      values.forEach((value, k) => {
        if (values.indexOf(value) < k) causes.push(duplicate(`${at}.values[${k}]`, value));
      });
      causes.push(...validateLabelKey(key, `${at}.key`));
      if (keys.has(key)) causes.push(duplicate(`${at}.key`, key));
      keys.add(key);
    });
  });
  return causes;
}

function validateClassUpdate(object: StorageClass, previous: StorageClass): FieldCause[] {
  const causes: FieldCause[] = [];
  for (const field of ['parameters', 'provisioner', 'reclaimPolicy'] as const) {
    const same = sameValue(object[field] ?? {}, previous[field] ?? {});
    if (!same) causes.push(forbidden(field, `updates to ${field} are forbidden.`));
  }
  const { volumeBindingMode: mode } = object;
  return [...causes, ...immutable('volumeBindingMode', mode, mode === previous.volumeBindingMode)];
}
