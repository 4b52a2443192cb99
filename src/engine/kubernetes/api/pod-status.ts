import type { Condition } from '../apimachinery/object.ts';
import type { ResourceAmounts } from './amounts.ts';
import type { Resources } from './container.ts';

/** What is seen of a Pod (staging/src/k8s.io/api/core/v1/types.go, v1.36). */
export type PodPhase = 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown';

export interface WaitingState {
  readonly reason?: string;
  readonly message?: string;
}

export interface RunningState {
  readonly startedAt?: string;
}

export interface TerminatedState {
  readonly exitCode: number;
  readonly reason?: string;
  readonly message?: string;
  readonly signal?: number;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly containerID?: string;
}

/** At most one of the three is there; none at all counts as waiting. */
export interface ContainerState {
  readonly waiting?: WaitingState;
  readonly running?: RunningState;
  readonly terminated?: TerminatedState;
}

export interface VolumeMountStatus {
  readonly name: string;
  readonly mountPath: string;
  readonly readOnly?: boolean;
  readonly recursiveReadOnly?: string;
}

export interface ContainerStatus {
  readonly name: string;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
  readonly ready: boolean;
  readonly started?: boolean;
  readonly restartCount: number;
  readonly image: string;
  readonly imageID: string;
  readonly containerID?: string;
  readonly allocatedResources?: ResourceAmounts;
  readonly resources?: Resources;
  readonly volumeMounts?: readonly VolumeMountStatus[];
  readonly stopSignal?: string;
}

export interface PodStatus {
  readonly phase: PodPhase;
  readonly reason?: string;
  readonly message?: string;
  readonly conditions?: readonly Condition[];
  readonly hostIP?: string;
  readonly hostIPs?: readonly { readonly ip: string }[];
  readonly podIP?: string;
  readonly podIPs?: readonly { readonly ip: string }[];
  readonly startTime?: string;
  readonly observedGeneration?: number;
  readonly qosClass?: string;
  readonly nominatedNodeName?: string;
  readonly initContainerStatuses?: readonly ContainerStatus[];
  readonly containerStatuses?: readonly ContainerStatus[];
  readonly ephemeralContainerStatuses?: readonly ContainerStatus[];
}
