import type { Node } from '../../api/cluster-objects.ts';
import type { Pod } from '../../api/pod.ts';
import type { DaemonSet } from '../../api/workloads.ts';
import { isPodAvailable } from '../availability.ts';
import { isUpdated } from './daemon-pod.ts';
import { nodeShouldRun } from './node-should-run.ts';
import { limitsOf, type PodsByNode, type UpdateLimits } from './nodes.ts';

/**
 * What a rolling update of a DaemonSet does next (pkg/controller/daemon/update.go
 * `rollingUpdate`, v1.36). Without surge it takes away old Pods, as many as may be unavailable;
 * with surge it puts new Pods beside old ones and takes away the old when the new are available.
 */
export interface RollingPlan {
  readonly limits: UpdateLimits;
  /** Nodes without an available Pod, as far as they were looked at. */
  readonly unavailable: number;
  readonly create: readonly string[];
  readonly remove: readonly Pod[];
}

export interface RollingView {
  readonly set: DaemonSet;
  readonly nodes: ReadonlyMap<string, Node>;
  readonly byNode: PodsByNode;
  readonly hash: string;
  readonly nowMs: number;
}

/** Whether any Pod is left to be updated: the common case is that none is. */
export function hasOldPods({ byNode, hash }: RollingView): boolean {
  for (const pods of byNode.values()) {
    for (const pod of pods) {
      if (pod.metadata.deletionTimestamp === undefined && !isUpdated(pod, hash)) return true;
    }
  }
  return false;
}

/** At most one Pod of each kind on a node; undefined when there are more. */
interface Pair {
  readonly old?: Pod;
  readonly fresh?: Pod;
}

export function planRollingUpdate(view: RollingView): RollingPlan {
  const wanted = [...view.nodes.values()].filter((node) => nodeShouldRun(node, view.set).shouldRun);
  const limits = limitsOf(view.set, wanted.length);
  // Nodes that want a Pod and have none count too.
  const byNode = new Map(view.byNode);
  for (const { metadata } of wanted) {
    if (!byNode.has(metadata.name)) byNode.set(metadata.name, []);
  }
  const full = { ...view, byNode };
  return limits.maxSurge === 0 ? replace(full, limits) : surge(full, limits);
}

function pairOf(pods: readonly Pod[], hash: string): Pair | undefined {
  const staying = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const fresh = staying.filter((pod) => isUpdated(pod, hash));
  const old = staying.filter((pod) => !isUpdated(pod, hash));
  if (fresh.length > 1 || old.length > 1) return undefined;
  return { ...(old[0] && { old: old[0] }), ...(fresh[0] && { fresh: fresh[0] }) };
}

function replace({ set, byNode, hash, nowMs }: RollingView, limits: UpdateLimits): RollingPlan {
  const available = (pod: Pod) => isPodAvailable(pod, set.spec.minReadySeconds, nowMs);
  let unavailable = 0;
  const allowed: Pod[] = [];
  const candidates: Pod[] = [];
  for (const pods of byNode.values()) {
    const pair = pairOf(pods, hash);
    const { old, fresh } = pair ?? {};
    if (!pair || !old === !fresh) unavailable += 1;
    else if (fresh) unavailable += Number(!available(fresh));
    else if (old && !available(old)) {
      allowed.push(old);
      unavailable += 1;
    } else if (old && unavailable < limits.maxUnavailable) candidates.push(old);
  }
  const left = Math.max(0, limits.maxUnavailable - unavailable);
  return { limits, unavailable, create: [], remove: [...allowed, ...candidates.slice(0, left)] };
}

function surge(view: RollingView, limits: UpdateLimits): RollingPlan {
  const { set, nodes, byNode, hash, nowMs } = view;
  const available = (pod: Pod) => isPodAvailable(pod, set.spec.minReadySeconds, nowMs);
  let surging = 0;
  let availableNodes = 0;
  const remove: Pod[] = [];
  const unwanted: Pod[] = [];
  const allowed: string[] = [];
  const candidates: string[] = [];
  for (const [name, pods] of byNode) {
    const pair = pairOf(pods, hash);
    if (!pair) {
      surging += 1;
      continue;
    }
    const { old, fresh } = pair;
    const first = old ?? fresh;
    if (first && available(first)) availableNodes += 1;
    if (!old) continue;
    if (fresh) {
      // The new Pod is there already: the old one goes when it is available.
      if (available(fresh)) remove.push(old);
      else surging += 1;
      continue;
    }
    const node = nodes.get(name);
    const wanted = node !== undefined && nodeShouldRun(node, set).shouldRun;
    if (available(old)) {
      if (!wanted) unwanted.push(old);
      else if (surging < limits.maxSurge) candidates.push(name);
    } else if (wanted) allowed.push(name);
    else remove.push(old);
  }
  // A Pod on a node that is not wanted any more goes only when others stand in for it.
  const spare = Math.max(0, availableNodes - limits.desired);
  const left = Math.max(0, limits.maxSurge - surging);
  return {
    limits,
    unavailable: byNode.size - availableNodes,
    create: [...allowed, ...candidates.slice(0, left)],
    remove: [...remove, ...unwanted.slice(0, spare)],
  };
}
