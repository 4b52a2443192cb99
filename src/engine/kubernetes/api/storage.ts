import type { Condition, KubeObject, Labels } from '../apimachinery/object.ts';
import type { NodeSelector } from './affinity.ts';
import type { ResourceAmounts } from './amounts.ts';
import type { ObjectReference } from './cluster-objects.ts';
import type { AccessMode, ClaimSpec, VolumeMode } from './claims.ts';
import type { HostPathVolume, NfsVolume } from './volumes.ts';

export type { AccessMode, ClaimSource, ClaimSpec } from './claims.ts';

/**
 * PersistentVolume, PersistentVolumeClaim and StorageClass
 * (staging/src/k8s.io/api/{core,storage}/v1/types.go, v1.36).
 */
export type ReclaimPolicy = 'Retain' | 'Delete' | 'Recycle';

export interface ClaimStatus {
  readonly phase: 'Pending' | 'Bound' | 'Lost';
  readonly accessModes?: readonly AccessMode[];
  readonly capacity?: ResourceAmounts;
  readonly conditions?: readonly Condition[];
  readonly allocatedResources?: ResourceAmounts;
}

export interface PersistentVolumeClaim extends KubeObject {
  readonly spec: ClaimSpec;
  readonly status: ClaimStatus;
}

export interface PersistentVolumeSpec {
  readonly capacity?: ResourceAmounts;
  readonly accessModes?: readonly AccessMode[];
  readonly claimRef?: ObjectReference;
  readonly persistentVolumeReclaimPolicy?: ReclaimPolicy;
  readonly storageClassName?: string;
  readonly mountOptions?: readonly string[];
  readonly volumeMode?: VolumeMode;
  readonly nodeAffinity?: { readonly required?: NodeSelector };
  readonly hostPath?: HostPathVolume;
  readonly local?: { readonly path: string; readonly fsType?: string };
  readonly nfs?: NfsVolume;
  readonly csi?: {
    readonly driver: string;
    readonly volumeHandle: string;
    readonly readOnly?: boolean;
    readonly fsType?: string;
    readonly volumeAttributes?: Labels;
  };
}

export interface PersistentVolumeStatus {
  readonly phase: 'Pending' | 'Available' | 'Bound' | 'Released' | 'Failed';
  readonly message?: string;
  readonly reason?: string;
  readonly lastPhaseTransitionTime?: string;
}

export interface PersistentVolume extends KubeObject {
  readonly spec: PersistentVolumeSpec;
  readonly status: PersistentVolumeStatus;
}

export interface TopologySelectorTerm {
  readonly matchLabelExpressions?: readonly {
    readonly key: string;
    readonly values: readonly string[];
  }[];
}

export interface StorageClass extends KubeObject {
  readonly provisioner: string;
  readonly parameters?: Labels;
  readonly reclaimPolicy?: ReclaimPolicy;
  readonly mountOptions?: readonly string[];
  readonly allowVolumeExpansion?: boolean;
  readonly volumeBindingMode?: 'Immediate' | 'WaitForFirstConsumer';
  readonly allowedTopologies?: readonly TopologySelectorTerm[];
}

export const DEFAULT_STORAGE_CLASS = 'storageclass.kubernetes.io/is-default-class';
export const SELECTED_NODE = 'volume.kubernetes.io/selected-node';
export const STORAGE_PROVISIONER = 'volume.kubernetes.io/storage-provisioner';
export const PROVISIONED_BY = 'pv.kubernetes.io/provisioned-by';
export const BIND_COMPLETED = 'pv.kubernetes.io/bind-completed';
export const BOUND_BY_CONTROLLER = 'pv.kubernetes.io/bound-by-controller';
export const CLAIM_PROTECTION = 'kubernetes.io/pvc-protection';
export const VOLUME_PROTECTION = 'kubernetes.io/pv-protection';
