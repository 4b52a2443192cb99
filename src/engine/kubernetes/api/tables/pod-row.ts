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

interface Summary {
  readonly reason: string;
  readonly restarts: number;
  readonly lastRestartMs: number | undefined;
}

export function podRow(pod: Pod, nowMs: number): Cell[] {
  const { status, spec, metadata } = pod;
  const statuses = status.containerStatuses ?? [];
  const ready = statuses.filter((s) => s.ready && s.state?.running).length;
  const sidecars = (spec.initContainers ?? []).filter(isSidecar);
  const total = spec.containers.length + sidecars.length;
  const summary = podSummary(pod);
  const restarts =
    summary.restarts !== 0 && summary.lastRestartMs !== undefined
      ? `${summary.restarts} (${humanDuration(nowMs - summary.lastRestartMs)} ago)`
      : String(summary.restarts);
  return [
    metadata.name,
    `${ready + readySidecars(pod)}/${total}`,
    summary.reason,
    restarts,
    ageOf(metadata.creationTimestamp, nowMs),
    status.podIPs?.[0]?.ip ?? status.podIP ?? '<none>',
    spec.nodeName || '<none>',
    status.nominatedNodeName || '<none>',
    '<none>',
  ];
}

const isSidecar = (container: Container): boolean => container.restartPolicy === 'Always';

function sidecarStatuses(pod: Pod): ContainerStatus[] {
  const sidecars = new Set((pod.spec.initContainers ?? []).filter(isSidecar).map((c) => c.name));
  return (pod.status.initContainerStatuses ?? []).filter(({ name }) => sidecars.has(name));
}

const readySidecars = (pod: Pod): number =>
  sidecarStatuses(pod).filter(({ ready, started }) => ready && started).length;

const isInitialized = ({ status }: Pod): boolean =>
  status.conditions?.some((c) => c.type === 'Initialized' && c.status === 'True') ?? false;

/** The STATUS and RESTARTS of a Pod. */
export function podSummary(pod: Pod): Summary {
  const { status, metadata } = pod;
  let reason = status.reason || status.phase;
  const scheduled = status.conditions?.find((c) => c.type === 'PodScheduled');
  if (scheduled?.reason === 'SchedulingGated') reason = 'SchedulingGated';
  const init = initSummary(pod);
  let relevant = status.initContainerStatuses ?? [];
  if (init !== undefined) reason = init;
  if (init === undefined || isInitialized(pod)) {
    // Of what ran before the containers, only sidecars still count.
    relevant = [...sidecarStatuses(pod), ...(status.containerStatuses ?? [])];
    reason = containersReason(pod, reason);
  }
  const restarts = relevant.reduce((sum, s) => sum + s.restartCount, 0);
  const { deletionTimestamp } = metadata;
  if (deletionTimestamp && status.reason === 'NodeLost') reason = 'Unknown';
  else if (deletionTimestamp && status.phase !== 'Succeeded' && status.phase !== 'Failed') {
    reason = 'Terminating';
  }
  return { reason, restarts, lastRestartMs: lastRestart(relevant) };
}

function initSummary(pod: Pod): string | undefined {
  const statuses = pod.status.initContainerStatuses ?? [];
  const specs = new Map((pod.spec.initContainers ?? []).map((c) => [c.name, c]));
  for (const [i, { name, state, started }] of statuses.entries()) {
    const spec = specs.get(name);
    if (state?.terminated?.exitCode === 0) continue;
    if (spec && isSidecar(spec) && started) continue;
    if (state?.terminated) return `Init:${endedBy(state.terminated)}`;
    const waiting = state?.waiting?.reason;
    if (waiting && waiting !== 'PodInitializing') return `Init:${waiting}`;
    return `Init:${i}/${pod.spec.initContainers?.length ?? 0}`;
  }
  return undefined;
}

function containersReason(pod: Pod, phase: string): string {
  let reason = phase;
  let running = false;
  const statuses = pod.status.containerStatuses ?? [];
  for (let i = statuses.length - 1; i >= 0; i--) {
    const { state, ready } = statuses[i]!;
    if (state?.waiting?.reason) reason = state.waiting.reason;
    else if (state?.terminated) reason = endedBy(state.terminated);
    else if (ready && state?.running) running = true;
  }
  if (reason === 'Completed' && running) {
    const ready = pod.status.conditions?.some((c) => c.type === 'Ready' && c.status === 'True');
    reason = ready ? 'Running' : 'NotReady';
  }
  return reason;
}

function endedBy(ended: { reason?: string; signal?: number; exitCode: number }): string {
  if (ended.reason) return ended.reason;
  return ended.signal ? `Signal:${ended.signal}` : `ExitCode:${ended.exitCode}`;
}

function lastRestart(statuses: readonly ContainerStatus[]): number | undefined {
  let last: number | undefined;
  for (const { lastState } of statuses) {
    const at = lastState?.terminated?.finishedAt;
    const time = at === undefined ? undefined : parseRfc3339(at);
    if (time !== undefined && (last === undefined || time > last)) last = time;
  }
  return last;
}
