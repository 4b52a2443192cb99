import type { Address, Caller, HttpFailure } from '../../net/http.ts';
import type {
  EndpointResource,
  EngineResponse,
  IpamConfig,
  NetworkCreateBody,
  PeerInfo,
  ServiceInfo,
} from '../api.ts';
import type { Refusal } from './membership.ts';
import type { NetworkRow } from './row.ts';

/**
 * What a machine's networks ask of whoever knows of networks that span several machines (moby/moby
 * v29.7 `daemon/libnetwork/drivers/overlay`, `service_common_unix.go`; `daemon/cluster/networks.go`).
 * Addresses on them are given out elsewhere, and names on them mean more than containers.
 */
export interface SharedNetworks {
  /** Those that the daemon lists beside the ones on its machine: a manager knows all. */
  known(machine: string): readonly NetworkRow[];
  /** `POST /networks/create` of one that is to span machines; undefined where nobody makes such. */
  create(machine: string, body: NetworkCreateBody): EngineResponse | undefined;
  remove(machine: string, row: NetworkRow): EngineResponse;
  /** Brings one here that containers may join by hand; undefined when there is none. */
  bring(machine: string, term: string): NetworkRow | Refusal | undefined;
  /** The address a container joins under. */
  attach(machine: string, row: NetworkRow, container: Attaching): string | Refusal;
  /** The container is on it no more. */
  detach(machine: string, row: NetworkRow, container: string): void;
  /** Addresses that a name stands for there beside those of containers, as the machine sees it. */
  names(machine: string, row: NetworkRow, name: string): readonly string[];
  /** What an inspect tells besides of one that is on the machine. */
  describe(machine: string, row: NetworkRow): SharedDetails;
  /** Who serves on it, by the services' names: what `--verbose` tells besides. */
  services(machine: string, row: NetworkRow): Readonly<Record<string, ServiceInfo>>;
  /** What stands there for one that every machine has of its own: `host`, or its id. */
  standing(machine: string, term: string): NetworkRow | undefined;
  /** Whether the daemon itself listens on a port of its machine, for others to be led on from. */
  listens(machine: string, protocol: string, port: number): boolean;
  /** Where a connection within it ends. */
  way(from: Caller, row: NetworkRow, to: Address): Address | HttpFailure;
}

export interface SharedDetails {
  /** The machines it is on. */
  readonly peers: readonly PeerInfo[];
  /** Ends of it that are no container's. */
  readonly ends: Readonly<Record<string, EndpointResource>>;
}

/** On such a network it is made of the address (`daemon/libnetwork/netutils/utils.go`). */
export const macOfAddress = (ip: string): string =>
  ['02', '42', ...ip.split('.').map((part) => Number(part).toString(16).padStart(2, '0'))].join(
    ':',
  );

export interface Attaching {
  readonly id: string;
  readonly name: string;
  readonly ip: string;
}

/** One of them as it is on each machine. */
export interface SharedNetwork {
  readonly id: string;
  readonly name: string;
  readonly driver: string;
  readonly createdMs: number;
  readonly subnet: string;
  readonly ipamConfig: readonly IpamConfig[];
  readonly internal: boolean;
  readonly attachable: boolean;
  readonly ingress: boolean;
  readonly options: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

/** By which containers on shared networks alone reach what is outside of them. */
export const GATEWAY_BRIDGE = 'docker_gwbridge';

export const isShared = ({ scope }: NetworkRow): boolean => scope === 'swarm';

export const sharedRow = (machine: string, network: SharedNetwork): NetworkRow => ({
  machine,
  ...network,
  scope: 'swarm',
  enableIpv4: true,
  enableIpv6: false,
  ipamDriver: 'default',
  ipamOptions: null,
  configOnly: false,
  configFrom: '',
});
