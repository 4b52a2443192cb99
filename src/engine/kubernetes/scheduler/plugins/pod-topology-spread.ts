import type { ClusterView } from '../cluster-view.ts';
import {
  MAX_NODE_SCORE,
  type ClusterFilter,
  type Rejection,
  type ScorePlugin,
  type ScoringState,
} from '../framework.ts';
import type { NodeInfo } from '../node-facts.ts';
import { naturalLogarithm } from '../natural-logarithm.ts';
import type { PendingPod, PodInfo } from '../pod-info.ts';
import type { Domains } from '../pod-counts.ts';
import { kindMatches } from '../pod-terms.ts';
import {
  HOSTNAME,
  ownConstraints,
  systemConstraints,
  type Constraint,
} from '../spread-constraints.ts';
import { countEligible, hasAllKeys, isEligible } from '../spread-domains.ts';

/**
 * Spreads Pods of a kind over domains (plugins/podtopologyspread/{filtering,scoring}.go, v1.36).
 *
 * Filter, for constraints with DoNotSchedule:
 *
 *   matching Pods in the node's domain + (1 if the Pod itself matches) - fewest in any domain
 *     <= maxSkew; with fewer domains than minDomains the fewest count as 0
 *
 * Score, for those with ScheduleAnyway and the system's own:
 *
 *   per constraint: matching Pods in the node's domain * ln(domains + 2) + (maxSkew - 1)
 *   raw score: their sum, rounded; a node without a key that it needs is left out and gets 0
 *   score = 100 * (highest + lowest - raw) / highest, in integers; 100 when the highest is 0
 */
const NAME = 'PodTopologySpread';
const IGNORED = -1;
const NONE: readonly Constraint[] = [];

const NO_LABEL: Rejection = {
  reasons: ["node(s) didn't match pod topology spread constraints (missing required label)"],
  resolvable: false,
};
const SKEWED: Rejection = {
  reasons: ["node(s) didn't match pod topology spread constraints"],
  resolvable: true,
};

interface Judged {
  readonly constraint: Constraint;
  readonly of: Int32Array;
  /** A copy from the first trial on, which changes it. */
  counts: Int32Array;
  isCopy: boolean;
  readonly self: 0 | 1;
  fewest: number;
}

export const podTopologySpreadFilter: ClusterFilter = {
  name: NAME,
  prepare(pod, view) {
    if (!pod.facts.spec.topologySpreadConstraints) return undefined;
    const constraints = ownConstraints((pod as PendingPod).pod, 'DoNotSchedule');
    if (constraints.length === 0) return undefined;
    const judged = constraints.map((constraint) => judge(pod, constraint, constraints, view));
    return {
      filter: ({ index }) => {
        for (const { constraint, of, counts, self, fewest } of judged) {
          const domain = of[index]!;
          if (domain < 0) return NO_LABEL;
          if (Math.max(0, counts[domain]!) + self - fewest > constraint.maxSkew) return SKEWED;
        }
        return undefined;
      },
      adjust: (other, node, by) => {
        if (other.namespace !== pod.namespace || !hasAllKeys(constraints, node)) return;
        for (const one of judged) {
          const { kind } = one.constraint;
          if (!kindMatches(kind, other.namespace, other.labels, () => undefined)) continue;
          if (!isEligible(pod, one.constraint, node.node)) continue;
          if (!one.isCopy) one.counts = one.counts.slice();
          one.isCopy = true;
          one.counts[one.of[node.index]!]! += by;
          one.fewest = fewestOf(one.constraint, one.counts);
        }
      },
    };
  },
  wakes(_, { kind }) {
    return kind !== 'volume';
  },
};

function judge(
  pod: PodInfo,
  constraint: Constraint,
  all: readonly Constraint[],
  view: ClusterView,
): Judged {
  const { of } = view.counts.domains(constraint.topologyKey);
  const counts = countEligible(pod, constraint, all, view);
  const matches = kindMatches(constraint.kind, pod.namespace, pod.labels, () => undefined);
  const fewest = fewestOf(constraint, counts);
  return { constraint, of, counts, isCopy: false, self: matches ? 1 : 0, fewest };
}

/** The fewest Pods in a domain; domains without a node that counts are marked by -1. */
function fewestOf({ minDomains }: Constraint, counts: Int32Array): number {
  let domains = 0;
  let fewest = 2 ** 31 - 1;
  for (const pods of counts) {
    if (pods < 0) continue;
    domains += 1;
    if (pods < fewest) fewest = pods;
  }
  return domains < minDomains ? 0 : fewest;
}

