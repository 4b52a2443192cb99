import type { ClusterSpec, NodeRole } from '../api.ts';
import { tokenOf } from '../managers/join-tokens.ts';
import type { ClusterObject } from '../objects.ts';
import { metaOf, type Meta } from './meta.ts';

/** `GET /swarm` (moby/moby v29.7 `api/types/swarm/swarm.go`, `daemon/cluster/convert/swarm.go`). */
export interface TlsInfo {
  readonly TrustRoot: string;
  readonly CertIssuerSubject: string;
  readonly CertIssuerPublicKey: string;
}

export interface ClusterWire extends Meta {
  readonly Spec: ClusterSpec;
  readonly TLSInfo: TlsInfo;
  readonly RootRotationInProgress: boolean;
  readonly DefaultAddrPool: readonly string[];
  readonly SubnetSize: number;
  readonly DataPathPort: number;
}

export interface SwarmWire extends ClusterWire {
  readonly JoinTokens: { readonly Worker: string; readonly Manager: string };
}

export const tlsInfoOf = ({ rootCa }: ClusterObject): TlsInfo => ({
  TrustRoot: rootCa.certificate,
  CertIssuerSubject: rootCa.subject,
  CertIssuerPublicKey: rootCa.publicKey,
});

/** As `docker info` shows it: without the tokens. */
export const clusterWire = (cluster: ClusterObject): ClusterWire => ({
  ...metaOf(cluster),
  Spec: cluster.spec,
  TLSInfo: tlsInfoOf(cluster),
  RootRotationInProgress: false,
  DefaultAddrPool: cluster.addressPool,
  SubnetSize: cluster.subnetSize,
  DataPathPort: cluster.dataPathPort,
});

export const swarmWire = (cluster: ClusterObject): SwarmWire => {
  const token = (role: NodeRole): string => tokenOf(cluster, role);
  const JoinTokens = { Worker: token('worker'), Manager: token('manager') };
  return { ...clusterWire(cluster), JoinTokens };
};
