import {
  DESIRED_REPLICAS,
  MAX_REPLICAS,
  type Deployment,
  type ReplicaSet,
} from '../../api/workloads.ts';
import { maxSurge } from './fenceposts.ts';
import { createdMs, olderFirst, type Sets } from './revisions.ts';

/**
 * Scaling without going on with a rollout: in its middle every active ReplicaSet grows or shrinks
 * in proportion to its size (pkg/controller/deployment/sync.go `scale`, util
 * `GetReplicaSetProportion`, v1.36).
 */
export interface SetInRollout {
  readonly name: string;
  readonly replicas: number;
  /** The size that the Deployment allowed in all when this set was last scaled. */
  readonly maxReplicas?: number;
  readonly createdMs: number;
}

type Scaled = Pick<Deployment, 'spec' | 'status'>;

/** Whether the wanted number has changed since an active ReplicaSet was scaled. */
export function isScalingEvent({ spec }: Scaled, sets: readonly ReplicaSet[]): boolean {
  return sets.some((set) => {
    const desired = annotatedNumber(set, DESIRED_REPLICAS);
    return set.spec.replicas > 0 && desired !== undefined && desired !== spec.replicas;
  });
}

/** The sizes that sets should have, by name; a set that is left out keeps its own. */
export function scaledSizes(deployment: Scaled, { newSet, oldSets }: Sets): Map<string, number> {
  const { spec } = deployment;
  const only = activeOrLatest(newSet, oldSets);
  if (only) return new Map([[only.metadata.name, spec.replicas]]);
  const all = newSet ? [...oldSets, newSet] : oldSets;
  const active = all.filter((set) => set.spec.replicas > 0);
  if (newSet && isSaturated(deployment, newSet)) {
    return new Map(active.filter((set) => set !== newSet).map((set) => [set.metadata.name, 0]));
  }
  if (spec.strategy.type !== 'RollingUpdate') return new Map();
  return scaleInProportion(deployment, active.map(inRollout));
}

/** The one set that is active; the newest when none is; undefined when several are. */
function activeOrLatest(
  newSet: ReplicaSet | undefined,
  oldSets: readonly ReplicaSet[],
): ReplicaSet | undefined {
  const all = newSet ? [...oldSets, newSet] : oldSets;
  const active = all.filter((set) => set.spec.replicas > 0);
  if (active.length > 1) return undefined;
  return active[0] ?? newSet ?? [...oldSets].sort(olderFirst).at(-1);
}

/** A new set that has every Pod wanted of it makes the others needless. */
function isSaturated({ spec }: Scaled, set: ReplicaSet): boolean {
  const { replicas } = spec;
  return (
    set.spec.replicas === replicas &&
    annotatedNumber(set, DESIRED_REPLICAS) === replicas &&
    (set.status.availableReplicas ?? 0) === replicas
  );
}

function inRollout(set: ReplicaSet): SetInRollout {
  const maxReplicas = annotatedNumber(set, MAX_REPLICAS);
  return {
    name: set.metadata.name,
    replicas: set.spec.replicas,
    ...(maxReplicas !== undefined && { maxReplicas }),
    createdMs: createdMs(set),
  };
}

function annotatedNumber({ metadata }: ReplicaSet, annotation: string): number | undefined {
  const text = metadata.annotations?.[annotation];
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : undefined;
}

/** round(replicas * (wanted + surge) / max-replicas annotation) - replicas, half away from 0. */
function fraction(set: SetInRollout, { spec, status }: Scaled): number {
  if (spec.replicas === 0) return -set.replicas;
  const before = set.maxReplicas || (status.replicas ?? 0);
  if (before === 0) return 0;
  const exact = (set.replicas * (spec.replicas + maxSurge(spec))) / before;
  return Math.floor(exact + 0.5) - set.replicas;
}

/** The new size of each set, by name. */
export function scaleInProportion(
  deployment: Scaled,
  sets: readonly SetInRollout[],
): Map<string, number> {
  const { spec } = deployment;
  const current = sets.reduce((sum, set) => sum + set.replicas, 0);
  const allowed = spec.replicas > 0 ? spec.replicas + maxSurge(spec) : 0;
  const toAdd = allowed - current;
  const ordered = [...sets].sort((a, b) => order(a, b, toAdd > 0));
  const sizes = new Map<string, number>();
  let added = 0;
  for (const set of ordered) {
    const left = toAdd - added;
    const share = toAdd === 0 || left === 0 ? 0 : clip(fraction(set, deployment), left, toAdd);
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

/** No further than what is left. */
const clip = (share: number, left: number, toAdd: number): number =>
  toAdd > 0 ? Math.min(share, left) : Math.max(share, left);

/** Largest first; of equal ones the newer grows first, the older shrinks first. */
function order(a: SetInRollout, b: SetInRollout, growing: boolean): number {
  if (a.replicas !== b.replicas) return b.replicas - a.replicas;
  const byAge = a.createdMs - b.createdMs || (a.name < b.name ? -1 : 1);
  return growing ? -byAge : byAge;
}
