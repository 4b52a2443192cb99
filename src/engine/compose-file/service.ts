import type { Build } from './service-build.ts';
import type { Deploy, DeviceRequest } from './service-deploy.ts';
import type { Ulimit } from './service-limits.ts';
import type { FileReference, Mount, ServiceNetwork, ServicePort } from './service-attachments.ts';
import type { Extensions, OptionalStringMap, StringMap } from './plain-maps.ts';

/** One service in its normal form; see {@link Project} for units. */
export interface Service {
  readonly name: string;
  readonly profiles?: readonly string[];
  readonly annotations?: StringMap;
  readonly attach?: boolean;
  readonly build?: Build;
  readonly develop?: Develop;
  readonly blkio_config?: BlkioConfig;
  readonly cap_add?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly cgroup_parent?: string;
  readonly cgroup?: string;
  readonly cpu_count?: number;
  readonly cpu_percent?: number;
  readonly cpu_period?: number;
  readonly cpu_quota?: number;
  readonly cpu_rt_period?: number;
  readonly cpu_rt_runtime?: number;
  readonly cpus?: number;
  readonly cpuset?: string;
  readonly cpu_shares?: number;
  /** Words; an empty list clears the image's own, absent keeps it. */
  readonly command?: readonly string[];
  readonly configs?: readonly FileReference[];
  readonly container_name?: string;
  readonly credential_spec?: CredentialSpec;
  /** By service, implicit dependencies (`links`, `network_mode: service:…`) included. */
  readonly depends_on?: Readonly<Record<string, Dependency>>;
  readonly deploy?: Deploy;
  readonly device_cgroup_rules?: readonly string[];
  readonly devices?: readonly DeviceMapping[];
  readonly dns?: readonly string[];
  readonly dns_opt?: readonly string[];
  readonly dns_search?: readonly string[];
  readonly dockerfile?: string;
  readonly domainname?: string;
  /** Words; an empty list clears the image's own, absent keeps it. */
  readonly entrypoint?: readonly string[];
  readonly provider?: Provider;
  /** `env_file` included; null is a variable that is set nowhere. */
  readonly environment?: OptionalStringMap;
  readonly env_file?: readonly EnvFile[];
  readonly expose?: readonly string[];
  readonly extends?: { readonly file?: string; readonly service?: string };
  readonly external_links?: readonly string[];
  readonly extra_hosts?: Readonly<Record<string, readonly string[]>>;
  readonly group_add?: readonly string[];
  readonly gpus?: readonly DeviceRequest[];
  readonly hostname?: string;
  readonly healthcheck?: HealthCheck;
  readonly image?: string;
  readonly init?: boolean;
  readonly ipc?: string;
  readonly isolation?: string;
  readonly labels?: StringMap;
  readonly label_file?: readonly string[];
  readonly links?: readonly string[];
  readonly logging?: { readonly driver?: string; readonly options?: StringMap };
  readonly log_driver?: string;
  readonly log_opt?: StringMap;
  readonly mem_limit?: number;
  readonly mem_reservation?: number;
  readonly memswap_limit?: number;
  readonly mem_swappiness?: number;
  readonly mac_address?: string;
  readonly models?: Readonly<Record<string, ServiceModel | null>>;
  readonly net?: string;
  readonly network_mode?: string;
  /** By key of the project's networks; null is joined with nothing further said. */
  readonly networks?: Readonly<Record<string, ServiceNetwork | null>>;
  readonly oom_kill_disable?: boolean;
  readonly oom_score_adj?: number;
  readonly pid?: string;
  readonly pids_limit?: number;
  readonly platform?: string;
  readonly ports?: readonly ServicePort[];
  readonly privileged?: boolean;
  readonly pull_policy?: string;
  readonly read_only?: boolean;
  readonly restart?: string;
  readonly runtime?: string;
  readonly scale?: number;
  readonly secrets?: readonly FileReference[];
  readonly security_opt?: readonly string[];
  readonly shm_size?: number;
  readonly stdin_open?: boolean;
  readonly stop_grace_period?: number;
  readonly stop_signal?: string;
  readonly storage_opt?: StringMap;
  readonly sysctls?: StringMap;
  readonly tmpfs?: readonly string[];
  readonly tty?: boolean;
  readonly ulimits?: Readonly<Record<string, Ulimit>>;
  readonly use_api_socket?: boolean;
  readonly user?: string;
  readonly userns_mode?: string;
  readonly uts?: string;
  readonly volume_driver?: string;
  readonly volumes?: readonly Mount[];
  readonly volumes_from?: readonly string[];
  readonly working_dir?: string;
  readonly pre_start?: readonly Hook[];
  readonly post_start?: readonly Hook[];
  readonly pre_stop?: readonly Hook[];
  readonly extensions?: Extensions;
}

