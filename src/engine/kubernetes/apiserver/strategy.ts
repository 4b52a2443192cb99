import { rfc3339 } from '../../sim/clock.ts';
import { qosClass } from '../api/pod-resources.ts';
import type { Job } from '../api/batch.ts';
import type { Pod } from '../api/pod.ts';
import type { ResourceName } from '../api/resources.ts';
import type { DaemonSet } from '../api/workloads.ts';
import { sameValue } from '../apimachinery/canonical-json.ts';
import type { KubeObject, ObjectMeta } from '../apimachinery/object.ts';
import { withJobSelector, withTemplateGeneration } from './workload-strategy.ts';

/**
 * What a kind does of its own when it is created, updated or deleted
 * (pkg/registry/<group>/<kind>/strategy.go, v1.36).
 */
export type WithFields = KubeObject & { readonly spec?: unknown; readonly status?: unknown };

/** Kinds whose objects count what was asked of them in `metadata.generation`. */
const COUNTED: ReadonlySet<ResourceName> = new Set([
  'pods',
  'deployments',
  'replicasets',
  'statefulsets',
  'daemonsets',
  'jobs',
  'cronjobs',
  'poddisruptionbudgets',
  'ingresses',
  'ingressclasses',
  'networkpolicies',
  'priorityclasses',
  'endpointslices',
  'gateways',
  'gatewayclasses',
  'httproutes',
]);

export const firstGeneration = (resource: ResourceName): number | undefined =>
  COUNTED.has(resource) ? 1 : undefined;

/** One more than before when what is wanted has changed. */
export function nextGeneration(
  resource: ResourceName,
  object: WithFields,
  previous: WithFields,
): number | undefined {
  const { generation } = previous.metadata;
  if (generation === undefined) return undefined;
  return wantsOther(resource, object, previous) ? generation + 1 : generation;
}

function wantsOther(resource: ResourceName, object: WithFields, previous: WithFields): boolean {
  if (resource === 'endpointslices') {
    const bare = ({ metadata, ...rest }: WithFields) => ({ ...rest, labels: metadata.labels });
    return !sameValue(bare(object), bare(previous));
  }
  // Some annotations are meant for the controller.
  if (resource === 'deployments') {
    const { annotations } = object.metadata;
    const same = sameValue(annotations ?? {}, previous.metadata.annotations ?? {});
    if (!same) return true;
  }
  return !sameValue(object.spec, previous.spec);
}

/** Kinds that a write without a resource version may not change. */
const VERSION_REQUIRED: ReadonlySet<ResourceName> = new Set([
  'namespaces',
  'serviceaccounts',
  'poddisruptionbudgets',
  'leases',
  'gateways',
  'gatewayclasses',
  'httproutes',
]);

export const needsVersion = (resource: ResourceName): boolean => VERSION_REQUIRED.has(resource);

/** Kinds that an update makes when they are not there. */
const MADE_BY_UPDATE: ReadonlySet<ResourceName> = new Set([
  'events',
  'leases',
  'limitranges',
  'services',
  'roles',
  'clusterroles',
  'rolebindings',
  'clusterrolebindings',
]);

export const madeByUpdate = (resource: ResourceName): boolean => MADE_BY_UPDATE.has(resource);

/** Kinds whose status a client may give when it makes them. */
const STATUS_AT_CREATION: ReadonlySet<ResourceName> = new Set(['nodes']);

/** A new object with no more of a status than its maker may give. */
export function withoutGivenStatus(resource: ResourceName, object: WithFields): WithFields {
  if (object.status === undefined || STATUS_AT_CREATION.has(resource)) return object;
  const { status: _, ...rest } = object;
  return rest;
}

/** What holds a Pod that is not to be scheduled yet (`applySchedulingGatedCondition`). */
function gatedOf({ spec, metadata }: Pod): Partial<Pod['status']> {
  if ((spec.schedulingGates ?? []).length === 0) return {};
  const condition = {
    type: 'PodScheduled',
    status: 'False',
    reason: 'SchedulingGated',
    message: 'Scheduling is blocked due to non-empty scheduling gates',
    lastProbeTime: null,
    lastTransitionTime: metadata.creationTimestamp,
  } as const;
  return { conditions: [condition] };
}

/** What a kind adds to a new object: its first status, and what its Pods are told apart by. */
export function firstStatus(resource: ResourceName, object: WithFields): WithFields {
  switch (resource) {
    case 'pods': {
      const { spec } = object as Pod;
      const status = { phase: 'Pending', qosClass: qosOf(spec), ...gatedOf(object as Pod) };
      return { ...object, status };
    }
    case 'persistentvolumes':
    case 'persistentvolumeclaims':
      return { ...object, status: { phase: 'Pending' } };
    case 'jobs':
      return withJobSelector(object as Job);
    case 'daemonsets':
      return withTemplateGeneration(object as DaemonSet);
    default:
      return object;
  }
}

const qualities = new WeakMap<Pod['spec'], ReturnType<typeof qosClass>>();

/** Pods of one template share their spec, and so this. */
function qosOf(spec: Pod['spec']): ReturnType<typeof qosClass> {
  const known = qualities.get(spec);
  if (known) return known;
  const quality = qosClass(spec);
  qualities.set(spec, quality);
  return quality;
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
  const grace = asked ?? spec.terminationGracePeriodSeconds ?? 30;
  return grace < 0 ? 1 : grace;
}

/** The object as it is while its deletion waits. */
export function markForDeletion(
  object: KubeObject,
  graceSeconds: number,
  now: number,
  finalizers: readonly string[],
): KubeObject {
  const { metadata } = object;
  const { generation, deletionTimestamp } = metadata;
  const first = deletionTimestamp === undefined;
  const marked: ObjectMeta = {
    ...metadata,
    ...(first && generation !== undefined && { generation: generation + 1 }),
    deletionTimestamp: rfc3339(now + graceSeconds * 1000),
    deletionGracePeriodSeconds: graceSeconds,
    ...(finalizers !== metadata.finalizers && finalizers.length > 0 && { finalizers }),
  };
  return { ...object, metadata: marked };
}

/** Its deletion waited for finalizers, and the last one is gone. */
export function isFinal(resource: ResourceName, object: WithFields): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds, finalizers = [] } = object.metadata;
  if (!deletionTimestamp || deletionGracePeriodSeconds || finalizers.length > 0) return false;
  if (resource !== 'namespaces') return true;
  const { finalizers: held = [] } = (object.spec ?? {}) as { finalizers?: readonly string[] };
  return held.length === 0;
}
