import type { ClusterView } from '../cluster-view.ts';
import {
  MAX_NODE_SCORE,
  type ClusterFilter,
  type PreparedFilter,
  type Rejection,
  type ScorePlugin,
} from '../framework.ts';
import type { NodeInfo } from '../node-facts.ts';
import type { PodInfo } from '../pod-info.ts';
import { kindMatches, type PodKind, type PodTerm } from '../pod-terms.ts';

/**
 * Pods near Pods, or away from them (plugins/interpodaffinity/{filtering,scoring}.go, v1.36).
 *
 * Filter: in the node's domain there is a Pod that all affinity terms match, or there is none in
 * the cluster and the Pod matches them itself; there is none there that one of its anti-affinity
 * terms matches, and none whose own anti-affinity matches the Pod.
 *
 * Score: the weights of preferred terms over matching Pods in the node's domain, less those of
 * preferred anti-affinity; the same for terms that Pods there have about this one, whose required
 * affinity weighs 1; brought to 100 * (s - lowest) / (highest - lowest), cut to an integer.
 */
const NAME = 'InterPodAffinity';

const AFFINITY: Rejection = {
  reasons: ["node(s) didn't match pod affinity rules"],
  resolvable: false,
};
const ANTI_AFFINITY: Rejection = {
  reasons: ["node(s) didn't match pod anti-affinity rules"],
  resolvable: true,
};
const EXISTING: Rejection = {
  reasons: ["node(s) didn't satisfy existing pods anti-affinity rules"],
  resolvable: true,
};

/** Matching Pods by domain of one topology, for one term; some may be taken away for a trial. */
interface TermCounts {
  readonly term: PodTerm;
  readonly of: Int32Array;
  readonly pods: Int32Array;
}

export const interPodAffinityFilter: ClusterFilter = {
  name: NAME,
  prepare(pod, view) {
    const { affinity, antiAffinity } = pod.terms;
    const hasTerms = affinity.length > 0 || antiAffinity.length > 0;
    if (!hasTerms && view.carried.isEmpty) return undefined;
    const existing = avoidedDomains(pod, view);
    if (!hasTerms && existing.size === 0) return undefined;
    return new Prepared(pod, view, existing);
  },
  wakes(pod, event) {
    if (event.kind === 'node-added' || event.kind === 'node-changed') return true;
    if (event.kind === 'pod-deleted') {
      return pod.terms.antiAffinity.length > 0 || event.pod.terms.antiAffinity.length > 0;
    }
    if (event.kind !== 'pod-added' && event.kind !== 'pod-changed') return false;
    const { namespace, labels } = event.pod;
    const { affinity, antiAffinity } = pod.terms;
    if (event.kind === 'pod-changed' && antiAffinity.length > 0) return true;
    return affinity.some(({ kind }) => kindMatches(kind, namespace, labels, () => undefined));
  },
};

/** Domains with Pods that want none like this one near them: `key value` and how many. */
function avoidedDomains(pod: PodInfo, view: ClusterView): Map<string, number> {
  const avoided = new Map<string, number>();
  for (const { kind, term, inDomain } of view.carried.wishes) {
    if (kind !== 'antiAffinity' || !matches(term.kind, pod, view)) continue;
    for (const [value, pods] of inDomain) {
      const key = domainKey(term.topologyKey, value);
      avoided.set(key, (avoided.get(key) ?? 0) + pods);
    }
  }
  return avoided;
}

const domainKey = (topologyKey: string, value: string): string => `${topologyKey}\n${value}`;

function matches(kind: PodKind, { namespace, labels }: PodInfo, view: ClusterView): boolean {
  return kindMatches(kind, namespace, labels, (name) => view.namespaceLabels(name));
}

class Prepared implements PreparedFilter {
  readonly #pod: PodInfo;
  readonly #view: ClusterView;
  readonly #existing: Map<string, number>;
  /** Topology keys of the Pods that want none like this one near them. */
  readonly #existingKeys: Set<string>;
  readonly #affinity: TermCounts[];
  readonly #antiAffinity: TermCounts[];

