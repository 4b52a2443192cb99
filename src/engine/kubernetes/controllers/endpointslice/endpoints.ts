import type { Endpoint, EndpointSlice, Service, ServicePort } from '../../api/cluster-objects.ts';
import { isPodFinished, isPodReady, type Pod } from '../../api/pod.ts';

/**
 * Which Pods a Service's slices list, and how (staging/src/k8s.io/endpointslice/utils.go and
 * util/controller_utils.go, v1.36).
 */

/** A Pod with an address that has not ended; a terminating one still counts. */
export function belongsInSlices(pod: Pod): boolean {
  return !isPodFinished(pod) && addressOf(pod) !== undefined;
}

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
    targetRef: { kind: 'Pod', namespace, name, uid },
  };
}

const addressOf = ({ status }: Pod): string | undefined => status.podIPs?.[0]?.ip ?? status.podIP;

/** The Pod's number for a Service port; undefined when the name means no port of the Pod. */
export function targetPort(
  pod: Pod,
  { port, targetPort: target }: ServicePort,
): number | undefined {
  if (target === undefined) return port;
  if (typeof target === 'number') return target;
  for (const container of pod.spec.containers) {
    const found = container.ports?.find(({ name }) => name === target);
    if (found) return found.containerPort;
  }
  return undefined;
}

/** The ports of a slice for one Pod; Pods with other numbers behind a name get another slice. */
export function slicePorts(pod: Pod, service: Service): EndpointSlice['ports'] {
  return (service.spec.ports ?? []).flatMap((servicePort) => {
    const port = targetPort(pod, servicePort);
    const { name = '', protocol = 'TCP' } = servicePort;
    return port === undefined ? [] : [{ name, protocol, port }];
  });
}
