import type { Container, PodSpec } from '../api/pod.ts';
import { remainingMs } from './backoff.ts';
import { NEW_CONTAINER, type ContainerWork, type PodWork } from './pod-worker-row.ts';
import { isSidecar, shouldRestart } from './restart-policy.ts';

/**
 * What is to be done about a Pod as it stands (pkg/kubelet/kuberuntime/kuberuntime_manager.go
 * `computePodActions`, kuberuntime_container.go `computeInitContainerActions`, v1.36). A function
 * of the Pod's spec and of what its kubelet remembers, so that a look may come at any time.
 *
 * One container after the other is pulled and started, in the order of the spec: init containers
 * until each is through, a sidecar until it has started, then all the others.
 */
export interface PodActions {
  /** Containers that are to run and do not, in the order in which they are started. */
  readonly start: readonly Container[];
  /** The Pod is over: every container has ended for good, or an init container has failed. */
  readonly isOver: boolean;
}

const NOTHING: PodActions = { start: [], isOver: false };

export function podActions(spec: PodSpec, work: PodWork): PodActions {
  const { ephemeralContainers = [] } = spec;
  const start = ephemeralContainers.filter(({ name }) => !work.containers[name]?.id);
  const rest = hasBegun(spec, work) ? runningActions(spec, work) : initActions(spec, work);
  return start.length === 0 ? rest : { ...rest, start: [...start, ...rest.start] };
}

const stateOf = (work: PodWork, { name }: Container): ContainerWork =>
  work.containers[name] ?? NEW_CONTAINER;

/**
 * A container that is no init container has run in this sandbox: initialization is not done again.
 */
function hasBegun({ containers }: PodSpec, work: PodWork): boolean {
  const { sandboxMs = -1 } = work;
  return containers.some((container) => {
    const { startedMs = -1, ended } = stateOf(work, container);
    return startedMs > sandboxMs || (ended !== undefined && ended.finishedMs > sandboxMs);
  });
}

function initActions(spec: PodSpec, work: PodWork): PodActions {
  const policy = spec.restartPolicy ?? 'Always';
  for (const container of spec.initContainers ?? []) {
    const state = stateOf(work, container);
    if (isSidecar(container)) {
      if (state.stage === 'running' && state.started) continue;
      return state.stage === 'running' ? NOTHING : { start: [container], isOver: false };
    }
    if (state.stage !== 'idle') return { start: [container], isOver: false };
    const { sandboxMs = -1 } = work;
    // What was done for another sandbox is done again.
    if (state.ended && state.ended.finishedMs <= sandboxMs) {
      return { start: [container], isOver: false };
    }
    if (state.ended?.state.exitCode === 0) continue;
    const { exitCode } = state.ended?.state ?? {};
    // A Pod that always restarts restarts an init container only as long as it fails.
    if (exitCode !== undefined && !shouldRestart(container, policy, exitCode)) {
      return { start: [], isOver: true };
    }
    return { start: [container], isOver: false };
  }
  return runningActions(spec, work);
}

function runningActions(spec: PodSpec, work: PodWork): PodActions {
  const policy = spec.restartPolicy ?? 'Always';
  const isDone = (container: Container): boolean => {
    const { stage, ended } = stateOf(work, container);
    if (stage !== 'idle' || !ended) return false;
    return !shouldRestart(container, policy, ended.state.exitCode);
  };
  if (spec.containers.every(isDone)) return { start: [], isOver: true };
  const { initContainers = [] } = spec;
  const sidecars = initContainers.filter(isSidecar);
  const wanted = [...sidecars, ...spec.containers].filter(
    (container) => stateOf(work, container).stage !== 'running' && !isDone(container),
  );
  return { start: wanted, isOver: false };
}

/** Why a container that is to run does not start now, and for how long. */
export type Delay =
  | { readonly why: 'nothing' }
  | { readonly why: 'crash' | 'pull' | 'refused'; readonly leftMs: number };

export function delayOf(state: ContainerWork, nowMs: number): Delay {
  const { ended, crashBackoff, pullBackoff, againMs } = state;
  const crashMs = ended ? remainingMs(crashBackoff, ended.finishedMs, nowMs) : 0;
  if (crashMs > 0) return { why: 'crash', leftMs: crashMs };
  const pullMs = pullBackoff ? remainingMs(pullBackoff, pullBackoff.takenMs, nowMs) : 0;
  if (pullMs > 0) return { why: 'pull', leftMs: pullMs };
  if (againMs !== undefined && againMs > nowMs) {
    return { why: 'refused', leftMs: againMs - nowMs };
  }
  return { why: 'nothing' };
}
