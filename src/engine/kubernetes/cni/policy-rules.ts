import { parseCidr, parseIpv4 } from '../../net/address.ts';
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '../api/networking.ts';
import type { Pod } from '../api/pod.ts';
import { selectorMatches } from '../apimachinery/label-selector.ts';
import type { Labels } from '../apimachinery/object.ts';

/**
 * What network policies say of one connection (staging/src/k8s.io/api/networking/v1/types.go,
 * https://kubernetes.io/docs/concepts/services-networking/network-policies/, v1.36). A Pod that no
 * policy of a direction selects is open in that direction; one that is selected is open to what any
 * of those policies lists, and to nothing else.
 */
export interface Peer {
  readonly ip: string;
  /** Absent of whatever is no Pod. */
  readonly pod?: Pod;
  readonly namespaceLabels?: Labels;
}

export interface Connection {
  readonly from: Peer;
  readonly to: Peer;
  readonly port: number;
  /** TCP when left out. */
  readonly protocol?: 'TCP' | 'UDP';
}

export type Direction = 'Ingress' | 'Egress';

/** Whether the policies of the namespace of one end let a connection pass there. */
export function lets(
  policies: readonly NetworkPolicy[],
  direction: Direction,
  connection: Connection,
): boolean {
  const own = direction === 'Ingress' ? connection.to.pod : connection.from.pod;
  if (!own) return true;
  const selecting = policies.filter(
    (policy) =>
      directionsOf(policy).includes(direction) &&
      selectorMatches(policy.spec.podSelector ?? {}, own.metadata.labels),
  );
  if (selecting.length === 0) return true;
  const other = direction === 'Ingress' ? connection.from : connection.to;
  return selecting.some((policy) =>
    rulesOf(policy, direction).some(
      ({ peers, ports }) =>
        (peers.length === 0 || peers.some((peer) => isPeer(peer, other, policy))) &&
        (ports.length === 0 || ports.some((port) => isPort(port, connection))),
    ),
  );
}

/** Without policy types: Ingress always, Egress when it has rules of that kind. */
function directionsOf({ spec }: NetworkPolicy): readonly Direction[] {
  return spec.policyTypes ?? (spec.egress ? ['Ingress', 'Egress'] : ['Ingress']);
}

interface Rule {
  readonly peers: readonly NetworkPolicyPeer[];
  readonly ports: readonly NetworkPolicyPort[];
}

function rulesOf({ spec }: NetworkPolicy, direction: Direction): Rule[] {
  return direction === 'Ingress'
    ? (spec.ingress ?? []).map(({ from = [], ports = [] }) => ({ peers: from, ports }))
    : (spec.egress ?? []).map(({ to = [], ports = [] }) => ({ peers: to, ports }));
}

function isPeer(peer: NetworkPolicyPeer, other: Peer, policy: NetworkPolicy): boolean {
  const { ipBlock, podSelector, namespaceSelector } = peer;
  if (ipBlock) {
    const { cidr, except = [] } = ipBlock;
    return isInside(other.ip, cidr) && !except.some((range) => isInside(other.ip, range));
  }
  if (!other.pod) return false;
  const { labels, namespace } = other.pod.metadata;
  const inNamespace = namespaceSelector
    ? selectorMatches(namespaceSelector, other.namespaceLabels)
    : namespace === policy.metadata.namespace;
  return inNamespace && (!podSelector || selectorMatches(podSelector, labels));
}

function isInside(ip: string, cidr: string): boolean {
  const range = parseCidr(cidr);
  const value = parseIpv4(ip);
  return range !== undefined && value !== undefined && value >= range.first && value <= range.last;
}

function isPort(rule: NetworkPolicyPort, { port, to, protocol = 'TCP' }: Connection): boolean {
  if ((rule.protocol ?? 'TCP') !== protocol) return false;
  if (rule.port === undefined) return true;
  if (typeof rule.port === 'number')
    return port >= rule.port && port <= (rule.endPort ?? rule.port);
  const named = (to.pod?.spec.containers ?? []).flatMap(({ ports = [] }) => ports);
  return named.some(
    (one) =>
      one.name === rule.port && one.containerPort === port && (one.protocol ?? 'TCP') === protocol,
  );
}
