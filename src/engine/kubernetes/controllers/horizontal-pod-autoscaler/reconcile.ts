import { rfc3339 } from '../../../sim/clock.ts';
import { parseQuantity } from '../../apimachinery/quantity.ts';
import type { Condition } from '../../apimachinery/object.ts';
import type {
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerStatus,
  MetricStatus,
} from '../../api/autoscaling.ts';
import type { Pod } from '../../api/pod.ts';
import { limitByBehavior, limitWithoutBehavior, type Limited } from './limits.ts';
import { READINESS_TIMES, type ReadinessTimes } from './pod-groups.ts';
import { proposeAll, type MetricsSource } from './proposals.ts';
import { TOLERANCES, type Tolerances } from './replica-calculator.ts';
import { scaleDownRules, scaleUpRules, withScaleEvent, type ScaleEvents } from './scaling-rules.ts';
import { stabilizeBoth, stabilizeDown, type Recommendation } from './stabilization.ts';

/**
 * One look at an HPA and its target: what size to ask for, and what to say about it
 * (pkg/controller/podautoscaler/horizontal.go `reconcileAutoscaler`, v1.36). A pure function of
 * what was read; the controller carries it out.
 */
export interface ScaleTarget {
  readonly specReplicas: number;
  readonly statusReplicas: number;
}

/** What the controller remembers of an HPA from look to look. */
export interface Memory {
  readonly recommendations?: readonly Recommendation[];
  readonly events: ScaleEvents;
}

export const NO_MEMORY: Memory = { events: { up: [], down: [] } };

export interface ReconcileOptions {
  readonly times: ReadinessTimes;
  readonly downscaleWindowMs: number;
  readonly growthFactor?: number;
}

export const OPTIONS: ReconcileOptions = { times: READINESS_TIMES, downscaleWindowMs: 300_000 };

