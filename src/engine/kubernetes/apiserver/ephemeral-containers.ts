import type { Pod } from '../api/pod.ts';
import { sameValue } from '../apimachinery/canonical-json.ts';
import { failed, invalid, success } from '../apimachinery/status.ts';
import { podPart } from './pod-part.ts';
import { setDefaults } from '../api/defaults.ts';

/**
 * Containers for looking into a Pod that runs: they can be added, never changed or taken away
 * (pkg/registry/core/pod/strategy.go `podEphemeralContainersStrategy`, v1.36).
 */
export const ephemeralContainersOf = podPart((backend, request, body, pod) => {
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
  if (sameValue(before, after)) return success(pod);
  return success(request.dryRun ? next : backend.write(request, next, pod));
});
