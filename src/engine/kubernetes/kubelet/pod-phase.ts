import type { ContainerState, ContainerStatus, PodPhase, RestartPolicy } from '../api/pod.ts';

/**
 * The phase of a Pod from the states of its containers (pkg/kubelet/kubelet_pods.go `getPhase`,
 * v1.36).
 */
export interface PhaseInput {
  readonly restartPolicy: RestartPolicy;
  readonly containers: readonly string[];
  readonly initContainers?: readonly { readonly name: string; readonly isSidecar: boolean }[];
  readonly statuses: readonly PhaseStatus[];
  /** It is deleted, evicted or rejected: nothing of it is started again. */
  readonly isTerminal?: boolean;
}

export type PhaseStatus = Pick<ContainerStatus, 'name' | 'state' | 'lastState' | 'started'>;

/** What one container's status says for the phase. */
type Reading = 'running' | 'succeeded' | 'failed' | 'restarting' | 'waiting' | 'unknown';

function readingOf(status: PhaseStatus | undefined): Reading {
  const { state = {}, lastState = {} } = status ?? {};
  if (state.running) return 'running';
  if (state.terminated) return state.terminated.exitCode === 0 ? 'succeeded' : 'failed';
  if (state.waiting) return lastState.terminated ? 'restarting' : 'waiting';
  return 'unknown';
}

export function podPhase(input: PhaseInput): PodPhase {
  const { restartPolicy, containers, statuses, isTerminal = false } = input;
  // Few containers are in a Pod: a search costs less than a map.
  const named = (wanted: string) => statuses.find(({ name }) => name === wanted);
  const init = readInit(input, named);
  if (init.failed && restartPolicy === 'Never') return 'Failed';
  const counts = { running: 0, succeeded: 0, failed: 0, restarting: 0, waiting: 0, unknown: 0 };
  for (const reading of init.sidecars) counts[reading] += 1;
  let stopped = 0;
  let succeeded = 0;
  for (const name of containers) {
    const reading = readingOf(named(name));
    counts[reading] += 1;
    if (reading === 'succeeded') succeeded += 1;
    if (reading === 'succeeded' || reading === 'failed' || reading === 'restarting') stopped += 1;
  }
  const hasStarted = containers.some((name) => hasRun(named(name)));
  if (init.isPending || (init.sidecarsPending && !hasStarted)) return 'Pending';
  if (counts.waiting > 0) return 'Pending';
  if (counts.running > 0 && counts.unknown === 0) return 'Running';
  if (counts.running > 0 || stopped === 0 || counts.unknown > 0) return 'Pending';
  if (isTerminal) return stopped === succeeded ? 'Succeeded' : 'Failed';
  if (restartPolicy === 'Always') return 'Running';
  if (stopped === succeeded) return 'Succeeded';
  return restartPolicy === 'Never' ? 'Failed' : 'Running';
}

/** It has run at least once (`HasAnyRegularContainerStarted`). */
export const hasRun = (status: PhaseStatus | undefined): boolean => {
  const { state, lastState } = status ?? {};
  return Boolean(state?.running ?? state?.terminated ?? lastState?.terminated);
};

interface InitReading {
  /** An ordinary init container is not through. */
  readonly isPending: boolean;
  readonly failed: boolean;
  readonly sidecarsPending: boolean;
  /** Sidecars count among the containers only while they run, wait or are unknown. */
  readonly sidecars: readonly ('running' | 'waiting' | 'unknown')[];
}

function readInit(
  { initContainers = [] }: PhaseInput,
  named: (name: string) => PhaseStatus | undefined,
): InitReading {
  let isPending = false;
  let failed = false;
  let sidecarsPending = false;
  const sidecars: ('running' | 'waiting' | 'unknown')[] = [];
  for (const { name, isSidecar } of initContainers) {
    const status = named(name);
    const reading = readingOf(status);
    if (!isSidecar) {
      const ended = status?.state?.terminated ?? endedBefore(status?.state, status?.lastState);
      if (!ended) isPending = true;
      else if (ended.exitCode !== 0) failed = true;
      continue;
    }
    if (reading === 'running' || reading === 'waiting' || reading === 'unknown') {
      sidecars.push(reading);
    }
    if (reading === 'waiting' || (reading === 'unknown' && status)) sidecarsPending = true;
    if (reading === 'running' && status?.started !== true) sidecarsPending = true;
  }
  return { isPending, failed, sidecarsPending, sidecars };
}

/** The end before, of a container that waits to be started again. */
const endedBefore = (state: ContainerState | undefined, last: ContainerState | undefined) =>
  state?.waiting ? last?.terminated : undefined;
