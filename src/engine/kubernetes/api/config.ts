import type { Requirement } from '../apimachinery/label-selector.ts';
import type { KubeObject, Labels } from '../apimachinery/object.ts';
import type { ObjectReference } from './cluster-objects.ts';
import type { ResourceAmounts } from './amounts.ts';

/**
 * ConfigMap, Secret, ServiceAccount, ResourceQuota, LimitRange, PriorityClass
 * (staging/src/k8s.io/api/{core,scheduling}/v1/types.go, v1.36).
 */
export interface ConfigMap extends KubeObject {
  readonly data?: Labels;
  /** Base64. */
  readonly binaryData?: Labels;
  readonly immutable?: boolean;
}

export interface Secret extends KubeObject {
  readonly type?: string;
  /** Base64. */
  readonly data?: Labels;
  /** Plain text that the server writes into `data`; never answered. */
  readonly stringData?: Labels;
  readonly immutable?: boolean;
}

export interface ServiceAccount extends KubeObject {
  readonly secrets?: readonly ObjectReference[];
  readonly imagePullSecrets?: readonly { readonly name?: string }[];
  readonly automountServiceAccountToken?: boolean;
}

export type QuotaScope =
  | 'Terminating'
  | 'NotTerminating'
  | 'BestEffort'
  | 'NotBestEffort'
  | 'PriorityClass'
  | 'CrossNamespacePodAffinity'
  | 'VolumeAttributesClass';

export interface ResourceQuota extends KubeObject {
  readonly spec: {
    readonly hard?: ResourceAmounts;
    readonly scopes?: readonly QuotaScope[];
    readonly scopeSelector?: {
      readonly matchExpressions?: readonly {
        readonly scopeName: QuotaScope;
        readonly operator: Requirement['operator'];
        readonly values?: readonly string[];
      }[];
    };
  };
  readonly status: { readonly hard?: ResourceAmounts; readonly used?: ResourceAmounts };
}

export interface LimitRangeItem {
  readonly type: 'Pod' | 'Container' | 'PersistentVolumeClaim';
  readonly max?: ResourceAmounts;
  readonly min?: ResourceAmounts;
  readonly default?: ResourceAmounts;
  readonly defaultRequest?: ResourceAmounts;
  readonly maxLimitRequestRatio?: ResourceAmounts;
}

export interface LimitRange extends KubeObject {
  readonly spec: { readonly limits: readonly LimitRangeItem[] };
}

export interface PriorityClass extends KubeObject {
  readonly value: number;
  readonly globalDefault?: boolean;
  readonly description?: string;
  readonly preemptionPolicy?: 'PreemptLowerPriority' | 'Never';
}

export const SECRET_SERVICE_ACCOUNT_TOKEN = 'kubernetes.io/service-account-token';
