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

export function hostsFile(pod: Pod, ip: string): string {
  const { hostAliases = [] } = pod.spec;
  const hostname = hostnameOf(pod);
  const domain = domainOf(pod);
  const names = domain === '' ? hostname : `${hostname}.${domain}\t${hostname}`;
  const aliases = hostAliases.map(({ ip: at, hostnames = [] }) => [at, ...hostnames].join('\t'));
  return [
    '# Kubernetes-managed hosts file.',
    '127.0.0.1\tlocalhost',
    '::1\tlocalhost ip6-localhost ip6-loopback',
    'fe00::0\tip6-localnet',
    'fe00::0\tip6-mcastprefix',
    'fe00::1\tip6-allnodes',
    'fe00::2\tip6-allrouters',
    `${ip}\t${names}`,
    ...(aliases.length > 0 ? ['', '# Entries added by HostAliases.', ...aliases] : []),
    '',
  ].join('\n');
}

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
