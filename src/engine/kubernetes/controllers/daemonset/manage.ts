import type { Node } from '../../api/cluster-objects.ts';
import { isPodReady, type Pod } from '../../api/pod.ts';
import type { DaemonSet } from '../../api/workloads.ts';
import { isPodAvailable } from '../availability.ts';
import { isUpdated, olderPodFirst } from './daemon-pod.ts';
import { nodeShouldRun } from './node-should-run.ts';
import { allowsSurge, type PodsByNode } from './nodes.ts';

/**
 * Which nodes lack a Pod and which Pods are too many (pkg/controller/daemon/daemon_controller.go
 * `podsShouldBeOnNode`, v1.36).
 */
export interface Plan {
  readonly create: readonly string[];
  readonly remove: readonly Pod[];
  /** Those of them that ended: they are told of, and a failed one is made anew ever later. */
  readonly ended: readonly { readonly pod: Pod; readonly node: string }[];
}

interface Draft {
  readonly create: string[];
  readonly remove: Pod[];
  readonly ended: { pod: Pod; node: string }[];
}

/** @param held whether a failed Pod of the node must wait before it is taken away */
export function planNodes(
  set: DaemonSet,
  nodes: Iterable<Node>,
  byNode: PodsByNode,
  options: {
    readonly hash: string;
    readonly nowMs: number;
    readonly held: (node: string) => boolean;
  },
): Plan {
  const plan: Draft = { create: [], remove: [], ended: [] };
  const known = new Set<string>();
  for (const node of nodes) {
    const { name } = node.metadata;
    known.add(name);
    const wish = nodeShouldRun(node, set);
    const pods = byNode.get(name);
    if (wish.shouldRun && !pods) plan.create.push(name);
    else if (wish.shouldContinueRunning && pods) {
      // What most nodes have: one Pod that runs or will.
      if (pods.length === 1 && pods.every(isOnItsWay)) continue;
      const running = sortOut(plan, name, pods, options.held);
      if (!allowsSurge(set)) plan.remove.push(...running.sort(olderPodFirst).slice(1));
      else if (running.length > 0) pruneSurge(plan, set, running, options);
      else if (wish.shouldRun) plan.create.push(name);
    } else if (pods) plan.remove.push(...pods.filter(isStaying));
  }
  // Pods for nodes that are gone, which no scheduler can place.
  for (const [node, pods] of byNode) {
    if (!known.has(node)) plan.remove.push(...pods.filter((p) => isStaying(p) && !p.spec.nodeName));
  }
  return plan;
}

const isStaying = ({ metadata }: Pod): boolean => metadata.deletionTimestamp === undefined;

const isOnItsWay = (pod: Pod): boolean =>
  isStaying(pod) && pod.status.phase !== 'Failed' && pod.status.phase !== 'Succeeded';

/** Marks the Pods that ended for removal; gives those that run or will. */
function sortOut(
  plan: Draft,
  node: string,
  pods: readonly Pod[],
  held: (node: string) => boolean,
): Pod[] {
  const running: Pod[] = [];
  for (const pod of pods.filter(isStaying)) {
    const { phase } = pod.status;
    if (phase !== 'Failed' && phase !== 'Succeeded') {
      running.push(pod);
      continue;
    }
    if (phase === 'Failed' && held(node)) continue;
    plan.ended.push({ pod, node });
    plan.remove.push(pod);
  }
  return running;
}

/** Two Pods may stay: an old one that is ready, and a new one that is not available yet. */
function pruneSurge(
  plan: Draft,
  set: DaemonSet,
  running: readonly Pod[],
  { hash, nowMs }: { readonly hash: string; readonly nowMs: number },
): void {
  if (running.length <= 1) return;
  const sorted = [...running].sort(olderPodFirst);
  const newest = sorted.find((pod) => isUpdated(pod, hash));
  const oldest = sorted.find((pod) => !isUpdated(pod, hash));
  plan.remove.push(...sorted.filter((pod) => pod !== newest && pod !== oldest));
  if (!newest || !oldest) return;
  const done = isPodAvailable(newest, set.spec.minReadySeconds, nowMs);
  if (!isPodReady(oldest) || done) plan.remove.push(oldest);
}
