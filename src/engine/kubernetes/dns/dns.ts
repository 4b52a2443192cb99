import {
  addressOfReverse,
  NO_RECORDS,
  plainAnswer,
  type DnsAnswer,
  type DnsRecord,
  type RecordType,
  type ResponseCode,
} from '../../net/dns-message.ts';
import type { Kernel } from '../../sim/kernel.ts';
import { EPOCH_UNIX_MS } from '../../sim/clock.ts';
import type { Table } from '../../sim/store.ts';
import {
  SERVICE_NAME,
  type Endpoint,
  type EndpointSlice,
  type Service,
} from '../api/cluster-objects.ts';
import { labelTerm } from '../api/index-terms.ts';
import type { ApiDoor } from '../api/requests.ts';
import { Client } from '../client/client.ts';
import {
  CLUSTER_DOMAIN,
  parseClusterName,
  searchList,
  searchNames,
  serviceName,
  type ClusterName,
} from './names.ts';

/**
 * CoreDNS with the `kubernetes` plugin, as kubeadm sets it up (coredns/coredns
 * plugin/kubernetes/{kubernetes,handler,reverse,parse}.go and plugin/backend_lookup.go, v1.13;
 * `pods insecure`, `fallthrough in-addr.arpa ip6.arpa`, `ttl 30`, `forward . /etc/resolv.conf`).
 *
 * Simplified: answers are never cached; names outside of the cluster are those that the machines
 * know; nobody has an address of IPv6; the serial number of the zone is the time of the answer.
 */
const TTL = 30;
/** `fallthrough` and `forward` pass on what others say. */
const OTHERS_TTL = 600;
const MAX_ALIASES = 10;

