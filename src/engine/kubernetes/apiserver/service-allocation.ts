import type { Service, ServicePort } from '../api/cluster-objects.ts';
import { sameValue } from '../apimachinery/canonical-json.ts';
import { internalError, invalid, type Failure, type StatusCause } from '../apimachinery/status.ts';
import type { ServiceRanges } from './service-ranges.ts';

/**
 * What a Service gets and gives back: cluster addresses and node ports, as its type asks for
 * (pkg/registry/core/service/storage/{alloc,storage}.go and strategy.go, v1.36).
 *
 * Simplified: IPv4 and a single stack.
 */
export interface Allocation {
  readonly service: Service;
  /** What is new to it, and what it no longer needs. */
  readonly taken: Holdings;
  readonly freed: Holdings;
}

export interface Holdings {
  readonly ips: readonly string[];
  readonly ports: readonly number[];
}

type Spec = Service['spec'];

const isExternal = ({ type }: Spec): boolean => type === 'ExternalName';
const isHeadless = ({ clusterIP }: Spec): boolean => clusterIP === 'None';

/** Whether its ports are opened on every node. */
export function needsNodePorts(spec: Spec): boolean {
  if (spec.type === 'NodePort') return true;
  return spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false;
}

/** What a Service holds now. */
export function holdingsOf({ spec }: Service): Holdings {
  const given = spec.clusterIPs ?? (spec.clusterIP ? [spec.clusterIP] : []);
  const ips = isExternal(spec) ? [] : given.filter((ip) => ip !== '' && ip !== 'None');
  const ports = (spec.ports ?? []).flatMap(({ nodePort }) => (nodePort ? [nodePort] : []));
  return { ips, ports: [...new Set(ports)] };
}

/** Fields that an update may leave out keep what they had, and what no longer applies goes. */
export function keepAllocated(service: Service, previous: Service): Service {
  const { spec: before } = previous;
  let { spec } = service;
  if (!isExternal(spec) && !isExternal(before)) {
    const { clusterIP, clusterIPs, ipFamilies, ipFamilyPolicy } = before;
    const sameIp = !spec.clusterIP || spec.clusterIP === clusterIP;
    // Who changes the one address and leaves the list as it was means the list as well.
    const means = !sameIp && sameValue(spec.clusterIPs, clusterIPs);
    spec = {
      ...spec,
      ...(means && { clusterIPs: [spec.clusterIP ?? ''] }),
      ...(!spec.clusterIP && { clusterIP }),
      ...(!spec.clusterIPs && sameIp && { clusterIPs }),
      ...(!spec.ipFamilies && { ipFamilies }),
      ...(!spec.ipFamilyPolicy && { ipFamilyPolicy }),
    };
  } else if (isExternal(spec)) spec = withoutAddress(spec, before);
  if (needsNodePorts(spec) && needsNodePorts(before)) spec = keepPorts(spec, before);
  else if (!needsNodePorts(spec) && needsNodePorts(before)) spec = dropPorts(spec, before);
  return { ...service, spec: dropForeign(spec, before) };
}

const isExposed = ({ type, externalIPs }: Spec): boolean =>
  type === 'NodePort' || type === 'LoadBalancer' || (externalIPs ?? []).length > 0;

/** Fields that only some types have, and which these are. */
const OF_TYPE: readonly (readonly [keyof Spec, (spec: Spec) => boolean])[] = [
  ['externalTrafficPolicy', isExposed],
  ['internalTrafficPolicy', (spec) => !isExternal(spec)],
  ['allocateLoadBalancerNodePorts', ({ type }) => type === 'LoadBalancer'],
  ['loadBalancerClass', ({ type }) => type === 'LoadBalancer'],
  [
    'healthCheckNodePort',
    ({ type, externalTrafficPolicy }) =>
      type === 'LoadBalancer' && externalTrafficPolicy === 'Local',
  ],
];

/** Drops what the type that it had needed and the type that it has does not. */
function dropForeign(spec: Spec, before: Spec): Spec {
  const foreign = OF_TYPE.filter(
    ([field, applies]) =>
      applies(before) &&
      !applies(spec) &&
      spec[field] !== undefined &&
      spec[field] === before[field],
  ).map(([field]) => field as string);
  if (foreign.length === 0) return spec;
  return Object.fromEntries(Object.entries(spec).filter(([field]) => !foreign.includes(field)));
}

/** An ExternalName has no address; one that is left over from before goes. */
function withoutAddress(spec: Spec, before: Spec): Spec {
  if (spec.clusterIP && spec.clusterIP !== before.clusterIP) return spec;
  const { clusterIP: _, clusterIPs: __, ipFamilies: ___, ipFamilyPolicy: ____, ...rest } = spec;
  return rest;
}

const portKey = ({ protocol = 'TCP', port }: ServicePort): string => `${protocol} ${port}`;

