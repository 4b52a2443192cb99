import type { Draft } from '../../apimachinery/object.ts';
import {
  PROVISIONED_BY,
  SELECTED_NODE,
  VOLUME_PROTECTION,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type StorageClass,
} from '../../api/storage.ts';

/**
 * The volume that the local path provisioner makes: a directory on the node of the first consumer
 * (rancher/local-path-provisioner `provisioner.go`, as kind configures it).
 */
export const LOCAL_PATH = 'rancher.io/local-path';
const DIRECTORY = '/var/local-path-provisioner';
const SELECTED_BY_PROVISIONER = 'local.path.provisioner/selected-node';

/** The class that claims without one get. */
export const STANDARD_CLASS: Draft<StorageClass> = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: {
    name: 'standard',
    annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
  },
  provisioner: LOCAL_PATH,
  reclaimPolicy: 'Delete',
  volumeBindingMode: 'WaitForFirstConsumer',
};

/** Why no volume can be made for a claim; undefined when one can. */
export function whyNot({ metadata, spec }: PersistentVolumeClaim): string | undefined {
  if (spec.selector) return 'claim.Spec.Selector is not supported';
  const modes = spec.accessModes ?? [];
  if (!modes.every((mode) => mode === 'ReadWriteOnce' || mode === 'ReadWriteOncePod')) {
    return 'NodePath only supports ReadWriteOnce and ReadWriteOncePod (1.22+) access modes';
  }
  const node = metadata.annotations?.[SELECTED_NODE];
  return node ? undefined : 'configuration error, no node was specified';
}

export const volumeNameFor = ({ metadata }: PersistentVolumeClaim): string => `pvc-${metadata.uid}`;

export function localPathVolume(
  claim: PersistentVolumeClaim,
  storage: StorageClass,
): Draft<PersistentVolume> {
  const { namespace = '', name, uid, resourceVersion, annotations = {} } = claim.metadata;
  const { accessModes = [], resources, volumeMode = 'Filesystem' } = claim.spec;
  const node = annotations[SELECTED_NODE] ?? '';
  const volume = volumeNameFor(claim);
  const hostname = { key: 'kubernetes.io/hostname', operator: 'In' as const, values: [node] };
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: {
      name: volume,
      annotations: { [SELECTED_BY_PROVISIONER]: node, [PROVISIONED_BY]: LOCAL_PATH },
      finalizers: [VOLUME_PROTECTION],
    },
    spec: {
      accessModes,
      capacity: { storage: resources?.requests?.storage ?? '0' },
      claimRef: {
        kind: 'PersistentVolumeClaim',
        apiVersion: 'v1',
        namespace,
        name,
        uid,
        resourceVersion,
      },
      hostPath: {
        path: `${DIRECTORY}/${volume}_${namespace}_${name}`,
        type: 'DirectoryOrCreate',
      },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [hostname] }] } },
      persistentVolumeReclaimPolicy: storage.reclaimPolicy ?? 'Delete',
      storageClassName: storage.metadata.name,
      volumeMode,
      ...(storage.mountOptions && { mountOptions: storage.mountOptions }),
    },
  };
}
