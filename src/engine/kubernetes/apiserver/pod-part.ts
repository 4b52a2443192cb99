import type { Pod } from '../api/pod.ts';
import type { ApiRequest } from '../api/requests.ts';
import type { KubeObject } from '../apimachinery/object.ts';
import { failed, type Result } from '../apimachinery/status.ts';
import type { Backend } from './backend.ts';
import { patchWith } from './patch.ts';
import { versionConflict } from './update.ts';

type Answer = (backend: Backend, request: ApiRequest) => Result<KubeObject>;

/**
 * A subresource that is written as a whole Pod, of which only a part is taken over.
 *
 * @param write what becomes of the Pod that is there, of the one that was sent
 */
export function podPart(
  write: (backend: Backend, request: ApiRequest, body: Pod, pod: Pod) => Result<KubeObject>,
): { readonly update: Answer; readonly patch: Answer } {
  const unlessStale = (
    backend: Backend,
    request: ApiRequest,
    body: Pod,
    previous: KubeObject,
  ): Result<KubeObject> => {
    const stale = versionConflict(request, body, previous);
    return stale ? failed(stale) : write(backend, request, body, previous as Pod);
  };
  return {
    update: (backend, request) => {
      const found = backend.find(request);
      return found.ok ? unlessStale(backend, request, request.body as Pod, found.value) : found;
    },
    patch: (backend, request) =>
      patchWith(backend, request, (_, asked, body, previous) =>
        unlessStale(backend, asked, body as unknown as Pod, previous),
      ),
  };
}
