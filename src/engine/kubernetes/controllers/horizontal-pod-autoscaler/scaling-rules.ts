import type { ScalingPolicy, ScalingRules } from '../../api/autoscaling.ts';

/**
 * How fast a target may grow and shrink (pkg/controller/podautoscaler/horizontal.go, v1.36): by
 * the rules of a behaviour, or without one by twice the size.
 */
export interface CompleteRules extends ScalingRules {
  readonly selectPolicy: 'Max' | 'Min' | 'Disabled';
  readonly policies: readonly ScalingPolicy[];
}

/** pkg/apis/autoscaling/v2/defaults.go: what a behaviour leaves open. */
export function scaleUpRules(given: ScalingRules | null | undefined): CompleteRules {
  const policies: readonly ScalingPolicy[] = [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ];
  return { selectPolicy: 'Max', policies, stabilizationWindowSeconds: 0, ...defined(given) };
}

export function scaleDownRules(given: ScalingRules | null | undefined): CompleteRules {
  const policies: readonly ScalingPolicy[] = [{ type: 'Percent', value: 100, periodSeconds: 15 }];
  return { selectPolicy: 'Max', policies, ...defined(given) };
}

function defined(given: ScalingRules | null | undefined): ScalingRules {
  const entries = Object.entries(given ?? {}).filter(
    ([, value]) => value !== undefined && value !== null,
  );
  return Object.fromEntries(entries);
}

/** A change of size that was made. */
export interface ScaleEvent {
  readonly change: number;
  readonly timeMs: number;
  readonly outdated?: boolean;
}

/** By how many replicas the size changed within the last `periodSeconds`. */
export function changeWithin(
  events: readonly ScaleEvent[],
  periodSeconds: number,
  nowMs: number,
): number {
  return events.reduce(
    (sum, { change, timeMs }) => (timeMs > nowMs - periodSeconds * 1000 ? sum + change : sum),
    0,
  );
}

/** The events with a new one, in the place of one that no policy looks back to any more. */
export function withScaleEvent(
  events: readonly ScaleEvent[],
  change: number,
  rules: CompleteRules,
  nowMs: number,
): readonly ScaleEvent[] {
  const longestMs = Math.max(0, ...rules.policies.map((policy) => policy.periodSeconds)) * 1000;
  const marked = events.map((event) =>
    event.timeMs < nowMs - longestMs ? { ...event, outdated: true } : event,
  );
  const next = { change, timeMs: nowMs };
  const last = marked.findLastIndex(({ outdated }) => outdated);
  return last < 0 ? [...marked, next] : marked.map((event, i) => (i === last ? next : event));
}

export interface ScaleEvents {
  readonly up: readonly ScaleEvent[];
  readonly down: readonly ScaleEvent[];
}

const LARGEST = 2_147_483_647;

function limitBy(
  rules: CompleteRules,
  current: number,
  events: ScaleEvents,
  nowMs: number,
  direction: 1 | -1,
): number {
  if (rules.selectPolicy === 'Disabled') return current;
  const proposals = rules.policies.map(({ type, value, periodSeconds }) => {
    const added = changeWithin(events.up, periodSeconds, nowMs);
    const removed = changeWithin(events.down, periodSeconds, nowMs);
    const start = current - added + removed;
    if (type === 'Pods') return start + direction * value;
    // Rounded so that a change upwards is always possible, and one downwards too.
    const changed = start * (1 + (direction * value) / 100);
    return direction > 0 ? Math.ceil(changed) : Math.trunc(changed);
  });
  const largestChange = rules.selectPolicy === 'Max';
  const most = largestChange === direction > 0;
  const chosen = most ? Math.max(-LARGEST, ...proposals) : Math.min(LARGEST, ...proposals);
  return chosen;
}

/** How large the target may be at most now. */
export function scaleUpLimit(
  rules: CompleteRules,
  current: number,
  events: ScaleEvents,
  nowMs: number,
): number {
  return limitBy(rules, current, events, nowMs, 1);
}

/** How small the target may be at least now. */
export function scaleDownLimit(
  rules: CompleteRules,
  current: number,
  events: ScaleEvents,
  nowMs: number,
): number {
  return limitBy(rules, current, events, nowMs, -1);
}
