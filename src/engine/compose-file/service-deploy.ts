import type { Extensions, StringMap } from './plain-maps.ts';

/** The `deploy` section: what an orchestrator makes of a service. */
export interface Deploy {
  /** `replicated`, `global`, `replicated-job` or `global-job`; absent is `replicated`. */
  readonly mode?: string;
  readonly replicas?: number;
  /** Labels of the service, not of its containers. */
  readonly labels?: StringMap;
  readonly update_config?: UpdateConfig;
  readonly rollback_config?: UpdateConfig;
  readonly resources?: Resources;
  readonly restart_policy?: RestartPolicy;
  readonly placement?: Placement;
  readonly endpoint_mode?: string;
  readonly extensions?: Extensions;
}

/** How tasks are replaced, in an update or a rollback. */
export interface UpdateConfig {
  /** How many tasks at a time; 0 is all at once. */
  readonly parallelism?: number;
  readonly delay?: number;
  /** `pause`, `continue` or `rollback`. */
  readonly failure_action?: string;
  /** How long a new task is watched before it counts as well. */
  readonly monitor?: number;
  /** From 0 to 1. */
  readonly max_failure_ratio?: number;
  /** `stop-first` or `start-first`. */
  readonly order?: string;
  readonly extensions?: Extensions;
}

/** What a container may use at most, and what a node must have left for it. */
export interface Resources {
  readonly limits?: Resource;
  readonly reservations?: Resource;
  readonly extensions?: Extensions;
}

/** Of one container: processors as a decimal number, bytes, and how many processes. */
export interface Resource {
  readonly cpus?: number;
  readonly memory?: number;
  readonly pids?: number;
  readonly devices?: readonly DeviceRequest[];
  readonly generic_resources?: readonly GenericResource[];
  readonly extensions?: Extensions;
}

export interface GenericResource {
  readonly discrete_resource_spec?: { readonly kind: string; readonly value: number };
  readonly extensions?: Extensions;
}

/** Devices by what they can do; `gpus` asks for them, too. */
export interface DeviceRequest {
  readonly capabilities?: readonly string[];
  readonly driver?: string;
  /** -1 is all of them. */
  readonly count?: number;
  readonly device_ids?: readonly string[];
  readonly options?: StringMap;
}

export interface RestartPolicy {
  /** `none`, `on-failure` or `any`. */
  readonly condition?: string;
  readonly delay?: number;
  readonly max_attempts?: number;
  readonly window?: number;
  readonly extensions?: Extensions;
}

export interface Placement {
  readonly constraints?: readonly string[];
  readonly preferences?: readonly { readonly spread?: string }[];
  readonly max_replicas_per_node?: number;
  readonly extensions?: Extensions;
}
