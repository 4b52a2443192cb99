import type {
  CrossVersionObjectReference,
  HorizontalPodAutoscaler,
  MetricIdentifier,
  MetricSpec,
  MetricTarget,
  ScalingRules,
} from '../autoscaling.ts';
import type { PodDisruptionBudget } from '../policy.ts';
import {
  given,
  forbidden,
  invalid,
  invalids,
  NOT_POSITIVE,
  notSupported,
  oneOf,
  required,
  type FieldCause,
} from './field-errors.ts';
import { notMoreThanAll, validateIntOrPercent } from './int-or-percent.ts';
import { validateSelector } from './metadata.ts';
import { dnsLabel, pathSegment } from './names.ts';
import { compareAmounts } from './resource-amounts.ts';

/**
 * HorizontalPodAutoscaler and PodDisruptionBudget
 * (pkg/apis/{autoscaling,policy}/validation/validation.go, v1.36).
 */
export function validateAutoscaler({ spec }: HorizontalPodAutoscaler): FieldCause[] {
  const { minReplicas: min, maxReplicas: max = 0, metrics = [], behavior } = given(spec);
  const causes: FieldCause[] = [];
  const more = 'must be greater than 0';
  if (min !== undefined && min < 1) {
    causes.push(invalid('spec.minReplicas', min, 'must be greater than or equal to 1'));
  }
  if (max < 1) causes.push(invalid('spec.maxReplicas', max, more));
  if (min !== undefined && max < min) {
    const why = 'must be greater than or equal to `minReplicas`';
    causes.push(invalid('spec.maxReplicas', max, why));
  }
  causes.push(...validateReference(spec.scaleTargetRef, 'spec.scaleTargetRef'));
  metrics.forEach((metric, i) => causes.push(...validateMetric(metric, `spec.metrics[${i}]`)));
  if (!behavior) return causes;
  return [
    ...causes,
    ...validateRules(behavior.scaleUp, 'spec.behavior.scaleUp'),
    ...validateRules(behavior.scaleDown, 'spec.behavior.scaleDown'),
  ];
}

function validateReference(
  reference: CrossVersionObjectReference | undefined,
  at: string,
): FieldCause[] {
  const { kind, name } = reference ?? {};
  return [
    ...(kind ? invalids(`${at}.kind`, kind, pathSegment(kind)) : [required(`${at}.kind`)]),
    ...(name ? invalids(`${at}.name`, name, pathSegment(name)) : [required(`${at}.name`)]),
  ];
}

const METRIC_TYPES = ['ContainerResource', 'External', 'Object', 'Pods', 'Resource'];
/** In the order in which upstream looks for them. */
const SOURCES = ['object', 'external', 'pods', 'resource', 'containerResource'] as const;
type Source = (typeof SOURCES)[number];

function validateMetric(metric: MetricSpec, at: string): FieldCause[] {
  const { type } = metric;
  const causes: FieldCause[] = [];
  if (!type) causes.push(required(`${at}.type`, 'must specify a metric source type'));
  const known = METRIC_TYPES.includes(type);
  if (!known) causes.push(notSupported(`${at}.type`, type ?? '', METRIC_TYPES));
  const given = SOURCES.filter((source) => metric[source] !== undefined);
  const [first] = given;
  if (first) causes.push(...validateSource(metric, first, `${at}.${first}`));
  const expected = known ? (((type[0]?.toLowerCase() ?? '') + type.slice(1)) as Source) : undefined;
  if (expected && metric[expected] === undefined) {
    const why = 'must populate information for the given metric source';
    causes.push(required(`${at}.${expected}`, why));
  }
  if (!known) causes.push(notSupported(`${at}.type`, type ?? '', METRIC_TYPES));
  if (given.length === 1) return causes;
  const others = given.filter((source) => source !== expected).sort((a, b) => (a < b ? -1 : 1));
  const why = 'must populate the given metric source only';
  return [...causes, ...others.map((source) => forbidden(`${at}.${source}`, why))];
}

function validateSource(metric: MetricSpec, source: Source, at: string): FieldCause[] {
  const { object, external, pods, resource, containerResource } = metric;
  if (source === 'object' && object) {
    return [
      ...validateReference(object.describedObject, `${at}.describedObject`),
      ...validateIdentifier(object.metric, at),
      ...validateTarget(object.target, `${at}.target`),
      ...needsValue(object.target, at, 'must set either a target value or averageValue'),
    ];
  }
  if (source === 'external' && external) return validateExternal(external, at);
  if (source === 'pods' && pods) {
    const why = 'must specify a positive target averageValue';
    return [
      ...validateIdentifier(pods.metric, at),
      ...validateTarget(pods.target, `${at}.target`),
      ...(pods.target?.averageValue === undefined
        ? [required(`${at}.target.averageValue`, why)]
        : []),
    ];
  }
  const of = resource ?? containerResource;
  const causes: FieldCause[] = of?.name
    ? []
    : [required(`${at}.name`, 'must specify a resource name')];
  if (source === 'containerResource') {
    const container = containerResource?.container ?? '';
    const field = `${at}.container`;
    if (!container) causes.push(required(field, 'must specify a container'));
    else causes.push(...invalids(field, container, dnsLabel(container)));
  }
  return [...causes, ...validateUsage(of?.target, at)];
}

