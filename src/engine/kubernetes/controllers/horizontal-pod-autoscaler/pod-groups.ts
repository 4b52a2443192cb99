import { parseRfc3339 } from '../../../sim/clock.ts';
import { findCondition } from '../../apimachinery/object.ts';
import type { Pod } from '../../api/pod.ts';

/**
 * Which Pods of a target count for a metric, and how
 * (pkg/controller/podautoscaler/replica_calculator.go `groupPods`, v1.36).
 */
export interface PodMetric {
  /** When the sample was taken, in virtual milliseconds. */
  readonly timeMs: number;
  readonly windowMs: number;
  /** Thousandths: of a core, of a byte, of whatever is measured. */
  readonly value: number;
}

/** What was measured, by the Pod's name. */
export type PodMetrics = ReadonlyMap<string, PodMetric>;

export interface ReadinessTimes {
  /** Since a Pod's start: how long its CPU figures are taken with care. */
  readonly cpuInitializationMs: number;
  /** Since a Pod's start: until then not being ready says that it never was. */
  readonly initialReadinessDelayMs: number;
}

export const READINESS_TIMES: ReadinessTimes = {
  cpuInitializationMs: 300_000,
  initialReadinessDelayMs: 30_000,
};

export interface PodGroups {
  readonly readyCount: number;
  readonly unready: ReadonlySet<string>;
  readonly missing: ReadonlySet<string>;
  readonly ignored: ReadonlySet<string>;
}

/**
 * Failed Pods and those on their way out are left out; Pending ones are unready; those nothing was
 * measured of are missing. For CPU, a Pod that starts is unready until it is ready and has been
 * measured for a whole window since; later only one that has never been ready is.
 */
export function groupPods(
  pods: readonly Pod[],
  metrics: PodMetrics,
  resource: string,
  nowMs: number,
  times: ReadinessTimes = READINESS_TIMES,
): PodGroups {
  const unready = new Set<string>();
  const missing = new Set<string>();
  const ignored = new Set<string>();
  let readyCount = 0;
  for (const pod of pods) {
    const { name } = pod.metadata;
    const metric = metrics.get(name);
    if (pod.metadata.deletionTimestamp || pod.status.phase === 'Failed') ignored.add(name);
    else if (pod.status.phase === 'Pending') unready.add(name);
    else if (!metric) missing.add(name);
    else if (resource === 'cpu' && isWarmingUp(pod, metric, nowMs, times)) unready.add(name);
    else readyCount += 1;
  }
  return { readyCount, unready, missing, ignored };
}

function isWarmingUp(
  { status }: Pod,
  metric: PodMetric,
  nowMs: number,
  { cpuInitializationMs, initialReadinessDelayMs }: ReadinessTimes,
): boolean {
  const ready = findCondition(status.conditions, 'Ready');
  const startMs = status.startTime === undefined ? undefined : parseRfc3339(status.startTime);
  if (!ready || startMs === undefined) return true;
  const changedMs = parseRfc3339(ready.lastTransitionTime ?? '') ?? startMs;
  const isUnready = ready.status === 'False';
  if (startMs + cpuInitializationMs > nowMs) {
    return isUnready || metric.timeMs < changedMs + metric.windowMs;
  }
  return isUnready && startMs + initialReadinessDelayMs > changedMs;
}
