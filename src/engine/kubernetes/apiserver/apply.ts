import type { ApiRequest } from '../api/requests.ts';
import { sameValue } from '../apimachinery/canonical-json.ts';
import {
  difference,
  EMPTY,
  intersection,
  isEmptySet,
  pathTexts,
  union,
} from '../apimachinery/field-sets.ts';
import type { FieldsV1, KubeObject, ManagedFields } from '../apimachinery/object.ts';
import {
  badRequest,
  failed,
  success,
  type Failure,
  type Result,
  type StatusCause,
} from '../apimachinery/status.ts';
import {
  compareFields,
  fieldsOf,
  mergeApplied,
  withoutFields,
  type Shape,
} from '../api/schema/typed-fields.ts';
import type { Backend } from './backend.ts';
import { readBody } from './body.ts';
import { create } from './create.ts';
import { entryOf, inherited, isSame, ownable, shapeOf } from './field-managers.ts';
import { replaceStatus } from './status-update.ts';
import { replace } from './update.ts';

/**
 * Server-side apply: the client says which fields are to be how, and becomes their manager; what it
 * said before and says no more goes; what others manage is a conflict unless forced
 * (sigs.k8s.io/structured-merge-diff/v6 merge/update.go and
 * staging/src/k8s.io/apimachinery/pkg/util/managedfields, v1.36).
 */
export function apply(backend: Backend, request: ApiRequest): Result<KubeObject> {
  const read = readBody({ ...request, fieldValidation: request.fieldValidation ?? 'Warn' });
  if (!read.ok) return read;
  const config = read.value;
  const refused = refusal(request, config);
  if (refused) return failed(refused);
  const { resource, namespace = '', name = config.metadata.name } = request;
  const live = backend.store.get(resource, namespace, name);
  const result = live
    ? applyOver(backend, { ...request, name }, config, live)
    : applyNew(backend, { ...request, name }, config);
  return result.ok && read.warnings
    ? success(result.value, [...read.warnings, ...(result.warnings ?? [])])
    : result;
}

function refusal({ fieldManager }: ApiRequest, config: KubeObject): Failure | undefined {
  if (!fieldManager) {
    const message =
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch';
    const causes = [
      { field: 'fieldManager', message: 'Required value: is required for apply patch' },
    ];
    const details = { name: '', group: 'meta.k8s.io', kind: 'PatchOptions', causes };
    return { reason: 'Invalid', code: 422, message, details };
  }
  if (config.metadata.managedFields?.length)
    return badRequest('metadata.managedFields must be nil');
  return undefined;
}

function applyNew(backend: Backend, request: ApiRequest, config: KubeObject): Result<KubeObject> {
  const shape = shapeOf(config);
  const { fieldManager = '', name = '' } = request;
  const fields = shape ? ownable(fieldsOf(shape, config), request) : EMPTY;
  const own = entryOf(request, fieldManager, config.apiVersion, fields, backend.kernel.now);
  const body = { ...config, metadata: { ...config.metadata, name } };
  const { fieldValidation: _, ...asked } = request;
  return create(backend, { ...asked, verb: 'create', body }, [own]);
}

function applyOver(
  backend: Backend,
  request: ApiRequest,
  config: KubeObject,
  live: KubeObject,
): Result<KubeObject> {
  const shape = shapeOf(live);
  const { fieldManager = '', subresource, force } = request;
  if (!shape) return failed(badRequest(`no schema for ${live.kind}`));
  const entries = live.metadata.managedFields ?? [inherited(live)];
  const mine = entries.find((entry) => isSame(entry, fieldManager, 'Apply', subresource));
  const others = entries.filter((entry) => entry !== mine);
  const applied = ownable(fieldsOf(shape, config), request);
  const merged = mergeApplied(shape, live, asOwn(config, live)) as KubeObject;
  const { changed } = compareFields(shape, live, merged);
  const conflicts = conflictsOf(others, changed, applied);
  if (conflicts.length > 0 && !force) return failed(applyConflict(conflicts));
  const pruned = prune(shape, merged, mine, applied, others);
  const left = others.map((entry) => ({
    ...entry,
    fieldsV1: force ? difference(entry.fieldsV1, intersection(changed, applied)) : entry.fieldsV1,
  }));
  const own = entryOf(request, fieldManager, config.apiVersion, applied, backend.kernel.now);
  const kept = mine && sameValue(mine.fieldsV1, own.fieldsV1) ? mine : own;
  return write(backend, request, pruned, live, [...left, kept]);
}

/** What the client says, in the version and with the identity of what is there. */
function asOwn(config: KubeObject, live: KubeObject): KubeObject {
  const { apiVersion, kind } = live;
  const { name, namespace, uid, creationTimestamp } = live.metadata;
  const resourceVersion = config.metadata.resourceVersion || live.metadata.resourceVersion;
  const metadata = { ...config.metadata, name, namespace, uid, creationTimestamp, resourceVersion };
  return { ...config, apiVersion, kind, metadata };
}

/** Takes away what this manager said before, says no more, and nobody else says. */
function prune(
  shape: Shape,
  merged: KubeObject,
  mine: ManagedFields | undefined,
  applied: FieldsV1,
  others: readonly ManagedFields[],
): KubeObject {
  if (!mine) return merged;
  const kept = others.reduce((sum, { fieldsV1 }) => union(sum, fieldsV1), applied);
  const gone = difference(mine.fieldsV1, kept);
  return isEmptySet(gone) ? merged : (withoutFields(shape, merged, gone) as KubeObject);
}

interface Conflict {
  readonly manager: string;
  readonly path: string;
}

function conflictsOf(
  others: readonly ManagedFields[],
  changed: FieldsV1,
  applied: FieldsV1,
): Conflict[] {
  const wanted = intersection(changed, applied);
  return others.flatMap((entry) => {
    const paths = pathTexts(intersection(entry.fieldsV1, wanted));
    return paths.map((path) => ({ manager: managerText(entry), path }));
  });
}

function managerText({ manager, operation, subresource, apiVersion }: ManagedFields): string {
  const name = JSON.stringify(manager);
  const through = subresource ? `${name} with subresource ${JSON.stringify(subresource)}` : name;
  return operation === 'Update' ? `${through} using ${apiVersion}` : through;
}

function applyConflict(conflicts: readonly Conflict[]): Failure {
  const causes = conflicts.map(({ manager, path }): StatusCause => ({
    field: path,
    message: `conflict with ${manager}`,
    reason: 'FieldManagerConflict',
  }));
  const details = { name: '', kind: '', causes };
  return { reason: 'Conflict', code: 409, message: conflictText(conflicts), details };
}

function conflictText(conflicts: readonly Conflict[]): string {
  const [first] = conflicts;
  if (conflicts.length === 1 && first) {
    return `Apply failed with 1 conflict: conflict with ${first.manager}: ${first.path}`;
  }
  const managers = [...new Set(conflicts.map(({ manager }) => manager))].sort();
  const lines = managers.flatMap((manager) => [
    `conflicts with ${manager}:`,
    ...conflicts.filter((one) => one.manager === manager).map(({ path }) => `- ${path}`),
  ]);
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`;
}

/** Writes the merged object under its managers; nothing when nothing has changed. */
function write(
  backend: Backend,
  request: ApiRequest,
  merged: KubeObject,
  live: KubeObject,
  managers: readonly ManagedFields[],
): Result<KubeObject> {
  const changed = request.subresource === 'status' ? replaceStatus : replace;
  return changed(backend, request, merged, live, managers);
}