  constructor(pod: PodInfo, view: ClusterView, existing: Map<string, number>) {
    this.#pod = pod;
    this.#view = view;
    this.#existing = existing;
    this.#existingKeys = new Set(
      [...existing.keys()].map((key) => key.slice(0, key.indexOf('\n'))),
    );
    // A Pod counts for affinity when it matches all of the terms.
    const all = pod.terms.affinity.map(({ kind }) => kind);
    this.#affinity = pod.terms.affinity.map((term) => countTerm(term, all, view));
    this.#antiAffinity = pod.terms.antiAffinity.map((term) => countTerm(term, [term.kind], view));
  }

  filter(node: NodeInfo): Rejection | undefined {
    if (!this.#isNear(node)) return AFFINITY;
    for (const { of, pods } of this.#antiAffinity) {
      const domain = of[node.index]!;
      if (domain >= 0 && pods[domain]! > 0) return ANTI_AFFINITY;
    }
    for (const key of this.#existingKeys) {
      const value = node.labels[key];
      if (value !== undefined && (this.#existing.get(domainKey(key, value)) ?? 0) > 0) {
        return EXISTING;
      }
    }
    return undefined;
  }

  #isNear(node: NodeInfo): boolean {
    let near = true;
    for (const { of, pods } of this.#affinity) {
      const domain = of[node.index]!;
      if (domain < 0) return false;
      if (pods[domain]! <= 0) near = false;
    }
    if (near) return true;
    // The first of a group that wants to be together has none to be near to.
    return (
      this.#affinity.every(({ pods }) => pods.every((count) => count <= 0)) &&
      this.#affinity.every(({ term }) => matches(term.kind, this.#pod, this.#view))
    );
  }

  adjust(other: PodInfo, node: NodeInfo, by: 1 | -1): void {
    const counts = (kind: PodKind): boolean => matches(kind, other, this.#view);
    const add = ({ of, pods }: TermCounts): void => {
      const domain = of[node.index]!;
      if (domain >= 0) pods[domain]! += by;
    };
    if (this.#affinity.every(({ term }) => counts(term.kind))) this.#affinity.forEach(add);
    for (const one of this.#antiAffinity) if (counts(one.term.kind)) add(one);
    for (const { topologyKey, kind } of other.terms.antiAffinity) {
      const value = node.labels[topologyKey];
      if (value === undefined || !matches(kind, this.#pod, this.#view)) continue;
      const key = domainKey(topologyKey, value);
      this.#existingKeys.add(topologyKey);
      this.#existing.set(key, (this.#existing.get(key) ?? 0) + by);
    }
  }
}

function countTerm(term: PodTerm, kinds: readonly PodKind[], view: ClusterView): TermCounts {
  const { of } = view.counts.domains(term.topologyKey);
  const counts = view.counts.of(kinds, true);
  // A copy: trials change it.
  return { term, of, pods: view.counts.inDomains(counts, term.topologyKey).slice() };
}

/** How much a required affinity of a Pod on a node draws one that it matches. */
const HARD_POD_AFFINITY_WEIGHT = 1;

export function interPodAffinityScore(
  hardPodAffinityWeight: number = HARD_POD_AFFINITY_WEIGHT,
): ScorePlugin {
  return {
    name: NAME,
    weight: 2,
    scorer(pod, { view }) {
      const { preferred, preferredAnti } = pod.terms;
      const own = [...preferred, ...preferredAnti];
      if (own.length === 0 && view.carried.isEmpty) return undefined;
      const scores = new Map<string, Map<string, number>>();
      const add = (topologyKey: string, value: string, score: number): void => {
        const byValue = scores.get(topologyKey) ?? new Map<string, number>();
        scores.set(topologyKey, byValue.set(value, (byValue.get(value) ?? 0) + score));
      };
      for (const { topologyKey, kind, weight } of own) {
        const { values } = view.counts.domains(topologyKey);
        const pods = view.counts.inDomains(view.counts.of([kind], true), topologyKey);
        values.forEach((value, i) => {
          if (pods[i]! > 0) add(topologyKey, value, weight * pods[i]!);
        });
      }
      for (const { kind, term, inDomain } of view.carried.wishes) {
        const weight = kind === 'affinity' ? hardPodAffinityWeight : term.weight;
        if (kind === 'antiAffinity' || weight === 0 || !matches(term.kind, pod, view)) continue;
        for (const [value, pods] of inDomain) add(term.topologyKey, value, weight * pods);
      }
      if (scores.size === 0) return undefined;
      return ({ labels }) => {
        let score = 0;
        for (const [key, byValue] of scores) {
          const value = labels[key];
          if (value !== undefined) score += byValue.get(value) ?? 0;
        }
        return score;
      };
    },
    normalize(scores, count) {
      let max = -(2 ** 31);
      let min = 2 ** 31 - 1;
      for (let i = 0; i < count; i++) {
        if (scores[i]! > max) max = scores[i]!;
        if (scores[i]! < min) min = scores[i]!;
      }
      const range = max - min;
      for (let i = 0; i < count; i++) {
        scores[i] = range > 0 ? Math.floor(MAX_NODE_SCORE * ((scores[i]! - min) / range)) : 0;
      }
    },
  };
}
