import type { LabelSelector } from '../apimachinery/label-selector.ts';
import type { ResourceAmounts } from './amounts.ts';

/** What is asked for of a volume (staging/src/k8s.io/api/core/v1/types.go, v1.36). */
export type AccessMode = 'ReadWriteOnce' | 'ReadOnlyMany' | 'ReadWriteMany' | 'ReadWriteOncePod';
export type VolumeMode = 'Filesystem' | 'Block';

export interface ClaimSpec {
  readonly accessModes?: readonly AccessMode[];
  readonly selector?: LabelSelector;
  readonly resources?: {
    readonly requests?: ResourceAmounts;
    readonly limits?: ResourceAmounts;
  };
  readonly volumeName?: string;
  /** Empty means no class at all; left out means the default one. */
  readonly storageClassName?: string;
  readonly volumeMode?: VolumeMode;
  readonly dataSource?: ClaimSource;
  readonly dataSourceRef?: ClaimSource;
  readonly volumeAttributesClassName?: string;
}

export interface ClaimSource {
  readonly apiGroup?: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}
