import { rfc3339 } from '../../sim/clock.ts';
import type {
  Container,
  ContainerStatus,
  Pod,
  PodPhase,
  PodStatus,
  RestartPolicy,
} from '../api/pod.ts';
import { findCondition, setCondition, type Condition } from '../apimachinery/object.ts';
import type { ContainerExit } from './cri.ts';
import type { ContainerWork, Ended, PodWork } from './pod-worker-row.ts';

/**
 * What the kubelet says of a Pod (pkg/kubelet/kubelet_pods.go `getPhase`,
 * pkg/kubelet/status/generate.go, v1.36).
 */
export type ContainerPhaseInput = Pick<ContainerStatus, 'state' | 'lastState'>;

/** The phase from the containers' statuses; an absent one has not been started yet. */
export function podPhase(
  restartPolicy: RestartPolicy,
  containers: readonly (ContainerPhaseInput | undefined)[],
): PodPhase {
  let unknown = 0;
  let running = 0;
  let waiting = 0;
  let stopped = 0;
  let succeeded = 0;
  for (const status of containers) {
    const { state, lastState } = status ?? {};
    if (!status) unknown += 1;
    else if (state?.running) running += 1;
    else if (state?.terminated) {
      stopped += 1;
      if (state.terminated.exitCode === 0) succeeded += 1;
    } else if (state?.waiting && lastState?.terminated) stopped += 1;
    else if (state?.waiting) waiting += 1;
    else unknown += 1;
  }
  if (waiting > 0) return 'Pending';
  if (running > 0 && unknown === 0) return 'Running';
  if (running === 0 && stopped > 0 && unknown === 0) {
    if (restartPolicy === 'Always') return 'Running';
    if (stopped === succeeded) return 'Succeeded';
    return restartPolicy === 'Never' ? 'Failed' : 'Running';
  }
  return 'Pending';
}

/** Whether a container that ended is started again. */
export function shouldRestart(policy: RestartPolicy, exitCode: number): boolean {
  return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0);
}

/** The conditions that the kubelet keeps, in the order in which it reports them. */
const KUBELET_CONDITIONS: readonly string[] = [
  'PodReadyToStartContainers',
  'Initialized',
  'Ready',
  'ContainersReady',
  'PodScheduled',
];

/** The whole status of a Pod from what its kubelet remembers. */
export function statusOf(pod: Pod, work: PodWork, hostIp: string, nowMs: number): PodStatus {
  const policy = pod.spec.restartPolicy ?? 'Always';
  const containerStatuses = pod.spec.containers.map((container) =>
    containerStatus(container, work.containers[container.name], policy),
  );
  const phase = podPhase(
    policy,
    containerStatuses.map((status) => status),
  );
  const unready = containerStatuses.filter((s) => !s.ready).map((s) => s.name);
  const started = containerStatuses.some((s) => s.state?.running || s.lastState?.terminated);
  const { generation } = pod.metadata;
  const at = rfc3339(nowMs);
  let conditions = pod.status.conditions ?? [];
  const others = conditions.filter(({ type }) => !KUBELET_CONDITIONS.includes(type));
  const set = (type: string, ok: boolean, why?: Pick<Condition, 'reason' | 'message'>): void => {
    conditions = setCondition(conditions, {
      type,
      status: ok ? 'True' : 'False',
      ...(!ok && why),
      lastProbeTime: null,
      lastTransitionTime: at,
      observedGeneration: generation,
    });
  };
  set('PodReadyToStartContainers', work.ip !== '' || started);
  set('Initialized', true);
  const notReady = unreadyReason(phase, unready);
  set('Ready', notReady === undefined, notReady);
  set('ContainersReady', notReady === undefined, notReady);
  return {
    ...pod.status,
    observedGeneration: generation,
    phase,
    conditions: [
      ...others,
      ...KUBELET_CONDITIONS.flatMap((type) => findCondition(conditions, type) ?? []),
    ],
    hostIP: hostIp,
    podIP: work.ip,
    podIPs: [{ ip: work.ip }],
    startTime: rfc3339(work.startedMs),
    containerStatuses,
  };
}

/** Why a Pod is not ready; undefined when it is. */
export function unreadyReason(
  phase: PodPhase,
  unready: readonly string[],
): Pick<Condition, 'reason' | 'message'> | undefined {
  if (phase === 'Succeeded') return { reason: 'PodCompleted' };
  if (phase === 'Failed') return { reason: 'PodFailed' };
  if (unready.length === 0) return undefined;
  const message = `containers with unready status: [${unready.join(' ')}]`;
  return { reason: 'ContainersNotReady', message };
}

function containerStatus(
  { name, image }: Container,
  work: ContainerWork | undefined,
  policy: RestartPolicy,
): ContainerStatus {
  if (!work) {
    const state = { waiting: { reason: 'ContainerCreating' } };
    return {
      name,
      state,
      lastState: {},
      ready: false,
      started: false,
      restartCount: 0,
      image,
      imageID: '',
    };
  }
  const { ended, waiting, id, startedMs = 0 } = work;
  const running = work.stage === 'running';
  const terminated = ended?.state;
  const over = ended !== undefined && !running;
  const stays =
    over && (waiting.reason === undefined || !shouldRestart(policy, ended.state.exitCode));
  return {
    name,
    state: running
      ? { running: { startedAt: rfc3339(startedMs) } }
      : stays
        ? { terminated }
        : { waiting },
    lastState: ended && !stays ? { terminated } : {},
    ready: running && work.ready,
    started: running && work.started,
    restartCount: work.restarts,
    image,
    imageID: work.imageId,
    ...(id && { containerID: `containerd://${id}` }),
  };
}

/** A container's end as its status says it. */
export function endedBy(exit: ContainerExit): Ended {
  const reason = exit.oomKilled ? 'OOMKilled' : exit.exitCode === 0 ? 'Completed' : 'Error';
  return {
    state: {
      exitCode: exit.exitCode,
      reason,
      startedAt: rfc3339(exit.startedMs),
      finishedAt: rfc3339(exit.finishedMs),
      containerID: `containerd://${exit.id}`,
    },
    finishedMs: exit.finishedMs,
  };
}
