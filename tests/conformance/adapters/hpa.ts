import type {
  HorizontalPodAutoscaler,
  MetricSpec,
  MetricTarget,
  ScalingRules,
} from '../../../src/engine/kubernetes/api/autoscaling.ts';
import {
  limitByBehavior,
  limitWithoutBehavior,
} from '../../../src/engine/kubernetes/controllers/horizontal-pod-autoscaler/limits.ts';
import {
  groupPods,
  type PodMetric,
} from '../../../src/engine/kubernetes/controllers/horizontal-pod-autoscaler/pod-groups.ts';
import type { MetricsSource } from '../../../src/engine/kubernetes/controllers/horizontal-pod-autoscaler/proposals.ts';
import {
  NO_MEMORY,
  reconcile,
} from '../../../src/engine/kubernetes/controllers/horizontal-pod-autoscaler/reconcile.ts';
import {
  byAverage,
  byUtilization,
  byValue,
  byValuePerPod,
  TOLERANCES,
  type Proposal,
} from '../../../src/engine/kubernetes/controllers/horizontal-pod-autoscaler/replica-calculator.ts';
import {
  answer,
  noAnswer,
  type Answer,
} from '../../../src/engine/kubernetes/controllers/horizontal-pod-autoscaler/requests.ts';
import {
  changeWithin,
  scaleDownLimit,
  scaleDownRules,
  scaleUpLimit,
  scaleUpRules,
  withScaleEvent,
} from '../../../src/engine/kubernetes/controllers/horizontal-pod-autoscaler/scaling-rules.ts';
import {
  stabilizeBoth,
  stabilizeDown,
} from '../../../src/engine/kubernetes/controllers/horizontal-pod-autoscaler/stabilization.ts';
import { parseGoDuration } from '../../../src/engine/kubernetes/apimachinery/duration.ts';
import { rfc3339 } from '../../../src/engine/sim/clock.ts';
import { ago, CONTAINERS, NOW, podName, podOf, podsOf, type PodFacts } from '../hpa-pods.ts';
import { compare, operation, type Adapter, type Verdict } from '../adapter.ts';

