import type { Endpoint, EndpointSlice, Service, ServicePort } from '../api/cluster-objects.ts';

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

function usable(slices: readonly EndpointSlice[], port: ServicePort): Target[] {
  const ready = targetsOf(slices, port, ({ conditions }) => conditions.ready);
  if (ready.length > 0) return ready;
  const leaving = ({ conditions: { serving, terminating } }: Endpoint) => serving && terminating;
  return targetsOf(slices, port, leaving);
}

function targetsOf(
  slices: readonly EndpointSlice[],
  { name = '', protocol = 'TCP' }: ServicePort,
  counts: (endpoint: Endpoint) => boolean,
): Target[] {
  return slices.flatMap(({ endpoints, ports }) => {
    const found = ports.find((one) => one.name === name && one.protocol === protocol);
    if (!found) return [];
    return endpoints.filter(counts).flatMap(({ addresses, nodeName }) =>
      addresses.map((ip) => ({
        ip,
        port: found.port,
        ...(nodeName !== undefined && { node: nodeName }),
      })),
    );
  });
}
