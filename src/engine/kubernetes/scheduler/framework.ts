import type { Node } from '../api/cluster-objects.ts';
import type { ClusterView } from './cluster-view.ts';
import type { NodeInfo } from './node-facts.ts';
import type { PodInfo } from './pod-info.ts';

/**
 * What plugins see and say (staging/src/k8s.io/kube-scheduler/framework/interface.go, v1.36). A
 * filter plugin says whether a Pod can run on a node; a score plugin how well, from 0 to 100. The
 * files that plugins name as `plugins/…` stand in pkg/scheduler/framework.
 */
export const MAX_NODE_SCORE = 100;

/** Why a node will not do. Resolvable: evicting other Pods might help. */
export interface Rejection {
  readonly reasons: readonly string[];
  readonly resolvable: boolean;
}

/** What happened in the cluster, as far as it may help a Pod that fits nowhere. */
export type ClusterEvent =
  | { readonly kind: 'pod-added' | 'pod-deleted'; readonly pod: PodInfo; readonly node: string }
  | { readonly kind: 'pod-changed'; readonly pod: PodInfo; readonly previous: PodInfo }
  | { readonly kind: 'node-added' | 'node-changed'; readonly node: Node; readonly previous?: Node }
  | { readonly kind: 'node-deleted' | 'volume' };

interface Plugin {
  readonly name: string;
  /** Whether an event may make a Pod fit that this plugin kept off (its queueing hint). */
  readonly wakes?: (pod: PodInfo, event: ClusterEvent) => boolean;
}

/** A filter that looks at the Pod and the node and at nothing else. */
export interface NodeFilter extends Plugin {
  readonly filter: (pod: PodInfo, node: NodeInfo) => Rejection | undefined;
}

/** A filter's judgement of all nodes, worked out for one Pod. */
export interface PreparedFilter {
  readonly filter: (node: NodeInfo) => Rejection | undefined;
  /** Goes on as if a Pod had come to a node, or left it: for trying out preemption. */
  readonly adjust?: (other: PodInfo, node: NodeInfo, by: 1 | -1) => void;
}

/** A filter that looks at the cluster. */
export interface ClusterFilter extends Plugin {
  /** Undefined when it has nothing to say about the Pod; a rejection when no node will do. */
  readonly prepare: (pod: PodInfo, view: ClusterView) => PreparedFilter | Rejection | undefined;
}

/** Raw scores of nodes, one by one, or of all that passed the filters in one go. */
export interface Scorer {
  (node: NodeInfo): number;
  readonly fill?: (scores: Int32Array, places: Int32Array, count: number) => void;
}

/** The nodes that passed all filters: the first `count` of these places in the list of all nodes. */
export interface Candidates {
  readonly places: Int32Array;
  readonly count: number;
}

/** What scoring may look at besides the Pod and the node. */
export interface ScoringState extends Candidates {
  readonly view: ClusterView;
}

export interface ScorePlugin extends Plugin {
  readonly weight: number;
  /**
   * Raw scores for one Pod; undefined when the plugin has nothing to say about it. With
   * `onNodeAlone` they depend on the Pod's spec and the node alone, and are asked for once for all
   * Pods of a template.
   */
  readonly scorer: (pod: PodInfo, state: ScoringState) => Scorer | undefined;
  readonly onNodeAlone?: true;
  /** Brings raw scores to 0..100, in place; scores that are so already stay. */
  readonly normalize?: (scores: Int32Array, count: number) => void;
}

/**
 * score * 100 / highest, or 100 minus that when fewer is better
 * (plugins/helper/normalize_score.go).
 */
export function normalizeScores(scores: Int32Array, count: number, reverse: boolean): void {
  let max = 0;
  for (let i = 0; i < count; i++) max = Math.max(max, scores[i]!);
  for (let i = 0; i < count; i++) {
    if (max === 0) {
      if (reverse) scores[i] = MAX_NODE_SCORE;
      continue;
    }
    const share = Math.floor((MAX_NODE_SCORE * scores[i]!) / max);
    scores[i] = reverse ? MAX_NODE_SCORE - share : share;
  }
}
