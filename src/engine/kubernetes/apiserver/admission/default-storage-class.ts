import type { PersistentVolumeClaim, StorageClass } from '../../api/storage.ts';
import type { Plugin } from './plugin.ts';
import { newestDefault } from './newest-default.ts';

const DEFAULT_CLASS = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
];

/**
 * A claim that names no class gets the default one
 * (plugin/pkg/admission/storage/storageclass/setdefault/admission.go, v1.36).
 */
export const defaultStorageClass: Plugin = (backend, { operation }, object) => {
  if (operation !== 'CREATE') return object;
  const claim = object as PersistentVolumeClaim;
  if (claim.spec.storageClassName !== undefined) return claim;
  const classes = backend.store.inNamespace('storageclasses', '') as readonly StorageClass[];
  const chosen = newestDefault(classes, DEFAULT_CLASS);
  if (!chosen) return claim;
  const spec = { ...claim.spec, storageClassName: chosen.metadata.name };
  return { ...claim, spec } as PersistentVolumeClaim;
};
