import {
  scaleDownLimit,
  scaleUpLimit,
  type CompleteRules,
  type ScaleEvents,
} from './scaling-rules.ts';

/**
 * What is left of a recommendation within the bounds of the HPA and the speed of scaling
 * (pkg/controller/podautoscaler/horizontal.go `convertDesiredReplicasWithRules`,
 * `convertDesiredReplicasWithBehaviorRate`, v1.36), with the words of the condition ScalingLimited.
 */
export interface Bounds {
  readonly minReplicas: number;
  readonly maxReplicas: number;
}

export type LimitReason =
  'DesiredWithinRange' | 'TooManyReplicas' | 'TooFewReplicas' | 'ScaleUpLimit' | 'ScaleDownLimit';

export interface Limited {
  readonly replicas: number;
  readonly reason: LimitReason;
  readonly message: string;
}

const MESSAGES: Readonly<Record<LimitReason, string>> = {
  DesiredWithinRange: 'the desired count is within the acceptable range',
  TooManyReplicas: 'the desired replica count is more than the maximum replica count',
  TooFewReplicas: 'the desired replica count is less than the minimum replica count',
  ScaleUpLimit: 'the desired replica count is increasing faster than the maximum scale rate',
  ScaleDownLimit: 'the desired replica count is decreasing faster than the maximum scale rate',
};

const limited = (replicas: number, reason: LimitReason): Limited => ({
  replicas,
  reason,
  message: MESSAGES[reason],
});

/** `scaleUpLimitFactor` and `scaleUpLimitMinimum`: without a behaviour, twice the size or 4. */
const GROWTH_FACTOR = 2;
const GROWTH_MINIMUM = 4;

export function limitWithoutBehavior(
  currentReplicas: number,
  desired: number,
  { minReplicas, maxReplicas }: Bounds,
  growthFactor = GROWTH_FACTOR,
): Limited {
  const fastest = Math.trunc(Math.max(growthFactor * currentReplicas, GROWTH_MINIMUM));
  if (desired < minReplicas) return limited(minReplicas, 'TooFewReplicas');
  if (desired > Math.min(fastest, maxReplicas)) {
    return maxReplicas > fastest
      ? limited(fastest, 'ScaleUpLimit')
      : limited(maxReplicas, 'TooManyReplicas');
  }
  return limited(desired, 'DesiredWithinRange');
}

export interface BehaviorRules {
  readonly up: CompleteRules;
  readonly down: CompleteRules;
}

export function limitByBehavior(
  currentReplicas: number,
  desired: number,
  { minReplicas, maxReplicas }: Bounds,
  { up, down }: BehaviorRules,
  events: ScaleEvents,
  nowMs: number,
): Limited {
  if (desired > currentReplicas) {
    const most = Math.max(scaleUpLimit(up, currentReplicas, events, nowMs), currentReplicas);
    if (desired > Math.min(most, maxReplicas)) {
      return maxReplicas > most
        ? limited(most, 'ScaleUpLimit')
        : limited(maxReplicas, 'TooManyReplicas');
    }
  } else if (desired < currentReplicas) {
    const least = Math.min(scaleDownLimit(down, currentReplicas, events, nowMs), currentReplicas);
    if (desired < Math.max(least, minReplicas)) {
      return minReplicas < least
        ? limited(least, 'ScaleDownLimit')
        : limited(minReplicas, 'TooFewReplicas');
    }
  }
  return limited(desired, 'DesiredWithinRange');
}
