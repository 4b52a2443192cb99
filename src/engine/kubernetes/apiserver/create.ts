import { rfc3339 } from '../../sim/clock.ts';
import { setDefaults } from '../api/defaults.ts';
import type { Service } from '../api/cluster-objects.ts';
import { withEncodedText } from '../api/secret-data.ts';
import type { ApiRequest } from '../api/requests.ts';
import { apiVersionOf, infoOf, qualifiedName, type ResourceInfo } from '../api/resources.ts';
import { validate } from '../api/validation/validate.ts';
import type { KubeObject, ManagedFields, ObjectMeta } from '../apimachinery/object.ts';
import {
  alreadyExists,
  badRequest,
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
import { managedAtCreation, withManagers } from './field-managers.ts';
import { GENERATED_TRIES, generatedName, newUid } from './names.ts';
import { allocate, type Allocation } from './service-allocation.ts';
import { firstGeneration, firstStatus, withoutGivenStatus, type WithFields } from './strategy.ts';

/**
 * A new object: what the client said, completed, admitted, checked, written
 * (staging/src/k8s.io/apiserver/pkg/endpoints/handlers/create.go and
 * pkg/registry/{rest/create,generic/registry/store}.go, v1.36).
 */
export function create(
  backend: Backend,
  request: ApiRequest,
  managers?: readonly ManagedFields[],
): Result<KubeObject> {
  const { resource } = request;
  const info = infoOf(resource);
  const read = readBody(request);
  if (!read.ok) return read;
  const { value: draft, warnings } = read;
  const misplaced = placeErrors(request, info, draft);
  if (misplaced) return failed(misplaced);
  for (let attempt = 1; ; attempt++) {
    const made = createOnce(backend, request, info, { draft, attempt, managers });
    const clash = !made.ok && made.failure.reason === 'AlreadyExists' && !draft.metadata.name;
    if (clash && attempt < GENERATED_TRIES) continue;
    if (!made.ok || !warnings) return made;
    return success(made.value, [...warnings, ...(made.warnings ?? [])]);
  }
}

function placeErrors(
  { namespace }: ApiRequest,
  { namespaced }: ResourceInfo,
  { metadata }: KubeObject,
): Failure | undefined {
  if (namespaced && namespace && metadata.namespace && metadata.namespace !== namespace) {
    return badRequest(
      'the namespace of the provided object does not match the namespace sent on the request',
    );
  }
  if (metadata.resourceVersion) {
    const message = 'resourceVersion should not be set on objects to be created';
    return { reason: '', code: 500, message };
  }
  return undefined;
}

interface Attempt {
  readonly draft: KubeObject;
  /** Counted from 1: each makes up another name. */
  readonly attempt: number;
  /** Who manages its fields, when somebody applied it. */
  readonly managers?: readonly ManagedFields[];
}

function createOnce(
  backend: Backend,
  request: ApiRequest,
  info: ResourceInfo,
  attempt: Attempt,
): Result<KubeObject> {
  const { resource } = request;
  const completed = complete(backend, request, info, attempt);
  const { namespace = '', name } = completed.metadata;
  const attributes: Attributes = { request, operation: 'CREATE', namespace, name };
  const admitted = admit(backend, attributes, completed);
  if (!admitted.ok) return admitted;
  const object = firstStatus(resource, admitted.value);
  const causes = validate(resource, object);
  if (causes.length > 0) return failed(invalid(kindName(info), name, causes));
  if (backend.store.get(resource, namespace, name)) {
    return failed(alreadyExists(qualifiedName(info), name));
  }
  const allocated = allocation(backend, request, object);
  if (allocated && 'reason' in allocated) return failed(allocated);
  const whole = allocated?.service ?? object;
  const refused = backend.tooLarge(request, whole) ?? backend.full(resource);
  if (refused) return failed(refused);
  if (request.dryRun) return success(unwritten(whole), admitted.warnings);
  if (allocated) takeHoldings(backend, allocated);
  admitted.commit?.();
  return success(backend.write(request, whole), admitted.warnings);
}

/** What was not written has no version. */
function unwritten(object: KubeObject): KubeObject {
  const { resourceVersion: _, ...metadata } = object.metadata;
  return { ...object, metadata: metadata as ObjectMeta };
}

function allocation(
  backend: Backend,
  { resource }: ApiRequest,
  object: KubeObject,
): Allocation | Failure | undefined {
  return resource === 'services' ? allocate(backend.ranges, object as Service) : undefined;
}

export function takeHoldings(backend: Backend, { service, taken, freed }: Allocation): void {
  const key = `${service.metadata.namespace ?? ''}/${service.metadata.name}`;
  backend.ranges.release(key, freed.ips, freed.ports);
  backend.ranges.take(key, taken.ips, taken.ports);
}

/** Name, uid, time of creation, first generation and status; defaults. */
function complete(
  backend: Backend,
  request: ApiRequest,
  info: ResourceInfo,
  { draft, attempt, managers }: Attempt,
): KubeObject {
  const { resource, namespace } = request;
  const { metadata } = draft;
  const { generateName } = metadata;
  const generation = firstGeneration(resource);
  const fresh: ObjectMeta = {
    ...withoutServerFields(metadata),
    name: metadata.name || (generateName ? generatedName(backend, generateName, attempt - 1) : ''),
    ...(info.namespaced && { namespace: metadata.namespace ?? namespace ?? 'default' }),
    uid: newUid(backend),
    resourceVersion: '',
    ...(generation !== undefined && { generation }),
    creationTimestamp: rfc3339(backend.kernel.now),
  };
  const object: WithFields = {
    ...draft,
    apiVersion: apiVersionOf(info),
    kind: info.kind,
    metadata: fresh,
  };
  const bare = withoutGivenStatus(resource, object);
  const whole = setDefaults(resource, asStored(resource, bare));
  if (managers) return withManagers(whole, managers);
  return managedAtCreation(request, whole, backend.kernel.now);
}

/** The object in the form in which it is kept. */
export function asStored(resource: ApiRequest['resource'], object: KubeObject): KubeObject {
  return resource === 'secrets' ? withEncodedText(object) : object;
}

/** What no client may say of itself. */
function withoutServerFields(metadata: ObjectMeta): ObjectMeta {
  if (!metadata.deletionTimestamp && !metadata.managedFields) return metadata;
  const {
    deletionTimestamp: _,
    deletionGracePeriodSeconds: __,
    managedFields: ___,
    ...rest
  } = metadata;
  return rest;
}

/** `Deployment.apps`, as refusals name a kind. */
export const kindName = ({ kind, group }: ResourceInfo): string =>
  group ? `${kind}.${group}` : kind;
