import { parseRfc3339 } from '../../../sim/clock.ts';
import { humanDuration } from '../../apimachinery/duration.ts';
import type { Container, ContainerStatus, Pod } from '../pod.ts';
import { ageOf } from './age.ts';
import { columns, type Cell } from './columns.ts';

/**
 * The row of a Pod (pkg/printers/internalversion/printers.go `printPod`, v1.36): the status is the
 * phase, overwritten by what stops its init containers, else by what its containers wait for or
 * ended with, the first container last and so strongest.
 */
export const POD_COLUMNS = columns(
  ['Name', 'Ready', 'Status', 'Restarts', 'Age'],
  ['IP', 'Node', 'Nominated Node', 'Readiness Gates'],
);

export interface PodSummary {
  readonly ready: number;
  readonly total: number;
  readonly reason: string;
  readonly restarts: number;
  readonly lastRestartMs: number | undefined;
}

export function podRow(pod: Pod, nowMs: number): Cell[] {
  const { status, spec, metadata } = pod;
  const { ready, total, reason, restarts, lastRestartMs } = podSummary(pod);
  return [
    metadata.name,
    `${ready}/${total}`,
    reason,
    restarts !== 0 && lastRestartMs !== undefined
      ? `${restarts} (${humanDuration(nowMs - lastRestartMs)} ago)`
      : String(restarts),
    ageOf(metadata.creationTimestamp, nowMs),
    status.podIPs?.[0]?.ip || status.podIP || '<none>',
    spec.nodeName || '<none>',
    status.nominatedNodeName || '<none>',
    gatesText(pod),
  ];
}

/** How many readiness gates are open. */
function gatesText({ spec, status }: Pod): string {
  const gates = spec.readinessGates ?? [];
  if (gates.length === 0) return '<none>';
  const open = gates.filter(({ conditionType }) => isTrue(status, conditionType)).length;
  return `${open}/${gates.length}`;
}

const isTrue = ({ conditions }: Pod['status'], type: string): boolean =>
  conditions?.find((condition) => condition.type === type)?.status === 'True';

const isSidecar = (container: Container | undefined): boolean =>
  container?.restartPolicy === 'Always';

/** The READY, STATUS and RESTARTS of a Pod. */
export function podSummary(pod: Pod): PodSummary {
  const { status, spec } = pod;
  const initContainers = spec.initContainers ?? [];
  const total = spec.containers.length + initContainers.filter(isSidecar).length;
  const gated = status.conditions?.some(
    ({ type, reason }) => type === 'PodScheduled' && reason === 'SchedulingGated',
  );
  const phase = gated ? 'SchedulingGated' : status.reason || status.phase;
  const init = initProgress(pod);
  if (init.reason !== undefined && !isTrue(status, 'Initialized')) {
    const reason = deletionReason(pod) ?? init.reason;
    const relevant = (status.initContainerStatuses ?? []).slice(0, init.looked);
    return { ready: init.ready, total, reason, ...restartsOf(relevant) };
  }
  const statuses = status.containerStatuses ?? [];
  const running = statuses.filter(isReadyAndRunning).length;
  const reason = deletionReason(pod) ?? containersReason(pod, init.reason ?? phase);
  // Of what ran before the containers, only sidecars still count.
  const relevant = [...init.sidecars, ...statuses];
  return { ready: init.ready + running, total, reason, ...restartsOf(relevant) };
}

const isReadyAndRunning = ({ ready, state }: ContainerStatus): boolean =>
  ready && state?.running !== undefined && !state.waiting?.reason && !state.terminated;

interface InitProgress {
  /** Why the Pod is not initialized; undefined when it is. */
  readonly reason?: string;
  readonly ready: number;
  readonly sidecars: readonly ContainerStatus[];
  /** How many statuses were looked at before one stopped the walk. */
  readonly looked: number;
}

/** Walks the init containers up to the first that is not done. */
function initProgress({ spec, status }: Pod): InitProgress {
  const statuses = status.initContainerStatuses ?? [];
  if (statuses.length === 0) return { ready: 0, sidecars: [], looked: 0 };
  const specs = new Map((spec.initContainers ?? []).map((c) => [c.name, c]));
  const sidecars: ContainerStatus[] = [];
  let ready = 0;
  for (const [i, one] of statuses.entries()) {
    const { state, started } = one;
    const sidecar = isSidecar(specs.get(one.name));
    if (sidecar) sidecars.push(one);
    if (state?.terminated?.exitCode === 0) continue;
    if (sidecar && started) {
      if (one.ready) ready += 1;
      continue;
    }
    const reason = initReason(one, i, specs.size);
    return { reason, ready, sidecars, looked: i + 1 };
  }
  return { ready, sidecars, looked: statuses.length };
}

function initReason({ state }: ContainerStatus, index: number, total: number): string {
  if (state?.terminated) return `Init:${endedBy(state.terminated)}`;
  const waiting = state?.waiting?.reason;
  if (waiting && waiting !== 'PodInitializing') return `Init:${waiting}`;
  return `Init:${index}/${total}`;
}

function containersReason({ status }: Pod, phase: string): string {
  let reason = phase;
  let running = false;
  const statuses = status.containerStatuses ?? [];
  for (let i = statuses.length - 1; i >= 0; i--) {
    const { state, ready } = statuses[i]!;
    if (state?.waiting?.reason) reason = state.waiting.reason;
    else if (state?.terminated) reason = endedBy(state.terminated);
    else if (ready && state?.running) running = true;
  }
  if (reason !== 'Completed' || !running) return reason;
  return isTrue(status, 'Ready') ? 'Running' : 'NotReady';
}

function deletionReason({ metadata, status }: Pod): string | undefined {
  if (!metadata.deletionTimestamp) return undefined;
  if (status.reason === 'NodeLost') return 'Unknown';
  return status.phase === 'Succeeded' || status.phase === 'Failed' ? undefined : 'Terminating';
}

function endedBy(ended: { reason?: string; signal?: number; exitCode: number }): string {
  if (ended.reason) return ended.reason;
  return ended.signal ? `Signal:${ended.signal}` : `ExitCode:${ended.exitCode}`;
}

function restartsOf(statuses: readonly ContainerStatus[]): {
  restarts: number;
  lastRestartMs: number | undefined;
} {
  let restarts = 0;
  let lastRestartMs: number | undefined;
  for (const { restartCount, lastState } of statuses) {
    restarts += restartCount;
    const at = lastState?.terminated?.finishedAt;
    const time = at ? parseRfc3339(at) : undefined;
    if (time !== undefined && (lastRestartMs === undefined || time > lastRestartMs)) {
      lastRestartMs = time;
    }
  }
  return { restarts, lastRestartMs };
}
