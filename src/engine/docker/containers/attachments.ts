import type { CreateContainer } from '../../containerd/api.ts';
import type {
  CreateBody,
  EndpointSettings,
  HostConfig,
  MountPoint,
  PortMap,
  PortSummary,
} from '../api.ts';
import type { ContainerRow } from './row.ts';

/**
 * What containers need of networks and volumes. The rooms of those implement this; containers know
 * nothing else of them.
 */
export interface Refusal {
  readonly ok: false;
  readonly status: number;
  readonly message: string;
}

export interface ContainerNetworks {
  /** What a container is to be connected to, once it starts; called when it is created. */
  settle(
    machine: string,
    body: CreateBody,
    hostConfig: HostConfig,
  ): { readonly ok: true; readonly networks: Record<string, EndpointSettings> } | Refusal;
  /** Connects a container that is about to start: addresses, published ports, names. */
  connectAll(row: ContainerRow): Connected | Refusal;
  /** Gives addresses, ports and names back; the settings of a container that does not run. */
  release(row: ContainerRow): Readonly<Record<string, EndpointSettings>>;
  /** The container has another name from now on. */
  renamed?(row: ContainerRow): void;
  /** The column PORTS and `docker port`: published ones, and those only exposed. */
  portSummary(row: ContainerRow): PortSummary[];
}

export interface Connected {
  readonly ok: true;
  readonly networks: Readonly<Record<string, EndpointSettings>>;
  readonly ports: PortMap;
  /** What containerd is told: addresses, the host's network. */
  readonly addresses: readonly { readonly ip: string; readonly private?: true }[];
  /** Files that Docker binds into it: /etc/hosts, /etc/resolv.conf. */
  readonly files: Readonly<Record<string, string>>;
}

export interface ContainerVolumes {
  /** Creates what is missing and says where everything is mounted; called at creation. */
  register(
    machine: string,
    id: string,
    body: CreateBody,
    volumes: readonly string[],
  ): Mounted | Refusal;
  /** The container starts or has ended: `mount` and `unmount` events. */
  mount(row: ContainerRow): Refusal | undefined;
  unmount(row: ContainerRow): void;
  /** The container is gone; with `andRemove`, its anonymous volumes as well. */
  release(row: ContainerRow, andRemove: boolean): void;
}

export interface Mounted {
  readonly ok: true;
  readonly mounts: readonly MountPoint[];
  readonly runtime: NonNullable<RuntimeMounts>;
}

/** As containerd takes them; see its api.ts. */
export type RuntimeMounts = readonly {
  readonly target: string;
  readonly readOnly?: boolean;
  readonly source: { readonly bind: string } | { readonly tmpfs: number | undefined };
}[];

export type RuntimeSpec = CreateContainer;
