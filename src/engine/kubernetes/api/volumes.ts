import type { Labels, ObjectMeta } from '../apimachinery/object.ts';
import type { ClaimSpec } from './claims.ts';

/** Where a Pod's files come from (staging/src/k8s.io/api/core/v1/types.go, v1.36). */
export interface KeyToPath {
  readonly key: string;
  readonly path: string;
  readonly mode?: number;
}

export interface ConfigMapVolume {
  readonly name?: string;
  readonly items?: readonly KeyToPath[];
  readonly defaultMode?: number;
  readonly optional?: boolean;
}

export interface SecretVolume {
  readonly secretName?: string;
  readonly items?: readonly KeyToPath[];
  readonly defaultMode?: number;
  readonly optional?: boolean;
}

export interface FieldSelector {
  readonly apiVersion?: string;
  readonly fieldPath: string;
}

export interface ResourceFieldSelector {
  readonly containerName?: string;
  readonly resource: string;
  readonly divisor?: string | number;
}

export interface DownwardFile {
  readonly path: string;
  readonly fieldRef?: FieldSelector;
  readonly resourceFieldRef?: ResourceFieldSelector;
  readonly mode?: number;
}

export interface DownwardVolume {
  readonly items?: readonly DownwardFile[];
  readonly defaultMode?: number;
}

export interface ServiceAccountTokenProjection {
  readonly audience?: string;
  readonly expirationSeconds?: number;
  readonly path: string;
}

/** One source of a projected volume. */
export interface VolumeProjection {
  readonly configMap?: Omit<ConfigMapVolume, 'defaultMode'>;
  readonly secret?: Omit<ConfigMapVolume, 'defaultMode'>;
  readonly downwardAPI?: Omit<DownwardVolume, 'defaultMode'>;
  readonly serviceAccountToken?: ServiceAccountTokenProjection;
}

export interface ProjectedVolume {
  readonly sources?: readonly VolumeProjection[];
  readonly defaultMode?: number;
}

export interface EmptyDirVolume {
  readonly medium?: string;
  readonly sizeLimit?: string | number;
}

export interface HostPathVolume {
  readonly path: string;
  readonly type?: string;
}

export interface NfsVolume {
  readonly server: string;
  readonly path: string;
  readonly readOnly?: boolean;
}

export interface CsiVolume {
  readonly driver: string;
  readonly readOnly?: boolean;
  readonly fsType?: string;
  readonly volumeAttributes?: Labels;
}

/** A volume of a Pod: a name and one source. */
export interface Volume {
  readonly name: string;
  readonly configMap?: ConfigMapVolume;
  readonly secret?: SecretVolume;
  readonly downwardAPI?: DownwardVolume;
  readonly projected?: ProjectedVolume;
  readonly emptyDir?: EmptyDirVolume;
  readonly hostPath?: HostPathVolume;
  readonly nfs?: NfsVolume;
  readonly csi?: CsiVolume;
  readonly persistentVolumeClaim?: { readonly claimName: string; readonly readOnly?: boolean };
  readonly ephemeral?: { readonly volumeClaimTemplate?: VolumeClaimTemplate };
  readonly image?: { readonly reference?: string; readonly pullPolicy?: string };
}

/** The claim that an ephemeral volume makes for its Pod. */
export interface VolumeClaimTemplate {
  readonly metadata?: Partial<ObjectMeta>;
  readonly spec: ClaimSpec;
}

export interface VolumeMount {
  readonly name: string;
  readonly mountPath: string;
  readonly readOnly?: boolean;
  readonly recursiveReadOnly?: string;
  readonly subPath?: string;
  readonly subPathExpr?: string;
  readonly mountPropagation?: string;
}

export interface VolumeDevice {
  readonly name: string;
  readonly devicePath: string;
}
