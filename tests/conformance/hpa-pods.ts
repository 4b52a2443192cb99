import type { Pod, PodPhase } from '../../src/engine/kubernetes/api/pod.ts';
import { DAY, rfc3339 } from '../../src/engine/sim/clock.ts';

/** The Pods that rows about autoscaling speak of. */
/** The moment of every row; what has no age in a row happened long before. */
export const NOW = 400 * DAY;
export const ago = (seconds: number | undefined): number =>
  seconds === undefined ? 0 : NOW - seconds * 1000;

export const CONTAINERS = ['container1', 'container2'];

export interface PodFacts {
  readonly podReady?: readonly string[];
  readonly podPhase?: readonly string[];
  readonly podDeleting?: readonly boolean[];
  readonly podStartAgeSeconds?: readonly number[];
}

export const podName = (index: number): string => `test-pod-${index}`;

/** So many Pods of two containers, each asking for the same. */
export function podsOf(
  count: number,
  facts: PodFacts,
  requests: readonly string[] | undefined,
): Pod[] {
  return Array.from({ length: count }, (_, i) => {
    const startTime = rfc3339(ago(facts.podStartAgeSeconds?.[i]));
    const cpu = requests?.[i];
    const containers = CONTAINERS.map((name) => ({
      name,
      image: '',
      resources: cpu === undefined ? {} : { requests: { cpu, memory: cpu } },
    }));
    return podOf(podName(i), {
      phase: facts.podPhase?.[i] ?? 'Running',
      startTime,
      ready: facts.podReady?.[i] ?? 'True',
      readyChanged: startTime,
      deleting: facts.podDeleting?.[i] ?? false,
      spec: { containers },
    });
  });
}

interface PodParts {
  readonly phase: string;
  readonly startTime?: string | undefined;
  readonly ready?: string | undefined;
  readonly readyChanged?: string | undefined;
  readonly deleting?: boolean | undefined;
  readonly spec?: Pod['spec'];
}

export function podOf(name: string, parts: PodParts): Pod {
  const { phase, startTime, ready, readyChanged, deleting, spec } = parts;
  const condition = {
    type: 'Ready',
    status: ready as 'True' | 'False',
    ...(readyChanged !== undefined && { lastTransitionTime: readyChanged }),
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'test-namespace',
      uid: name,
      resourceVersion: '',
      creationTimestamp: '',
      ...(deleting && { deletionTimestamp: rfc3339(NOW) }),
    },
    spec: spec ?? { containers: [] },
    status: {
      phase: phase as PodPhase,
      ...(startTime !== undefined && { startTime }),
      ...(ready !== undefined && { conditions: [condition] }),
    },
  };
}
