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
 * down. Both 0 would never get anywhere, so then unavailable is 1.
 */
export function resolveFenceposts(
  maxSurge: IntOrString | undefined,
  maxUnavailable: IntOrString | undefined,
  replicas: number,
): Fenceposts {
  const surge = scaledValue(maxSurge ?? 0, replicas, true) ?? 0;
  const unavailable = scaledValue(maxUnavailable ?? 0, replicas, false) ?? 0;
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

type Sized = Pick<DeploymentSpec, 'replicas' | 'strategy'>;

/** How many Pods more than wanted there may be; 0 unless the rollout is rolling. */
export function maxSurge({ replicas, strategy }: Sized): number {
  if (strategy.type !== 'RollingUpdate') return 0;
  const { rollingUpdate = {} } = strategy;
  return resolveFenceposts(rollingUpdate.maxSurge, rollingUpdate.maxUnavailable, replicas).surge;
}

/** How many Pods fewer than wanted may be available; never more than are wanted. */
export function maxUnavailable({ replicas, strategy }: Sized): number {
  if (strategy.type !== 'RollingUpdate' || replicas === 0) return 0;
  const { rollingUpdate = {} } = strategy;
  const posts = resolveFenceposts(rollingUpdate.maxSurge, rollingUpdate.maxUnavailable, replicas);
  return Math.min(posts.unavailable, replicas);
}
