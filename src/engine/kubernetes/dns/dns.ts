import type { Kernel } from '../../sim/kernel.ts';
import type { Table } from '../../sim/store.ts';
import { SERVICE_NAME, type Endpoint, type Service } from '../api/cluster-objects.ts';
import { labelTerm } from '../api/index-terms.ts';
import type { ApiDoor } from '../api/requests.ts';
import { Client } from '../client/client.ts';
import { parseClusterName, searchList, searchNames, serviceName } from './names.ts';

/**
 * CoreDNS with the `kubernetes` plugin, as kubeadm sets it up (coredns/coredns plugin/kubernetes,
 * v1.13; `pods insecure`, `fallthrough in-addr.arpa ip6.arpa`).
 *
 * Simplified: answers are never cached; names outside of the cluster are those that the machines
 * know; there are no SRV answers to programs, which ask for addresses only.
 */
export class ClusterDns {
  readonly #kernel: Kernel;
  readonly #client: Client;
  /** How often a name with several addresses was told: each time in another order. */
  readonly #told: Table<string, number>;
  readonly #outside: (name: string) => string | undefined;

  /** @param outside what names outside of the cluster stand for */
  constructor(
    kernel: Kernel,
    door: ApiDoor,
    cluster: string,
    outside: (name: string) => string | undefined,
  ) {
    this.#kernel = kernel;
    this.#outside = outside;
    this.#client = new Client(kernel, door, 'coredns');
    this.#told = kernel.store.table<number>(`dns/${cluster}/told`);
  }

  /** The first address for a name asked in a namespace; undefined when there is none. */
  resolve(name: string, namespace: string): string | undefined {
    return this.lookup(name, namespace)[0];
  }

  /**
   * Addresses for a name as a Pod of a namespace hears them; none when there is no such name
   * (NXDOMAIN).
   */
  lookup(
    name: string,
    namespace: string,
    search: readonly string[] = searchList(namespace),
  ): readonly string[] {
    if (!this.isServing()) return [];
    for (const full of searchNames(name, search)) {
      const found = this.#addresses(full);
      if (found.length > 0) return found;
    }
    return [];
  }

  isServing(): boolean {
    return this.servers()?.length !== 0;
  }

  /** The Pods of CoreDNS that are ready; undefined where there is no such Service. */
  servers(): readonly string[] | undefined {
    const service = this.#client.get('services', 'kube-system', 'kube-dns');
    return service && this.#endpoints(service).flatMap(({ addresses }) => addresses);
  }

  #addresses(full: string): readonly string[] {
    const name = parseClusterName(full);
    if (!name) {
      const ip = this.#outside(full);
      return ip === undefined ? [] : [ip];
    }
    if (name.of === 'pod') {
      return this.#client.get('namespaces', '', name.namespace) ? [name.ip] : [];
    }
    if (name.of === 'nothing' || name.of === 'port') return [];
    const service = this.#client.get('services', name.namespace, name.service);
    if (!service) return [];
    const { clusterIP, externalName } = service.spec;
    if (name.of === 'endpoint') {
      return this.#endpoints(service)
        .filter((endpoint) => nameOf(endpoint) === name.host)
        .flatMap(({ addresses }) => addresses);
    }
    if (externalName !== undefined && service.spec.type === 'ExternalName') {
      return this.#addresses(externalName);
    }
    if (clusterIP && clusterIP !== 'None') return [clusterIP];
    return this.#turned(serviceName(name.service, name.namespace), this.#endpoints(service));
  }

  #endpoints({ metadata }: Service): Endpoint[] {
    const term = labelTerm(metadata.namespace ?? '', SERVICE_NAME, metadata.name);
    return this.#client
      .byIndex('endpointslices', term)
      .flatMap(({ endpoints }) => endpoints)
      .filter(({ conditions }) => conditions.ready);
  }

  /** In an order that is drawn anew for every answer (coredns plugin/loadbalance). */
  #turned(name: string, endpoints: readonly Endpoint[]): string[] {
    const ips = endpoints.flatMap(({ addresses }) => addresses);
    if (ips.length < 2) return ips;
    const told = (this.#told.get(name) ?? 0) + 1;
    this.#told.set(name, told);
    const at = this.#kernel.random('dns', name, told).integer(0, ips.length - 1);
    return [...ips.slice(at), ...ips.slice(0, at)];
  }
}

/** An endpoint's own label under its Service: its host name, or its address with dashes. */
const nameOf = ({ hostname, addresses }: Endpoint): string =>
  hostname ?? (addresses[0] ?? '').replaceAll('.', '-');