/** What a service that is depended on must have come to before the other one starts. */
export type DependencyCondition =
  'service_started' | 'service_healthy' | 'service_completed_successfully';

/** That one service depends on another, whose key it stands under. */
export interface Dependency {
  readonly condition: DependencyCondition;
  /** Whether the dependent is restarted after Compose itself restarts this one. */
  readonly restart?: boolean;
  /** Where it is false, a service that is not there is passed over. */
  readonly required: boolean;
  readonly extensions?: Extensions;
}

/** How the engine asks whether a container is well; what is absent is the image's or the engine's. */
export interface HealthCheck {
  /** `['CMD', …]`, `['CMD-SHELL', text]` or `['NONE']`. */
  readonly test?: readonly string[];
  readonly timeout?: number;
  readonly interval?: number;
  readonly retries?: number;
  readonly start_period?: number;
  readonly start_interval?: number;
  readonly disable?: boolean;
  readonly extensions?: Extensions;
}

export interface EnvFile {
  readonly path: string;
  readonly required: boolean;
  readonly format?: string;
}

/** A command of `pre_start` (in a container of its own), `post_start` or `pre_stop` (in the service's). */
export interface Hook {
  readonly command?: readonly string[];
  /** Of `pre_start`; the service's where it names none. */
  readonly image?: string;
  readonly user?: string;
  readonly privileged?: boolean;
  readonly working_dir?: string;
  readonly environment?: OptionalStringMap;
  readonly per_replica?: boolean;
  readonly extensions?: Extensions;
}

export interface Develop {
  readonly watch?: readonly WatchTrigger[];
  readonly extensions?: Extensions;
}

export interface WatchTrigger {
  readonly path: string;
  readonly action: 'sync' | 'rebuild' | 'restart' | 'sync+restart' | 'sync+exec';
  readonly target?: string;
  readonly exec?: Hook;
  readonly include?: readonly string[];
  readonly ignore?: readonly string[];
  readonly initial_sync?: boolean;
  readonly extensions?: Extensions;
}

export interface DeviceMapping {
  readonly source?: string;
  readonly target?: string;
  readonly permissions?: string;
  readonly extensions?: Extensions;
}

export interface Provider {
  readonly type?: string;
  readonly options?: Readonly<Record<string, readonly string[]>>;
  readonly extensions?: Extensions;
}

export interface CredentialSpec {
  readonly config?: string;
  readonly file?: string;
  readonly registry?: string;
  readonly extensions?: Extensions;
}

export interface ServiceModel {
  readonly endpoint_var?: string;
  readonly model_var?: string;
  readonly extensions?: Extensions;
}

export interface BlkioConfig {
  readonly weight?: number;
  readonly weight_device?: readonly { readonly path: string; readonly weight: number }[];
  readonly device_read_bps?: readonly ThrottleDevice[];
  readonly device_read_iops?: readonly ThrottleDevice[];
  readonly device_write_bps?: readonly ThrottleDevice[];
  readonly device_write_iops?: readonly ThrottleDevice[];
  readonly extensions?: Extensions;
}

export interface ThrottleDevice {
  readonly path: string;
  readonly rate: number;
}
