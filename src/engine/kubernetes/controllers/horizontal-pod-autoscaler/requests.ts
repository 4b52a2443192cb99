import { milliValue } from '../../apimachinery/quantity.ts';
import type { Container, Pod } from '../../api/pod.ts';

/** A value, or why there is none, in the words of the HPA's events and conditions. */
export type Answer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string };

export const answer = <T>(value: T): Answer<T> => ({ ok: true, value });
export const noAnswer = <T>(error: string): Answer<T> => ({ ok: false, error });

/**
 * What each Pod asks for of a resource, in thousandths, by name
 * (pkg/controller/podautoscaler/replica_calculator.go `calculateRequests`, v1.36): of one container
 * when it is named, of the Pod as a whole when it asks as a whole, otherwise of all its containers
 * and sidecars together. A container that asks for nothing makes the sum unknown.
 */
export function requestsByPod(
  pods: readonly Pod[],
  container: string,
  resource: string,
): Answer<ReadonlyMap<string, number>> {
  const requests = new Map<string, number>();
  for (const pod of pods) {
    const ofPod = wholePodRequests(pod);
    const request =
      ofPod && container === ''
        ? podLevelRequest(pod, ofPod, resource)
        : containersRequest(pod, container, resource);
    if (!request.ok) return request;
    requests.set(pod.metadata.name, request.value);
  }
  return answer(requests);
}

type Requests = Readonly<Record<string, string | number>>;

function wholePodRequests({ spec }: Pod): Requests | undefined {
  const { resources } = spec as { readonly resources?: { readonly requests?: Requests } };
  const requests = resources?.requests ?? {};
  return Object.keys(requests).length > 0 ? requests : undefined;
}

function podLevelRequest(pod: Pod, requests: Requests, resource: string): Answer<number> {
  const request = requests[resource];
  if (request !== undefined) return answer(milliValue(request));
  // What the Pod as a whole does not name is summed up from its containers.
  const parts = containersOf(pod).map(({ resources }) => resources?.requests?.[resource]);
  if (parts.every((part) => part === undefined)) {
    return noAnswer(`missing pod-level request for ${resource} in Pod ${pod.metadata.name}`);
  }
  return answer(parts.reduce<number>((sum, part) => sum + milliValue(part), 0));
}

function containersOf({ spec }: Pod): readonly Container[] {
  const sidecars = (spec.initContainers ?? []).filter((c) => c.restartPolicy === 'Always');
  return sidecars.length === 0 ? spec.containers : [...spec.containers, ...sidecars];
}

function containersRequest(pod: Pod, container: string, resource: string): Answer<number> {
  const { name: podName } = pod.metadata;
  let sum = 0;
  for (const { name, resources } of containersOf(pod)) {
    if (container !== '' && container !== name) continue;
    const request = resources?.requests?.[resource];
    if (request === undefined) {
      const where = `container ${name} of Pod ${podName}`;
      return noAnswer(`missing request for ${resource} in ${where}`);
    }
    sum += milliValue(request);
    if (container === name) return answer(sum);
  }
  if (container === '') return answer(sum);
  return noAnswer(`container ${container} not found in Pod ${podName}`);
}
