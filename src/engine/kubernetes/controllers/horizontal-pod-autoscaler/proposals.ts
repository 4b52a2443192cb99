import { milliValue } from '../../apimachinery/quantity.ts';
import type { LabelSelector } from '../../apimachinery/label-selector.ts';
import { selectorWords } from '../../apimachinery/selector-words.ts';
import type {
  CrossVersionObjectReference,
  HorizontalPodAutoscaler,
  MetricSpec,
  MetricStatus,
  MetricTarget,
  MetricValue,
} from '../../api/autoscaling.ts';
import { milliQuantity } from './milli-quantity.ts';
import type { PodMetrics } from './pod-groups.ts';
import {
  byAverage,
  byUtilization,
  byValue,
  byValuePerPod,
  type Proposal,
  type TargetPods,
} from './replica-calculator.ts';
import { answer, noAnswer, type Answer } from './requests.ts';

/**
 * What each metric of an HPA proposes (pkg/controller/podautoscaler/horizontal.go
 * `computeReplicasForMetric` and `computeStatusFor…Metric`, v1.36), with the words that its events,
 * conditions and `kubectl describe hpa` repeat.
 */
export interface MetricsSource {
  /** Of one container when it is named, else of whole Pods; thousandths of the resource's unit. */
  readonly resource: (resource: string, container: string) => Answer<PodMetrics>;
  readonly pods: (metric: string, selector: LabelSelector | undefined) => Answer<PodMetrics>;
  readonly object: (
    metric: string,
    object: CrossVersionObjectReference,
    selector: LabelSelector | undefined,
  ) => Answer<number>;
  /** The sum over everything that the selector finds. */
  readonly external: (metric: string, selector: LabelSelector | undefined) => Answer<number>;
}

/** A target as metrics are weighed against it. */
export interface MeasuredTarget extends TargetPods {
  readonly statusReplicas: number;
  readonly source: MetricsSource;
  readonly namespace: string;
}

export interface MetricProposal {
  readonly replicas: number;
  /** As the reason of a rescale names it: `cpu resource utilization (percentage of request)`. */
  readonly name: string;
  readonly status: MetricStatus;
}

export interface MetricFailure {
  /** Of the event and the condition ScalingActive. */
  readonly reason: string;
  /** Of the event; the condition says the same after a few words of its own. */
  readonly message: string;
  /** As the event FailedComputeMetricsReplicas quotes it. */
  readonly error: string;
}

export type Proposed =
  | { readonly ok: true; readonly value: MetricProposal }
  | { readonly ok: false; readonly failure: MetricFailure };

const failure = (reason: string, message: string, error: string): Proposed => ({
  ok: false,
  failure: { reason, message, error },
});

/** What one metric proposes, or why it cannot. */
export function propose(target: MeasuredTarget, spec: MetricSpec): Proposed {
  const { resource, containerResource, pods, object, external } = spec;
  if (spec.type === 'Resource' && resource) return proposeResource(target, resource);
  if (spec.type === 'ContainerResource' && containerResource) {
    return proposeContainer(target, containerResource);
  }
  if (spec.type === 'Pods' && pods) return proposePods(target, pods);
  if (spec.type === 'Object' && object) return proposeObject(target, object);
  if (spec.type === 'External' && external) return proposeExternal(target, external);
  const unknown = `unknown metric source type ${JSON.stringify(spec.type)}`;
  return failure('InvalidMetricSourceType', unknown, unknown);
}

interface ResourceProposal {
  readonly proposal: Proposal;
  readonly current: MetricValue;
  readonly isUtilization: boolean;
}

