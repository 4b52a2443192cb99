import type { ClusterView } from './cluster-view.ts';
import type { Scorer, ScorePlugin } from './framework.ts';
import type { NodeInfo } from './node-facts.ts';
import type { SpecFacts } from './pod-info.ts';
import type { NodeVerdict } from './verdict.ts';

/** A plugin that looks at the Pod's spec and a node alone, and what it says of nodes. */
export interface Alone {
  readonly plugin: ScorePlugin;
  readonly scorer: Scorer;
}

/**
 * What filters and scores say that look at a Pod's spec and a node alone, remembered for all Pods
 * of a template. An entry holds as long as the node's revision is the one that it was made at:
 * whatever changes about a node raises that. So a cycle works out anew only the node that the Pod
 * before went to, and looks at all others as numbers in a row. The numbers are the same as without.
 */
export class TemplateMemo {
  readonly #revisions: Uint32Array;
  readonly #imagesVersion: number;
  /** The revision that a node was judged at, and scored at; 0 for never. */
  readonly #judged: Uint32Array;
  readonly #scored: Uint32Array;
  readonly #refused: Uint8Array;
  readonly #verdicts: (NodeVerdict | undefined)[] = [];
  /** Raw scores by plugin, then by the node's place. */
  readonly #scores: Int32Array[] = [];
  /** Plugins that had another score than zero for some node. */
  readonly #speaking: boolean[] = [];
  /** What plugins add that need no comparison between nodes, weighted, by the node's place. */
  readonly sums: Int32Array;

  constructor(revisions: Uint32Array, imagesVersion: number) {
    this.#revisions = revisions;
    this.#imagesVersion = imagesVersion;
    this.#judged = new Uint32Array(revisions.length);
    this.#scored = new Uint32Array(revisions.length);
    this.#refused = new Uint8Array(revisions.length);
    this.sums = new Int32Array(revisions.length);
  }

  /** Another list of nodes has revisions of its own. */
  fits(revisions: Uint32Array, imagesVersion: number): boolean {
    return this.#revisions === revisions && this.#imagesVersion === imagesVersion;
  }

  /** Whether a node is refused, by its place; undefined when that is to be judged anew. */
  refused(at: number): boolean | undefined {
    if (this.#judged[at] !== this.#revisions[at]) return undefined;
    return this.#refused[at] === 1;
  }

  verdict(at: number): NodeVerdict | undefined {
    return this.#verdicts[at];
  }

  judged(at: number, verdict: NodeVerdict | undefined): void {
    this.#judged[at] = this.#revisions[at]!;
    this.#refused[at] = verdict ? 1 : 0;
    this.#verdicts[at] = verdict;
  }

  /** Fills in the scores of nodes where they are not known. */
  score(
    nodes: readonly NodeInfo[],
    places: Int32Array,
    count: number,
    alone: readonly Alone[],
  ): void {
    const revisions = this.#revisions;
    const scored = this.#scored;
    for (let i = 0; i < count; i++) {
      const at = places[i]!;
      if (scored[at] === revisions[at]) continue;
      scored[at] = revisions[at]!;
      this.#scoreNode(nodes[at]!, alone);
    }
  }

  #scoreNode(node: NodeInfo, alone: readonly Alone[]): void {
    let sum = 0;
    alone.forEach(({ plugin, scorer }, k) => {
      const score = scorer(node);
      this.scores(k)[node.index] = score;
      if (score !== 0) this.#speaking[k] = true;
      if (!plugin.normalize) sum += score * plugin.weight;
    });
    this.sums[node.index] = sum;
  }

  /** Whether a plugin had nothing but zero for all nodes so far. */
  isSilent(plugin: number): boolean {
    return this.#speaking[plugin] !== true;
  }

  scores(plugin: number): Int32Array {
    return (this.#scores[plugin] ??= new Int32Array(this.#revisions.length));
  }
}

/** Templates that are remembered; the one that was used longest ago goes first. */
const TEMPLATES = 32;
const memos = new WeakMap<ClusterView, Map<SpecFacts, TemplateMemo>>();

export function forTemplate(view: ClusterView, facts: SpecFacts): TemplateMemo {
  let known = memos.get(view);
  if (!known) {
    known = new Map();
    memos.set(view, known);
  }
  const { revisions, imagesVersion } = view;
  const before = known.get(facts);
  known.delete(facts);
  const memo = before?.fits(revisions, imagesVersion)
    ? before
    : new TemplateMemo(revisions, imagesVersion);
  known.set(facts, memo);
  if (known.size > TEMPLATES) {
    for (const oldest of known.keys()) {
      known.delete(oldest);
      break;
    }
  }
  return memo;
}