export const podTopologySpreadScore: ScorePlugin = {
  name: NAME,
  weight: 2,
  scorer(info, state) {
    const { view } = state;
    const { pod } = info as PendingPod;
    const own = (pod.spec.topologySpreadConstraints ?? []).length > 0;
    const constraints = own
      ? ownConstraints(pod, 'ScheduleAnyway')
      : systemConstraints(pod, view.client);
    if (constraints.length === 0) return undefined;
    const needsAll = own ? constraints : NONE;
    const parts = constraints.map((constraint) => part(info, constraint, needsAll, state));
    const scorer = (node: NodeInfo): number =>
      own && !hasAllKeys(needsAll, node) ? IGNORED : crowd(parts, node.index);
    if (own) return scorer;
    const fill = (scores: Int32Array, places: Int32Array, count: number): void => {
      const sums = roomFor(count);
      for (const one of parts) addCrowd(one, places, count, sums);
      for (let i = 0; i < count; i++) scores[i] = Math.floor(sums[i]! + 0.5);
    };
    return Object.assign(scorer, { fill });
  },
  normalize(scores, count) {
    let max = 0;
    let min = 2 ** 31 - 1;
    for (let i = 0; i < count; i++) {
      const score = scores[i]!;
      if (score === IGNORED) continue;
      if (score > max) max = score;
      if (score < min) min = score;
    }
    for (let i = 0; i < count; i++) {
      const score = scores[i]!;
      if (score === IGNORED) scores[i] = 0;
      else if (max === 0) scores[i] = MAX_NODE_SCORE;
      else scores[i] = Math.floor((MAX_NODE_SCORE * (max + min - score)) / max);
    }
  },
};

interface Part {
  /** The domain of each node, and the Pods in each domain; of a host name, the nodes themselves. */
  readonly of: Int32Array;
  readonly pods: Int32Array;
  readonly weight: number;
  readonly added: number;
}

/** How many of its like a Pod would meet at a node's place, weighted. */
function crowd(parts: readonly Part[], at: number): number {
  let score = 0;
  for (const { of, pods, weight, added } of parts) {
    const domain = of[at]!;
    if (domain < 0) continue;
    const met = pods[domain]!;
    score += (met > 0 ? met : 0) * weight + added;
  }
  return Math.floor(score + 0.5);
}

/** The same for many places at once, one part after the other. */
function addCrowd(
  { of, pods, weight, added }: Part,
  places: Int32Array,
  count: number,
  sums: Float64Array,
): void {
  for (let i = 0; i < count; i++) {
    const domain = of[places[i]!]!;
    if (domain < 0) continue;
    const met = pods[domain]!;
    sums[i]! += (met > 0 ? met : 0) * weight + added;
  }
}

let room = new Float64Array(0);

/** Zeros, for one use at a time. */
function roomFor(count: number): Float64Array {
  if (room.length < count) room = new Float64Array(count);
  else room.fill(0, 0, count);
  return room;
}

function part(
  pod: PodInfo,
  constraint: Constraint,
  needsAll: readonly Constraint[],
  state: ScoringState,
): Part {
  const { view, count } = state;
  const { topologyKey, maxSkew } = constraint;
  const domains = view.counts.domains(topologyKey);
  const added = maxSkew - 1;
  if (topologyKey === HOSTNAME) {
    const scored = needsAll.length === 0 ? count : countWith(needsAll, state);
    const { onNode } = view.counts.of([constraint.kind], false);
    return { of: domains.places, pods: onNode, weight: logarithmOf(scored + 2), added };
  }
  const weight = logarithmOf(domainsAmong(state, needsAll, domains) + 2);
  const pods = countEligible(pod, constraint, needsAll, view);
  return { of: domains.of, pods, weight, added };
}

const logarithms: number[] = [];

/** The logarithm of a count; few counts come up. */
const logarithmOf = (n: number): number => (logarithms[n] ??= naturalLogarithm(n));

/** How many of the nodes have all the keys. */
function countWith(needsAll: readonly Constraint[], { view, places, count }: ScoringState) {
  let having = 0;
  for (let i = 0; i < count; i++) if (hasAllKeys(needsAll, view.nodes[places[i]!]!)) having += 1;
  return having;
}

/** How many domains the nodes are in; nodes without the label are in one of their own. */
function domainsAmong(
  { view, places, count }: ScoringState,
  needsAll: readonly Constraint[],
  { of, values, isComplete }: Domains,
): number {
  const most = values.length + (isComplete ? 0 : 1);
  const seen = new Uint8Array(values.length + 1);
  let found = 0;
  for (let i = 0; i < count && found < most; i++) {
    const at = places[i]!;
    if (needsAll.length > 0 && !hasAllKeys(needsAll, view.nodes[at]!)) continue;
    const domain = of[at]! + 1;
    if (seen[domain] === 1) continue;
    seen[domain] = 1;
    found += 1;
  }
  return found;
}
