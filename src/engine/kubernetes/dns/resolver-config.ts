import type { Pod } from '../api/pod.ts';
import { DNS_IP, NDOTS, searchList } from './names.ts';

/**
 * How the programs of a Pod look for names (pkg/kubelet/network/dns/dns.go `GetPodDNS`, v1.36): what
 * its /etc/resolv.conf says, which the kubelet writes.
 */
export interface ResolverConfig {
  readonly search: readonly string[];
  readonly ndots: number;
}

const RESOLVER_NDOTS = 1;
/** `MaxDNSSearchPaths`. */
const SEARCH_LIMIT = 32;

/** Whether a Pod asks the cluster's servers: others ask those of their node. */
export function asksCluster({ spec }: Pod): boolean {
  const { dnsPolicy = 'ClusterFirst', dnsConfig, hostNetwork = false } = spec;
  if (dnsPolicy === 'None') return dnsConfig?.nameservers?.[0] === DNS_IP;
  return dnsPolicy === 'ClusterFirstWithHostNet' || (dnsPolicy === 'ClusterFirst' && !hostNetwork);
}

/** What the resolver of a Pod for which {@link asksCluster} holds is told. */
export function resolverOf({ metadata, spec }: Pod): ResolverConfig {
  const { dnsPolicy, dnsConfig: { searches = [], options = [] } = {} } = spec;
  const isOwn = dnsPolicy === 'None';
  const inherited = isOwn ? [] : searchList(metadata.namespace ?? '');
  const search = [...new Set([...inherited, ...searches])].slice(0, SEARCH_LIMIT);
  const given = options.find(({ name }) => name === 'ndots')?.value;
  const usual = isOwn ? RESOLVER_NDOTS : NDOTS;
  return { search, ndots: /^\d+$/.test(given ?? '') ? Number(given) : usual };
}
