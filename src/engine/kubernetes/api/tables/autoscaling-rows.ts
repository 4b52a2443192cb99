import type {
  HorizontalPodAutoscaler,
  MetricSpec,
  MetricStatus,
  MetricTarget,
  MetricValue,
} from '../autoscaling.ts';
import type { PodDisruptionBudget } from '../policy.ts';
import { ageOf } from './age.ts';
import type { RowKind, RowOptions } from './cells.ts';
import { columns, type Cell } from './columns.ts';

/** Rows of HorizontalPodAutoscaler and PodDisruptionBudget (printers.go, v1.36). */
export const AUTOSCALER_ROWS: RowKind = {
  columns: columns(['Name', 'Reference', 'Targets', 'MinPods', 'MaxPods', 'Replicas', 'Age']),
  row: ({ metadata, spec, status }: HorizontalPodAutoscaler, { nowMs }: RowOptions): Cell[] => [
    metadata.name,
    `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}`,
    metricsText(spec.metrics ?? [], status.currentMetrics ?? []),
    spec.minReplicas === undefined ? '<unset>' : String(spec.minReplicas),
    spec.maxReplicas,
    status.currentReplicas ?? 0,
    ageOf(metadata.creationTimestamp, nowMs),
  ],
};

const SHOWN_METRICS = 2;

/** What is measured against what is wanted, of two metrics at most. */
function metricsText(specs: readonly MetricSpec[], statuses: readonly MetricStatus[]): string {
  if (specs.length === 0) return '<none>';
  const list = specs.map((spec, i) => metricText(spec, statuses[i]));
  const text = list.slice(0, SHOWN_METRICS).join(', ');
  const more = list.length - SHOWN_METRICS;
  return more > 0 ? `${text} + ${more} more...` : text;
}

function metricText(spec: MetricSpec, status: MetricStatus | undefined): string {
  const { pods, object, external, resource, containerResource } = spec;
  switch (spec.type) {
    case 'External':
      return external ? valueText(external.target, status?.external?.current) : UNKNOWN;
    case 'Object':
      return object ? valueText(object.target, status?.object?.current) : UNKNOWN;
    case 'Pods':
      return `${status?.pods?.current.averageValue ?? UNKNOWN}/${pods?.target.averageValue ?? ''}`;
    case 'Resource':
      return resource
        ? `${resource.name}: ${usageText(resource.target, status?.resource?.current)}`
        : UNKNOWN;
    case 'ContainerResource':
      return containerResource
        ? `${containerResource.name}: ` +
            usageText(containerResource.target, status?.containerResource?.current)
        : UNKNOWN;
    default:
      return '<unknown type>';
  }
}

const UNKNOWN = '<unknown>';

function valueText({ averageValue, value }: MetricTarget, current: MetricValue = {}): string {
  return averageValue === undefined
    ? `${current.value ?? UNKNOWN}/${value ?? ''}`
    : `${current.averageValue ?? UNKNOWN}/${averageValue} (avg)`;
}

function usageText(target: MetricTarget, current: MetricValue = {}): string {
  if (target.averageValue !== undefined) {
    return `${current.averageValue ?? UNKNOWN}/${target.averageValue}`;
  }
  const used = current.averageUtilization;
  const wanted = target.averageUtilization;
  const part = (share: number | undefined, none: string): string =>
    share === undefined ? none : `${share}%`;
  return `${part(used, UNKNOWN)}/${part(wanted, '<auto>')}`;
}

export const DISRUPTION_BUDGET_ROWS: RowKind = {
  columns: columns(['Name', 'Min Available', 'Max Unavailable', 'Allowed Disruptions', 'Age']),
  row: ({ metadata, spec, status }: PodDisruptionBudget, { nowMs }: RowOptions): Cell[] => [
    metadata.name,
    String(spec.minAvailable ?? 'N/A'),
    String(spec.maxUnavailable ?? 'N/A'),
    status.disruptionsAllowed,
    ageOf(metadata.creationTimestamp, nowMs),
  ],
};
