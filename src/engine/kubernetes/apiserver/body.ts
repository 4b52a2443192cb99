import { decodeObject } from '../api/schema/decode-object.ts';
import type { ApiRequest } from '../api/requests.ts';
import { apiVersionOf, infoOf } from '../api/resources.ts';
import type { KubeObject } from '../apimachinery/object.ts';
import { badRequest, failed, success, type Result } from '../apimachinery/status.ts';

/**
 * The object that a request carries. What comes from outside says how strictly it wants to be read
 * and is read by the schema of its kind; what a component made needs no reading.
 *
 * Bounds: 3 MiB of JSON, and a depth of 1,000.
 */
const DEPTH_LIMIT = 1_000;
const NODES_LIMIT = 1_000_000;

export function readBody(request: ApiRequest): Result<KubeObject> {
  const { body, fieldValidation } = request;
  if (fieldValidation === undefined) return success(body as KubeObject);
  const info = infoOf(request.resource);
  if (!isFields(body)) {
    const what = body === undefined || body === null ? '' : JSON.stringify(body).slice(0, 100);
    return failed(badRequest(`couldn't get version/kind; json parse error: ${what}`));
  }
  if (isTooDeep(body, 0)) return failed(badRequest('json: exceeded max depth'));
  const { apiVersion, kind } = body;
  const served = typeof apiVersion === 'string' && isVersionOf(info, apiVersion);
  if (apiVersion !== undefined && !served) {
    const why =
      `the API version in the data (${shown(apiVersion)}) does not match the expected API ` +
      `version (${apiVersionOf(info)})`;
    return failed(badRequest(why));
  }
  if (kind !== undefined && kind !== info.kind) {
    const why = `the kind in the data (${shown(kind)}) does not match the expected kind (${info.kind})`;
    return failed(badRequest(why));
  }
  const version = served ? apiVersion : apiVersionOf(info);
  const isSparse = request.patchType === 'apply';
  const decoded = decodeObject(version, info.kind, body, fieldValidation, { isSparse });
  if (!decoded.ok) return decoded;
  const { object, warnings } = decoded.value;
  const metadata = (object.metadata as KubeObject['metadata'] | undefined) ?? {};
  return success({ ...object, metadata } as KubeObject, warnings);
}

function isVersionOf(info: ReturnType<typeof infoOf>, apiVersion: string): boolean {
  const { group, version, furtherVersions } = info;
  return [version, ...furtherVersions].some(
    (one) => apiVersion === (group ? `${group}/${one}` : one),
  );
}

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const shown = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

/** A value nests too deeply, or in a circle, or is written out too long when its aliases are. */
function isTooDeep(value: unknown, depth: number, left = { nodes: NODES_LIMIT }): boolean {
  if (typeof value !== 'object' || value === null) return false;
  left.nodes -= 1;
  if (depth > DEPTH_LIMIT || left.nodes < 0) return true;
  return Object.values(value).some((item) => isTooDeep(item, depth + 1, left));
}
