import { scaledValue } from '../../apimachinery/int-or-string.ts';
import { findCondition, type Condition } from '../../apimachinery/object.ts';
import { parseRfc3339, rfc3339, SECOND } from '../../../sim/clock.ts';
import type { Pod } from '../../api/pod.ts';
import { isPodReady } from '../../api/pod.ts';
import type { PodDisruptionBudget, PodDisruptionBudgetStatus } from '../../api/policy.ts';

/**
 * How many Pods a budget lets go (pkg/controller/disruption/disruption.go, v1.36):
 *
 *   disruptionsAllowed = healthy Pods − those that must be healthy
 *
 * and none when no Pod is expected at all.
 */
/** `DeletionTimeout`: an evicted Pod that is still there after this is counted again. */
export const DELETION_TIMEOUT_MS = 120 * SECOND;

export interface Expectation {
  readonly expectedPods: number;
  readonly desiredHealthy: number;
}

/**
 * @param pods how many the selector chooses
 * @param expectedScale how many their controllers are to have; asked for percentages only
 */
export function expectation(
  { spec }: PodDisruptionBudget,
  pods: number,
  expectedScale: number,
): Expectation {
  const { minAvailable, maxUnavailable } = spec;
  if (maxUnavailable !== undefined) {
    const unavailable = scaledValue(maxUnavailable, expectedScale, true) ?? 0;
    return {
      expectedPods: expectedScale,
      desiredHealthy: Math.max(0, expectedScale - unavailable),
    };
  }
  if (typeof minAvailable === 'number') return { expectedPods: pods, desiredHealthy: minAvailable };
  if (minAvailable === undefined) return { expectedPods: 0, desiredHealthy: 0 };
  const desiredHealthy = scaledValue(minAvailable, expectedScale, true) ?? 0;
  return { expectedPods: expectedScale, desiredHealthy };
}

/** Whether the sum over controllers is needed. */
export function needsScale({
  spec: { minAvailable, maxUnavailable },
}: PodDisruptionBudget): boolean {
  return maxUnavailable !== undefined || typeof minAvailable === 'string';
}

export interface Disrupted {
  /** Evicted Pods that have not begun to go yet, with the time of their eviction. */
  readonly pods: Readonly<Record<string, string>>;
  /** Those that were to go and did not. */
  readonly late: readonly Pod[];
  /** When to look again. */
  readonly nextMs?: number;
}

/**
 * Which evictions are still under way (`buildDisruptedPodMap`).
 *
 * @param pods those of the budget that the status names, in order
 */
export function disruptedPods(
  { status }: PodDisruptionBudget,
  pods: readonly Pod[],
  nowMs: number,
): Disrupted {
  const known = status.disruptedPods ?? {};
  if (Object.keys(known).length === 0) return { pods: known, late: [] };
  const kept: Record<string, string> = {};
  const late: Pod[] = [];
  let nextMs: number | undefined;
  for (const pod of pods) {
    const { name, deletionTimestamp } = pod.metadata;
    const evictedAt = known[name];
    if (evictedAt === undefined || deletionTimestamp) continue;
    const dueMs = (parseRfc3339(evictedAt) ?? 0) + DELETION_TIMEOUT_MS;
    if (dueMs < nowMs) late.push(pod);
    else {
      kept[name] = evictedAt;
      nextMs = nextMs === undefined ? dueMs : Math.min(nextMs, dueMs);
    }
  }
  return { pods: kept, late, ...(nextMs !== undefined && { nextMs }) };
}

/** Whether a budget counts a Pod as one that is there for its users. */
export const isHealthy = (pod: Pod): boolean =>
  pod.metadata.deletionTimestamp === undefined && isPodReady(pod);

/** The condition of a status (`UpdateDisruptionAllowedCondition`), as `kubectl describe` knows it. */
function withAllowed(
  conditions: readonly Condition[],
  allowed: number,
  generation: number | undefined,
  nowMs: number,
): readonly Condition[] {
  const status = allowed > 0 ? 'True' : 'False';
  const reason = allowed > 0 ? 'SufficientPods' : 'InsufficientPods';
  return setAllowed(conditions, { status, reason, message: '', generation, nowMs });
}

interface Allowed {
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
  readonly generation: number | undefined;
  readonly nowMs: number;
}

function setAllowed(conditions: readonly Condition[], allowed: Allowed): readonly Condition[] {
  const { status, reason, message, generation, nowMs } = allowed;
  const type = 'DisruptionAllowed';
  const old = findCondition(conditions, type);
  const since = old?.status === status ? old.lastTransitionTime : undefined;
  const next: Condition = {
    type,
    status,
    reason,
    message,
    lastTransitionTime: since ?? rfc3339(nowMs),
    ...(generation !== undefined && { observedGeneration: generation }),
  };
  if (!old) return [...conditions, next];
  return conditions.map((condition) => (condition === old ? next : condition));
}

/** The whole status of a budget. */
export function budgetStatus(
  budget: PodDisruptionBudget,
  { expectedPods, desiredHealthy }: Expectation,
  currentHealthy: number,
  disrupted: Disrupted['pods'],
  nowMs: number,
): PodDisruptionBudgetStatus {
  const spare = currentHealthy - desiredHealthy;
  const disruptionsAllowed = expectedPods === 0 ? 0 : Math.max(0, spare);
  const { generation } = budget.metadata;
  const known = budget.status.conditions ?? [];
  return {
    conditions: withAllowed(known, disruptionsAllowed, generation, nowMs),
    currentHealthy,
    desiredHealthy,
    ...(Object.keys(disrupted).length > 0 && { disruptedPods: disrupted }),
    disruptionsAllowed,
    expectedPods,
    ...(generation !== undefined && { observedGeneration: generation }),
  };
}

/** The status of a budget that cannot be computed: nobody may go (`failSafe`). */
export function failedStatus(
  budget: PodDisruptionBudget,
  message: string,
  nowMs: number,
): PodDisruptionBudgetStatus {
  const { status, metadata } = budget;
  const conditions = setAllowed(status.conditions ?? [], {
    status: 'False',
    reason: 'SyncFailed',
    message,
    generation: metadata.generation,
    nowMs,
  });
  return { ...status, disruptionsAllowed: 0, conditions };
}
