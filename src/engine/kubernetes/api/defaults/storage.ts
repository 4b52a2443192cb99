import type {
  ClaimSpec,
  PersistentVolume,
  PersistentVolumeClaim,
  StorageClass,
} from '../storage.ts';
import { roundedAmounts } from './amounts.ts';
import { fillEmpty, fillMissing, withFields } from './filling.ts';

/** Volumes, claims and classes (pkg/apis/{core,storage}/v1/defaults.go, v1.36). */
export function claimSpecDefaults(spec: ClaimSpec): ClaimSpec {
  const filled = fillMissing(spec, { volumeMode: 'Filesystem', resources: {} });
  const { resources } = filled;
  return withFields(filled, {
    resources:
      resources &&
      withFields(resources, {
        requests: resources.requests && roundedAmounts(resources.requests),
        limits: resources.limits && roundedAmounts(resources.limits),
      }),
  });
}

export function claimDefaults(claim: PersistentVolumeClaim): PersistentVolumeClaim {
  return withFields(claim, {
    spec: claimSpecDefaults(claim.spec ?? {}),
    status: fillEmpty(claim.status ?? {}, { phase: 'Pending' }),
  });
}

export function volumeObjectDefaults(volume: PersistentVolume): PersistentVolume {
  const given = volume.spec ?? {};
  const spec = fillMissing(fillEmpty(given, { persistentVolumeReclaimPolicy: 'Retain' }), {
    volumeMode: 'Filesystem',
  });
  return withFields(volume, {
    spec: withFields(spec, {
      capacity: spec.capacity && roundedAmounts(spec.capacity),
      hostPath: spec.hostPath && fillMissing(spec.hostPath, { type: '' }),
    }),
    status: fillEmpty(volume.status ?? {}, { phase: 'Pending' }),
  });
}

export function storageClassDefaults(storageClass: StorageClass): StorageClass {
  return fillMissing(storageClass, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' });
}
