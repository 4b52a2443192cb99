import { setDefaults } from '../api/defaults.ts';
import type { Service } from '../api/cluster-objects.ts';
import type { ApiRequest } from '../api/requests.ts';
import type { DaemonSet } from '../api/workloads.ts';
import { infoOf, qualifiedName } from '../api/resources.ts';
import { validate } from '../api/validation/validate.ts';
import { sameValue } from '../apimachinery/canonical-json.ts';
import type { KubeObject, ManagedFields, ObjectMeta } from '../apimachinery/object.ts';
import {
  badRequest,
  conflict,
  failed,
  invalid,
  success,
  type Failure,
  type Result,
} from '../apimachinery/status.ts';
import { admit } from './admission/admission.ts';
import type { Attributes } from './admission/plugin.ts';
import type { Backend } from './backend.ts';
import { readBody } from './body.ts';
import { asStored, create, kindName, takeHoldings } from './create.ts';
import { finishDeletion } from './delete.ts';
import { managedAfterUpdate, withManagers } from './field-managers.ts';
import { allocate, keepAllocated, type Allocation } from './service-allocation.ts';
import {
  isFinal,
  madeByUpdate,
  needsVersion,
  nextGeneration,
  type WithFields,
} from './strategy.ts';
import { withTemplateGeneration } from './workload-strategy.ts';

/**
 * A change of an object: optimistic concurrency, what a client may not touch, admission, checks,
 * generation (staging/src/k8s.io/apiserver/pkg/registry/rest/update.go and
 * registry/generic/registry/store.go, v1.36).
 */
export function update(backend: Backend, request: ApiRequest): Result<KubeObject> {
  const read = readBody(request);
  if (!read.ok) return read;
  const { value: body, warnings } = read;
  const { metadata } = body;
  const name = request.name ?? metadata.name;
  if (metadata.name && name !== metadata.name) {
    return failed(
      badRequest(
        `the name of the object (${metadata.name}) does not match the name on the URL (${name})`,
      ),
    );
  }
  const found = backend.find({ ...request, name });
  if (!found.ok) {
    if (!madeByUpdate(request.resource)) return found;
    const { resourceVersion: _, ...fresh } = metadata;
    return create(backend, { ...request, body: { ...body, metadata: fresh } });
  }
  const result = replace(backend, request, body, found.value);
  return result.ok && warnings ? success(result.value, warnings) : result;
}

/**
 * Writes `body` in the place of `previous`: the common end of updates and patches.
 * @param managers who manages its fields from now on, when somebody applied it
 */
export function replace(
  backend: Backend,
  request: ApiRequest,
  body: KubeObject,
  previous: KubeObject,
  managers?: readonly ManagedFields[],
): Result<KubeObject> {
  const { resource } = request;
  const stale = versionConflict(request, body, previous);
  if (stale) return failed(stale);
  const merged = mergeUpdate(request, body, previous);
  const { namespace = '', name } = previous.metadata;
  const attributes: Attributes = { request, operation: 'UPDATE', namespace, name, previous };
  const admitted = admit(backend, attributes, merged);
  if (!admitted.ok) return admitted;
  const counted = withGeneration(request, admitted.value, previous);
  const causes = validate(resource, counted, previous);
  if (causes.length > 0) return failed(invalid(kindName(infoOf(resource)), name, causes));
  const allocated = allocation(backend, request, counted, previous);
  if (allocated && 'reason' in allocated) return failed(allocated);
  const whole = allocated?.service ?? counted;
  const next = managers
    ? withManagers(whole, managers)
    : managedAfterUpdate(request, whole, previous, backend.kernel.now);
  if (sameValue(next, previous)) return success(previous, admitted.warnings);
  const large = backend.tooLarge(request, next);
  if (large) return failed(large);
  if (request.dryRun) return success(next, admitted.warnings);
  if (allocated) takeHoldings(backend, allocated);
  admitted.commit?.();
  if (isFinal(resource, next)) return success(finishDeletion(backend, request, next));
  return success(backend.write(request, next, previous), admitted.warnings);
}

