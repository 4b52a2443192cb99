import { rfc3339 } from '../../sim/clock.ts';
import { NOT_READY_TAINT, UNREACHABLE_TAINT, type Service } from '../api/cluster-objects.ts';
import { qosClass } from '../api/pod-resources.ts';
import type { Pod, Toleration } from '../api/pod.ts';
import type { ResourceName } from '../api/resources.ts';
import { sameValue } from '../apimachinery/canonical-json.ts';
import type { KubeObject } from '../apimachinery/object.ts';
import { forbidden, invalid, type Failure } from '../apimachinery/status.ts';
import type { ClusterIps } from './cluster-ip.ts';

/**
 * What a kind does of its own when it is created, updated or deleted
 * (pkg/registry/core/{pod,service}/strategy.go and admission plugins, v1.36).
 */
type WithFields = KubeObject & { readonly spec?: unknown; readonly status?: unknown };

/** Completes a new object; a failure when the cluster cannot have it. */
export function prepareForCreate(
  resource: ResourceName,
  object: KubeObject,
  ips: ClusterIps,
): KubeObject | Failure {
  if (resource === 'pods') return preparePod(object as Pod);
  if (resource === 'services') return prepareService(object as Service, ips);
  return object;
}

/**
 * Admission's DefaultTolerationSeconds, Priority and ServiceAccount, and a status that says Pending
 * and nothing else.
 *
 * Simplified: one priority and one service account; its token is not mounted.
 */
function preparePod(pod: Pod): Pod {
  const given = pod.spec.tolerations ?? [];
  const defaults = [NOT_READY_TAINT, UNREACHABLE_TAINT].map((key): Toleration => ({
    key,
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds: 300,
  }));
  const missing = defaults.filter(
    ({ key, effect }) =>
      !given.some((own) => (!own.key || own.key === key) && (!own.effect || own.effect === effect)),
  );
  return {
    ...pod,
    spec: {
      priority: 0,
      serviceAccountName: 'default',
      ...pod.spec,
      tolerations: [...given, ...missing],
    },
    status: { phase: 'Pending', qosClass: qosClass(pod.spec) },
  };
}

function prepareService(service: Service, ips: ClusterIps): Service | Failure {
  const { spec, metadata } = service;
  if (spec.type === 'ExternalName' || spec.clusterIP === 'None') return service;
  const key = `${metadata.namespace ?? ''}/${metadata.name}`;
  if (spec.clusterIP) {
    if (!ips.reserve(spec.clusterIP, key)) {
      const message =
        `Invalid value: ["${spec.clusterIP}"]: failed to allocate IP ${spec.clusterIP}: ` +
        'provided IP is already allocated';
      return invalid('Service', metadata.name, [{ field: 'spec.clusterIPs', message }]);
    }
  }
  const clusterIP = spec.clusterIP ?? ips.allocate(key);
  if (clusterIP === undefined) {
    return forbidden('services', metadata.name, 'range is full');
  }
  const families = { ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' };
  return { ...service, spec: { ...spec, clusterIP, clusterIPs: [clusterIP], ...families } };
}

/** Fields that a client may leave out of an update keep their value. */
export function prepareForUpdate(
  resource: ResourceName,
  object: KubeObject,
  previous: KubeObject,
): KubeObject {
  if (resource !== 'services') return object;
  const { clusterIP, clusterIPs, ipFamilies, ipFamilyPolicy } = (previous as Service).spec;
  const service = object as Service;
  const kept = { clusterIP, clusterIPs, ipFamilies, ipFamilyPolicy };
  return { ...service, spec: { ...kept, ...service.spec } } as Service;
}

/** One more than before when what is wanted has changed. */
export function nextGeneration(object: WithFields, previous: WithFields): number | undefined {
  const { generation } = previous.metadata;
  if (generation === undefined || sameValue(object.spec, previous.spec)) return generation;
  return generation + 1;
}

/**
 * How long a deletion waits for the object's keeper. Pods get their grace period, unless no
 * kubelet has them or they have ended; everything else goes at once.
 */
export function deletionGraceSeconds(
  resource: ResourceName,
  object: KubeObject,
  asked: number | undefined,
): number {
  if (resource !== 'pods') return 0;
  const { spec, status } = object as Pod;
  if (!spec.nodeName || status.phase === 'Succeeded' || status.phase === 'Failed') return 0;
  return asked ?? spec.terminationGracePeriodSeconds ?? 30;
}

/** The object as it is while its deletion waits. */
export function markForDeletion(object: KubeObject, graceSeconds: number, now: number): KubeObject {
  const { metadata } = object;
  return {
    ...object,
    metadata: {
      ...metadata,
      ...(metadata.generation !== undefined && { generation: metadata.generation + 1 }),
      deletionTimestamp: rfc3339(now + graceSeconds * 1000),
      deletionGracePeriodSeconds: graceSeconds,
    },
  };
}
