import { rfc3339 } from '../../sim/clock.ts';
import type { Container, ContainerStatus, RestartPolicy, WaitingState } from '../api/pod.ts';
import { normalized, type ContainerExit } from './cri.ts';
import type { ContainerWork, Ended } from './pod-worker-row.ts';
import { shouldRestart } from './restart-policy.ts';

/**
 * What a Pod's status says of one container (pkg/kubelet/kubelet_pods.go
 * `convertToAPIContainerStatuses`, pkg/kubelet/prober/prober_manager.go `UpdatePodStatus`, v1.36).
 *
 * Simplified: no `user`, and nothing of devices.
 */
export interface StatusContext {
  /** The Pod's. */
  readonly restartPolicy: RestartPolicy;
  /** What a container says that nothing has happened to. */
  readonly untouched: WaitingState;
  /** Nothing of the Pod is started again. */
  readonly isTerminal: boolean;
}

export function containerStatus(
  container: Container,
  work: ContainerWork | undefined,
  context: StatusContext,
  isInit = false,
): ContainerStatus {
  const { name, image } = container;
  if (!work) {
    const status: Writable<ContainerStatus> = {
      name,
      state: { waiting: context.untouched },
      lastState: NOTHING,
      ready: false,
      started: false,
      restartCount: 0,
      image,
      imageID: '',
    };
    return withMounts(status, container);
  }
  const { ended, endedBefore, id } = work;
  const isRunning = work.stage === 'running';
  const isShown = ended !== undefined && !isRunning && staysEnded(container, work, context);
  // A start on its way is not looked at before its process runs: the instance before it counts.
  const isOnItsWay = work.stage === 'starting' || work.stage === 'hooked';
  const last = isShown ? endedBefore : ended;
  const status: Writable<ContainerStatus> = {
    name,
    state: isRunning
      ? runningSince(rfc3339(work.startedMs ?? 0))
      : isShown
        ? { terminated: ended.state }
        : { waiting: work.waiting.reason === undefined ? context.untouched : work.waiting },
    lastState: last ? { terminated: last.state } : NOTHING,
    ready: isReady(container, work, isInit),
    started: isRunning && work.started,
    restartCount: isOnItsWay && ended ? work.restarts - 1 : work.restarts,
    image: id === undefined ? image : normalized(image),
    imageID: work.imageId,
  };
  if (id !== undefined) {
    status.containerID = (isOnItsWay && ended?.state.containerID) || `containerd://${id}`;
  }
  if (isRunning) {
    const resources = work.resources ?? container.resources;
    if (resources?.requests) status.allocatedResources = resources.requests;
    status.resources = resources ?? NOTHING;
  }
  return withMounts(status, container);
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const NOTHING = {};

let lastRunning = { running: { startedAt: '' } };

/** Containers that started in the same second say the same; one object is enough for them. */
function runningSince(startedAt: string): ContainerStatus['state'] {
  if (lastRunning.running.startedAt !== startedAt) lastRunning = { running: { startedAt } };
  return lastRunning;
}

/** An init container is ready when it is through; a container by its probes. */
function isReady({ restartPolicy }: Container, work: ContainerWork, isInit: boolean): boolean {
  if (isInit && restartPolicy !== 'Always') {
    return work.stage === 'idle' && work.ended?.state.exitCode === 0;
  }
  return work.stage === 'running' && work.ready;
}

/** Its end is what it says now: it is not started again, or what comes next has not been seen. */
function staysEnded(container: Container, work: ContainerWork, context: StatusContext): boolean {
  const { ended, waiting } = work;
  if (!ended) return false;
  if (context.isTerminal || waiting.reason === undefined) return true;
  return !shouldRestart(container, context.restartPolicy, ended.state.exitCode);
}

type Mounts = NonNullable<ContainerStatus['volumeMounts']>;
const knownMounts = new WeakMap<object, Mounts>();

function withMounts(
  status: Writable<ContainerStatus>,
  { volumeMounts }: Container,
): ContainerStatus {
  if (volumeMounts && volumeMounts.length > 0) status.volumeMounts = mountStatuses(volumeMounts);
  return status;
}

/** Made once for a Pod's container, or for all of a template where they have the same mounts. */
function mountStatuses(volumeMounts: NonNullable<Container['volumeMounts']>): Mounts {
  let mounts = knownMounts.get(volumeMounts);
  if (!mounts) {
    mounts = volumeMounts.map(({ name, mountPath, readOnly }) =>
      readOnly ? { mountPath, name, readOnly, recursiveReadOnly: 'Disabled' } : { mountPath, name },
    );
    knownMounts.set(volumeMounts, mounts);
  }
  return mounts;
}

function reasonOf({ oomKilled, unseen, exitCode }: ContainerExit): string {
  if (oomKilled) return 'OOMKilled';
  if (unseen) return 'Unknown';
  return exitCode === 0 ? 'Completed' : 'Error';
}

/** A container's end as its status says it. */
export function endedBy(exit: ContainerExit, message?: string): Ended {
  const reason = reasonOf(exit);
  return {
    state: {
      exitCode: exit.exitCode,
      reason,
      ...(message !== undefined && message !== '' && { message }),
      startedAt: rfc3339(exit.startedMs),
      finishedAt: rfc3339(exit.finishedMs),
      containerID: `containerd://${exit.id}`,
    },
    finishedMs: exit.finishedMs,
  };
}

/** The end of a container whose process the runtime could not start. */
export function failedStart(id: string, message: string, finishedMs: number): Ended {
  return {
    state: {
      exitCode: START_ERROR,
      reason: 'StartError',
      message,
      startedAt: '1970-01-01T00:00:00Z',
      finishedAt: rfc3339(finishedMs),
      containerID: `containerd://${id}`,
    },
    finishedMs,
  };
}

const START_ERROR = 128;
