import type { Pod } from '../api/pod.ts';

/**
 * The files that make a Pod find others by name (pkg/kubelet/kubelet_pods.go `managedHostsFile`,
 * pkg/kubelet/network/dns/dns.go `GetPodDNS`, v1.36).
 */
const CLUSTER_DNS = '10.96.0.10';
export const CLUSTER_DOMAIN = 'cluster.local';

/** The host name of a Pod's containers (`GeneratePodHostNameAndDomain`): at most 63 characters. */
export function hostnameOf({ metadata, spec }: Pod): string {
  if (spec.hostNetwork) return spec.nodeName ?? metadata.name;
  const name = spec.hostname ?? metadata.name;
  const short = name.length > 63 ? name.slice(0, 63).replace(/[-.]+$/, '') : name;
  const domain = domainOf({ metadata, spec } as Pod);
  return spec.setHostnameAsFQDN && domain !== '' ? `${short}.${domain}` : short;
}

/** The domain of a Pod in a headless Service; empty without a subdomain. */
const domainOf = ({ metadata, spec }: Pod): string =>
  spec.subdomain ? `${spec.subdomain}.${metadata.namespace ?? ''}.svc.${CLUSTER_DOMAIN}` : '';

/** @param ofNode the hosts file of the node, which a Pod on the node's network has too */
export function hostsFile(pod: Pod, ip: string, ofNode: string | undefined): string {
  const { hostAliases = [], hostNetwork } = pod.spec;
  const aliases = hostAliases.map(({ ip: at, hostnames = [] }) => [at, ...hostnames].join('\t'));
  const added = aliases.length > 0 ? ['', '# Entries added by HostAliases.', ...aliases] : [];
  if (hostNetwork) {
    const own = ofNode ?? usualHosts(pod.spec.nodeName ?? '');
    const kept = own.replace(/\n$/, '');
    return ['# Kubernetes-managed hosts file (host network).', kept, ...added, ''].join('\n');
  }
  const hostname = hostnameOf(pod);
  const domain = domainOf(pod);
  const names = domain === '' ? hostname : `${hostname}.${domain}\t${hostname}`;
  return [
    '# Kubernetes-managed hosts file.',
    '127.0.0.1\tlocalhost',
    '::1\tlocalhost ip6-localhost ip6-loopback',
    'fe00::0\tip6-localnet',
    'fe00::0\tip6-mcastprefix',
    'fe00::1\tip6-allnodes',
    'fe00::2\tip6-allrouters',
    `${ip}\t${names}`,
    ...added,
    '',
  ].join('\n');
}

/** What stands in a node's own file where nobody wrote one: Ubuntu's. */
const usualHosts = (node: string): string =>
  [
    '127.0.0.1 localhost',
    `127.0.1.1 ${node}`,
    '',
    '# The following lines are desirable for IPv6 capable hosts',
    '::1     ip6-localhost ip6-loopback',
    'fe00::0 ip6-localnet',
    'ff00::0 ip6-mcastprefix',
    'ff02::1 ip6-allnodes',
    'ff02::2 ip6-allrouters',
    '',
  ].join('\n');

/** What a node itself asks for names. */
const NODE_DNS = {
  nameservers: ['192.168.10.1'],
  searches: [] as string[],
  options: [] as string[],
};

export function resolvConf({ metadata, spec }: Pod): string {
  const { dnsPolicy = 'ClusterFirst', dnsConfig = {}, hostNetwork = false } = spec;
  const namespace = metadata.namespace ?? '';
  const isOfCluster =
    dnsPolicy === 'ClusterFirstWithHostNet' || (dnsPolicy === 'ClusterFirst' && !hostNetwork);
  const base =
    dnsPolicy === 'None'
      ? { nameservers: [], searches: [], options: [] }
      : isOfCluster
        ? {
            nameservers: [CLUSTER_DNS],
            searches: [
              `${namespace}.svc.${CLUSTER_DOMAIN}`,
              `svc.${CLUSTER_DOMAIN}`,
              CLUSTER_DOMAIN,
            ],
            options: ['ndots:5'],
          }
        : NODE_DNS;
  const own = (dnsConfig.options ?? []).map(({ name = '', value }) =>
    value === undefined || value === '' ? name : `${name}:${value}`,
  );
  const names = new Set((dnsConfig.options ?? []).map(({ name }) => name));
  const kept = base.options.filter((option) => !names.has(option.split(':', 1)[0]));
  const searches = [...new Set([...base.searches, ...(dnsConfig.searches ?? [])])];
  const servers = [...new Set([...base.nameservers, ...(dnsConfig.nameservers ?? [])])].slice(0, 3);
  const options = [...kept, ...own];
  return [
    ...(searches.length > 0 ? [`search ${searches.join(' ')}`] : []),
    ...servers.map((server) => `nameserver ${server}`),
    ...(options.length > 0 ? [`options ${options.join(' ')}`] : []),
    '',
  ].join('\n');
}
