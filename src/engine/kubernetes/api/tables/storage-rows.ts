import type { Labels } from '../../apimachinery/object.ts';
import {
  DEFAULT_STORAGE_CLASS,
  type AccessMode,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type StorageClass,
} from '../storage.ts';
import { ageOf } from './age.ts';
import type { RowKind, RowOptions } from './cells.ts';
import { columns, type Cell } from './columns.ts';

/** Rows of volumes, claims and storage classes (printers.go, v1.36). */
const SHORT_MODES: readonly (readonly [AccessMode, string])[] = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
];

/** `RWO,ROX`: each mode once, always in this order. */
export function accessModesText(modes: readonly AccessMode[] = []): string {
  return SHORT_MODES.filter(([mode]) => modes.includes(mode))
    .map(([, short]) => short)
    .join(',');
}

const OLD_CLASS = 'volume.beta.kubernetes.io/storage-class';

/** The class, which an annotation of old may name. */
export function storageClassOf(
  annotations: Labels | undefined,
  storageClassName: string | undefined,
): string {
  return annotations?.[OLD_CLASS] ?? storageClassName ?? '';
}

const phaseOf = (phase: string, deletionTimestamp: string | undefined): string =>
  deletionTimestamp ? 'Terminating' : phase;

export const VOLUME_ROWS: RowKind = {
  columns: columns(
    [
      ...['Name', 'Capacity', 'Access Modes', 'Reclaim Policy', 'Status', 'Claim'],
      ...['StorageClass', 'VolumeAttributesClass', 'Reason', 'Age'],
    ],
    ['VolumeMode'],
  ),
  row: ({ metadata, spec, status }: PersistentVolume, { nowMs }: RowOptions): Cell[] => [
    metadata.name,
    String(spec.capacity?.storage ?? '0'),
    accessModesText(spec.accessModes),
    spec.persistentVolumeReclaimPolicy ?? '',
    phaseOf(status.phase, metadata.deletionTimestamp),
    spec.claimRef ? `${spec.claimRef.namespace ?? ''}/${spec.claimRef.name ?? ''}` : '',
    storageClassOf(metadata.annotations, spec.storageClassName),
    '<unset>',
    status.reason ?? '',
    ageOf(metadata.creationTimestamp, nowMs),
    spec.volumeMode ?? '<unset>',
  ],
};

export const CLAIM_ROWS: RowKind = {
  columns: columns(
    [
      ...['Name', 'Status', 'Volume', 'Capacity', 'Access Modes', 'StorageClass'],
      ...['VolumeAttributesClass', 'Age'],
    ],
    ['VolumeMode'],
  ),
  row: ({ metadata, spec, status }: PersistentVolumeClaim, { nowMs }: RowOptions): Cell[] => {
    const bound = Boolean(spec.volumeName);
    return [
      metadata.name,
      phaseOf(status.phase, metadata.deletionTimestamp),
      spec.volumeName ?? '',
      bound ? String(status.capacity?.storage ?? '0') : '',
      bound ? accessModesText(status.accessModes) : '',
      storageClassOf(metadata.annotations, spec.storageClassName),
      spec.volumeAttributesClassName ?? '<unset>',
      ageOf(metadata.creationTimestamp, nowMs),
      spec.volumeMode ?? '<unset>',
    ];
  },
};

const OLD_DEFAULT = 'storageclass.beta.kubernetes.io/is-default-class';

export const isDefaultClass = (annotations: Labels | undefined): boolean =>
  annotations?.[DEFAULT_STORAGE_CLASS] === 'true' || annotations?.[OLD_DEFAULT] === 'true';

export const STORAGE_CLASS_ROWS: RowKind = {
  columns: columns([
    ...['Name', 'Provisioner', 'ReclaimPolicy', 'VolumeBindingMode', 'AllowVolumeExpansion'],
    'Age',
  ]),
  row: (object: StorageClass, { nowMs }: RowOptions): Cell[] => [
    object.metadata.name + (isDefaultClass(object.metadata.annotations) ? ' (default)' : ''),
    object.provisioner,
    object.reclaimPolicy ?? 'Delete',
    object.volumeBindingMode ?? 'Immediate',
    object.allowVolumeExpansion ?? false,
    ageOf(object.metadata.creationTimestamp, nowMs),
  ],
};