/** What a name stands for: an address with a port, or another name. */
interface Found {
  readonly host: string;
  /** The name of its own, which an SRV record leads to. */
  readonly owner: string;
  readonly port?: number;
  readonly isName?: true;
}

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
   *
   * @param ndots a name with so many dots is tried as it is first
   */
  lookup(
    name: string,
    namespace: string,
    search: readonly string[] = searchList(namespace),
    ndots?: number,
  ): readonly string[] {
    if (!this.isServing()) return [];
    for (const full of searchNames(name, search, ndots)) {
      const { answers } = this.query(full, 'A');
      const found = answers.filter(({ type }) => type === 'A').flatMap(({ data }) => data);
      if (found.length > 0) return found;
    }
    return [];
  }

  /** The answer to a question, whoever asks. */
  query(asked: string, type: RecordType): DnsAnswer {
    const name = asked.replace(/\.$/, '');
    const ip = addressOfReverse(name);
    if (ip !== undefined) return this.#reverse(name, type, ip);
    const parsed = parseClusterName(name);
    if (!parsed) {
      const outside = this.#outside(name);
      return plainAnswer(name, type, outside === undefined ? [] : [outside], OTHERS_TTL);
    }
    const found = this.#find(parsed);
    if (!found) return this.#nothing('NXDOMAIN');
    if (name === CLUSTER_DOMAIN && type === 'SOA') {
      return { ...NO_RECORDS, code: 'NOERROR', authoritative: true, answers: [this.#soa()] };
    }
    const addresses = found.filter(({ isName }) => !isName);
    const answers =
      type === 'SRV' ? srvRecords(name, addresses) : this.#records(name, type, found, 0);
    if (answers.length === 0) return this.#nothing('NOERROR');
    const additional = type === 'SRV' ? ownAddresses(addresses) : [];
    return { ...NO_RECORDS, code: 'NOERROR', authoritative: true, answers, additional };
  }

  isServing(): boolean {
    return this.servers()?.length !== 0;
  }

  /** The Pods of CoreDNS that are ready; undefined where there is no such Service. */
  servers(): readonly string[] | undefined {
    const service = this.#client.get('services', 'kube-system', 'kube-dns');
    if (!service) return undefined;
    return this.#slices(service)
      .flatMap(({ endpoints }) => endpoints)
      .filter(({ conditions }) => conditions.ready)
      .flatMap(({ addresses }) => addresses);
  }

  /** There is no such name, or nothing of the kind that was asked for. */
  #nothing(code: ResponseCode): DnsAnswer {
    return { ...NO_RECORDS, code, authoritative: true, authority: [this.#soa()] };
  }

  #soa(): DnsRecord {
    const serial = String(Math.floor((EPOCH_UNIX_MS + this.#kernel.now) / 1000));
    const names = [`ns.dns.${CLUSTER_DOMAIN}`, `hostmaster.${CLUSTER_DOMAIN}`];
    const data = [...names, serial, '7200', '1800', '86400', String(TTL)];
    return { name: CLUSTER_DOMAIN, type: 'SOA', ttl: TTL, data };
  }

  #records(name: string, type: RecordType, found: readonly Found[], depth: number): DnsRecord[] {
    const ips = found.filter(({ isName }) => !isName).map(({ host }) => host);
    const [alias] = found.filter(({ isName }) => isName);
    if (alias) return this.#alias(name, type, alias.host, depth);
    const order = this.#turned(name, [...new Set(ips)]);
    return type === 'A' ? order.map((ip) => ({ name, type, ttl: TTL, data: [ip] })) : [];
  }

  /** Another name, and what that one stands for: of a name in the zone only what there is. */
  #alias(name: string, type: RecordType, target: string, depth: number): DnsRecord[] {
    const record = { name, type: 'CNAME' as const, ttl: TTL, data: [target] };
    if (type === 'CNAME') return [record];
    if (type !== 'A' && type !== 'AAAA') return [];
    if (depth > MAX_ALIASES || target === name) return [];
    const parsed = parseClusterName(target);
    if (parsed) {
      const next = this.#records(target, type, this.#find(parsed) ?? [], depth + 1);
      return next.length === 0 ? [] : [record, ...next];
    }
    return [record, ...this.query(target, type).answers];
  }

  /** What there is under a name; undefined when there is no such name. */
  #find(name: ClusterName): readonly Found[] | undefined {
    if (name.of === 'nothing') return undefined;
    if (name.of === 'apex') return [];
    if (!this.#client.get('namespaces', '', name.namespace)) return undefined;
    if (name.of === 'namespace') return [];
    if (name.of === 'pod') return [{ host: name.ip, owner: '' }];
    const service = this.#client.get('services', name.namespace, name.service);
    if (!service) return undefined;
    const found = this.#ofService(service, name);
    return found.length === 0 ? undefined : found;
  }

  #ofService(
    service: Service,
    name: Extract<ClusterName, { of: 'service' | 'endpoint' | 'port' }>,
  ): Found[] {
    const { clusterIP, externalName, type, ports = [] } = service.spec;
    const own = serviceName(service.metadata.name, service.metadata.namespace ?? '');
    if (type === 'ExternalName') {
      if (name.of !== 'service' || externalName === undefined) return [];
      return [{ host: externalName, owner: own, isName: true }];
    }
    const isMeant = (port: { readonly name?: string; readonly protocol?: string }): boolean =>
      name.of !== 'port' ||
      (name.port === (port.name ?? '').toLowerCase() &&
        name.protocol === (port.protocol ?? 'TCP').toLowerCase());
    if (name.of !== 'endpoint' && clusterIP && clusterIP !== 'None') {
      return ports.filter(isMeant).map(({ port }) => ({ host: clusterIP, owner: own, port }));
    }
    const host = name.of === 'endpoint' ? name.host : undefined;
    return this.#slices(service).flatMap(({ endpoints, ports: open }) =>
      endpoints
        .filter(({ conditions }) => conditions.ready)
        .filter((endpoint) => host === undefined || nameOf(endpoint) === host)
        .flatMap((endpoint) => this.#ofEndpoint(endpoint, open.filter(isMeant), own, name.of)),
    );
  }

  /** A headless Service without ports has addresses, and no SRV records. */
  #ofEndpoint(
    endpoint: Endpoint,
    ports: readonly { readonly port?: number }[],
    service: string,
    of: ClusterName['of'],
  ): Found[] {
    const owner = `${nameOf(endpoint)}.${service}`;
    const open = ports.length === 0 && of !== 'port' ? [{}] : ports;
    return endpoint.addresses.flatMap((host) =>
      open.map(({ port }: { readonly port?: number }) => ({
        ...{ host, owner },
        ...(port !== undefined && { port }),
      })),
    );
  }

  /** Whose address it is: a Service's, or else the endpoints' of all Services that have it. */
  #reverse(name: string, type: RecordType, ip: string): DnsAnswer {
    const names = this.#namesOf(ip);
    if (names.length === 0) return plainAnswer(name, type, [], OTHERS_TTL);
    if (type !== 'PTR') return this.#nothing('NOERROR');
    const answers = names.map((target) => ({ name, type, ttl: TTL, data: [target] }));
    return { ...NO_RECORDS, code: 'NOERROR', authoritative: true, answers };
  }

  #namesOf(ip: string): string[] {
    for (const { metadata, spec } of this.#client.scan('services')) {
      if (spec.clusterIP === ip) return [serviceName(metadata.name, metadata.namespace ?? '')];
    }
    const names: string[] = [];
    for (const { metadata, endpoints } of this.#client.scan('endpointslices')) {
      const service = metadata.labels?.[SERVICE_NAME];
      if (service === undefined) continue;
      const own = serviceName(service, metadata.namespace ?? '');
      for (const endpoint of endpoints) {
        if (endpoint.conditions.ready && endpoint.addresses.includes(ip)) {
          names.push(`${nameOf(endpoint)}.${own}`);
        }
      }
    }
    return [...new Set(names)];
  }

  #slices({ metadata }: Service): EndpointSlice[] {
    const term = labelTerm(metadata.namespace ?? '', SERVICE_NAME, metadata.name);
    return this.#client.byIndex('endpointslices', term);
  }

  /** In an order that is drawn anew for every answer (coredns plugin/loadbalance). */
  #turned(name: string, ips: readonly string[]): readonly string[] {
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

/** All of one priority, each of the same weight: a hundred shared out, in whole numbers. */
function srvRecords(name: string, found: readonly Found[]): DnsRecord[] {
  const weight = String(Math.max(1, Math.floor(100 / found.length)));
  const seen = new Set<string>();
  return found.flatMap(({ owner, port }) => {
    if (port === undefined || owner === '' || seen.has(`${owner} ${port}`)) return [];
    seen.add(`${owner} ${port}`);
    return [{ name, type: 'SRV' as const, ttl: TTL, data: ['0', weight, String(port), owner] }];
  });
}

function ownAddresses(found: readonly Found[]): DnsRecord[] {
  const byName = new Map(found.map(({ owner, host }) => [`${owner} ${host}`, { owner, host }]));
  return [...byName.values()].map(({ owner, host }) => ({
    ...{ name: owner, type: 'A' as const, ttl: TTL },
    data: [host],
  }));
}
