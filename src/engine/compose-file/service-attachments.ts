import type { Extensions, StringMap } from './plain-maps.ts';

/** What a service is joined to: networks, published ports, mounts, configs and secrets. */
export interface ServiceNetwork {
  readonly aliases?: readonly string[];
  readonly driver_opts?: StringMap;
  readonly gw_priority?: number;
  readonly interface_name?: string;
  readonly ipv4_address?: string;
  readonly ipv6_address?: string;
  readonly link_local_ips?: readonly string[];
  readonly mac_address?: string;
  readonly priority?: number;
  readonly extensions?: Extensions;
}

/** One port of a container; a range of targets in a file becomes one of these for each. */
export interface ServicePort {
  readonly name?: string;
  /** `ingress` or `host`. */
  readonly mode?: string;
  readonly host_ip?: string;
  readonly target: number;
  /** A port or a range (`8000-8010`); absent lets the engine choose. */
  readonly published?: string;
  readonly protocol?: string;
  readonly app_protocol?: string;
  readonly extensions?: Extensions;
}

export type MountType = 'bind' | 'volume' | 'tmpfs' | 'npipe' | 'cluster' | 'image';

/** What is mounted at a path of the container. */
export interface Mount {
  readonly type: MountType;
  /** A path of the host (bind), a key of the project's volumes, or an image. */
  readonly source?: string;
  readonly target?: string;
  readonly read_only?: boolean;
  readonly consistency?: string;
  readonly bind?: BindOptions;
  readonly volume?: {
    readonly labels?: StringMap;
    readonly nocopy?: boolean;
    readonly subpath?: string;
  };
  readonly tmpfs?: { readonly size?: number; readonly mode?: number };
  readonly image?: { readonly subpath?: string };
  readonly extensions?: Extensions;
}

export interface BindOptions {
  readonly selinux?: string;
  readonly propagation?: string;
  /** Absent is true. */
  readonly create_host_path?: boolean;
  readonly recursive?: string;
  readonly extensions?: Extensions;
}

/** A config or secret as a service uses it. */
export interface FileReference {
  /** A key of the project's configs or secrets. */
  readonly source?: string;
  readonly target?: string;
  readonly uid?: string;
  readonly gid?: string;
  readonly mode?: number;
  readonly extensions?: Extensions;
}
