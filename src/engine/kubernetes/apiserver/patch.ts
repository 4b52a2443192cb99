import type { ApiRequest } from '../api/requests.ts';
import { infoOf } from '../api/resources.ts';
import { applyJsonPatch } from '../apimachinery/json-patch.ts';
import { mergePatch } from '../apimachinery/merge-patch.ts';
import { strategicMergePatch } from '../api/schema/strategic-merge.ts';
import { definitionOfKind } from '../api/schema/definitions.ts';
import type { KubeObject } from '../apimachinery/object.ts';
import { badRequest, failed, success, type Failure, type Result } from '../apimachinery/status.ts';
import { apply } from './apply.ts';
import type { Backend } from './backend.ts';
import { readBody } from './body.ts';
import { patchFailure } from './patch-failure.ts';
import { replaceStatus } from './status-update.ts';
import { replace } from './update.ts';
import type { WithFields } from './strategy.ts';

/**
 * Patches: JSON (RFC 6902), merge (RFC 7386), strategic merge, server-side apply
 * (staging/src/k8s.io/apiserver/pkg/endpoints/handlers/patch.go, v1.36).
 */
export function patch(backend: Backend, request: ApiRequest): Result<KubeObject> {
  if (request.patchType === 'apply') return apply(backend, request);
  return patchWith(backend, request, replace);
}

export function patchStatus(backend: Backend, request: ApiRequest): Result<KubeObject> {
  if (request.patchType === 'apply') return apply(backend, request);
  return patchWith(backend, request, replaceStatus);
}

type Replace = (
  backend: Backend,
  request: ApiRequest,
  body: WithFields,
  previous: KubeObject,
) => Result<KubeObject>;

export function patchWith(
  backend: Backend,
  request: ApiRequest,
  write: Replace,
): Result<KubeObject> {
  const found = backend.find(request);
  if (!found.ok) return found;
  const previous = found.value;
  const patched = patchedObject(request, previous);
  if (!patched.ok) return patched;
  const identified = sameIdentity(request, patched.value, previous);
  if (identified) return failed(identified);
  const read = readBody({ ...request, body: patched.value });
  if (!read.ok) return failed(patchFailure(request, patched.value, read.failure));
  const { uid } = previous.metadata;
  const { resourceVersion } = patched.value.metadata;
  const named = patched.value.metadata.uid === uid ? patched.value.metadata : undefined;
  const metadata = named ?? { ...patched.value.metadata, uid };
  // The version counts only when the patch itself names one.
  const version = resourceVersion === previous.metadata.resourceVersion ? {} : { resourceVersion };
  const body = { ...read.value, metadata: { ...metadata, ...version } };
  const written = write(backend, request, body, previous);
  return written.ok && read.warnings
    ? success(written.value, [...read.warnings, ...(written.warnings ?? [])])
    : written;
}

function patchedObject(request: ApiRequest, previous: KubeObject): Result<KubeObject> {
  const { body, patchType = 'merge' } = request;
  if (patchType === 'json') {
    const patched = applyJsonPatch(previous, body);
    if ('error' in patched) return failed(patched.malformed ? badRequest(patched.error) : MISFIT);
    return asObject(patched.value);
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    const kind = Array.isArray(body) ? 'array' : typeof body;
    const why = `error decoding patch: json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`;
    return failed(badRequest(why));
  }
  if (patchType === 'merge') return asObject(mergePatch(previous, body));
  const definition = definitionOfKind(previous.apiVersion, previous.kind);
  const merged = strategicMergePatch(definition, previous, body);
  return 'error' in merged ? failed(badRequest(merged.error)) : asObject(merged.value);
}

/** A JSON patch whose operations do not fit the object; why is not told (handlers/patch.go). */
const MISFIT: Failure = {
  reason: 'Invalid',
  code: 422,
  message: 'the server rejected our request due to an error in our request',
  details: { name: '', kind: '', causes: [] },
};

const asObject = (value: unknown): Result<KubeObject> =>
  typeof value === 'object' && value !== null && 'metadata' in value
    ? success(value as KubeObject)
    : failed(badRequest('the patch does not lead to an object'));

/** A patch does not make another kind of object, nor another object. */
function sameIdentity(
  { resource }: ApiRequest,
  patched: KubeObject,
  previous: KubeObject,
): Failure | undefined {
  const { kind } = infoOf(resource);
  if (patched.kind !== previous.kind || patched.apiVersion !== previous.apiVersion) {
    const gvk = `${patched.apiVersion}, Kind=${patched.kind}`;
    return badRequest(`the provided object (${gvk}) does not match the expected kind ${kind}`);
  }
  const { name } = previous.metadata;
  const given = patched.metadata.name as string | undefined;
  if (given === name) return undefined;
  return badRequest(
    `the name of the object (${given ?? ''}) does not match the name on the URL (${name})`,
  );
}
