import { parseRfc3339 } from '../../sim/clock.ts';
import type { Namespace, Service } from '../api/cluster-objects.ts';
import type { ApiRequest, ListAnswer } from '../api/requests.ts';
import { infoOf, qualifiedName } from '../api/resources.ts';
import type { KubeObject } from '../apimachinery/object.ts';
import {
  conflict,
  failed,
  forbidden,
  success,
  type Failure,
  type Result,
} from '../apimachinery/status.ts';
import type { Backend } from './backend.ts';
import { kindName } from './create.ts';
import { answerList } from './reads.ts';
import { holdingsOf } from './service-allocation.ts';
import { deletionGraceSeconds, markForDeletion } from './strategy.ts';

/**
 * Deletion: preconditions, a Pod's grace, finalizers, and what becomes of what the object owns
 * (staging/src/k8s.io/apiserver/pkg/registry/{rest/delete,generic/registry/store}.go, v1.36).
 */
const ORPHAN = 'orphan';
const FOREGROUND = 'foregroundDeletion';

/** Namespaces that a cluster cannot be without. */
const IMMORTAL: ReadonlySet<string> = new Set(['default', 'kube-system', 'kube-public']);

const PRESERVED =
  'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background ' +
  'to remove them or set propagationPolicy=Orphan to suppress this warning';

export function remove(backend: Backend, request: ApiRequest): Result<KubeObject> {
  const found = backend.find(request);
  if (!found.ok) return found;
  const object = found.value;
  const refused = preconditionFailure(request, object) ?? immortal(request, object);
  if (refused) return failed(refused);
  const asked = withDefaultPolicy(request);
  const gone = removeOne(backend, asked, object);
  return success(gone, asked === request ? [] : [PRESERVED]);
}

/** Jobs leave their Pods behind unless the client says otherwise. */
function withDefaultPolicy(request: ApiRequest): ApiRequest {
  if (request.resource !== 'jobs' || request.propagationPolicy) return request;
  return { ...request, propagationPolicy: 'Orphan' };
}

function preconditionFailure(
  { resource, uid, preconditionVersion }: ApiRequest,
  { metadata }: KubeObject,
): Failure | undefined {
  const kind = kindName(infoOf(resource));
  if (uid !== undefined && uid !== metadata.uid) {
    const why =
      `the UID in the precondition (${uid}) does not match the UID in record ` +
      `(${metadata.uid}). The object might have been deleted and then recreated`;
    return conflict(kind, metadata.name, why);
  }
  if (preconditionVersion !== undefined && preconditionVersion !== metadata.resourceVersion) {
    const why =
      `the ResourceVersion in the precondition (${preconditionVersion}) does not match the ` +
      `ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`;
    return conflict(kind, metadata.name, why);
  }
  return undefined;
}

function immortal({ resource }: ApiRequest, { metadata }: KubeObject): Failure | undefined {
  if (resource !== 'namespaces' || !IMMORTAL.has(metadata.name)) return undefined;
  return forbidden(
    qualifiedName(infoOf(resource)),
    metadata.name,
    'this namespace may not be deleted',
  );
}

/** Removes an object, or marks it so that its keepers let it go. */
function removeOne(backend: Backend, request: ApiRequest, object: KubeObject): KubeObject {
  const { resource, gracePeriodSeconds, dryRun } = request;
  if (resource === 'namespaces') return removeNamespace(backend, request, object as Namespace);
  const { metadata } = object;
  const finalizers = finalizersFor(request, metadata.finalizers ?? []);
  const changed = finalizers !== metadata.finalizers && finalizers.length > 0;
  const held = finalizers.length > 0;
  const grace = deletionGraceSeconds(resource, object, gracePeriodSeconds);
  const pending = metadata.deletionGracePeriodSeconds;
  const waits = pending !== undefined && metadata.deletionTimestamp !== undefined;
  if (grace === 0 && !held) return dryRun ? object : finishDeletion(backend, request, object);
  const shorter = waits && gracePeriodSeconds !== undefined && grace < pending;
  if (waits && !shorter && !(changed && finalizers.length !== metadata.finalizers?.length)) {
    return object;
  }
  const effective = waits && !shorter ? pending : grace;
  const since = waits ? deletionBegan(object) : backend.kernel.now;
  const marked = markForDeletion(object, effective, since, finalizers);
  return dryRun ? marked : backend.write(request, marked, object);
}

/** When a deletion that waits was asked for, in virtual milliseconds. */
function deletionBegan({ metadata }: KubeObject): number {
  const { deletionTimestamp = '', deletionGracePeriodSeconds = 0 } = metadata;
  return (parseRfc3339(deletionTimestamp) ?? 0) - deletionGracePeriodSeconds * 1000;
}

/** The finalizers that a way of propagation puts on an object; the list itself when none. */
function finalizersFor(
  { propagationPolicy }: ApiRequest,
  present: readonly string[],
): readonly string[] {
  if (propagationPolicy === undefined) return present;
  const wanted =
    propagationPolicy === 'Orphan'
      ? ORPHAN
      : propagationPolicy === 'Foreground'
        ? FOREGROUND
        : undefined;
  const others = present.filter((name) => name !== ORPHAN && name !== FOREGROUND);
  if (wanted === undefined) return others.length === present.length ? present : others;
  return present.includes(wanted) && others.length === present.length - 1
    ? present
    : [...others, wanted];
}

/** A namespace goes once its content has gone and nothing in its spec holds it. */
function removeNamespace(backend: Backend, request: ApiRequest, object: Namespace): KubeObject {
  const { metadata, spec } = object;
  const held = (spec.finalizers ?? []).length > 0 || (metadata.finalizers ?? []).length > 0;
  if (!held) return request.dryRun ? object : finishDeletion(backend, request, object);
  if (metadata.deletionTimestamp) return object;
  const { deletionGracePeriodSeconds: _, ...timed } = markForDeletion(
    object,
    0,
    backend.kernel.now,
    metadata.finalizers ?? [],
  ).metadata;
  const marked: Namespace = {
    ...object,
    metadata: timed,
    status: { ...object.status, phase: 'Terminating' },
  };
  return request.dryRun ? marked : backend.write(request, marked, object);
}

/** Takes an object out of the store for good, and gives back what it held. */
export function finishDeletion(
  backend: Backend,
  request: ApiRequest,
  object: KubeObject,
): KubeObject {
  if (request.resource === 'services') {
    const { namespace = '', name } = object.metadata;
    const { ips, ports } = holdingsOf(object as Service);
    backend.ranges.release(`${namespace}/${name}`, ips, ports);
  }
  return backend.remove(request, object);
}

/** Deletes each object that a list of the same selectors would give. */
export function removeCollection(backend: Backend, request: ApiRequest): Result<ListAnswer> {
  const listed = answerList(backend.store, { ...request, asTable: false }, backend.kernel.now);
  if (!listed.ok) return listed;
  const asked = withDefaultPolicy(request);
  for (const object of listed.value.items) {
    if (immortal(request, object)) continue;
    removeOne(backend, { ...asked, verb: 'delete', name: object.metadata.name }, object);
  }
  return success(listed.value, asked === request ? [] : [PRESERVED]);
}