function keepPorts(spec: Spec, before: Spec): Spec {
  const used = new Set((spec.ports ?? []).map(({ nodePort }) => nodePort));
  const old = new Map((before.ports ?? []).map((port) => [portKey(port), port.nodePort]));
  const ports = spec.ports?.map((port) => {
    const nodePort = old.get(portKey(port));
    return port.nodePort || !nodePort || used.has(nodePort) ? port : { ...port, nodePort };
  });
  return ports ? { ...spec, ports } : spec;
}

/** Node ports that were there before go with the type that needed them. */
function dropPorts(spec: Spec, before: Spec): Spec {
  const old = new Set((before.ports ?? []).map(({ nodePort }) => nodePort));
  const ports = spec.ports?.map((port) => {
    if (!port.nodePort || !old.has(port.nodePort)) return port;
    const { nodePort: _, ...rest } = port;
    return rest;
  });
  return ports ? { ...spec, ports } : spec;
}

/** Works out what a Service gets; nothing is taken until the caller says so. */
export function allocate(
  ranges: ServiceRanges,
  service: Service,
  previous?: Service,
): Allocation | Failure {
  const key = `${service.metadata.namespace ?? ''}/${service.metadata.name}`;
  const before = previous ? holdingsOf(previous) : { ips: [], ports: [] };
  const addressed = withAddress(ranges, service, key);
  if (!('metadata' in addressed)) return addressed;
  const complete = withPorts(ranges, addressed, key, new Set(before.ports));
  if (!('metadata' in complete)) return complete;
  const after = holdingsOf(complete);
  const minus = <T>(some: readonly T[], others: readonly T[]): T[] =>
    some.filter((one) => !others.includes(one));
  return {
    service: complete,
    taken: { ips: minus(after.ips, before.ips), ports: minus(after.ports, before.ports) },
    freed: { ips: minus(before.ips, after.ips), ports: minus(before.ports, after.ports) },
  };
}

function withAddress(ranges: ServiceRanges, service: Service, key: string): Service | Failure {
  const { spec, metadata } = service;
  if (isExternal(spec)) return service;
  const wanted = spec.clusterIP || spec.clusterIPs?.[0];
  const families = {
    ipFamilies: spec.ipFamilies ?? ['IPv4'],
    ipFamilyPolicy: spec.ipFamilyPolicy ?? 'SingleStack',
  };
  if (isHeadless(spec) || wanted === 'None') {
    const dual = Object.keys(spec.selector ?? {}).length === 0 && !spec.ipFamilyPolicy;
    const both = { ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'RequireDualStack' };
    const headless = { clusterIP: 'None', clusterIPs: ['None'] };
    return { ...service, spec: { ...spec, ...headless, ...(dual ? both : families) } };
  }
  const why = wanted ? ranges.refusesIp(wanted, key) : undefined;
  if (wanted && why) {
    const value = JSON.stringify(spec.clusterIPs ?? [wanted]);
    const message = `Invalid value: ${value}: failed to allocate IP ${wanted}: ${why}`;
    return invalid('Service', metadata.name, [{ field: 'spec.clusterIPs', message }]);
  }
  const clusterIP = wanted ?? ranges.drawIp(key);
  if (clusterIP === undefined) {
    return internalError('failed to allocate a serviceIP: range is full');
  }
  return { ...service, spec: { ...spec, clusterIP, clusterIPs: [clusterIP], ...families } };
}

function withPorts(
  ranges: ServiceRanges,
  service: Service,
  key: string,
  held: ReadonlySet<number>,
): Service | Failure {
  const { spec, metadata } = service;
  if (!spec.ports || (!needsNodePorts(spec) && !spec.ports.some(({ nodePort }) => nodePort))) {
    return service;
  }
  const taken = new Set<number>();
  const causes: StatusCause[] = [];
  spec.ports.forEach(({ nodePort }, i) => {
    if (!nodePort) return;
    const why = held.has(nodePort) ? undefined : ranges.refusesPort(nodePort, key);
    const message = `Invalid value: ${nodePort}: ${why ?? ''}`;
    if (why) causes.push({ field: `spec.ports[${i}].nodePort`, message });
    taken.add(nodePort);
  });
  if (causes.length > 0) return invalid('Service', metadata.name, causes);
  if (!needsNodePorts(spec)) return service;
  let full = false;
  const ports = spec.ports.map((port, i): ServicePort => {
    const twin = spec.ports?.find((one) => one.port === port.port && one.nodePort);
    const drawn =
      port.nodePort ?? twin?.nodePort ?? (full ? undefined : ranges.drawPort(key, i, taken));
    full ||= drawn === undefined;
    if (drawn !== undefined) taken.add(drawn);
    return drawn === undefined ? port : { ...port, nodePort: drawn };
  });
  if (full) return internalError('failed to allocate a nodePort: range is full');
  return { ...service, spec: { ...spec, ports } };
}
