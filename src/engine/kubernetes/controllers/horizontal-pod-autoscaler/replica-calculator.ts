import type { Pod } from '../../api/pod.ts';
import { isPodReady } from '../../api/pod.ts';
import { groupPods, type PodGroups, type PodMetrics, type ReadinessTimes } from './pod-groups.ts';
import { answer, noAnswer, requestsByPod, type Answer } from './requests.ts';

/**
 * From a measurement to a number of replicas
 * (pkg/controller/podautoscaler/replica_calculator.go and metrics/utilization.go, v1.36):
 *
 *   replicas = ⌈ratio × Pods⌉, ratio = what is used ÷ what is wanted
 *
 * unless the ratio is within the tolerance of 1. What is not known is taken to speak against a
 * change: on the way up, Pods without figures and unready ones count as idle; on the way down,
 * those without figures as using what they asked for. When that turns the direction around, the
 * size stays.
 */
export interface Tolerances {
  readonly scaleDown: number;
  readonly scaleUp: number;
}

export const TOLERANCES: Tolerances = { scaleDown: 0.1, scaleUp: 0.1 };

/** The Pods of a target, and when they are looked at. */
export interface TargetPods {
  readonly pods: readonly Pod[];
  readonly nowMs: number;
  readonly times: ReadinessTimes;
  readonly tolerances: Tolerances;
  readonly currentReplicas: number;
}

/** A proposal, with the measured average: thousandths a Pod, and percent of what it asked for. */
export interface Proposal {
  readonly replicas: number;
  readonly averageMilli: number;
  readonly utilizationPercent?: number;
}

const NO_PODS = 'no pods returned by selector while calculating replica count';
const NO_METRICS = 'did not receive metrics for targeted pods (pods might be unready)';
const MAX_INT32 = 2_147_483_647;

const isWithin = ({ scaleDown, scaleUp }: Tolerances, ratio: number): boolean =>
  1 - scaleDown <= ratio && ratio <= 1 + scaleUp;

const toReplicas = (value: number): number => Math.min(Math.ceil(value), MAX_INT32);

interface Ratio {
  readonly ratio: number;
  readonly averageMilli: number;
  readonly utilizationPercent?: number;
}

/** Values by Pod, without those left out and the unready. */
function countedValues(metrics: PodMetrics, { ignored, unready }: PodGroups): Map<string, number> {
  const values = new Map<string, number>();
  for (const [name, { value }] of metrics) {
    if (!ignored.has(name) && !unready.has(name)) values.set(name, value);
  }
  return values;
}

/** The rule for metrics of Pods, resources or not: `ratioOf` weighs values, `fallback` fills in. */
function proposeByPods(
  target: TargetPods,
  groups: PodGroups,
  values: Map<string, number>,
  ratioOf: (values: ReadonlyMap<string, number>) => Answer<Ratio>,
  fallback: (pod: string) => number,
): Answer<Proposal> {
  const { currentReplicas, tolerances } = target;
  const first = ratioOf(values);
  if (!first.ok) return first;
  const { ratio, averageMilli, utilizationPercent } = first.value;
  const propose = (replicas: number): Answer<Proposal> =>
    answer({
      replicas,
      averageMilli,
      ...(utilizationPercent !== undefined && { utilizationPercent }),
    });
  const upWithUnready = groups.unready.size > 0 && ratio > 1;
  if (!upWithUnready && groups.missing.size === 0) {
    if (isWithin(tolerances, ratio)) return propose(currentReplicas);
    return propose(toReplicas(ratio * groups.readyCount));
  }
  if (ratio < 1) for (const pod of groups.missing) values.set(pod, fallback(pod));
  else if (ratio > 1) for (const pod of groups.missing) values.set(pod, 0);
  if (upWithUnready) for (const pod of groups.unready) values.set(pod, 0);
  const second = ratioOf(values);
  if (!second.ok) return second;
  const filled = second.value.ratio;
  const turned = (ratio < 1 && filled > 1) || (ratio > 1 && filled < 1);
  if (isWithin(tolerances, filled) || turned) return propose(currentReplicas);
  const replicas = toReplicas(filled * values.size);
  const against =
    (filled < 1 && replicas > currentReplicas) || (filled > 1 && replicas < currentReplicas);
  return propose(against ? currentReplicas : replicas);
}

