/**
 * Names of a cluster (kubernetes/dns docs/specification.md, schema 1.1.0).
 */
export const CLUSTER_DOMAIN = 'cluster.local';

/** Where CoreDNS listens, as every Pod's resolv.conf says. */
export const DNS_IP = '10.96.0.10';

/** What a Pod's /etc/resolv.conf searches, in order (pkg/kubelet/network/dns/dns.go, v1.36). */
export const searchList = (namespace: string): readonly string[] => [
  `${namespace}.svc.${CLUSTER_DOMAIN}`,
  `svc.${CLUSTER_DOMAIN}`,
  CLUSTER_DOMAIN,
];

/** `options ndots:5`: a name with so many dots is tried as it is first. */
export const NDOTS = 5;

/** What a resolver tries for a name, in order (resolv.conf(5)). */
export function searchNames(name: string, search: readonly string[], ndots = NDOTS): string[] {
  if (name.endsWith('.')) return [name.slice(0, -1)];
  const searched = search.map((suffix) => `${name}.${suffix}`);
  const dots = name.split('.').length - 1;
  return dots >= ndots ? [name, ...searched] : [...searched, name];
}

export const serviceName = (service: string, namespace: string): string =>
  `${service}.${namespace}.svc.${CLUSTER_DOMAIN}`;

/** A Pod of a headless Service by its host name. */
export const hostName = (host: string, service: string, namespace: string): string =>
  `${host}.${serviceName(service, namespace)}`;

export const portName = (
  port: string,
  protocol: string,
  service: string,
  namespace: string,
): string => `_${port}._${protocol.toLowerCase()}.${serviceName(service, namespace)}`;

/** What a full name is a name of. */
export type ClusterName =
  | { readonly of: 'service'; readonly service: string; readonly namespace: string }
  | {
      readonly of: 'endpoint';
      readonly host: string;
      readonly service: string;
      readonly namespace: string;
    }
  | {
      readonly of: 'port';
      readonly port: string;
      readonly protocol: string;
      readonly service: string;
      readonly namespace: string;
    }
  | { readonly of: 'pod'; readonly ip: string; readonly namespace: string }
  /** The domain itself, `svc` or `pod` below it: there, and without records of its own. */
  | { readonly of: 'apex' }
  | { readonly of: 'namespace'; readonly namespace: string }
  /** In the cluster's domain, and a name of nothing. */
  | { readonly of: 'nothing' };

/** Undefined when the name lies outside of the cluster's domain. */
export function parseClusterName(full: string): ClusterName | undefined {
  const suffix = `.${CLUSTER_DOMAIN}`;
  const lower = full.toLowerCase();
  if (lower === CLUSTER_DOMAIN) return { of: 'apex' };
  if (!lower.endsWith(suffix)) return undefined;
  const labels = lower.slice(0, -suffix.length).split('.');
  const kind = labels.pop();
  if (kind !== 'svc' && kind !== 'pod') return { of: 'nothing' };
  const namespace = labels.pop();
  if (namespace === undefined) return { of: 'apex' };
  if (labels.length === 0) return { of: 'namespace', namespace };
  if (kind === 'pod') return podName(labels, namespace);
  const service = labels.pop() ?? '';
  if (labels.length === 0) return { of: 'service', service, namespace };
  const [first = '', second = ''] = labels;
  if (labels.length === 1) return { of: 'endpoint', host: first, service, namespace };
  if (labels.length > 2) return { of: 'nothing' };
  const [port, protocol] = [first, second].map((label) => label.replace(/^_/, ''));
  return { of: 'port', port: port ?? '', protocol: protocol ?? '', service, namespace };
}

function podName(labels: readonly string[], namespace: string): ClusterName {
  const [dashed = ''] = labels;
  const isIp = labels.length === 1 && /^\d+-\d+-\d+-\d+$/.test(dashed);
  return isIp ? { of: 'pod', ip: dashed.replaceAll('-', '.'), namespace } : { of: 'nothing' };
}
