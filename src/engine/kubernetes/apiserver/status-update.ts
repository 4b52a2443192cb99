import { setDefaults } from '../api/defaults.ts';
import type { Namespace } from '../api/cluster-objects.ts';
import type { ApiRequest } from '../api/requests.ts';
import { sameValue } from '../apimachinery/canonical-json.ts';
import type { KubeObject, ManagedFields, ObjectMeta } from '../apimachinery/object.ts';
import { failed, success, type Result } from '../apimachinery/status.ts';
import type { Backend } from './backend.ts';
import { readBody } from './body.ts';
import { finishDeletion } from './delete.ts';
import { managedAfterUpdate, withManagers } from './field-managers.ts';
import { isFinal, type WithFields } from './strategy.ts';
import { keepServerFields, versionConflict } from './update.ts';

/** Writes of the subresources `status` and `finalize`. The hottest writes of a cluster. */
export function updateStatus(backend: Backend, request: ApiRequest): Result<KubeObject> {
  const read = readBody(request);
  if (!read.ok) return read;
  const body: WithFields = read.value;
  const found = backend.find({ ...request, name: request.name ?? body.metadata.name });
  if (!found.ok) return found;
  return replaceStatus(backend, request, body, found.value);
}

/** Gives an object a new status; of its metadata, labels and annotations may come along. */
export function replaceStatus(
  backend: Backend,
  request: ApiRequest,
  body: WithFields,
  previous: WithFields,
  managers?: readonly ManagedFields[],
): Result<KubeObject> {
  const stale = versionConflict(request, body, previous);
  if (stale) return failed(stale);
  const metadata = statusMetadata(request, body.metadata, previous.metadata);
  const sameMetadata = metadata === previous.metadata;
  if (sameMetadata && !managers && sameValue(body.status, previous.status)) {
    return success(previous);
  }
  const told: WithFields = { ...previous, metadata, status: body.status };
  const isOwn = request.fieldValidation === undefined;
  const written: WithFields = isOwn ? told : setDefaults(request.resource, told);
  const next = managers
    ? withManagers(written, managers)
    : managedAfterUpdate(request, written, previous, backend.kernel.now);
  if (managers && sameValue(next, previous)) return success(previous);
  if (request.dryRun) return success(next);
  if (isFinal(request.resource, next)) return success(finishDeletion(backend, request, next));
  return success(backend.write(request, next, previous));
}

/** Labels of what has Pods are not written with a status; nobody's owners are. */
function statusMetadata(
  { resource }: ApiRequest,
  given: ObjectMeta,
  previous: ObjectMeta,
): ObjectMeta {
  if (given === previous || given.uid === undefined) return previous;
  const { labels, ownerReferences } = previous;
  const kept = keepServerFields(given, previous);
  const fixed = {
    ...kept,
    ...(resource === 'deployments' && labels !== undefined && { labels }),
    ...(resource === 'pods' && ownerReferences !== undefined && { ownerReferences }),
  };
  return sameValue(fixed, previous) ? previous : fixed;
}

/** What holds a namespace: the namespace controller empties it when the content is gone. */
export function finalize(backend: Backend, request: ApiRequest): Result<KubeObject> {
  const body = request.body as Namespace;
  const found = backend.find({ ...request, name: request.name ?? body.metadata.name });
  if (!found.ok) return found;
  const previous = found.value as Namespace;
  const stale = versionConflict(request, body, previous);
  if (stale) return failed(stale);
  const finalizers = body.spec.finalizers ?? [];
  const next: Namespace = { ...previous, spec: { ...previous.spec, finalizers } };
  if (request.dryRun) return success(next);
  if (isFinal('namespaces', next)) return success(finishDeletion(backend, request, next));
  if (sameValue(next, previous)) return success(previous);
  return success(backend.write(request, next, previous));
}
