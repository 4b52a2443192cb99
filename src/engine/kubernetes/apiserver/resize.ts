import { setDefaults } from '../api/defaults.ts';
import type { Container, Pod } from '../api/pod.ts';
import { validatePodResize } from '../api/validation/pod-resize.ts';
import { sameValue } from '../apimachinery/canonical-json.ts';
import { failed, invalid, success } from '../apimachinery/status.ts';
import { podPart } from './pod-part.ts';
import { nextGeneration } from './strategy.ts';

/**
 * The size of a Pod that runs: what its containers ask for and may have
 * (pkg/registry/core/pod/strategy.go `podResizeStrategy`, v1.36). Nothing else of it is taken over.
 *
 * Simplified: quotas and limit ranges are not asked again.
 */
export const podSize = podPart((backend, request, body, pod) => {
  const resized = { ...pod.spec, containers: sized(body.spec.containers, pod.spec.containers) };
  const { initContainers } = pod.spec;
  const spec = initContainers
    ? { ...resized, initContainers: sized(body.spec.initContainers ?? [], initContainers) }
    : resized;
  const next = setDefaults('pods', { ...pod, spec } as Pod) as Pod;
  const causes = validatePodResize(next, pod, body.spec);
  if (causes.length > 0) return failed(invalid('Pod', pod.metadata.name, causes));
  if (sameValue(pod.spec, next.spec)) return success(pod);
  const generation = nextGeneration('pods', next, pod);
  const counted = { ...next, metadata: { ...next.metadata, generation } };
  return success(request.dryRun ? counted : backend.write(request, counted, pod));
});

/** The containers there were, with the sizes of those that are wanted. */
const sized = (wanted: readonly Container[], before: readonly Container[]): Container[] =>
  before.map((old) => {
    const { resources, resizePolicy } = wanted.find(({ name }) => name === old.name) ?? old;
    return {
      ...old,
      ...(resources && { resources }),
      ...(resizePolicy && { resizePolicy }),
    };
  });