/** The upstream tests run with these instead of the defaults; `groupPods` rows name their own. */
const TEST_TIMES = { cpuInitializationMs: 120_000, initialReadinessDelayMs: 10_000 };
/** The upstream controller test raises the growth without a behaviour from 2 to 8. */
const TEST_GROWTH_FACTOR = 8;
const DOWNSCALE_WINDOW_MS = 300_000;
/** Values of Pods by their place, each as many times as a Pod has measured parts. */
function measured(levels: readonly number[], parts: number): Map<string, PodMetric> {
  return new Map(
    levels.map((level, i) => [podName(i), { value: level * parts, timeMs: NOW, windowMs: 60_000 }]),
  );
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

interface CalculatorInput extends PodFacts {
  readonly currentReplicas: number;
  readonly statusReplicas?: number;
  readonly scaleUpTolerance?: number;
  readonly scaleDownTolerance?: number;
  readonly container?: string;
  readonly metric: {
    readonly type: string;
    readonly name: string;
    readonly requests?: readonly string[];
    readonly usageMilli?: readonly number[];
    readonly valuesMilli?: readonly number[];
    readonly targetUtilizationPercent?: number;
    readonly targetMilli?: number;
    readonly perPodTargetMilli?: number;
    readonly targetAverageMilli?: number;
    readonly container?: string;
  };
}

interface CalculatorExpected {
  readonly replicas?: number;
  readonly utilizationPercent?: number;
  readonly rawAverage?: number;
  readonly usageMilli?: number;
  readonly error?: unknown;
}

function calculate(input: CalculatorInput): Answer<Proposal> {
  const { metric, currentReplicas } = input;
  const { type, name, requests, usageMilli = [], valuesMilli = [] } = metric;
  const count = Math.max(currentReplicas, input.podPhase?.length ?? 0);
  const tolerances = {
    scaleUp: input.scaleUpTolerance ?? TOLERANCES.scaleUp,
    scaleDown: input.scaleDownTolerance ?? TOLERANCES.scaleDown,
  };
  const target = {
    pods: podsOf(count, input, requests),
    nowMs: NOW,
    times: TEST_TIMES,
    tolerances,
    currentReplicas,
  };
  const container = input.container ?? metric.container ?? '';
  const parts = container === '' ? CONTAINERS.length : 1;
  const perPod = metric.perPodTargetMilli ?? metric.targetMilli ?? metric.targetAverageMilli ?? 0;
  switch (type) {
    case 'resource': {
      const values = measured(usageMilli, parts);
      const percent = metric.targetUtilizationPercent;
      return percent === undefined
        ? byAverage(target, values, name, metric.targetMilli ?? perPod)
        : byUtilization(target, values, { resource: name, container, targetPercent: percent });
    }
    case 'pods':
      return byAverage(target, measured(valuesMilli, 1), '', metric.targetMilli ?? perPod);
    case 'object':
    case 'external':
      return byValue(target, sum(valuesMilli), metric.targetMilli ?? 0);
    default: {
      const statusReplicas = input.statusReplicas ?? currentReplicas;
      return answer(byValuePerPod(tolerances, statusReplicas, sum(valuesMilli), perPod));
    }
  }
}

function judgeCalculation(input: CalculatorInput, expected: CalculatorExpected): Verdict {
  const result = calculate(input);
  if (!result.ok) return { holds: 'error' in expected, got: result.error };
  const { replicas, averageMilli, utilizationPercent } = result.value;
  const got: Record<string, unknown> = {
    replicas,
    utilizationPercent,
    rawAverage: averageMilli,
    usageMilli: averageMilli,
  };
  const holds = Object.entries(expected).every(([key, value]) => got[key] === value);
  return { holds, got };
}

interface GroupsInput {
  readonly resource: string;
  readonly cpuInitializationPeriodSeconds: number;
  readonly delayOfInitialReadinessStatusSeconds: number;
  readonly pods: readonly {
    readonly name: string;
    readonly phase: string;
    readonly startAgeSeconds?: number;
    readonly ready?: string;
    readonly readyChangedAgeSeconds?: number;
    readonly deleting?: boolean;
  }[];
  readonly metrics: Readonly<
    Record<string, { value: number; sampleAgeSeconds?: number; window?: string }>
  >;
}

function groups(input: GroupsInput): unknown {
  const pods = input.pods.map((pod) =>
    podOf(pod.name, {
      ...pod,
      startTime: pod.startAgeSeconds === undefined ? undefined : rfc3339(ago(pod.startAgeSeconds)),
      readyChanged: pod.ready === undefined ? undefined : rfc3339(ago(pod.readyChangedAgeSeconds)),
    }),
  );
  const metrics = new Map(
    Object.entries(input.metrics).map(([name, { value, sampleAgeSeconds, window }]) => {
      const windowMs = window === undefined ? 0 : (parseGoDuration(window) ?? 0);
      return [name, { value, timeMs: ago(sampleAgeSeconds), windowMs }] as const;
    }),
  );
  const times = {
    cpuInitializationMs: input.cpuInitializationPeriodSeconds * 1000,
    initialReadinessDelayMs: input.delayOfInitialReadinessStatusSeconds * 1000,
  };
  const found = groupPods(pods, metrics, input.resource, NOW, times);
  const list = (names: ReadonlySet<string>): string[] => [...names].sort();
  return {
    readyCount: found.readyCount,
    ignored: list(found.ignored),
    missing: list(found.missing),
    unready: list(found.unready),
  };
}

type RulesGiven = ScalingRules | 'defaults' | null | undefined;
const rulesGiven = (rules: RulesGiven): ScalingRules | undefined =>
  rules === 'defaults' || rules === null ? undefined : rules;

interface EventGiven {
  readonly change: number;
  readonly ageSeconds: number;
}
const eventsOf = (events: readonly EventGiven[] = []) =>
  events.map(({ change, ageSeconds }) => ({ change, timeMs: ago(ageSeconds) }));

interface RecommendationGiven {
  readonly replicas: number;
  readonly ageSeconds: number;
}
const recommendationsOf = (given: readonly RecommendationGiven[] = []) =>
  given.map(({ replicas, ageSeconds }) => ({ replicas, timeMs: ago(ageSeconds) }));

interface RateInput {
  readonly currentReplicas: number;
  readonly desired: number;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly scaleUpEvents?: readonly EventGiven[];
  readonly scaleDownEvents?: readonly EventGiven[];
  readonly scaleUp?: RulesGiven;
  readonly scaleDown?: RulesGiven;
}

interface ControllerInput extends PodFacts {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly specReplicas: number;
  readonly statusReplicas: number;
  readonly cpuTargetPercent?: number;
  readonly reportedLevels?: readonly number[];
  readonly cpuRequests?: readonly string[];
  readonly metricTargets?: readonly MetricSpec[];
  readonly recommendations?: readonly RecommendationGiven[];
  readonly scaleUp?: ScalingRules;
  readonly scaleDown?: ScalingRules;
  readonly externalMetricsApiError?: boolean;
}

interface ControllerExpected {
  readonly desiredReplicas?: number;
  readonly conditions?: readonly { type: string; status: string; reason: string }[];
}

/** A target as the server completes it: its type follows from what it names. */
function typedTarget(target: MetricTarget): MetricTarget {
  if (target.type) return target;
  const type = target.averageUtilization !== undefined ? 'Utilization' : undefined;
  return { ...target, type: type ?? (target.value !== undefined ? 'Value' : 'AverageValue') };
}

function typedMetric(spec: MetricSpec): MetricSpec {
  const typed = Object.entries(spec).map(([key, part]) => {
    const { target } = part as { target?: MetricTarget };
    return [key, target ? { ...(part as object), target: typedTarget(target) } : part] as const;
  });
  return Object.fromEntries(typed) as unknown as MetricSpec;
}

function metricsOf({ cpuTargetPercent, metricTargets = [] }: ControllerInput): MetricSpec[] {
  const target = { type: 'Utilization', averageUtilization: cpuTargetPercent ?? 0 } as const;
  const cpu: MetricSpec = { type: 'Resource', resource: { name: 'cpu', target } };
  return [...(cpuTargetPercent ? [cpu] : []), ...metricTargets.map(typedMetric)];
}

function sourceOf({
  reportedLevels = [],
  externalMetricsApiError,
}: ControllerInput): MetricsSource {
  const none = <T>(api: string): Answer<T> =>
    noAnswer(`no metrics returned from ${api} metrics API`);
  const empty = reportedLevels.length === 0;
  const one = reportedLevels[0] ?? 0;
  const external = externalMetricsApiError === true || empty;
  return {
    resource: (_, container) => {
      const parts = container === '' ? CONTAINERS.length : 1;
      return empty ? none('resource') : answer(measured(reportedLevels, parts));
    },
    pods: () => (empty ? none('custom') : answer(measured(reportedLevels, 1))),
    object: () => (empty ? none('custom') : answer(one)),
    external: () => (external ? none('external') : answer(sum(reportedLevels))),
  };
}

function hpaOf(input: ControllerInput): HorizontalPodAutoscaler {
  const { minReplicas, maxReplicas, scaleUp, scaleDown } = input;
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: {
      name: 'test-hpa',
      namespace: 'test-namespace',
      uid: 'test-hpa',
      resourceVersion: '',
      creationTimestamp: '',
    },
    spec: {
      scaleTargetRef: { apiVersion: 'v1', kind: 'ReplicationController', name: 'test-rc' },
      minReplicas,
      maxReplicas,
      metrics: metricsOf(input),
      ...((scaleUp ?? scaleDown) && {
        behavior: { ...(scaleUp && { scaleUp }), ...(scaleDown && { scaleDown }) },
      }),
    },
    status: { desiredReplicas: input.specReplicas },
  };
}

