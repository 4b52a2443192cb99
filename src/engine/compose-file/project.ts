import type { Extensions, StringMap } from './plain-maps.ts';
import type { Service } from './service.ts';

/**
 * The normal form of a Compose application: every attribute of the Compose Specification in its
 * long form, interpolated, merged, named and checked. It is what both `docker compose` and
 * `docker stack` act upon. Fields keep the names they have in a file; an absent field was not set.
 *
 * Units: a duration is a number of nanoseconds, a size a number of bytes, a file mode the number
 * itself (0o444), `cpus` a decimal number of processors.
 * Modelled on compose-go v2.13 types/{project,types,config}.go.
 */
export interface Project {
  readonly name: string;
  /** The project directory: relative paths start here. Absolute. */
  readonly workingDir: string;
  /** Absolute paths of the files that were given or found, in order (`-` for standard input). */
  readonly composeFiles: readonly string[];
  /** What `${NAME}` and `environment: [NAME]` were taken from; COMPOSE_PROJECT_NAME included. */
  readonly environment: Readonly<Record<string, string>>;
  /** Profiles that were active; `*` is every one. */
  readonly profiles: readonly string[];
  /** Services that take part, by name, in the order of their names. */
  readonly services: Readonly<Record<string, Service>>;
  /** Services whose profile is not active, or which were not selected. */
  readonly disabledServices: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, Network>>;
  readonly volumes: Readonly<Record<string, Volume>>;
  readonly secrets: Readonly<Record<string, FileObject>>;
  readonly configs: Readonly<Record<string, FileObject>>;
  readonly models: Readonly<Record<string, Model>>;
  readonly extensions?: Extensions;
}

/** A top-level network, of the project's own or `external`. */
export interface Network {
  /** The name the daemon knows it by: `PROJECT_key`, or as written. */
  readonly name?: string;
  readonly driver?: string;
  readonly driver_opts?: StringMap;
  readonly ipam?: Ipam;
  readonly external?: boolean;
  readonly internal?: boolean;
  readonly attachable?: boolean;
  readonly labels?: StringMap;
  readonly enable_ipv4?: boolean;
  readonly enable_ipv6?: boolean;
  readonly extensions?: Extensions;
}

export interface Ipam {
  readonly driver?: string;
  readonly config?: readonly IpamPool[];
  readonly options?: StringMap;
  readonly extensions?: Extensions;
}

export interface IpamPool {
  readonly subnet?: string;
  readonly gateway?: string;
  readonly ip_range?: string;
  readonly aux_addresses?: StringMap;
  readonly extensions?: Extensions;
}

/** A top-level volume, of the project's own or `external`. */
export interface Volume {
  /** The name the daemon knows it by, as of networks. */
  readonly name?: string;
  readonly driver?: string;
  readonly driver_opts?: StringMap;
  readonly external?: boolean;
  readonly labels?: StringMap;
  readonly extensions?: Extensions;
  /** A cluster volume's spec; `docker stack` only. */
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** A top-level config or secret. */
export interface FileObject {
  readonly name?: string;
  /** Path of the file whose bytes it holds, absolute. */
  readonly file?: string;
  /** The variable whose value it holds. */
  readonly environment?: string;
  /** Its bytes, when written in the file or taken from the variable. */
  readonly content?: string;
  readonly external?: boolean;
  readonly labels?: StringMap;
  readonly driver?: string;
  readonly driver_opts?: StringMap;
  readonly template_driver?: string;
  readonly extensions?: Extensions;
}

export interface Model {
  readonly name?: string;
  readonly model?: string;
  readonly context_size?: number;
  readonly runtime_flags?: readonly string[];
  readonly extensions?: Extensions;
}
