import type { EndpointSlice, Service, ServicePort } from '../api/cluster-objects.ts';

/**
 * Where connections to one port of a Service go (pkg/proxy/topology.go `CategorizeEndpoints`,
 * pkg/proxy/serviceport.go, v1.36).
 */
export interface Rule {
  /** `Service default/web`. */
  readonly service: string;
  readonly targets: readonly Target[];
  /** Only to Pods on the node at which the connection arrives (`…TrafficPolicy: Local`). */
  readonly localOnly?: boolean;
  /** A client stays with its Pod until it has been away for so long (`ClientIP`). */
  readonly affinityMs?: number;
}

export interface Target {
  readonly ip: string;
  readonly port: number;
  readonly node?: string;
}

/** The key of a rule for a port on every node: `*:30080`. */
export const nodePortKey = (port: number): string => `*:${port}`;

/**
 * The rules of a Service by `ip:port`: ready endpoints; when none is ready, those that still serve
 * while they terminate. Cluster IPs follow the internal traffic policy; node ports, external IPs
 * and load balancers the external one.
 */
export function rulesOf(service: Service, slices: readonly EndpointSlice[]): Map<string, Rule> {
  const rules = new Map<string, Rule>();
  const { spec } = service;
  const { clusterIP, ports = [] } = spec;
  if (!clusterIP || clusterIP === 'None') return rules;
  const affinity = affinityOf(service);
  const common = {
    service: `Service ${service.metadata.namespace ?? ''}/${service.metadata.name}`,
    ...(affinity !== undefined && { affinityMs: affinity }),
  };
  const outside = [...(spec.externalIPs ?? []), ...loadBalancerIps(service)];
  for (const port of ports) {
    const targets = usable(slices, port);
    const inner = { ...common, targets, ...local(spec.internalTrafficPolicy) };
    const outer = { ...common, targets, ...local(spec.externalTrafficPolicy) };
    rules.set(`${clusterIP}:${port.port}`, inner);
    for (const ip of outside) rules.set(`${ip}:${port.port}`, outer);
    if (port.nodePort) rules.set(nodePortKey(port.nodePort), outer);
  }
  return rules;
}

const local = (policy: string | undefined): Partial<Rule> =>
  policy === 'Local' ? { localOnly: true } : {};

export function loadBalancerIps({ spec, status }: Service): string[] {
  if (spec.type !== 'LoadBalancer') return [];
  const ingress = (status.loadBalancer?.ingress ?? []) as { readonly ip?: string }[];
  return ingress.flatMap(({ ip }) => ip ?? []);
}

function affinityOf({ spec }: Service): number | undefined {
  if (spec.sessionAffinity !== 'ClientIP') return undefined;
  return (spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800) * 1000;
}

/** Where the endpoints of a slice are for one port. */
interface SliceTargets {
  readonly ready: readonly Target[];
  /** Those that still serve while they terminate. */
  readonly leaving: readonly Target[];
}

function usable(slices: readonly EndpointSlice[], port: ServicePort): readonly Target[] {
  const all = slices.map((slice) => targetsOf(slice, port));
  const ready = all.flatMap((one) => one.ready);
  return ready.length > 0 ? ready : all.flatMap(({ leaving }) => leaving);
}

/** A slice says the same as long as it is the same: of many slices of a Service, one changes. */
const KNOWN = new WeakMap<EndpointSlice, Map<string, SliceTargets>>();

function targetsOf(slice: EndpointSlice, port: ServicePort): SliceTargets {
  const { name = '', protocol = 'TCP' } = port;
  let known = KNOWN.get(slice);
  if (!known) KNOWN.set(slice, (known = new Map<string, SliceTargets>()));
  const key = `${protocol} ${name}`;
  let targets = known.get(key);
  if (!targets) known.set(key, (targets = readTargets(slice, name, protocol)));
  return targets;
}

function readTargets({ endpoints, ports }: EndpointSlice, name: string, protocol: string) {
  const found = ports.find((one) => one.name === name && one.protocol === protocol);
  const ready: Target[] = [];
  const leaving: Target[] = [];
  if (!found) return { ready, leaving };
  const { port } = found;
  for (const { addresses, nodeName: node, conditions } of endpoints) {
    const isLeaving = conditions.serving && conditions.terminating;
    for (const ip of addresses) {
      const target = node === undefined ? { ip, port } : { ip, port, node };
      if (conditions.ready) ready.push(target);
      if (isLeaving) leaving.push(target);
    }
  }
  return { ready, leaving };
}
