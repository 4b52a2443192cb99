import type {
  ClusterSpec,
  ConfigSpec,
  Endpoint,
  NodeSpec,
  SecretSpec,
  ServiceSpec,
} from './api.ts';
import type { Task } from './task.ts';

/**
 * What the managers of a swarm agree on (moby/swarmkit v2.1 `api/objects.proto`). All of it stands
 * in the store (store.ts) and is seen by everybody who acts for the leader.
 */
export interface Stored {
  /** 25 characters in base 36. */
  readonly id: string;
  /** The revision of its last change in the swarm's log. */
  readonly version: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** The certificate by which nodes know their swarm. */
export interface RootCa {
  /** PEM. */
  readonly certificate: string;
  /** Base64 of the DER of its name and of its public key. */
  readonly subject: string;
  readonly publicKey: string;
}

export interface ClusterObject extends Stored {
  readonly spec: ClusterSpec;
  /** What comes after `SWMTKN-1-`. */
  readonly joinTokens: { readonly worker: string; readonly manager: string };
  readonly unlockKey?: string;
  readonly addressPool: readonly string[];
  readonly subnetSize: number;
  readonly dataPathPort: number;
  readonly rootCa: RootCa;
}

export type NodeState = 'unknown' | 'down' | 'ready' | 'disconnected';

export interface NodeObject extends Stored {
  readonly spec: NodeSpec;
  readonly machine: string;
  readonly hostname: string;
  readonly ip: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  /** Units of resources of other kinds, as its daemon was told. */
  readonly generic?: Readonly<Record<string, number>>;
  /** Drivers of volumes besides those that come with the daemon. */
  readonly volumePlugins?: readonly string[];
  readonly engineVersion: string;
  readonly engineLabels: Readonly<Record<string, string>>;
  /** `x86_64` and `linux`, as its daemon says. */
  readonly architecture: string;
  readonly os: string;
  readonly state: NodeState;
  /** `heartbeat failure`, for one. */
  readonly message: string;
  /** Of a manager. */
  readonly manager?: { readonly raftId: string; readonly address: string };
}

export interface UpdateStatus {
  readonly state:
    | 'updating'
    | 'paused'
    | 'completed'
    | 'rollback_started'
    | 'rollback_paused'
    | 'rollback_completed';
  readonly startedAtMs: number;
  readonly completedAtMs?: number;
  readonly message: string;
}

export interface ServiceObject extends Stored {
  readonly spec: ServiceSpec;
  /** Changes when the specification does. */
  readonly specVersion: number;
  readonly previousSpec?: ServiceSpec;
  readonly previousSpecVersion?: number;
  readonly endpoint?: Endpoint;
  readonly update?: UpdateStatus;
  readonly job?: { readonly iteration: number; readonly lastExecutionMs: number };
}

export interface NetworkObject extends Stored {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly driver: string;
  readonly options: Readonly<Record<string, string>>;
  readonly attachable: boolean;
  readonly ingress: boolean;
  readonly internal: boolean;
  /** '' until the allocator has given it one; so is the gateway. */
  readonly subnet: string;
  readonly gateway: string;
  /** What was asked for instead of what the swarm's pools have. */
  readonly requested?: { readonly subnet: string; readonly gateway: string };
}

export interface SecretObject extends Stored {
  readonly spec: SecretSpec;
}

export interface ConfigObject extends Stored {
  readonly spec: ConfigSpec;
}

export interface TaskObject extends Task, Stored {}

/** By the name of its kind. */
export interface SwarmObjects {
  readonly cluster: ClusterObject;
  readonly node: NodeObject;
  readonly service: ServiceObject;
  readonly task: TaskObject;
  readonly network: NetworkObject;
  readonly secret: SecretObject;
  readonly config: ConfigObject;
}

export type Kind = keyof SwarmObjects;