/** Why a write that was prepared from another version, or for another object, is refused. */
export function versionConflict(
  { resource }: ApiRequest,
  body: KubeObject,
  previous: KubeObject,
): Failure | undefined {
  const { resourceVersion: version, uid } = body.metadata;
  const { name, namespace = '', uid: ownUid, resourceVersion } = previous.metadata;
  const info = infoOf(resource);
  if (uid && uid !== ownUid) {
    const key = info.namespaced
      ? `/registry/${info.plural}/${namespace}/${name}`
      : `/registry/${info.plural}/${name}`;
    const why =
      `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, ` +
      `AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: ` +
      ownUid;
    return conflict(qualifiedName(info), name, why);
  }
  if (version && version !== '0') {
    return version === resourceVersion ? undefined : conflict(qualifiedName(info), name);
  }
  if (!needsVersion(resource)) return undefined;
  const message = 'Invalid value: 0: must be specified for an update';
  return invalid(kindName(info), name, [{ field: 'metadata.resourceVersion', message }]);
}

function mergeUpdate(request: ApiRequest, body: KubeObject, previous: WithFields): KubeObject {
  const { resource } = request;
  const metadata = keepServerFields(body.metadata, previous.metadata);
  const { apiVersion, kind, status } = previous;
  const given: WithFields = { ...body, apiVersion, kind, metadata };
  const defaulted = setDefaults(
    resource,
    asStored(resource, withOwnStatus(request, given, status)),
  ) as WithFields;
  if (resource === 'services') return keepAllocated(defaulted as Service, previous as Service);
  if (resource !== 'namespaces') return defaulted;
  // What holds a namespace is changed through its subresource `finalize`.
  return { ...defaulted, spec: previous.spec } as KubeObject;
}

/** The status is written through its own subresource. */
function withOwnStatus(
  { resource, user }: ApiRequest,
  object: WithFields,
  status: unknown,
): WithFields {
  // Simplified: a kubelet may write its whole Node at once.
  if (resource === 'nodes' && user.startsWith('kubelet/')) return object;
  if (object.status === status) return object;
  if (status !== undefined) return { ...object, status };
  const { status: _, ...rest } = object;
  return rest;
}

/** What no client may change. */
export function keepServerFields(given: ObjectMeta, previous: ObjectMeta): ObjectMeta {
  if (given === previous) return given;
  const { name, namespace, uid, resourceVersion, creationTimestamp, generation } = previous;
  const { deletionTimestamp, deletionGracePeriodSeconds, managedFields, generateName } = previous;
  const {
    deletionTimestamp: _,
    deletionGracePeriodSeconds: __,
    managedFields: ___,
    ...rest
  } = given;
  return {
    ...rest,
    name,
    ...(generateName !== undefined && { generateName }),
    ...(namespace !== undefined && { namespace }),
    uid,
    resourceVersion,
    ...(generation !== undefined && { generation }),
    creationTimestamp,
    ...(deletionTimestamp !== undefined && { deletionTimestamp }),
    ...(deletionGracePeriodSeconds !== undefined && { deletionGracePeriodSeconds }),
    ...(managedFields !== undefined && { managedFields }),
  };
}

function withGeneration(
  { resource }: ApiRequest,
  given: KubeObject,
  previous: KubeObject,
): KubeObject {
  const object =
    resource === 'daemonsets'
      ? withTemplateGeneration(given as DaemonSet, previous as DaemonSet)
      : given;
  const generation = nextGeneration(resource, object, previous);
  if (generation === object.metadata.generation) return object;
  return { ...object, metadata: { ...object.metadata, generation } };
}

function allocation(
  backend: Backend,
  { resource }: ApiRequest,
  object: KubeObject,
  previous: KubeObject,
): Allocation | Failure | undefined {
  if (resource !== 'services') return undefined;
  return allocate(backend.ranges, object as Service, previous as Service);
}
