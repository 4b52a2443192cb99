import type { KubeObject } from '../apimachinery/object.ts';
import type { HorizontalPodAutoscaler, MetricSpec } from './autoscaling.ts';
import { apiVersionOf, resourceByKind } from './resources.ts';

/**
 * Objects in further served versions (pkg/apis/autoscaling/v1/conversion.go, v1.36). Gateways and
 * routes are the same in `v1beta1` but for the name of the version.
 *
 * Simplified: what `autoscaling/v1` keeps in annotations, metrics other than CPU, behavior and
 * conditions, is not shown there.
 */
interface OldAutoscaler extends KubeObject {
  readonly spec?: {
    readonly scaleTargetRef?: HorizontalPodAutoscaler['spec']['scaleTargetRef'];
    readonly minReplicas?: number;
    readonly maxReplicas?: number;
    readonly targetCPUUtilizationPercentage?: number;
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly lastScaleTime?: string;
    readonly currentReplicas?: number;
    readonly desiredReplicas?: number;
    readonly currentCPUUtilizationPercentage?: number;
  };
}

/** The object in the version that the server keeps. */
export function toKeptVersion(object: KubeObject): KubeObject {
  const info = resourceByKind(object.apiVersion, object.kind);
  if (!info) return object;
  const apiVersion = apiVersionOf(info);
  if (object.apiVersion === apiVersion) return object;
  if (info.resource !== 'horizontalpodautoscalers') return { ...object, apiVersion };
  return fromOldAutoscaler(object);
}

/** The object in another version that the server serves its kind in. */
export function toVersion(object: KubeObject, apiVersion: string): KubeObject {
  if (object.apiVersion === apiVersion) return object;
  if (apiVersion !== 'autoscaling/v1') return { ...object, apiVersion };
  return toOldAutoscaler(object as HorizontalPodAutoscaler);
}

function fromOldAutoscaler(old: OldAutoscaler): KubeObject {
  const { targetCPUUtilizationPercentage: target, ...spec } = old.spec ?? {};
  const { currentCPUUtilizationPercentage: current, ...status } = old.status ?? {};
  const used = current !== undefined && {
    currentMetrics: [
      { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: current } } },
    ],
  };
  const kept = {
    ...old,
    apiVersion: 'autoscaling/v2',
    ...(old.spec && { spec: { ...spec, ...(target !== undefined && { metrics: [cpu(target)] }) } }),
    ...(old.status && { status: { ...status, ...used } }),
  };
  return kept;
}

const cpu = (averageUtilization: number): MetricSpec => ({
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } },
});

function toOldAutoscaler({ spec, status, ...rest }: HorizontalPodAutoscaler): OldAutoscaler {
  const metric = spec.metrics?.find(({ resource }) => resource?.name === 'cpu');
  const target = metric?.resource?.target.averageUtilization;
  const measured = status?.currentMetrics?.find(({ resource }) => resource?.name === 'cpu');
  const current = measured?.resource?.current.averageUtilization;
  const { scaleTargetRef, minReplicas, maxReplicas } = spec;
  const { observedGeneration, lastScaleTime, currentReplicas, desiredReplicas } = status ?? {};
  return {
    ...rest,
    apiVersion: 'autoscaling/v1',
    spec: {
      scaleTargetRef,
      maxReplicas,
      ...(minReplicas !== undefined && { minReplicas }),
      ...(target !== undefined && { targetCPUUtilizationPercentage: target }),
    },
    status: {
      currentReplicas: currentReplicas ?? 0,
      desiredReplicas: desiredReplicas ?? 0,
      ...(observedGeneration !== undefined && { observedGeneration }),
      ...(lastScaleTime !== undefined && { lastScaleTime }),
      ...(current !== undefined && { currentCPUUtilizationPercentage: current }),
    },
  };
}
