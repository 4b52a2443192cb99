import type { KubeObject, Labels, ObjectMeta } from '../apimachinery/object.ts';
import type { Affinity, Toleration, TopologySpreadConstraint } from './affinity.ts';
import type { ResourceAmounts } from './amounts.ts';
import type { Container, EphemeralContainer, Resources, RestartPolicy } from './container.ts';
import type { PodStatus } from './pod-status.ts';
import type { Volume } from './volumes.ts';

export type { Affinity, Toleration, TopologySpreadConstraint } from './affinity.ts';
export type {
  Container,
  EnvFromSource,
  EnvVar,
  EphemeralContainer,
  LifecycleHandler,
  Probe,
  ResourceAmounts,
  Resources,
  RestartPolicy,
} from './container.ts';
export type {
  ContainerState,
  ContainerStatus,
  PodPhase,
  PodStatus,
  TerminatedState,
  WaitingState,
} from './pod-status.ts';
export type { Volume } from './volumes.ts';

/** `core/v1` Pod with its wire names (staging/src/k8s.io/api/core/v1/types.go, v1.36). */
export interface PodSecurityContext {
  readonly runAsUser?: number;
  readonly runAsGroup?: number;
  readonly runAsNonRoot?: boolean;
  readonly fsGroup?: number;
  readonly fsGroupChangePolicy?: string;
  readonly supplementalGroups?: readonly number[];
  readonly supplementalGroupsPolicy?: string;
  readonly seccompProfile?: { readonly type: string; readonly localhostProfile?: string };
  readonly sysctls?: readonly { readonly name: string; readonly value: string }[];
}

export interface PodDnsConfig {
  readonly nameservers?: readonly string[];
  readonly searches?: readonly string[];
  readonly options?: readonly { readonly name?: string; readonly value?: string }[];
}

export interface PodSpec {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly ephemeralContainers?: readonly EphemeralContainer[];
  readonly volumes?: readonly Volume[];
  readonly restartPolicy?: RestartPolicy;
  readonly terminationGracePeriodSeconds?: number;
  readonly activeDeadlineSeconds?: number;
  readonly nodeName?: string;
  readonly nodeSelector?: Labels;
  readonly affinity?: Affinity;
  readonly tolerations?: readonly Toleration[];
  readonly topologySpreadConstraints?: readonly TopologySpreadConstraint[];
  readonly schedulingGates?: readonly { readonly name: string }[];
  readonly readinessGates?: readonly { readonly conditionType: string }[];
  readonly priority?: number;
  readonly priorityClassName?: string;
  readonly preemptionPolicy?: 'PreemptLowerPriority' | 'Never';
  readonly schedulerName?: string;
  readonly dnsPolicy?: string;
  readonly dnsConfig?: PodDnsConfig;
  readonly hostname?: string;
  readonly subdomain?: string;
  readonly setHostnameAsFQDN?: boolean;
  readonly hostAliases?: readonly {
    readonly ip: string;
    readonly hostnames?: readonly string[];
  }[];
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly hostIPC?: boolean;
  readonly hostUsers?: boolean;
  readonly shareProcessNamespace?: boolean;
  readonly securityContext?: PodSecurityContext;
  readonly serviceAccountName?: string;
  /** The old name of `serviceAccountName`, kept equal to it. */
  readonly serviceAccount?: string;
  readonly automountServiceAccountToken?: boolean;
  readonly imagePullSecrets?: readonly { readonly name?: string }[];
  readonly enableServiceLinks?: boolean;
  readonly runtimeClassName?: string;
  readonly overhead?: ResourceAmounts;
  /** Requests and limits of the Pod as a whole. */
  readonly resources?: Resources;
  readonly os?: { readonly name: string };
}

export interface PodTemplate {
  readonly metadata?: Partial<ObjectMeta>;
  readonly spec: PodSpec;
}

export interface Pod extends KubeObject {
  readonly spec: PodSpec;
  readonly status: PodStatus;
}

export function isPodReady(pod: Pod): boolean {
  return pod.status.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') ?? false;
}

/** Not finished and not on its way out (`controller.IsPodActive`). */
export function isPodActive(pod: Pod): boolean {
  const { phase } = pod.status;
  return phase !== 'Succeeded' && phase !== 'Failed' && !pod.metadata.deletionTimestamp;
}

export function isPodFinished(pod: Pod): boolean {
  return pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed';
}