export interface Told {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

export interface Decision {
  /** Set when the target is to be scaled: to what, and why. */
  readonly rescale?: { readonly replicas: number; readonly reason: string };
  /** As it is when the rescale succeeds, or when there is none. */
  readonly status: HorizontalPodAutoscalerStatus;
  readonly told: readonly Told[];
  readonly memory: Memory;
}

export interface Situation {
  readonly hpa: HorizontalPodAutoscaler;
  readonly scale: ScaleTarget;
  readonly pods: readonly Pod[];
  readonly source: MetricsSource;
  readonly memory: Memory;
  readonly nowMs: number;
  /** Why the Pods of the target cannot be told apart from others. */
  readonly selectorProblem?: SelectorProblem;
}

export interface SelectorProblem {
  /** Of the event. */
  readonly reason: string;
  readonly message: string;
  /** Of the condition ScalingActive. */
  readonly condition: { readonly reason: string; readonly message: string };
}

/** A condition set as the HPA controller does: order of arrival, no times but the transition's. */
export function withCondition(
  conditions: readonly Condition[],
  type: string,
  status: Condition['status'],
  reason: string,
  message: string,
  nowMs: number,
): readonly Condition[] {
  const old = conditions.find((condition) => condition.type === type);
  const lastTransitionTime = old?.status === status ? old.lastTransitionTime : rfc3339(nowMs);
  const next: Condition = {
    type,
    status,
    ...(lastTransitionTime !== undefined && { lastTransitionTime }),
    reason,
    message,
  };
  if (!old) return [...conditions, next];
  return conditions.map((condition) => (condition === old ? next : condition));
}

export function tolerancesOf({ spec }: HorizontalPodAutoscaler): Tolerances {
  const read = (given: string | number | undefined, fallback: number): number =>
    given === undefined ? fallback : (parseQuantity(given) ?? fallback);
  return {
    scaleDown: read(spec.behavior?.scaleDown?.tolerance, TOLERANCES.scaleDown),
    scaleUp: read(spec.behavior?.scaleUp?.tolerance, TOLERANCES.scaleUp),
  };
}

export function reconcile(situation: Situation, options: ReconcileOptions = OPTIONS): Decision {
  const { hpa, scale, nowMs } = situation;
  const { minReplicas = 1, maxReplicas } = hpa.spec;
  const current = scale.specReplicas;
  const recommendations = situation.memory.recommendations ?? [
    { replicas: current, timeMs: nowMs },
  ];
  const memory: Memory = { ...situation.memory, recommendations };
  const conditions = withCondition(
    hpa.status.conditions ?? [],
    'AbleToScale',
    'True',
    'SucceededGetScale',
    "the HPA controller was able to get the target's current scale",
    nowMs,
  );
  const outline = { conditions, memory, told: [], metrics: [] };
  if (current === 0 && minReplicas !== 0) {
    const message = 'scaling is disabled since the replica count of the target is zero';
    const disabled = withCondition(
      conditions,
      'ScalingActive',
      'False',
      'ScalingDisabled',
      message,
      nowMs,
    );
    return settle(situation, { ...outline, conditions: disabled });
  }
  if (current > maxReplicas) {
    const reason = 'Current number of replicas above Spec.MaxReplicas';
    return settle(situation, { ...outline, rescale: { replicas: maxReplicas, reason } });
  }
  if (current < minReplicas) {
    const reason = 'Current number of replicas below Spec.MinReplicas';
    return settle(situation, { ...outline, rescale: { replicas: minReplicas, reason } });
  }
  return byMetrics(situation, options, outline);
}

interface Outline {
  readonly conditions: readonly Condition[];
  readonly memory: Memory;
  readonly told: readonly Told[];
  readonly metrics: readonly MetricStatus[];
  readonly rescale?: { readonly replicas: number; readonly reason: string };
}

function byMetrics(situation: Situation, options: ReconcileOptions, outline: Outline): Decision {
  if (situation.selectorProblem) {
    return withoutSelector(situation, situation.selectorProblem, outline);
  }
  const { hpa, scale, pods, source, nowMs } = situation;
  const target = {
    pods,
    nowMs,
    source,
    times: options.times,
    tolerances: tolerancesOf(hpa),
    currentReplicas: scale.specReplicas,
    statusReplicas: scale.statusReplicas,
    namespace: hpa.metadata.namespace ?? '',
  };
  const proposals = proposeAll(target, hpa.spec.metrics);
  const { replicas, name, statuses: metrics, failures, error } = proposals;
  const told = failures.map(({ reason, message }): Told => ({ type: 'Warning', reason, message }));
  const [first] = failures;
  if (error !== undefined) {
    const conditions = first
      ? withCondition(
          outline.conditions,
          'ScalingActive',
          'False',
          first.reason,
          `the HPA was unable to compute the replica count: ${first.message}`,
          nowMs,
        )
      : outline.conditions;
    const failed: Told = {
      type: 'Warning',
      reason: 'FailedComputeMetricsReplicas',
      message: error,
    };
    return leave(situation, { ...outline, conditions, metrics, told: [...told, failed] });
  }
  const message = `the HPA was able to successfully calculate a replica count from ${name}`;
  const conditions = withCondition(
    outline.conditions,
    'ScalingActive',
    'True',
    'ValidMetricFound',
    message,
    nowMs,
  );
  return normalize(situation, options, { ...outline, conditions, metrics, told }, replicas, name);
}

function withoutSelector(
  situation: Situation,
  { reason, message, condition }: SelectorProblem,
  outline: Outline,
): Decision {
  const conditions = withCondition(
    outline.conditions,
    'ScalingActive',
    'False',
    condition.reason,
    condition.message,
    situation.nowMs,
  );
  const told: Told[] = [
    { type: 'Warning', reason, message },
    { type: 'Warning', reason: 'FailedComputeMetricsReplicas', message },
  ];
  return leave(situation, { ...outline, conditions, told });
}

/** Stabilises and limits a proposal (`normalizeDesiredReplicas…`). */
function normalize(
  situation: Situation,
  options: ReconcileOptions,
  outline: Outline,
  proposed: number,
  metric: string,
): Decision {
  const { scale, nowMs } = situation;
  const current = scale.specReplicas;
  const { stabilized, memory, limited } = bounded(situation, options, outline.memory, proposed);
  let conditions = outline.conditions;
  const set = (
    type: string,
    status: Condition['status'],
    reason: string,
    message: string,
  ): void => {
    conditions = withCondition(conditions, type, status, reason, message, nowMs);
  };
  if (stabilized === proposed) {
    set('AbleToScale', 'True', 'ReadyForNewScale', 'recommended size matches current size');
  } else if (proposed >= current && situation.hpa.spec.behavior) {
    const message =
      'recent recommendations were lower than current one, applying the lowest recent ' +
      'recommendation';
    set('AbleToScale', 'True', 'ScaleUpStabilized', message);
  } else {
    const message =
      'recent recommendations were higher than current one, applying the highest recent ' +
      'recommendation';
    set('AbleToScale', 'True', 'ScaleDownStabilized', message);
  }
  const isLimited = limited.replicas !== stabilized;
  set('ScalingLimited', isLimited ? 'True' : 'False', limited.reason, limited.message);
  const words =
    proposed > current
      ? `${metric} above target`
      : proposed < current
        ? 'All metrics below target'
        : '';
  const rescale =
    limited.replicas === current ? {} : { rescale: { replicas: limited.replicas, reason: words } };
  return settle(situation, { ...outline, conditions, memory, ...rescale });
}

function bounded(
  { hpa, scale, nowMs }: Situation,
  options: ReconcileOptions,
  memory: Memory,
  proposed: number,
): { stabilized: number; memory: Memory; limited: Limited } {
  const { minReplicas = 1, maxReplicas, behavior } = hpa.spec;
  const bounds = { minReplicas, maxReplicas };
  const current = scale.specReplicas;
  const known = memory.recommendations ?? [];
  if (!behavior) {
    const { replicas: stabilized, recommendations } = stabilizeDown(
      known,
      proposed,
      nowMs,
      options.downscaleWindowMs,
    );
    const limited = limitWithoutBehavior(current, stabilized, bounds, options.growthFactor);
    return { stabilized, memory: { ...memory, recommendations }, limited };
  }
  const rules = { up: scaleUpRules(behavior.scaleUp), down: scaleDownRules(behavior.scaleDown) };
  const windows = {
    upMs: (rules.up.stabilizationWindowSeconds ?? 0) * 1000,
    downMs: windowMs(rules.down.stabilizationWindowSeconds, options.downscaleWindowMs),
  };
  const size = { currentReplicas: current, desired: proposed };
  const { replicas: stabilized, recommendations } = stabilizeBoth(known, size, nowMs, windows);
  const limited = limitByBehavior(current, stabilized, bounds, rules, memory.events, nowMs);
  return { stabilized, memory: { ...memory, recommendations }, limited };
}

const windowMs = (seconds: number | undefined, fallbackMs: number): number =>
  seconds === undefined ? fallbackMs : seconds * 1000;

/** Nothing was computed: the desired size of before stays in the status. */
function leave({ hpa, scale }: Situation, outline: Outline): Decision {
  const { conditions, memory, told, metrics } = outline;
  const status = {
    ...kept(hpa.status),
    currentReplicas: scale.specReplicas,
    desiredReplicas: hpa.status.desiredReplicas ?? 0,
    ...(metrics.length > 0 && { currentMetrics: metrics }),
    conditions,
  };
  return { status, told, memory };
}

function settle({ hpa, scale, nowMs }: Situation, outline: Outline): Decision {
  const { memory, told, metrics, rescale } = outline;
  const current = scale.specReplicas;
  const desired = rescale?.replicas ?? current;
  let { conditions } = outline;
  if (rescale) {
    const message = `the HPA controller was able to update the target scale to ${desired}`;
    conditions = withCondition(
      conditions,
      'AbleToScale',
      'True',
      'SucceededRescale',
      message,
      nowMs,
    );
  }
  const status: HorizontalPodAutoscalerStatus = {
    ...kept(hpa.status),
    ...(rescale && { lastScaleTime: rfc3339(nowMs) }),
    currentReplicas: current,
    desiredReplicas: desired,
    ...(metrics.length > 0 && { currentMetrics: metrics }),
    conditions,
  };
  const events = rescale
    ? rememberedChange(hpa, memory.events, desired - current, nowMs)
    : undefined;
  return {
    status,
    told,
    memory: events ? { ...memory, events } : memory,
    ...(rescale && { rescale }),
  };
}

const kept = ({
  observedGeneration,
  lastScaleTime,
}: HorizontalPodAutoscalerStatus): Partial<HorizontalPodAutoscalerStatus> => ({
  ...(observedGeneration !== undefined && { observedGeneration }),
  ...(lastScaleTime !== undefined && { lastScaleTime }),
});

/** Changes of size are kept for behaviours only: nothing else looks back at them. */
function rememberedChange(
  { spec: { behavior } }: HorizontalPodAutoscaler,
  events: ScaleEvents,
  change: number,
  nowMs: number,
): ScaleEvents {
  if (!behavior) return events;
  if (change > 0) {
    const rules = scaleUpRules(behavior.scaleUp);
    return { ...events, up: withScaleEvent(events.up, change, rules, nowMs) };
  }
  const rules = scaleDownRules(behavior.scaleDown);
  return { ...events, down: withScaleEvent(events.down, -change, rules, nowMs) };
}
