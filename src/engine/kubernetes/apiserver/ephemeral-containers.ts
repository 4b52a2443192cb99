import type { Pod } from '../api/pod.ts';
import type { ApiRequest } from '../api/requests.ts';
import { sameValue } from '../apimachinery/canonical-json.ts';
import type { KubeObject } from '../apimachinery/object.ts';
import { failed, invalid, success, type Result } from '../apimachinery/status.ts';
import type { Backend } from './backend.ts';
import { patchWith } from './patch.ts';
import { versionConflict } from './update.ts';
import { setDefaults } from '../api/defaults.ts';

/**
 * Containers for looking into a Pod that runs: they can be added, never changed or taken away
 * (pkg/registry/core/pod/strategy.go `podEphemeralContainersStrategy`, v1.36).
 */
export function addEphemeralContainers(backend: Backend, request: ApiRequest): Result<KubeObject> {
  const found = backend.find(request);
  return found.ok ? write(backend, request, request.body as Pod, found.value) : found;
}

export const patchEphemeralContainers = (
  backend: Backend,
  request: ApiRequest,
): Result<KubeObject> =>
  patchWith(backend, request, (_, asked, body, previous) =>
    write(backend, asked, body as unknown as Pod, previous),
  );

function write(
  backend: Backend,
  request: ApiRequest,
  body: Pod,
  previous: KubeObject,
): Result<KubeObject> {
  const stale = versionConflict(request, body, previous);
  if (stale) return failed(stale);
  const pod = previous as Pod;
  const before = pod.spec.ephemeralContainers ?? [];
  const { ephemeralContainers = [] } = body.spec;
  const spec = { ...pod.spec, ephemeralContainers };
  const next = setDefaults('pods', { ...pod, spec } as Pod) as Pod;
  const after = next.spec.ephemeralContainers ?? [];
  const changed = before.find(
    (old) =>
      !sameValue(
        old,
        after.find(({ name }) => name === old.name),
      ),
  );
  if (changed) {
    const message = `Forbidden: existing ephemeral containers "${changed.name}" may not be changed`;
    const causes = [{ field: 'spec.ephemeralContainers', message }];
    return failed(invalid('Pod', pod.metadata.name, causes));
  }
  if (sameValue(before, after)) return success(previous);
  return success(request.dryRun ? next : backend.write(request, next, previous));
}