function judgeController(input: ControllerInput, expected: ControllerExpected): Verdict {
  const count = Math.max(input.specReplicas, input.cpuRequests?.length ?? 0);
  const { recommendations } = input;
  const decision = reconcile(
    {
      hpa: hpaOf(input),
      scale: input,
      pods: podsOf(count, input, input.cpuRequests),
      source: sourceOf(input),
      memory: {
        ...NO_MEMORY,
        ...(recommendations && { recommendations: recommendationsOf(recommendations) }),
      },
      nowMs: NOW,
    },
    {
      times: TEST_TIMES,
      downscaleWindowMs: DOWNSCALE_WINDOW_MS,
      growthFactor: TEST_GROWTH_FACTOR,
    },
  );
  const conditions = (decision.status.conditions ?? []).map(({ type, status, reason = '' }) => ({
    type,
    status,
    reason,
  }));
  const got = {
    desiredReplicas: decision.rescale?.replicas ?? input.specReplicas,
    ...(expected.conditions && { conditions }),
  };
  return compare(got, expected);
}

interface ScaleEventsInput {
  readonly replicaChange: number;
  readonly previousEvents?: readonly EventGiven[];
  readonly rules?: ScalingRules | null;
}

function scaleEvents({ replicaChange, previousEvents, rules }: ScaleEventsInput): unknown {
  const before = eventsOf(previousEvents);
  const after = rules ? withScaleEvent(before, replicaChange, scaleUpRules(rules), NOW) : [];
  return {
    changeInLast60sBefore: changeWithin(before, 60, NOW),
    storedEvents: after.map(({ change, outdated = false }) => ({ change, outdated })),
  };
}

