import type { ClusterView } from './cluster-view.ts';
import type { ScorePlugin, Scorer } from './framework.ts';
import type { NodeInfo } from './node-facts.ts';
import type { PodInfo } from './pod-info.ts';
import { forTemplate, type Alone } from './template-memo.ts';
import type { NodeVerdict } from './verdict.ts';

/**
 * How well the nodes will do that passed all filters
 * (pkg/scheduler/framework/runtime/framework.go `RunScorePlugins`, v1.36): each plugin's raw scores,
 * brought to 0..100, times its weight.
 */
export interface Scores {
  readonly count: number;
  readonly totals: Int32Array;
  /** Weighted scores by plugin, of the plugins that have something to say. */
  readonly byPlugin: readonly PluginScores[];
}

interface PluginScores {
  readonly name: string;
  /** Of a candidate, by its number and its place in the list of all nodes. */
  readonly of: (i: number, at: number) => number;
}

/** The nodes to score, and their places in the list of all nodes. */
export interface Candidates {
  readonly feasible: readonly NodeInfo[];
  readonly places: Int32Array;
}

/** Room for scores, used again by each cycle: there is no use in them after it. */
export class Scoring {
  readonly #plugins: readonly ScorePlugin[];
  readonly #view: ClusterView;
  #totals = new Int32Array(0);
  #scores: readonly Int32Array[] = [];

  constructor(plugins: readonly ScorePlugin[], view: ClusterView) {
    this.#plugins = plugins;
    this.#view = view;
  }

  /** Valid until the next call. */
  score(pod: PodInfo, { feasible, places }: Candidates): Scores {
    const count = feasible.length;
    this.#reserve(count);
    const state = { view: this.#view, feasible, places };
    const alone: Alone[] = [];
    const asked: { plugin: ScorePlugin; scorer: Scorer; scores: Int32Array }[] = [];
    this.#plugins.forEach((plugin, i) => {
      const scorer = plugin.scorer(pod, state);
      if (!scorer) return;
      asked.push({ plugin, scorer, scores: this.#scores[i]! });
      if (plugin.onNodeAlone) alone.push({ plugin, scorer });
    });
    const memo = forTemplate(this.#view, pod.facts);
    memo.score(this.#view.nodes, places, count, alone);
    const totals = this.#totals;
    gather(memo.sums, places, totals, count);
    let remembered = 0;
    const byPlugin = asked.map(({ plugin, scorer, scores }): PluginScores => {
      const { name, weight, normalize } = plugin;
      if (plugin.onNodeAlone) {
        const k = remembered++;
        const known = memo.scores(k);
        // Those that compare no nodes are in the sums already.
        if (!normalize) return { name, of: (_, at) => known[at]! * weight };
        if (memo.isSilent(k)) return constant(plugin, totals, count);
        gather(known, places, scores, count);
      } else if (scorer.fill) scorer.fill(scores, places, count);
      else for (let i = 0; i < count; i++) scores[i] = scorer(feasible[i]!);
      normalize?.(scores, count);
      addWeighted(scores, weight, totals, count);
      return { name, of: (i) => scores[i]! };
    });
    return { count, totals, byPlugin };
  }

  #reserve(count: number): void {
    if (this.#totals.length >= count) return;
    this.#totals = new Int32Array(count);
    this.#scores = this.#plugins.map(() => new Int32Array(count));
  }
}

/** Zero for every node comes to the same score for every node. */
function constant(
  { name, weight, normalize }: ScorePlugin,
  totals: Int32Array,
  count: number,
): PluginScores {
  const zero = [0];
  normalize?.(zero, 1);
  const score = zero[0]! * weight;
  for (let i = 0; score !== 0 && i < count; i++) totals[i]! += score;
  return { name, of: () => score };
}

function gather(known: Int32Array, places: Int32Array, scores: Int32Array, count: number): void {
  for (let i = 0; i < count; i++) scores[i] = known[places[i]!]!;
}

function addWeighted(scores: Int32Array, weight: number, totals: Int32Array, count: number): void {
  for (let i = 0; i < count; i++) {
    const score = scores[i]! * weight;
    scores[i] = score;
    totals[i]! += score;
  }
}

/** The places of the highest totals. */
export function best({ totals, count }: Scores): number[] {
  let highest = -1;
  let places: number[] = [];
  for (let i = 0; i < count; i++) {
    const total = totals[i]!;
    if (total < highest) continue;
    if (total > highest) {
      highest = total;
      places = [];
    }
    places.push(i);
  }
  return places;
}

export function scoreVerdict(
  { totals, byPlugin }: Scores,
  node: NodeInfo,
  at: number,
): NodeVerdict {
  const scores: Record<string, number> = {};
  for (const plugin of byPlugin) scores[plugin.name] = plugin.of(at, node.index);
  return { node: node.name, scores, total: totals[at]! };
}
