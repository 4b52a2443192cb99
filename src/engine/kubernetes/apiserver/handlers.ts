import type { ApiRequest } from '../api/requests.ts';
import { infoOf } from '../api/resources.ts';
import { failed, methodNotAllowed, type Result } from '../apimachinery/status.ts';
import { answerAggregated } from './aggregation.ts';
import type { Backend } from './backend.ts';
import { bind } from './binding.ts';
import { create } from './create.ts';
import { remove, removeCollection } from './delete.ts';
import { evict } from './eviction.ts';
import { patch, patchStatus } from './patch.ts';
import { answerList } from './reads.ts';
import { review } from './reviews.ts';
import { getScale, patchScale, updateScale } from './scale.ts';
import { finalize, updateStatus } from './status-update.ts';
import { requestToken } from './token.ts';
import { update } from './update.ts';
import { podSize } from './resize.ts';
import { ephemeralContainersOf } from './ephemeral-containers.ts';

/**
 * The one table of what can be asked: verb and subresource to handler. kubectl, components and the
 * network door all end here.
 */
type Handler = (backend: Backend, request: ApiRequest) => Result<unknown>;

const HANDLERS: Readonly<Record<string, Handler>> = {
  get,
  list: (backend, request) => answerList(backend.store, request, backend.kernel.now),
  create: (backend, request) => review(backend, request) ?? create(backend, request),
  update,
  patch,
  delete: remove,
  deletecollection: removeCollection,
  'get status': get,
  'update status': updateStatus,
  'patch status': patchStatus,
  'get scale': getScale,
  'update scale': updateScale,
  'patch scale': patchScale,
  'create binding': bind,
  'create eviction': evict,
  'create token': requestToken,
  'update finalize': finalize,
  'get ephemeralcontainers': get,
  'update ephemeralcontainers': ephemeralContainersOf.update,
  'patch ephemeralcontainers': ephemeralContainersOf.patch,
  'get resize': get,
  'update resize': podSize.update,
  'patch resize': podSize.patch,
};

/** By subresource (`''` for the object itself) and verb, as the table above has them. */
const BY_SUBRESOURCE = new Map<string, Map<string, Handler>>();
for (const [words, handler] of Object.entries(HANDLERS)) {
  const [verb = '', subresource = ''] = words.split(' ');
  const those = BY_SUBRESOURCE.get(subresource) ?? new Map<string, Handler>();
  BY_SUBRESOURCE.set(subresource, those.set(verb, handler));
}

export function handle(backend: Backend, request: ApiRequest): Result<unknown> {
  const { verb, subresource, resource } = request;
  const source = backend.aggregated.get(resource);
  if (source) return answerAggregated(source, backend.store, request, backend.kernel.now);
  if (!subresource && !infoOf(resource).verbs.includes(verb)) return failed(methodNotAllowed());
  const handler = BY_SUBRESOURCE.get(subresource ?? '')?.get(verb);
  return handler ? handler(backend, request) : failed(methodNotAllowed());
}

/** One object; as a table of one row when that is asked for. */
function get(backend: Backend, request: ApiRequest): Result<unknown> {
  const found = backend.find(request);
  if (!found.ok || !request.asTable) return found;
  const one = { ...request, name: undefined };
  return answerList(backend.store, one, backend.kernel.now, [found.value]);
}
