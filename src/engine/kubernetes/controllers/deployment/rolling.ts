import type { Deployment, ReplicaSet } from '../../api/workloads.ts';
import { maxSurge, maxUnavailable } from './fenceposts.ts';

/**
 * The arithmetic of a rolling update (pkg/controller/deployment/{rolling,recreate}.go and
 * util/deployment_util.go, v1.36). Sizes go in, sizes come out; the controller writes them.
 */
export interface SetSize {
  readonly name: string;
  readonly specReplicas: number;
  readonly availableReplicas: number;
}

/** A new size for a ReplicaSet. */
export interface Scaling {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

export function sizeOf({ metadata, spec, status }: ReplicaSet): SetSize {
  return {
    name: metadata.name,
    specReplicas: spec.replicas,
    availableReplicas: status.availableReplicas ?? 0,
  };
}

const total = (sets: readonly SetSize[]): number =>
  sets.reduce((sum, set) => sum + set.specReplicas, 0);

/**
 * The size the new ReplicaSet should have: as large as room allows, where
 * room = replicas + maxSurge - Pods over all ReplicaSets.
 */
export function newSetReplicas(
  spec: Deployment['spec'],
  newReplicas: number,
  allReplicas: number,
): number {
  if (spec.strategy.type !== 'RollingUpdate') return spec.replicas;
  const room = spec.replicas + maxSurge(spec) - allReplicas;
  if (room <= 0) return newReplicas;
  return newReplicas + Math.min(room, spec.replicas - newReplicas);
}

/** What to do with the new ReplicaSet in this step; undefined when it has its size. */
export function scaleNew(
  spec: Deployment['spec'],
  newSet: SetSize,
  oldSets: readonly SetSize[],
): Scaling | undefined {
  const { name, specReplicas: from } = newSet;
  if (from === spec.replicas) return undefined;
  if (from > spec.replicas) return { name, from, to: spec.replicas };
  const to = newSetReplicas(spec, from, total(oldSets) + from);
  return to === from ? undefined : { name, from, to };
}

/**
 * What to take from the old ReplicaSets in this step, oldest first. At most
 * all Pods - (replicas - maxUnavailable) - new Pods that are not available yet; those that are not
 * available go first, since losing them costs nothing; the rest as far as availability allows.
 */
export function scaleOld(
  spec: Deployment['spec'],
  newSet: SetSize,
  oldSets: readonly SetSize[],
): Scaling[] {
  if (total(oldSets) === 0) return [];
  const minAvailable = spec.replicas - maxUnavailable(spec);
  const newUnavailable = newSet.specReplicas - newSet.availableReplicas;
  const maxScaledDown = total(oldSets) + newSet.specReplicas - minAvailable - newUnavailable;
  if (maxScaledDown <= 0) return [];
  const cleaned = cleanUpUnhealthy(oldSets, maxScaledDown);
  const after = apply(oldSets, cleaned);
  return join(cleaned, scaleDownAvailable(spec, newSet, after));
}

/** Takes Pods that are not available, at most `maxCleanup`. */
export function cleanUpUnhealthy(oldSets: readonly SetSize[], maxCleanup: number): Scaling[] {
  const scalings: Scaling[] = [];
  let taken = 0;
  for (const { name, specReplicas: from, availableReplicas } of oldSets) {
    if (taken >= maxCleanup) break;
    const unhealthy = Math.max(0, from - availableReplicas);
    const down = Math.min(maxCleanup - taken, unhealthy);
    if (from === 0 || down === 0) continue;
    scalings.push({ name, from, to: from - down });
    taken += down;
  }
  return scalings;
}

/** Takes available Pods, as many as there are beyond replicas - maxUnavailable. */
export function scaleDownAvailable(
  spec: Deployment['spec'],
  newSet: SetSize,
  oldSets: readonly SetSize[],
): Scaling[] {
  const minAvailable = spec.replicas - maxUnavailable(spec);
  const available = [newSet, ...oldSets].reduce((sum, set) => sum + set.availableReplicas, 0);
  let left = available - minAvailable;
  const scalings: Scaling[] = [];
  for (const { name, specReplicas: from } of oldSets) {
    if (left <= 0) break;
    const down = Math.min(left, from);
    if (down === 0) continue;
    scalings.push({ name, from, to: from - down });
    left -= down;
  }
  return scalings;
}

function apply(sets: readonly SetSize[], scalings: readonly Scaling[]): SetSize[] {
  const sizes = new Map(scalings.map(({ name, to }) => [name, to]));
  return sets.map((set) => ({ ...set, specReplicas: sizes.get(set.name) ?? set.specReplicas }));
}

/** Two rounds of scaling as one: from the size before the first to the size after the second. */
function join(first: readonly Scaling[], second: readonly Scaling[]): Scaling[] {
  const joined = new Map(first.map((scaling) => [scaling.name, scaling]));
  for (const { name, from, to } of second) {
    joined.set(name, { name, from: joined.get(name)?.from ?? from, to });
  }
  return [...joined.values()];
}
