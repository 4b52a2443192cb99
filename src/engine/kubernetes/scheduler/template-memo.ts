import type { ClusterView } from './cluster-view.ts';
import type { ScorePlugin, Scorer } from './framework.ts';
import type { NodeInfo } from './node-facts.ts';
import type { SpecFacts } from './pod-info.ts';
import type { Refusal } from './rejected.ts';

/** A plugin that looks at the Pod's spec and a node alone, and what it says of nodes. */
export interface Alone {
  readonly plugin: ScorePlugin;
  readonly scorer: Scorer;
  /** Raw scores by the node's place. */
  readonly scores: Int32Array;
  /** Whether it had another score than zero for some node. */
  speaks: boolean;
}

/**
 * What filters and scores say that look at a Pod's spec and a node alone, remembered for all Pods
 * of a template. An entry holds as long as the node's revision is the one that it was made at:
 * whatever changes about a node raises that. So a cycle works out anew only the nodes that Pods
 * went to meanwhile, and looks at all others as numbers in a row. The numbers are the same as
 * without.
 */
export class TemplateMemo {
  readonly #revisions: Uint32Array;
  /** The revision at which a node passed the filters, was refused, and scored; 0 for never. */
  readonly #passed: Uint32Array;
  readonly #refused: Uint32Array;
  readonly #scored: Uint32Array;
  readonly #refusals = new Map<number, Refusal>();
  /** Weighted scores of plugins that need no comparison between nodes, by the node's place. */
  readonly #sums: Int32Array;
  /** The plugins that have something to say, in their order; undefined until they are asked. */
  alone: readonly Alone[] | undefined;
  /** Rooms of plugins that are taken, and all there are. */
  #roomsTaken = 0;
  readonly #rooms: Int32Array[] = [];
  #imagesVersion = 0;
  #imageSpread: readonly number[] = [];
  /** When it was of use last, for {@link TemplateMemos}. */
  usedAt = 0;

  constructor(revisions: Uint32Array) {
    this.#revisions = revisions;
    this.#passed = new Uint32Array(revisions.length);
    this.#refused = new Uint32Array(revisions.length);
    this.#scored = new Uint32Array(revisions.length);
    this.#sums = new Int32Array(revisions.length);
  }

  /** Another list of nodes has revisions of its own. */
  isOf(revisions: Uint32Array): boolean {
    return this.#revisions === revisions;
  }

  /** Knows nothing any more, and keeps its room for the next template. */
  forget(): void {
    this.#refusals.clear();
    for (const known of [this.#passed, this.#refused, this.#scored]) known.fill(0);
    this.alone = undefined;
    this.#roomsTaken = 0;
    this.#imagesVersion = 0;
    this.#imageSpread = [];
  }

  /** Scores go by how many nodes have the Pod's images, too. */
  noteImages({ imageNames }: SpecFacts, view: ClusterView): void {
    if (this.#imagesVersion === view.imagesVersion) return;
    this.#imagesVersion = view.imagesVersion;
    const spread = imageNames.map((name) => view.image(name)?.nodes ?? 0);
    if (spread.every((nodes, i) => nodes === this.#imageSpread[i])) return;
    this.#imageSpread = spread;
    this.alone = undefined;
    this.#roomsTaken = 0;
    this.#scored.fill(0);
  }

  /**
   * Puts down the places from `from` on, before `to`, of nodes that are known to pass, up to the
   * first that is not; gives how many there were.
   */
  takePassing(from: number, to: number, places: Int32Array, count: number): number {
    const passed = this.#passed;
    const revisions = this.#revisions;
    let at = from;
    for (let i = count; at < to && passed[at] === revisions[at]; at++, i++) places[i] = at;
    return at - from;
  }

  /** Whether it is known what the filters say of a node, by its place. */
  isJudged(at: number): boolean {
    const revision = this.#revisions[at];
    return this.#passed[at] === revision || this.#refused[at] === revision;
  }

  isPassing(at: number): boolean {
    return this.#passed[at] === this.#revisions[at];
  }

  /** Why a node that is judged does not pass. */
  refusal(at: number): Refusal | undefined {
    return this.#refused[at] === this.#revisions[at] ? this.#refusals.get(at) : undefined;
  }

  judged(at: number, refusal: Refusal | undefined): void {
    (refusal ? this.#refused : this.#passed)[at] = this.#revisions[at]!;
    if (refusal) this.#refusals.set(at, refusal);
  }

  /** Room for what a plugin says of nodes. */
  remember(plugin: ScorePlugin, scorer: Scorer): Alone {
    const scores = (this.#rooms[this.#roomsTaken] ??= new Int32Array(this.#revisions.length));
    this.#roomsTaken += 1;
    return { plugin, scorer, scores, speaks: false };
  }

  /** Sums of the weighted scores of those that need no comparison, of all nodes at some places. */
  addUp(
    nodes: readonly NodeInfo[],
    places: Int32Array,
    count: number,
    alone: readonly Alone[],
    totals: Int32Array,
  ): void {
    const revisions = this.#revisions;
    const scored = this.#scored;
    const sums = this.#sums;
    for (let i = 0; i < count; i++) {
      const at = places[i]!;
      if (scored[at] !== revisions[at]) {
        scored[at] = revisions[at]!;
        sums[at] = scoreNode(nodes[at]!, alone);
      }
      totals[i] = sums[at]!;
    }
  }
}

function scoreNode(node: NodeInfo, alone: readonly Alone[]): number {
  let sum = 0;
  for (const one of alone) {
    const { plugin, scorer, scores } = one;
    const score = scorer(node);
    scores[node.index] = score;
    if (score !== 0) one.speaks = true;
    if (!plugin.normalize) sum += score * plugin.weight;
  }
  return sum;
}

/** Templates that are remembered; the one that was used longest ago goes first. */
const TEMPLATES = 64;

export class TemplateMemos {
  readonly #view: ClusterView;
  readonly #known = new Map<SpecFacts, TemplateMemo>();
  /** Of one that names its nodes, as a DaemonSet's Pods do: it has no like. */
  #single: TemplateMemo | undefined;
  #uses = 0;

  constructor(view: ClusterView) {
    this.#view = view;
  }

  of(facts: SpecFacts): TemplateMemo {
    const { revisions } = this.#view;
    if (facts.required?.names) return this.#ofOne(facts);
    let memo = this.#known.get(facts);
    if (!memo?.isOf(revisions)) {
      if (!memo && this.#known.size >= TEMPLATES) this.#dropOldest();
      memo = new TemplateMemo(revisions);
      this.#known.set(facts, memo);
    }
    memo.noteImages(facts, this.#view);
    this.#uses += 1;
    memo.usedAt = this.#uses;
    return memo;
  }

  /** Valid until the next one is asked for. */
  #ofOne(facts: SpecFacts): TemplateMemo {
    const { revisions } = this.#view;
    if (this.#single?.isOf(revisions)) this.#single.forget();
    else this.#single = new TemplateMemo(revisions);
    this.#single.noteImages(facts, this.#view);
    return this.#single;
  }

  #dropOldest(): void {
    let oldest: SpecFacts | undefined;
    let usedAt = Infinity;
    for (const [facts, memo] of this.#known) {
      if (memo.usedAt < usedAt) [oldest, usedAt] = [facts, memo.usedAt];
    }
    if (oldest) this.#known.delete(oldest);
  }
}
