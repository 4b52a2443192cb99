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
import type { Wish } from '../carried-terms.ts';
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

/** Pods by domain of one topology. */
interface Near {
  readonly topologyKey: string;
  readonly of: Int32Array;
  /** A copy from the first trial on, which changes it; so is `total`. */
  pods: Int32Array;
  isCopy: boolean;
  total: number;
}

/** Those that one of the Pod's own terms is about. */
interface TermCounts extends Near {
  readonly kind: PodKind;
}

export const interPodAffinityFilter: ClusterFilter = {
  name: NAME,
  prepare(pod, view) {
    const { affinity, antiAffinity } = pod.terms;
    const existing = view.carried.about(pod).filter(({ kind }) => kind === 'antiAffinity');
    if (affinity.length === 0 && antiAffinity.length === 0 && existing.length === 0) {
      return undefined;
    }
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

function matches(kind: PodKind, { namespace, labels }: PodInfo, view: ClusterView): boolean {
  return kindMatches(kind, namespace, labels, (name) => view.namespaceLabels(name));
}

class Prepared implements PreparedFilter {
  readonly #pod: PodInfo;
  readonly #view: ClusterView;
  /** Pods that want none like this one near them. */
  #existing: readonly Near[];
  readonly #affinity: TermCounts[];
  readonly #antiAffinity: TermCounts[];

  constructor(pod: PodInfo, view: ClusterView, existing: readonly Wish[]) {
    this.#pod = pod;
    this.#view = view;
    this.#existing = existing.map(({ term: { topologyKey }, pods, total }) => {
      const { of } = view.counts.domains(topologyKey);
      return { topologyKey, of, pods, isCopy: false, total };
    });
    // A Pod counts for affinity when it matches all of the terms.
    const all = pod.terms.affinity.map(({ kind }) => kind);
    this.#affinity = pod.terms.affinity.map((term) => countTerm(term, all, view));
    this.#antiAffinity = pod.terms.antiAffinity.map((term) => countTerm(term, [term.kind], view));
  }

  filter({ index }: NodeInfo): Rejection | undefined {
    if (this.#affinity.length > 0 && !this.#isNear(index)) return AFFINITY;
    if (this.#antiAffinity.length > 0 && areNear(this.#antiAffinity, index)) return ANTI_AFFINITY;
    return areNear(this.#existing, index) ? EXISTING : undefined;
  }

  #isNear(at: number): boolean {
    let near = true;
    for (const { of, pods } of this.#affinity) {
      const domain = of[at]!;
      if (domain < 0) return false;
      if (pods[domain]! <= 0) near = false;
    }
    if (near) return true;
    // The first of a group that wants to be together has none to be near to.
    return (
      this.#affinity.every(({ total }) => total <= 0) &&
      this.#affinity.every(({ kind }) => matches(kind, this.#pod, this.#view))
    );
  }

  adjust(other: PodInfo, { index }: NodeInfo, by: 1 | -1): void {
    const counts = ({ kind }: TermCounts): boolean => matches(kind, other, this.#view);
    if (this.#affinity.every(counts)) for (const one of this.#affinity) change(one, index, by);
    for (const one of this.#antiAffinity) if (counts(one)) change(one, index, by);
    for (const { topologyKey, kind } of other.terms.antiAffinity) {
      if (matches(kind, this.#pod, this.#view)) change(this.#among(topologyKey), index, by);
    }
  }

  /** All that want none like the Pod near them by one topology, counted together. */
  #among(topologyKey: string): Near {
    const those = this.#existing.filter((one) => one.topologyKey === topologyKey);
    if (those.length === 1) return those[0]!;
    const { of, values } = this.#view.counts.domains(topologyKey);
    const pods = new Int32Array(values.length);
    for (const one of those) for (let i = 0; i < pods.length; i++) pods[i]! += one.pods[i]!;
    const together = { topologyKey, of, pods, isCopy: true, total: 0 };
    this.#existing = [...this.#existing.filter((one) => !those.includes(one)), together];
    return together;
  }
}

/** Whether one of those is in the node's domain. */
function areNear(those: readonly Near[], at: number): boolean {
  for (const { of, pods } of those) {
    const domain = of[at]!;
    if (domain >= 0 && pods[domain]! > 0) return true;
  }
  return false;
}

function change(near: Near, at: number, by: 1 | -1): void {
  const domain = near.of[at]!;
  if (domain < 0) return;
  if (!near.isCopy) near.pods = near.pods.slice();
  near.isCopy = true;
  near.pods[domain]! += by;
  near.total += by;
}

function countTerm(
  { topologyKey, kind }: PodTerm,
  kinds: readonly PodKind[],
  view: ClusterView,
): TermCounts {
  const { of } = view.counts.domains(topologyKey);
  const { pods, total } = view.counts.inDomains(view.counts.of(kinds, true), topologyKey);
  return { topologyKey, kind, of, pods, isCopy: false, total };
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
      const pulls = pullsOn(pod, view, hardPodAffinityWeight);
      if (pulls.length === 0) return undefined;
      const scorer = ({ index }: NodeInfo): number => {
        let score = 0;
        for (const { of, pods, weight } of pulls) {
          const domain = of[index]!;
          if (domain >= 0) score += pods[domain]! * weight;
        }
        return score;
      };
      const fill = (scores: Int32Array, places: Int32Array, count: number): void => {
        scores.fill(0, 0, count);
        for (const pull of pulls) addPull(pull, places, count, scores);
      };
      return Object.assign(scorer, { fill });
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

/** Pods by domain, each of which draws the Pod there, or keeps it off, so much. */
interface Pull {
  readonly of: Int32Array;
  readonly pods: Int32Array;
  readonly weight: number;
}

/** What the Pod prefers, and what Pods on nodes wish of its like. */
function pullsOn(pod: PodInfo, view: ClusterView, hardPodAffinityWeight: number): Pull[] {
  const { counts } = view;
  const pulls: Pull[] = [];
  for (const terms of [pod.terms.preferred, pod.terms.preferredAnti]) {
    for (const { topologyKey, kind, weight } of terms) {
      const { pods, total } = counts.inDomains(counts.of([kind], true), topologyKey);
      if (total > 0) pulls.push({ of: counts.domains(topologyKey).of, pods, weight });
    }
  }
  for (const { kind, term, pods } of view.carried.about(pod)) {
    const weight = kind === 'affinity' ? hardPodAffinityWeight : term.weight;
    if (kind === 'antiAffinity' || weight === 0) continue;
    pulls.push({ of: counts.domains(term.topologyKey).of, pods, weight });
  }
  return pulls;
}

function addPull(
  { of, pods, weight }: Pull,
  places: Int32Array,
  count: number,
  scores: Int32Array,
): void {
  for (let i = 0; i < count; i++) {
    const domain = of[places[i]!]!;
    if (domain >= 0) scores[i]! += pods[domain]! * weight;
  }
}
