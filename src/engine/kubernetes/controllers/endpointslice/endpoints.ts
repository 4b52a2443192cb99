import type { Endpoint, EndpointSlice, Service, ServicePort } from '../../api/cluster-objects.ts';
import { isPodFinished, isPodReady, type Pod } from '../../api/pod.ts';

/**
 * Which Pods a Service's slices list, and how (staging/src/k8s.io/endpointslice/utils.go and
 * util/controller_utils.go, v1.36).
 */

export type Family = EndpointSlice['addressType'];

const familyOf = (ip: string): Family => (ip.includes(':') ? 'IPv6' : 'IPv4');

/** The family of a Service's endpoints: that of its address, or the first that it asks for. */
export function familyOfService({ spec }: Service): Family {
  const { clusterIP, ipFamilies = [] } = spec;
  if (clusterIP && clusterIP !== 'None') return familyOf(clusterIP);
  return ipFamilies[0] === 'IPv6' ? 'IPv6' : 'IPv4';
}

/** A Pod's address of a family; undefined when it has none. */
export function addressOf({ status }: Pod, family: Family = 'IPv4'): string | undefined {
  const { podIP, podIPs } = status;
  for (const { ip } of podIPs ?? []) if (familyOf(ip) === family) return ip;
  return podIP && familyOf(podIP) === family ? podIP : undefined;
}

/** A Pod with an address that has not ended; Endpoints leave out those on their way out. */
export function isEndpoint(pod: Pod, includeTerminating: boolean, family?: Family): boolean {
  if (isPodFinished(pod) || addressOf(pod, family) === undefined) return false;
  return includeTerminating || pod.metadata.deletionTimestamp === undefined;
}

/** In slices a Pod on its way out still counts. */
export const belongsInSlices = (pod: Pod): boolean => isEndpoint(pod, true);

/** ready = serving and not terminating, unless the Service publishes Pods that are not ready. */
export function endpointConditions(
  serving: boolean,
  terminating: boolean,
  publishNotReady: boolean,
): Endpoint['conditions'] {
  return { ready: publishNotReady || (serving && !terminating), serving, terminating };
}

export function endpointOf(pod: Pod, service: Service): Endpoint {
  const { name, namespace = '', uid } = pod.metadata;
  return {
    addresses: [addressOf(pod) ?? ''],
    conditions: endpointConditions(
      isPodReady(pod),
      pod.metadata.deletionTimestamp !== undefined,
      service.spec.publishNotReadyAddresses ?? false,
    ),
    nodeName: pod.spec.nodeName,
    ...(isNamed(pod, service) && { hostname: pod.spec.hostname }),
    targetRef: { kind: 'Pod', namespace, name, uid },
  };
}

/** A Pod with a host name of its own in the domain of this Service. */
const isNamed = ({ spec, metadata }: Pod, service: Service): boolean =>
  spec.hostname !== undefined &&
  spec.subdomain === service.metadata.name &&
  metadata.namespace === service.metadata.namespace;

/** The Pod's number for a Service port; undefined when the name means no port of the Pod. */
export function targetPort(
  pod: Pod,
  { port, targetPort: target, protocol = 'TCP' }: ServicePort,
): number | undefined {
  if (target === undefined) return port;
  if (typeof target === 'number') return target;
  const { containers, initContainers = [] } = pod.spec;
  const sidecars = initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always');
  for (const container of [...containers, ...sidecars]) {
    const found = container.ports?.find(
      (one) => one.name === target && (one.protocol ?? 'TCP') === protocol,
    );
    if (found) return found.containerPort;
  }
  return undefined;
}

/** The ports of a slice for one Pod; Pods with other numbers behind a name get another slice. */
export function slicePorts(pod: Pod, service: Service): EndpointSlice['ports'] {
  return (service.spec.ports ?? []).flatMap((servicePort) => {
    const port = targetPort(pod, servicePort);
    const { name = '', protocol = 'TCP', appProtocol } = servicePort;
    return port === undefined
      ? []
      : [{ name, protocol, port, ...(appProtocol && { appProtocol }) }];
  });
}