function validateExternal(
  { metric, target }: NonNullable<MetricSpec['external']>,
  at: string,
): FieldCause[] {
  const none = 'must set either a target value for metric or a per-pod target';
  const causes = [
    ...validateIdentifier(metric, at),
    ...validateTarget(target, `${at}.target`),
    ...needsValue(target, at, none),
  ];
  if (target?.value === undefined || target.averageValue === undefined) return causes;
  const both = 'may not set both a target value for metric and a per-pod target';
  return [...causes, forbidden(`${at}.target.value`, both)];
}

function validateUsage(target: MetricTarget | undefined, at: string): FieldCause[] {
  const causes = validateTarget(target, `${at}.target`);
  const { averageUtilization: share, averageValue: value } = target ?? {};
  if (share === undefined && value === undefined) {
    const why = 'must set either a target raw value or a target utilization';
    causes.push(required(`${at}.target.averageUtilization`, why));
  }
  if (share !== undefined && value !== undefined) {
    const why = 'may not set both a target raw value and a target utilization';
    causes.push(forbidden(`${at}.target.averageValue`, why));
  }
  return causes;
}

function needsValue(target: MetricTarget | undefined, at: string, why: string): FieldCause[] {
  const has = target?.value !== undefined || target?.averageValue !== undefined;
  return has ? [] : [required(`${at}.target.averageValue`, why)];
}

function validateIdentifier(metric: MetricIdentifier | undefined, at: string): FieldCause[] {
  const field = `${at}.metric.name`;
  if (!metric?.name) return [required(field, 'must specify a metric name')];
  return invalids(field, metric.name, pathSegment(metric.name));
}

const TARGET_TYPES = ['Utilization', 'Value', 'AverageValue'];

function validateTarget(target: MetricTarget | undefined, at: string): FieldCause[] {
  const { type, value, averageValue, averageUtilization: share } = target ?? {};
  const causes: FieldCause[] = [];
  if (!type) causes.push(required(`${at}.type`, 'must specify a metric target type'));
  if (!type || !TARGET_TYPES.includes(type)) {
    const why = 'must be either Utilization, Value, or AverageValue';
    causes.push(invalid(`${at}.type`, type ?? '', why));
  }
  for (const [field, amount] of Object.entries({ value, averageValue })) {
    if (amount === undefined || compareAmounts(amount, 0) > 0) continue;
    causes.push(invalid(`${at}.${field}`, String(amount), 'must be positive'));
  }
  if (share !== undefined && share < 1) {
    causes.push(invalid(`${at}.averageUtilization`, share, 'must be greater than 0'));
  }
  return causes;
}

const MOST_WINDOW_SECONDS = 3600;
const MOST_PERIOD_SECONDS = 1800;

function validateRules(rules: ScalingRules | undefined, at: string): FieldCause[] {
  if (!rules) return [];
  const { stabilizationWindowSeconds: window, selectPolicy, policies = [] } = rules;
  const causes: FieldCause[] = [];
  const field = `${at}.stabilizationWindowSeconds`;
  if (window !== undefined && window < 0) {
    causes.push(invalid(field, window, 'must be greater than or equal to zero'));
  }
  if (window !== undefined && window > MOST_WINDOW_SECONDS) {
    causes.push(invalid(field, window, `must be less than or equal to ${MOST_WINDOW_SECONDS}`));
  }
  causes.push(...oneOf(`${at}.selectPolicy`, selectPolicy, ['Disabled', 'Max', 'Min']));
  if (policies.length === 0) {
    causes.push(required(`${at}.policies`, 'must specify at least one Policy'));
  }
  policies.map(given).forEach(({ type, value = 0, periodSeconds = 0 }, i) => {
    const here = `${at}.policies[${i}]`;
    if (type !== 'Pods' && type !== 'Percent') {
      causes.push(notSupported(`${here}.type`, type ?? '', ['Percent', 'Pods']));
    }
    if (value <= 0) causes.push(invalid(`${here}.value`, value, NOT_POSITIVE));
    const period = `${here}.periodSeconds`;
    if (periodSeconds <= 0) causes.push(invalid(period, periodSeconds, NOT_POSITIVE));
    if (periodSeconds > MOST_PERIOD_SECONDS) {
      const why = `must be less than or equal to ${MOST_PERIOD_SECONDS}`;
      causes.push(invalid(period, periodSeconds, why));
    }
  });
  return causes;
}

export function validateDisruptionBudget({ spec }: PodDisruptionBudget): FieldCause[] {
  const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy: policy } = spec;
  const causes: FieldCause[] = [];
  if (minAvailable !== undefined && maxUnavailable !== undefined) {
    const value = {
      MinAvailable: minAvailable,
      Selector: selector ?? null,
      MaxUnavailable: maxUnavailable,
      UnhealthyPodEvictionPolicy: policy ?? null,
    };
    causes.push(invalid('spec', value, 'minAvailable and maxUnavailable cannot be both set'));
  }
  for (const [field, value] of Object.entries({ minAvailable, maxUnavailable })) {
    if (value === undefined) continue;
    causes.push(
      ...validateIntOrPercent(value, `spec.${field}`),
      ...notMoreThanAll(value, `spec.${field}`),
    );
  }
  return [
    ...causes,
    ...validateSelector(selector, 'spec.selector'),
    ...oneOf('spec.unhealthyPodEvictionPolicy', policy, ['AlwaysAllow', 'IfHealthyBudget']),
  ];
}
