import type { Service, ServicePort } from '../cluster-objects.ts';
import { fillEmpty, fillMissing, mapKept, withFields } from './filling.ts';

/** `SetDefaults_Service` (pkg/apis/core/v1/defaults.go, v1.36). */
const AFFINITY_SECONDS = 10_800;

export function serviceDefaults(service: Service): Service {
  const status = fillMissing(service.status ?? {}, { loadBalancer: {} });
  return withFields(service, {
    spec: serviceSpecDefaults(service.spec ?? {}),
    status: withIpModes(status, service.spec?.type),
  });
}

/** What an address of a load balancer is, unless it is told: one that packets go on to. */
function withIpModes(status: Service['status'], type: Service['spec']['type']): Service['status'] {
  const ingress = status.loadBalancer?.ingress;
  if (type !== 'LoadBalancer' || !ingress) return status;
  const told = mapKept(ingress, (one) => (one.ip ? fillMissing(one, { ipMode: 'VIP' }) : one));
  return told === ingress ? status : { ...status, loadBalancer: { ingress: told } };
}

export function serviceSpecDefaults(given: Service['spec']): Service['spec'] {
  const spec = fillEmpty(given, { sessionAffinity: 'None', type: 'ClusterIP' });
  const { type, ports } = spec;
  const isLoadBalancer = type === 'LoadBalancer';
  const isExposed =
    isLoadBalancer ||
    type === 'NodePort' ||
    (type === 'ClusterIP' && (spec.externalIPs ?? []).length > 0);
  const filled = fillMissing(withFields(spec, { ports: ports && mapKept(ports, portDefaults) }), {
    ...(type !== 'ExternalName' && { internalTrafficPolicy: 'Cluster' }),
    ...(isLoadBalancer && { allocateLoadBalancerNodePorts: true }),
  });
  const exposed = isExposed ? fillEmpty(filled, { externalTrafficPolicy: 'Cluster' }) : filled;
  return withAffinity(exposed);
}

function withAffinity(spec: Service['spec']): Service['spec'] {
  const { sessionAffinity, sessionAffinityConfig, ...rest } = spec;
  if (sessionAffinity === 'None') {
    return sessionAffinityConfig === undefined ? spec : { ...rest, sessionAffinity };
  }
  if (sessionAffinity !== 'ClientIP') return spec;
  if (sessionAffinityConfig?.clientIP?.timeoutSeconds !== undefined) return spec;
  const sticky = { clientIP: { timeoutSeconds: AFFINITY_SECONDS } };
  return { ...spec, sessionAffinityConfig: sticky };
}

function portDefaults(port: ServicePort): ServicePort {
  return fillEmpty(port, { protocol: 'TCP', targetPort: port.port });
}
