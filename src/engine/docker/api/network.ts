import type { EndpointSettings } from './config.ts';

/**
 * Networks on the wire (moby/moby v29.7 `api/types/network/`). Names and order of the fields are
 * those of the wire.
 */
export interface IpamConfig {
  readonly Subnet?: string;
  readonly IPRange?: string;
  readonly Gateway?: string;
  readonly AuxiliaryAddresses?: Readonly<Record<string, string>>;
}

export interface Ipam {
  readonly Driver: string;
  readonly Options: Readonly<Record<string, string>> | null;
  readonly Config: readonly IpamConfig[] | null;
}

/** Body of `POST /networks/create`. */
export interface NetworkCreateBody {
  readonly Name?: string;
  readonly Driver?: string;
  readonly Scope?: string;
  readonly EnableIPv4?: boolean | null;
  readonly EnableIPv6?: boolean | null;
  readonly IPAM?: Partial<Ipam> | null;
  readonly Internal?: boolean;
  readonly Attachable?: boolean;
  readonly Ingress?: boolean;
  readonly ConfigOnly?: boolean;
  readonly ConfigFrom?: { readonly Network: string } | null;
  readonly Options?: Readonly<Record<string, string>> | null;
  readonly Labels?: Readonly<Record<string, string>> | null;
}

export interface NetworkCreateAnswer {
  readonly Id: string;
  readonly Warning: string;
}

/** A row of `GET /networks`. */
export interface NetworkSummary {
  readonly Name: string;
  readonly Id: string;
  readonly Created: string;
  readonly Scope: string;
  readonly Driver: string;
  readonly EnableIPv4: boolean;
  readonly EnableIPv6: boolean;
  readonly IPAM: Ipam;
  readonly Internal: boolean;
  readonly Attachable: boolean;
  readonly Ingress: boolean;
  readonly ConfigFrom: { readonly Network: string };
  readonly ConfigOnly: boolean;
  readonly Options: Readonly<Record<string, string>>;
  readonly Labels: Readonly<Record<string, string>>;
}

export interface EndpointResource {
  readonly Name: string;
  readonly EndpointID: string;
  readonly MacAddress: string;
  /** With the subnet's length: `172.18.0.2/16`. */
  readonly IPv4Address: string;
  readonly IPv6Address: string;
}

/** A machine on which a network is that spans several. */
export interface PeerInfo {
  readonly Name: string;
  readonly IP: string;
}

export interface SubnetStatus {
  readonly IPsInUse: number;
  readonly DynamicIPsAvailable: number;
}

/** A service on a network that spans machines, and its tasks there. */
export interface ServiceInfo {
  readonly VIP: string;
  readonly Ports: readonly string[];
  readonly LocalLBIndex: number;
  readonly Tasks: readonly {
    readonly Name: string;
    readonly EndpointID: string;
    readonly EndpointIP: string;
    readonly Info: Readonly<Record<string, string>>;
  }[];
}

/** `GET /networks/{id}`. */
export interface NetworkInspect extends NetworkSummary {
  readonly Peers?: readonly PeerInfo[];
  readonly Containers: Readonly<Record<string, EndpointResource>>;
  /** With `?verbose=true`. */
  readonly Services?: Readonly<Record<string, ServiceInfo>>;
  readonly Status?: {
    readonly IPAM: { readonly Subnets?: Readonly<Record<string, SubnetStatus>> };
  };
}

/** Bodies of `POST /networks/{id}/connect` and `disconnect`. */
export interface NetworkConnectBody {
  readonly Container?: string;
  readonly EndpointConfig?: Partial<EndpointSettings> | null;
}

export interface NetworkDisconnectBody {
  readonly Container?: string;
  readonly Force?: boolean;
}

export interface NetworkPruneReport {
  readonly NetworksDeleted: readonly string[] | null;
}