function resourceProposal(
  target: MeasuredTarget,
  resource: string,
  container: string,
  { averageValue, averageUtilization }: MetricTarget,
): Answer<ResourceProposal> {
  const isUtilization = averageValue === undefined;
  if (isUtilization && averageUtilization === undefined) {
    return noAnswer(
      'invalid resource metric source: neither an average utilization target nor an average ' +
        'value (usage) target was set',
    );
  }
  const read = target.source.resource(resource, container);
  const proposal = read.ok
    ? isUtilization
      ? byUtilization(target, read.value, {
          resource,
          container,
          targetPercent: averageUtilization ?? 0,
        })
      : byAverage(target, read.value, resource, milliValue(averageValue))
    : noAnswer<Proposal>(`unable to get metrics for resource ${resource}: ${read.error}`);
  if (!proposal.ok) {
    const what = isUtilization ? 'utilization' : 'usage';
    return noAnswer(`failed to get ${resource} ${what}: ${proposal.error}`);
  }
  const { averageMilli, utilizationPercent } = proposal.value;
  const current = {
    ...(utilizationPercent !== undefined && { averageUtilization: utilizationPercent }),
    averageValue: milliQuantity(averageMilli),
  };
  return answer({ proposal: proposal.value, current, isUtilization });
}

function proposeResource(
  target: MeasuredTarget,
  { name, target: goal }: NonNullable<MetricSpec['resource']>,
): Proposed {
  const found = resourceProposal(target, name, '', goal);
  if (!found.ok) {
    const error = `failed to get ${name} resource metric value: ${found.error}`;
    return failure('FailedGetResourceMetric', found.error, error);
  }
  const { proposal, current, isUtilization } = found.value;
  return {
    ok: true,
    value: {
      replicas: proposal.replicas,
      name: `${name} resource${isUtilization ? ' utilization (percentage of request)' : ''}`,
      status: { type: 'Resource', resource: { name, current } },
    },
  };
}

function proposeContainer(
  target: MeasuredTarget,
  { name, container, target: goal }: NonNullable<MetricSpec['containerResource']>,
): Proposed {
  const found = resourceProposal(target, name, container, goal);
  if (!found.ok) {
    const error = `failed to get ${container} container metric value: ${found.error}`;
    return failure('FailedGetContainerResourceMetric', found.error, error);
  }
  const { proposal, current, isUtilization } = found.value;
  const what = isUtilization
    ? 'container resource utilization (percentage of request)'
    : 'resource';
  return {
    ok: true,
    value: {
      replicas: proposal.replicas,
      name: `${name} ${what}`,
      status: { type: 'ContainerResource', containerResource: { name, container, current } },
    },
  };
}

function proposePods(
  target: MeasuredTarget,
  { metric, target: goal }: NonNullable<MetricSpec['pods']>,
): Proposed {
  const read = target.source.pods(metric.name, metric.selector);
  const proposal = read.ok
    ? byAverage(target, read.value, '', milliValue(goal.averageValue))
    : noAnswer<Proposal>(`unable to get metric ${metric.name}: ${read.error}`);
  if (!proposal.ok) {
    const error = `failed to get pods metric value: ${proposal.error}`;
    return failure('FailedGetPodsMetric', proposal.error, error);
  }
  const current = { averageValue: milliQuantity(proposal.value.averageMilli) };
  return {
    ok: true,
    value: {
      replicas: proposal.value.replicas,
      name: `pods metric ${metric.name}`,
      status: { type: 'Pods', pods: { metric, current } },
    },
  };
}

