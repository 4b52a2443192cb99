import type { Event, Namespace, Node, Service } from '../api/cluster-objects.ts';
import type { Secret } from '../api/config.ts';
import type { Pod } from '../api/pod.ts';
import type { FieldRequirement } from '../api/requests.ts';
import type { ResourceName } from '../api/resources.ts';
import type { Job } from '../api/batch.ts';
import type { ReplicaSet } from '../api/workloads.ts';
import { fieldsMatch } from '../apimachinery/field-selector.ts';
import type { KubeObject } from '../apimachinery/object.ts';
import { badRequest, type Failure } from '../apimachinery/status.ts';

/**
 * The fields that objects can be chosen by: name and namespace everywhere, and what a kind adds
 * (pkg/apis/core/v1/conversion.go and pkg/registry/<group>/<kind>/strategy.go, v1.36).
 */
type Fields<T> = Readonly<Record<string, (object: T) => string | number | boolean | undefined>>;

const POD: Fields<Pod> = {
  'spec.nodeName': ({ spec }) => spec.nodeName,
  'spec.restartPolicy': ({ spec }) => spec.restartPolicy,
  'spec.schedulerName': ({ spec }) => spec.schedulerName,
  'spec.serviceAccountName': ({ spec }) => spec.serviceAccountName,
  'spec.hostNetwork': ({ spec }) => spec.hostNetwork ?? false,
  'status.phase': ({ status }) => status.phase,
  'status.podIP': ({ status }) => status.podIP,
  'status.podIPs': ({ status }) => status.podIP,
  'status.nominatedNodeName': ({ status }) => status.nominatedNodeName,
};

const EVENT: Fields<Event> = {
  'involvedObject.kind': ({ involvedObject }) => involvedObject.kind,
  'involvedObject.namespace': ({ involvedObject }) => involvedObject.namespace,
  'involvedObject.name': ({ involvedObject }) => involvedObject.name,
  'involvedObject.uid': ({ involvedObject }) => involvedObject.uid,
  'involvedObject.apiVersion': ({ involvedObject }) => involvedObject.apiVersion,
  'involvedObject.resourceVersion': () => undefined,
  'involvedObject.fieldPath': ({ involvedObject }) => involvedObject.fieldPath,
  reason: ({ reason }) => reason,
  reportingComponent: ({ reportingComponent }) => reportingComponent,
  source: ({ source, reportingComponent }) => source.component || reportingComponent,
  type: ({ type }) => type,
};

const NODE: Fields<Node> = { 'spec.unschedulable': ({ spec }) => spec.unschedulable ?? false };
const NAMESPACE: Fields<Namespace> = { 'status.phase': ({ status }) => status.phase };
const SECRET: Fields<Secret> = { type: ({ type }) => type };
const SERVICE: Fields<Service> = {
  'spec.clusterIP': ({ spec }) => spec.clusterIP,
  'spec.type': ({ spec }) => spec.type,
};
const REPLICA_SET: Fields<ReplicaSet> = { 'status.replicas': ({ status }) => status.replicas };
const JOB: Fields<Job> = { 'status.successful': ({ status }) => status.succeeded ?? 0 };

const FIELDS: Readonly<Partial<Record<ResourceName, unknown>>> = {
  pods: POD,
  events: EVENT,
  nodes: NODE,
  namespaces: NAMESPACE,
  secrets: SECRET,
  services: SERVICE,
  replicasets: REPLICA_SET,
  jobs: JOB,
};

/** Kinds whose refusal of a field is worded in a way of their own. */
const OWN_WORDS: ReadonlySet<ResourceName> = new Set([
  'pods',
  'events',
  'nodes',
  'namespaces',
  'secrets',
  'services',
  'replicasets',
  'jobs',
]);

const METADATA: Fields<KubeObject> = {
  'metadata.name': ({ metadata }) => metadata.name,
  'metadata.namespace': ({ metadata }) => metadata.namespace,
};

function accessor(resource: ResourceName, field: string): Fields<KubeObject>[string] | undefined {
  if (Object.hasOwn(METADATA, field)) return METADATA[field];
  const own = FIELDS[resource] as Fields<KubeObject> | undefined;
  return own && Object.hasOwn(own, field) ? own[field] : undefined;
}

/** Why a field selector cannot be used on a kind; undefined when it can. */
export function unsupportedField(
  resource: ResourceName,
  selector: readonly FieldRequirement[],
): Failure | undefined {
  const unknown = selector.find(({ field }) => !accessor(resource, field));
  if (!unknown) return undefined;
  return badRequest(
    OWN_WORDS.has(resource)
      ? `field label not supported: ${unknown.field}`
      : `"${unknown.field}" is not a known field selector: only "metadata.name", "metadata.namespace"`,
  );
}

/** Whether an object's fields are as a selector wants them; all of them must be supported. */
export function selectedByFields(
  resource: ResourceName,
  object: KubeObject,
  selector: readonly FieldRequirement[],
): boolean {
  return fieldsMatch(selector, (field) => {
    const value = accessor(resource, field)?.(object);
    return value === undefined ? '' : String(value);
  });
}
