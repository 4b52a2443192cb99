import type { Plugin } from './plugin.ts';

/**
 * Claims and volumes do not vanish from under who uses them: a finalizer, which the protection
 * controllers take off (plugin/pkg/admission/storage/storageobjectinuseprotection/admission.go,
 * v1.36).
 */
export const PVC_PROTECTION = 'kubernetes.io/pvc-protection';
export const PV_PROTECTION = 'kubernetes.io/pv-protection';

export const storageObjectInUse: Plugin = (_backend, { request, operation }, object) => {
  if (operation !== 'CREATE') return object;
  const finalizer = request.resource === 'persistentvolumes' ? PV_PROTECTION : PVC_PROTECTION;
  const { metadata } = object;
  const finalizers = metadata.finalizers ?? [];
  if (finalizers.includes(finalizer)) return object;
  return { ...object, metadata: { ...metadata, finalizers: [...finalizers, finalizer] } };
};
