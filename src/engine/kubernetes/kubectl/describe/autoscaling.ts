import type {
  HorizontalPodAutoscaler,
  MetricSpec,
  MetricStatus,
  MetricTarget,
  MetricValue,
  ScalingRules,
} from '../../api/autoscaling.ts';
import type { PodDisruptionBudget } from '../../api/policy.ts';
import { formatSelector } from '../../apimachinery/label-selector.ts';
import type { Describer } from './around.ts';
import { describeEvents } from './events.ts';
import { fullTime, head, orUnset, Text } from './text.ts';

/** Autoscalers and disruption budgets (`describeHorizontalPodAutoscalerV2`, …). */
export const autoscaler: Describer<HorizontalPodAutoscaler> = {
  text(object, { events, nowMs }) {
    const { metadata, spec, status } = object;
    const { scaleTargetRef, behavior } = spec;
    const text = new Text();
    head(text, object);
    text.line(0, `CreationTimestamp:\t${fullTime(metadata.creationTimestamp)}`);
    text.line(0, `Reference:\t${scaleTargetRef.kind}/${scaleTargetRef.name}`);
    text.line(0, 'Metrics:\t( current / target )');
    (spec.metrics ?? []).forEach((metric, i) => {
      text.line(1, metricText(metric, status.currentMetrics?.[i]));
    });
    text.line(0, `Min replicas:\t${orUnset(spec.minReplicas)}`);
    text.line(0, `Max replicas:\t${spec.maxReplicas}`);
    if (behavior) {
      text.line(0, 'Behavior:');
      describeScaling(text, 'Scale Up', behavior.scaleUp);
      describeScaling(text, 'Scale Down', behavior.scaleDown);
    }
    const { currentReplicas = 0, desiredReplicas, conditions = [] } = status;
    const replicas = `${currentReplicas} current / ${desiredReplicas} desired`;
    text.line(0, `${scaleTargetRef.kind} pods:\t${replicas}`);
    if (conditions.length > 0) {
      text.line(0, 'Conditions:');
      text.line(1, 'Type\tStatus\tReason\tMessage');
      text.line(1, '----\t------\t------\t-------');
    }
    for (const { type, status: is, reason = '', message = '' } of conditions) {
      text.line(1, [type, is, reason, message].join('\t'));
    }
    describeEvents(text, events, nowMs);
    return text.toString();
  },
};

const UNKNOWN = '<unknown>';
const ZERO = '0';

function metricText(metric: MetricSpec, status: MetricStatus | undefined): string {
  const { external, pods, object, resource, containerResource } = metric;
  if (metric.type === 'External' && external) {
    const { metric: what, target } = external;
    return `"${what.name}" ${valueText(target, status?.external?.current)}`;
  }
  if (metric.type === 'Pods' && pods) {
    const current = status?.pods ? (status.pods.current.averageValue ?? ZERO) : UNKNOWN;
    return `"${pods.metric.name}" on pods:\t${current} / ${pods.target.averageValue ?? ZERO}`;
  }
  if (metric.type === 'Object' && object) {
    const { metric: what, describedObject: on, target } = object;
    const about = `"${what.name}" on ${on.kind}/${on.name}`;
    return `${about} ${valueText(target, status?.object?.current)}`;
  }
  if (metric.type === 'Resource' && resource) {
    const about = `resource ${resource.name} on pods`;
    return `${about}${shareText(resource.target, status?.resource?.current)}`;
  }
  if (metric.type === 'ContainerResource' && containerResource) {
    const { name, container, target } = containerResource;
    const about = `resource ${name} of container "${container}" on pods`;
    return `${about}${shareText(target, status?.containerResource?.current)}`;
  }
  return `<unknown metric type "${metric.type}">`;
}

function valueText(target: MetricTarget, current: MetricValue | undefined): string {
  if (target.averageValue !== undefined) {
    const value = current?.averageValue ?? UNKNOWN;
    return `(target average value):\t${value} / ${target.averageValue}`;
  }
  return `(target value):\t${current ? (current.value ?? ZERO) : UNKNOWN} / ${target.value ?? ZERO}`;
}

function shareText(target: MetricTarget, current: MetricValue | undefined): string {
  if (target.averageValue !== undefined) {
    const value = current ? (current.averageValue ?? ZERO) : UNKNOWN;
    return `:\t${value} / ${target.averageValue}`;
  }
  const { averageUtilization: share, averageValue = ZERO } = current ?? {};
  const value = share === undefined ? UNKNOWN : `${share}% (${averageValue})`;
  const { averageUtilization: wanted } = target;
  const goal = wanted === undefined ? '<auto>' : `${wanted}%`;
  return `  (as a percentage of request):\t${value} / ${goal}`;
}

function describeScaling(text: Text, title: string, rules: ScalingRules | undefined): void {
  if (!rules) return;
  const { stabilizationWindowSeconds: window, selectPolicy = 'Max', policies = [] } = rules;
  text.line(1, `${title}:`);
  if (window !== undefined) text.line(2, `Stabilization Window: ${window} seconds`);
  if (policies.length === 0) return;
  text.line(2, `Select Policy: ${selectPolicy}`);
  text.line(2, 'Policies:');
  for (const { type, value, periodSeconds } of policies) {
    text.line(3, `- Type: ${type}\tValue: ${value}\tPeriod: ${periodSeconds} seconds`);
  }
}

export const disruptionBudget: Describer<PodDisruptionBudget> = {
  text({ metadata, spec, status }, { events, nowMs }) {
    const { minAvailable, maxUnavailable, selector } = spec;
    const text = new Text();
    text.line(0, `Name:\t${metadata.name}`);
    text.line(0, `Namespace:\t${metadata.namespace ?? ''}`);
    if (minAvailable !== undefined) text.line(0, `Min available:\t${minAvailable}`);
    else if (maxUnavailable !== undefined) text.line(0, `Max unavailable:\t${maxUnavailable}`);
    text.line(0, `Selector:\t${selector ? formatSelector(selector) : '<unset>'}`);
    text.line(0, 'Status:');
    text.line(2, `Allowed disruptions:\t${status.disruptionsAllowed}`);
    text.line(2, `Current:\t${status.currentHealthy}`);
    text.line(2, `Desired:\t${status.desiredHealthy}`);
    text.line(2, `Total:\t${status.expectedPods}`);
    describeEvents(text, events, nowMs);
    return text.toString();
  },
};
