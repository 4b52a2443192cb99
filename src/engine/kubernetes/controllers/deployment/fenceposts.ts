import type { DeploymentSpec } from '../../api/workloads.ts';
import { scaledValue, type IntOrString } from '../../apimachinery/int-or-string.ts';

/**
 * How far a rollout may go beyond and below the wanted number of Pods
 * (pkg/controller/deployment/util/deployment_util.go, v1.36).
 */
export interface Fenceposts {
  readonly surge: number;
  readonly unavailable: number;
}

/**
 * surge = maxSurge of replicas, rounded up; unavailable = maxUnavailable of replicas, rounded
 * down. Both 0 would never get anywhere, so then unavailable is 1. Undefined when one of them is
 * neither a number nor a percentage.
 */
export function resolveFenceposts(
  maxSurge: IntOrString | undefined,
  maxUnavailable: IntOrString | undefined,
  replicas: number,
): Fenceposts | undefined {
  const surge = scaledValue(maxSurge ?? 0, replicas, true);
  const unavailable = scaledValue(maxUnavailable ?? 0, replicas, false);
  if (surge === undefined || unavailable === undefined) return undefined;
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

type Sized = Pick<DeploymentSpec, 'replicas' | 'strategy'>;

function fencepostsOf({ replicas, strategy }: Sized): Fenceposts {
  const { maxSurge, maxUnavailable } = strategy.rollingUpdate ?? {};
  return resolveFenceposts(maxSurge, maxUnavailable, replicas) ?? { surge: 0, unavailable: 0 };
}

/** How many Pods more than wanted there may be; 0 unless the rollout is rolling. */
export function maxSurge(spec: Sized): number {
  return spec.strategy.type === 'RollingUpdate' ? fencepostsOf(spec).surge : 0;
}

/** How many Pods fewer than wanted may be available; never more than are wanted. */
export function maxUnavailable(spec: Sized): number {
  if (spec.strategy.type !== 'RollingUpdate' || spec.replicas === 0) return 0;
  return Math.min(fencepostsOf(spec).unavailable, spec.replicas);
}
