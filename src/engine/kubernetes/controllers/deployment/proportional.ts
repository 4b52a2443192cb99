import type { Deployment } from '../../api/workloads.ts';
import { maxSurge } from './fenceposts.ts';

/**
 * Scaling in the middle of a rollout: every active ReplicaSet grows or shrinks in proportion to
 * its size (pkg/controller/deployment/sync.go `scale`, util `GetReplicaSetProportion`, v1.36).
 */
export interface SetInRollout {
  readonly name: string;
  readonly replicas: number;
  /** The size that the Deployment allowed in all when this set was last scaled. */
  readonly maxReplicas?: number;
  readonly createdMs: number;
}

/** round(replicas * (wanted + surge) / max-replicas annotation) - replicas, half away from 0. */
function fraction(set: SetInRollout, spec: Deployment['spec']): number {
  if (spec.replicas === 0) return -set.replicas;
  const max = set.maxReplicas ?? spec.replicas;
  if (max === 0) return 0;
  const exact = (set.replicas * (spec.replicas + maxSurge(spec))) / max;
  return Math.floor(exact + 0.5) - set.replicas;
}

/** The new size of each set, by name. */
export function scaleInProportion(
  spec: Deployment['spec'],
  sets: readonly SetInRollout[],
): Map<string, number> {
  const current = sets.reduce((sum, set) => sum + set.replicas, 0);
  const allowed = spec.replicas > 0 ? spec.replicas + maxSurge(spec) : 0;
  const toAdd = allowed - current;
  const ordered = [...sets].sort((a, b) => order(a, b, toAdd > 0));
  const sizes = new Map<string, number>();
  let added = 0;
  for (const set of ordered) {
    const share = toAdd === 0 ? 0 : clip(fraction(set, spec), toAdd - added);
    sizes.set(set.name, set.replicas + share);
    added += share;
  }
  const [first] = ordered;
  if (first && toAdd !== 0) {
    const rest = (sizes.get(first.name) ?? 0) + toAdd - added;
    sizes.set(first.name, Math.max(0, rest));
  }
  return sizes;
}

/** No more than what is left, and never the other way. */
function clip(share: number, left: number): number {
  if (left > 0) return Math.min(Math.max(share, 0), left);
  return Math.max(Math.min(share, 0), left);
}

/** Largest first; of equal ones the newer grows first, the older shrinks first. */
function order(a: SetInRollout, b: SetInRollout, growing: boolean): number {
  if (a.replicas !== b.replicas) return b.replicas - a.replicas;
  const byAge = a.createdMs - b.createdMs || (a.name < b.name ? -1 : 1);
  return growing ? -byAge : byAge;
}
