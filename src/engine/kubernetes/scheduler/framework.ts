import type { Amounts } from '../api/pod-resources.ts';
import type { Node } from '../api/cluster-objects.ts';
import type { Pod, TopologySpreadConstraint } from '../api/pod.ts';

/**
 * What plugins see and say (staging/src/k8s.io/kube-scheduler/framework/interface.go, v1.36). A
 * filter plugin says whether a Pod can run on a node; a score plugin how well, from 0 to 100. The
 * files that plugins name as `plugins/…` stand in pkg/scheduler/framework.
 */
export const MAX_NODE_SCORE = 100;

/** What the Pods on a node ask for in all. */
export interface Usage {
  readonly requested: Amounts;
  /** As scoring counts: a container without a request takes 100m and 200Mi. */
  readonly nonZeroRequested: Amounts;
  readonly pods: number;
}

export const NO_USAGE: Usage = {
  requested: { cpuMillis: 0, memoryBytes: 0 },
  nonZeroRequested: { cpuMillis: 0, memoryBytes: 0 },
  pods: 0,
};

export interface NodeInfo {
  readonly node: Node;
  readonly allocatable: Amounts & { readonly pods: number };
  readonly usage: Usage;
  /** Sizes of the images that the node has, by name. */
  readonly imageBytes: Readonly<Record<string, number>>;
}

/** The Pod in question, with what is worked out once for all nodes. */
export interface PodInfo {
  readonly pod: Pod;
  readonly requests: Amounts;
  readonly nonZeroRequests: Amounts;
  readonly spread: Spread;
}

/** Constraints to score by, and how many matching Pods there are. */
export interface Spread {
  readonly constraints: readonly TopologySpreadConstraint[];
  /** The system's own constraints: a node need not have every topology key. */
  readonly systemDefaulted: boolean;
  /** Matching Pods by the value of the topology key on their nodes, one count a constraint. */
  readonly podsInDomain: readonly DomainCounts[];
}

/** Numbers of Pods by domain; undefined where there are none. */
export interface DomainCounts {
  get(domain: string): number | undefined;
}

/** How many nodes have an image, and how big it is. */
export interface ImageSpread {
  readonly sizeBytes: number;
  readonly nodes: number;
}

/** What scoring may look at besides the Pod and the node. */
export interface ScoringState {
  /** The nodes that passed all filters. */
  readonly feasible: readonly NodeInfo[];
  readonly totalNodes: number;
  readonly image: (name: string) => ImageSpread | undefined;
}

/** Why a node will not do. Resolvable: evicting other Pods might help. */
export interface Rejection {
  readonly reasons: readonly string[];
  readonly resolvable: boolean;
}

export interface FilterPlugin {
  readonly name: string;
  filter(pod: PodInfo, node: NodeInfo): Rejection | undefined;
}

export interface ScorePlugin {
  readonly name: string;
  readonly weight: number;
  /** Whether the plugin has nothing to say about this Pod. */
  skip?(pod: PodInfo): boolean;
  /** Raw scores of the feasible nodes, in their order. */
  score(pod: PodInfo, state: ScoringState): number[];
  /** Brings raw scores to 0..100; scores that are so already stay. */
  normalize?(scores: readonly number[], pod: PodInfo, state: ScoringState): number[];
}

/**
 * score * 100 / highest, or 100 minus that when fewer is better
 * (plugins/helper/normalize_score.go).
 */
export function normalizeScores(scores: readonly number[], reverse: boolean): number[] {
  const max = Math.max(0, ...scores);
  if (max === 0) return scores.map(() => (reverse ? MAX_NODE_SCORE : 0));
  return scores.map((score) => {
    const share = Math.floor((MAX_NODE_SCORE * score) / max);
    return reverse ? MAX_NODE_SCORE - share : share;
  });
}
