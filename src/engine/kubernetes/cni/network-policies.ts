import type { Addresses } from '../../net/address.ts';
import { ANY_ADDRESS, type Address, type Caller, type Http } from '../../net/http.ts';
import type { Kernel } from '../../sim/kernel.ts';
import type { Pod } from '../api/pod.ts';
import type { ApiDoor } from '../api/requests.ts';
import { splitKey } from '../apimachinery/object.ts';
import { Client } from '../client/client.ts';
import { lets, type Peer } from './policy-rules.ts';

/**
 * The network plugin: every Pod reaches every other by its address, from any node, and network
 * policies drop what they do not list. Nobody outside of the cluster has a route to a Pod.
 *
 * Simplified: policies hold at once on all nodes; a node always reaches its own Pods, as the
 * kubelet's probes must; of UDP there are only questions for names.
 */
const DNS_PORT = 53;

export class PodNetwork {
  readonly #client: Client;
  readonly #addresses: Addresses;

  /** @param isNode whether a machine is a node of this cluster */
  constructor(
    kernel: Kernel,
    door: ApiDoor,
    http: Http,
    addresses: Addresses,
    isNode: (machine: string) => boolean,
  ) {
    this.#client = new Client(kernel, door, 'cni');
    this.#addresses = addresses;
    http.guard((from, to) => {
      if (to.on !== undefined) return !isNode(to.on) || this.#letsOut(from, to, to.on);
      const target = this.#podAt(to.ip);
      if (target && !isNode(to.via ?? from.machine)) return false;
      return this.#lets(from, to, target);
    });
  }

  /** Whether a Pod's questions get to one of those who know names. */
  asksNames(pod: Pod, servers: readonly string[]): boolean {
    const from = this.#podAt(pod.status.podIP ?? '');
    if (!from) return true;
    return servers.some((ip) => {
      const target = this.#podAt(ip);
      const to = target ?? { ip };
      const connection = { from, to, port: DNS_PORT, protocol: 'UDP' } as const;
      return (
        lets(this.#policies(from), 'Egress', connection) &&
        lets(this.#policies(target), 'Ingress', connection)
      );
    });
  }

  /** From a Pod to a node itself. */
  #letsOut(from: Caller, to: Address, node: string): boolean {
    const source = from.ip === undefined ? undefined : this.#podAt(from.ip);
    if (!source?.pod) return true;
    const ip = to.ip === ANY_ADDRESS ? (this.#addresses.resolve(node) ?? to.ip) : to.ip;
    const connection = { from: source, to: { ip }, port: to.port };
    return lets(this.#policies(source), 'Egress', connection);
  }

  #lets(from: Caller, to: Address, target: Peer | undefined): boolean {
    const source = from.ip === undefined ? undefined : this.#podAt(from.ip);
    if (!target?.pod && !source?.pod) return true;
    // The machine itself, and not one of its Pods.
    if (!source && target?.pod?.spec.nodeName === from.machine) return true;
    const connection = {
      from: source ?? { ip: from.ip ?? '' },
      to: target ?? { ip: to.ip },
      port: to.port,
    };
    return (
      lets(this.#policies(source), 'Egress', connection) &&
      lets(this.#policies(target), 'Ingress', connection)
    );
  }

  #policies(peer: Peer | undefined) {
    const namespace = peer?.pod?.metadata.namespace;
    return namespace === undefined ? [] : [...this.#client.scan('networkpolicies', namespace)];
  }

  /** The Pod that has an address of its own. */
  #podAt(ip: string): Peer | undefined {
    const [kind, key = ''] = (this.#addresses.at(ip)?.owner ?? '').split(' ');
    if (kind !== 'Pod') return undefined;
    const { namespace, name } = splitKey(key);
    const pod = this.#client.get('pods', namespace, name);
    const namespaceLabels = this.#client.get('namespaces', '', namespace)?.metadata.labels ?? {};
    return { ip, ...(pod && { pod }), namespaceLabels };
  }
}