interface StabilizeInput {
  readonly currentReplicas?: number;
  readonly desired: number;
  readonly downscaleStabilisationSeconds?: number;
  readonly scaleUpWindowSeconds?: number;
  readonly scaleDownWindowSeconds?: number;
  readonly recommendations?: readonly RecommendationGiven[];
}

interface StabilizeExpected {
  readonly replicas: number;
  readonly storedRecommendations?: number | readonly number[];
}

function judgeStabilized(
  stabilized: ReturnType<typeof stabilizeDown>,
  expected: StabilizeExpected,
): Verdict {
  const { replicas, recommendations } = stabilized;
  const stored = expected.storedRecommendations;
  const got = {
    replicas,
    ...(typeof stored === 'number' && { storedRecommendations: recommendations.length }),
    ...(Array.isArray(stored) && {
      storedRecommendations: recommendations.map((recommendation) => recommendation.replicas),
    }),
  };
  return compare(got, expected);
}

interface LimitInput {
  readonly currentReplicas: number;
  readonly scaleUp?: RulesGiven;
  readonly scaleDown?: RulesGiven;
  readonly events?: readonly EventGiven[];
}

export const adapter: Adapter = {
  area: 'hpa',
  operations: [
    operation<ControllerInput, ControllerExpected>('controller', ({ input, expect }) =>
      judgeController(input, expect),
    ),
    operation<CalculatorInput, CalculatorExpected>('replicaCalc', ({ input, expect }) =>
      judgeCalculation(input, expect),
    ),
    operation<GroupsInput, unknown>('groupPods', ({ input, expect }) =>
      compare(groups(input), expect),
    ),
    operation<RateInput, unknown>('behaviorRate', ({ input, expect }) => {
      const { replicas, reason } = limitByBehavior(
        input.currentReplicas,
        input.desired,
        input,
        {
          up: scaleUpRules(rulesGiven(input.scaleUp)),
          down: scaleDownRules(rulesGiven(input.scaleDown)),
        },
        { up: eventsOf(input.scaleUpEvents), down: eventsOf(input.scaleDownEvents) },
        NOW,
      );
      return compare({ replicas, condition: reason }, expect);
    }),
    operation<LimitInput, { scaleUpLimit?: number }>('behaviorLimit', ({ input, expect }) => {
      const { currentReplicas, scaleUp, scaleDown } = input;
      const events = eventsOf(input.events);
      const upRules = scaleUpRules(rulesGiven(scaleUp));
      const downRules = scaleDownRules(rulesGiven(scaleDown));
      const up = scaleUpLimit(upRules, currentReplicas, { up: events, down: [] }, NOW);
      const down = scaleDownLimit(downRules, currentReplicas, { up: [], down: events }, NOW);
      const got = 'scaleUpLimit' in expect ? { scaleUpLimit: up } : { scaleDownLimit: down };
      return compare(got, expect);
    }),
    operation<RateInput, unknown>('limitNoBehavior', ({ input, expect }) => {
      const { replicas, reason } = limitWithoutBehavior(
        input.currentReplicas,
        input.desired,
        input,
      );
      return compare({ replicas, condition: reason }, expect);
    }),
    operation<StabilizeInput, StabilizeExpected>('stabilizeNoBehavior', ({ input, expect }) => {
      const windowMs = (input.downscaleStabilisationSeconds ?? 0) * 1000;
      const known = recommendationsOf(input.recommendations);
      return judgeStabilized(stabilizeDown(known, input.desired, NOW, windowMs), expect);
    }),
    operation<StabilizeInput, StabilizeExpected>('stabilizeWithBehavior', ({ input, expect }) => {
      const { currentReplicas = 0, desired } = input;
      const known = recommendationsOf(input.recommendations);
      const windows = {
        upMs: (input.scaleUpWindowSeconds ?? 0) * 1000,
        downMs: (input.scaleDownWindowSeconds ?? 0) * 1000,
      };
      return judgeStabilized(
        stabilizeBoth(known, { currentReplicas, desired }, NOW, windows),
        expect,
      );
    }),
    operation<ScaleEventsInput, unknown>('scaleEvents', ({ input, expect }) =>
      compare(scaleEvents(input), expect),
    ),
  ],
};