function proposeObject(
  target: MeasuredTarget,
  { describedObject, metric, target: goal }: NonNullable<MetricSpec['object']>,
): Proposed {
  const asValue = goal.type === 'Value' && goal.value !== undefined;
  if (!asValue && (goal.type !== 'AverageValue' || goal.averageValue === undefined)) {
    const none =
      'invalid object metric source: neither a value target nor an average value target was set';
    return failure('FailedGetObjectMetric', none, `failed to get object metric value: ${none}`);
  }
  const read = target.source.object(metric.name, describedObject, metric.selector);
  const { kind, name } = describedObject;
  // The real message has its words in this order, too.
  const unable = (error: string): string =>
    `unable to get metric ${metric.name}: ${kind} on ${target.namespace} ${name}/${error}`;
  const proposal: Answer<Proposal> = !read.ok
    ? noAnswer(unable(read.error))
    : asValue
      ? byValue(target, read.value, milliValue(goal.value))
      : answer(
          byValuePerPod(
            target.tolerances,
            target.statusReplicas,
            read.value,
            milliValue(goal.averageValue),
          ),
        );
  if (!proposal.ok) {
    const error = asValue
      ? proposal.error
      : `failed to get ${metric.name} object metric: ${proposal.error}`;
    const whole = `failed to get object metric value: ${error}`;
    return failure('FailedGetObjectMetric', proposal.error, whole);
  }
  const amount = milliQuantity(proposal.value.averageMilli);
  const current = asValue ? { value: amount } : { averageValue: amount };
  return {
    ok: true,
    value: {
      replicas: proposal.value.replicas,
      name: asValue
        ? `${kind} metric ${metric.name}`
        : `external metric ${metric.name}(${selectorWords(metric.selector)})`,
      status: { type: 'Object', object: { describedObject, metric, current } },
    },
  };
}

function proposeExternal(
  target: MeasuredTarget,
  { metric, target: goal }: NonNullable<MetricSpec['external']>,
): Proposed {
  const { name, selector } = metric;
  const perPod = goal.averageValue !== undefined;
  if (!perPod && goal.value === undefined) {
    const none =
      'invalid external metric source: neither a value target nor an average value target was set';
    const error = `failed to get ${name} external metric value: ${none}`;
    return failure('FailedGetExternalMetric', none, error);
  }
  const read = target.source.external(name, selector);
  const words = selectorWords(selector);
  const proposal: Answer<Proposal> = !read.ok
    ? noAnswer(`unable to get external metric ${target.namespace}/${name}/${words}: ${read.error}`)
    : perPod
      ? answer(
          byValuePerPod(
            target.tolerances,
            target.statusReplicas,
            read.value,
            milliValue(goal.averageValue),
          ),
        )
      : byValue(target, read.value, milliValue(goal.value));
  if (!proposal.ok) {
    const what = perPod ? `${name} external metric` : `external metric ${name}`;
    const error = `failed to get ${name} external metric value: failed to get ${what}: ${proposal.error}`;
    return failure('FailedGetExternalMetric', proposal.error, error);
  }
  const amount = milliQuantity(proposal.value.averageMilli);
  const current = perPod ? { averageValue: amount } : { value: amount };
  return {
    ok: true,
    value: {
      replicas: proposal.value.replicas,
      name: `external metric ${name}(${words})`,
      status: { type: 'External', external: { metric, current } },
    },
  };
}

export interface AllProposals {
  readonly replicas: number;
  readonly name: string;
  readonly statuses: readonly MetricStatus[];
  readonly failures: readonly MetricFailure[];
  /** Set when nothing may be done: every metric failed, or some did and the rest would shrink. */
  readonly error?: string;
}

/** The largest proposal of all metrics (`computeReplicasForMetrics`). */
export function proposeAll(
  target: MeasuredTarget,
  metrics: HorizontalPodAutoscaler['spec']['metrics'] = [],
): AllProposals {
  let replicas = 0;
  let name = '';
  const statuses: MetricStatus[] = [];
  const failures: MetricFailure[] = [];
  for (const spec of metrics) {
    const proposed = propose(target, spec);
    if (!proposed.ok) {
      failures.push(proposed.failure);
      statuses.push({ type: '' as MetricStatus['type'] });
      continue;
    }
    statuses.push(proposed.value.status);
    if (replicas !== 0 && proposed.value.replicas <= replicas) continue;
    ({ replicas, name } = proposed.value);
  }
  const [first] = failures;
  const all = failures.length >= metrics.length;
  const blocked = all || (first !== undefined && replicas < target.currentReplicas);
  const counts = `(${failures.length} invalid out of ${metrics.length})`;
  const error = `invalid metrics ${counts}, first error is: ${first?.error ?? ''}`;
  return { replicas, name, statuses, failures, ...(blocked && { error }) };
}
