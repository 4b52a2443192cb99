import type { Node } from '../api/cluster-objects.ts';
import type { ClusterView } from './cluster-view.ts';
import type { NodeInfo } from './node-facts.ts';
import type { PodInfo, SpecFacts } from './pod-info.ts';
import { hasUntolerated } from './plugins/taint-toleration.ts';
import type { Constraint } from './spread-constraints.ts';

/**
 * Which nodes count for spreading a Pod, and how many of its like are in each of their domains
 * (plugins/podtopologyspread/common.go, v1.36).
 */
export function isEligible(
  { facts }: PodInfo,
  { honorsAffinity, honorsTaints }: Constraint,
  node: Node,
): boolean {
  if (honorsAffinity && facts.required && !facts.required.matches(node)) return false;
  return !honorsTaints || !hasUntolerated(node.spec.taints, facts.tolerations);
}

export function hasAllKeys(constraints: readonly Constraint[], { labels }: NodeInfo): boolean {
  for (const { topologyKey } of constraints) if (labels[topologyKey] === undefined) return false;
  return true;
}

/**
 * Matching Pods by domain, on nodes that count and have all the keys; -1 for a domain without such
 * a node. Kept up by the view as long as it lasts: a copy is needed to go on from.
 */
export function countEligible(
  pod: PodInfo,
  constraint: Constraint,
  needsAll: readonly Constraint[],
  view: ClusterView,
): Int32Array {
  const counts = view.counts.of([constraint.kind], false);
  const careless = !constraint.honorsTaints && !(constraint.honorsAffinity && pod.facts.required);
  if (careless && needsAll.length === 0) {
    return view.counts.inDomains(counts, constraint.topologyKey).pods;
  }
  const mask = maskOf(pod, constraint, needsAll, view);
  if (mask.isFull) return view.counts.inDomains(counts, constraint.topologyKey).pods;
  const { of, values } = view.counts.domains(constraint.topologyKey);
  const { nodes } = mask;
  const sums = new Int32Array(values.length).fill(-1);
  for (let at = 0; at < nodes.length; at++) {
    const domain = of[at]!;
    if (nodes[at] === 0 || domain < 0) continue;
    sums[domain] = Math.max(0, sums[domain]!) + counts.onNode[at]!;
  }
  return sums;
}

interface Mask {
  readonly version: number;
  readonly constraint: Constraint;
  readonly needsAll: readonly Constraint[];
  readonly nodes: Uint8Array;
  /** All nodes count. */
  readonly isFull: boolean;
}

const MASKS = 8;
const masks = new WeakMap<ClusterView, WeakMap<SpecFacts, Mask[]>>();

/** Which nodes count: the same for all Pods of a template until a node changes. */
function maskOf(
  pod: PodInfo,
  constraint: Constraint,
  needsAll: readonly Constraint[],
  view: ClusterView,
): Mask {
  const version = view.nodesVersion;
  let ofView = masks.get(view);
  if (!ofView) {
    ofView = new WeakMap();
    masks.set(view, ofView);
  }
  const known = ofView.get(pod.facts) ?? [];
  for (const mask of known) {
    const isIt = mask.constraint === constraint && mask.needsAll === needsAll;
    if (isIt && mask.version === version) return mask;
  }
  const nodes = Uint8Array.from(view.nodes, (node) =>
    hasAllKeys(needsAll, node) && isEligible(pod, constraint, node.node) ? 1 : 0,
  );
  const mask = { version, constraint, needsAll, nodes, isFull: !nodes.includes(0) };
  const others = known.filter((other) => other.version === version).slice(0, MASKS - 1);
  ofView.set(pod.facts, [mask, ...others]);
  return mask;
}
