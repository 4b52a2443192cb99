import type { ApiRequest, ListAnswer } from '../api/requests.ts';
import type { Scale } from '../api/scale.ts';
import { ageOf } from '../api/tables/age.ts';
import { columns } from '../api/tables/columns.ts';
import { mergePatch } from '../apimachinery/merge-patch.ts';
import { selectorText, type LabelSelector } from '../apimachinery/label-selector.ts';
import type { KubeObject } from '../apimachinery/object.ts';
import {
  badRequest,
  failed,
  invalid,
  notFound,
  success,
  type Result,
} from '../apimachinery/status.ts';
import type { Backend } from './backend.ts';
import { replace, versionConflict } from './update.ts';

/** The size of what can be scaled (pkg/registry/apps/deployment/storage/storage.go, v1.36). */
interface Scalable extends KubeObject {
  readonly spec: { readonly replicas?: number; readonly selector?: LabelSelector };
  readonly status?: { readonly replicas?: number };
}

export function scaleOf({ metadata, spec, status }: Scalable): Scale {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  const selector = spec.selector ? selectorText(spec.selector) : '';
  return {
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { ...(spec.replicas && { replicas: spec.replicas }) },
    status: { replicas: status?.replicas ?? 0, ...(selector && { selector }) },
  };
}

/** Deployments and ReplicaSets are missed under the name of their subresource. */
function findScalable(backend: Backend, request: ApiRequest): Result<KubeObject> {
  const found = backend.find(request);
  const { resource, name = '' } = request;
  if (found.ok || (resource !== 'deployments' && resource !== 'replicasets')) return found;
  return failed(notFound(`${resource}/scale.apps`, name));
}

export function getScale(backend: Backend, request: ApiRequest): Result<Scale | ListAnswer> {
  const found = findScalable(backend, request);
  if (!found.ok) return found;
  const scale = scaleOf(found.value as Scalable);
  return success(request.asTable ? tableOf(backend, scale) : scale);
}

const COLUMNS = columns(['Name', 'Desired', 'Available', 'Age']);

/** As a table of one row (pkg/printers/internalversion/printers.go `printScale`, v1.36). */
function tableOf({ store, kernel }: Backend, scale: Scale): ListAnswer {
  const { metadata, spec, status } = scale;
  const age = ageOf(metadata.creationTimestamp, kernel.now);
  const cells = [metadata.name, spec.replicas ?? 0, status.replicas, age];
  const table = { columns: COLUMNS, rows: [{ cells, object: scale as KubeObject }] };
  return { resourceVersion: String(store.revision), items: [scale], table };
}

export function updateScale(backend: Backend, request: ApiRequest): Result<Scale> {
  const found = findScalable(backend, request);
  return found.ok ? resize(backend, request, request.body as Scale, found.value) : found;
}

/** A merge patch of the scale, as `kubectl scale` sends it. */
export function patchScale(backend: Backend, request: ApiRequest): Result<Scale> {
  const found = backend.find(request);
  if (!found.ok) return found;
  const patched = mergePatch(scaleOf(found.value as Scalable), request.body) as Scale;
  return resize(backend, request, patched, found.value);
}

function resize(
  backend: Backend,
  request: ApiRequest,
  scale: Scale,
  previous: KubeObject,
): Result<Scale> {
  const replicas = (scale.spec as Scale['spec'] | undefined)?.replicas ?? 0;
  if (!Number.isInteger(replicas)) {
    return failed(badRequest('Scale in version "v1" cannot be handled as a Scale'));
  }
  if (replicas < 0) {
    const message = `Invalid value: ${replicas}: must be greater than or equal to 0`;
    const causes = [{ field: 'spec.replicas', message }];
    return failed(invalid('Scale.autoscaling', previous.metadata.name, causes));
  }
  const stale = versionConflict(request, { ...previous, metadata: scale.metadata }, previous);
  if (stale) return failed(stale);
  const scalable = previous as Scalable;
  const next = { ...scalable, spec: { ...scalable.spec, replicas } };
  const changed = replace(backend, request, next, previous);
  return changed.ok ? success(scaleOf(changed.value as Scalable), changed.warnings) : changed;
}