/** By the use of a resource in percent of what Pods, or one container of each, ask for. */
export function byUtilization(
  target: TargetPods,
  metrics: PodMetrics,
  goal: { resource: string; container: string; targetPercent: number },
): Answer<Proposal> {
  const { pods, nowMs, times } = target;
  if (pods.length === 0) return noAnswer(NO_PODS);
  const groups = groupPods(pods, metrics, goal.resource, nowMs, times);
  const values = countedValues(metrics, groups);
  if (values.size === 0) return noAnswer(NO_METRICS);
  const requests = requestsByPod(pods, goal.container, goal.resource);
  if (!requests.ok) return requests;
  const ratioOf = (present: ReadonlyMap<string, number>): Answer<Ratio> =>
    utilizationRatio(present, requests.value, goal.targetPercent);
  const fallbackPercent = Math.max(100, goal.targetPercent);
  const fallback = (pod: string): number =>
    Math.floor(((requests.value.get(pod) ?? 0) * fallbackPercent) / 100);
  return proposeByPods(target, groups, values, ratioOf, fallback);
}

/** ⌊100 × used ÷ asked for⌋ over the Pods that both are known of, against the target. */
function utilizationRatio(
  values: ReadonlyMap<string, number>,
  requests: ReadonlyMap<string, number>,
  targetPercent: number,
): Answer<Ratio> {
  let used = 0;
  let asked = 0;
  let count = 0;
  for (const [pod, value] of values) {
    const request = requests.get(pod);
    if (request === undefined) continue;
    used += value;
    asked += request;
    count += 1;
  }
  if (asked === 0) return noAnswer('no metrics returned matched known pods');
  const utilizationPercent = Math.trunc((used * 100) / asked);
  const averageMilli = Math.trunc(used / count);
  return answer({ ratio: utilizationPercent / targetPercent, averageMilli, utilizationPercent });
}

/** By an average a Pod: of a resource (`cpu` …), or of a custom metric when `resource` is empty. */
export function byAverage(
  target: TargetPods,
  metrics: PodMetrics,
  resource: string,
  targetMilli: number,
): Answer<Proposal> {
  const { pods, nowMs, times } = target;
  if (pods.length === 0) return noAnswer(NO_PODS);
  const groups = groupPods(pods, metrics, resource, nowMs, times);
  const values = countedValues(metrics, groups);
  if (values.size === 0) return noAnswer(NO_METRICS);
  const ratioOf = (present: ReadonlyMap<string, number>): Answer<Ratio> => {
    let sum = 0;
    for (const value of present.values()) sum += value;
    const averageMilli = Math.trunc(sum / present.size);
    return answer({ ratio: averageMilli / targetMilli, averageMilli });
  };
  return proposeByPods(target, groups, values, ratioOf, () => targetMilli);
}

/** By one figure for all Pods (object, external), against a value: ⌈ratio × ready Pods⌉. */
export function byValue(
  { pods, tolerances, currentReplicas }: TargetPods,
  usageMilli: number,
  targetMilli: number,
): Answer<Proposal> {
  const ratio = usageMilli / targetMilli;
  // There is no Pod to multiply by: any load at all brings one.
  if (currentReplicas === 0) {
    return answer({ replicas: toReplicas(ratio), averageMilli: usageMilli });
  }
  if (isWithin(tolerances, ratio)) {
    return answer({ replicas: currentReplicas, averageMilli: usageMilli });
  }
  if (pods.length === 0) return noAnswer(`unable to calculate ready pods: ${NO_PODS}`);
  const ready = pods.filter((pod) => pod.status.phase === 'Running' && isPodReady(pod)).length;
  return answer({ replicas: toReplicas(ratio * ready), averageMilli: usageMilli });
}

/** By one figure for all Pods, against an average a Pod: ⌈figure ÷ average⌉. */
export function byValuePerPod(
  tolerances: Tolerances,
  statusReplicas: number,
  usageMilli: number,
  targetMilli: number,
): Proposal {
  const ratio = usageMilli / (targetMilli * statusReplicas);
  const replicas = isWithin(tolerances, ratio)
    ? statusReplicas
    : toReplicas(usageMilli / targetMilli);
  const averageMilli = statusReplicas === 0 ? 0 : Math.ceil(usageMilli / statusReplicas);
  return { replicas, averageMilli };
}
