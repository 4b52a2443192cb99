import type { ClusterView } from './cluster-view.ts';
import type { Candidates, ScorePlugin, Scorer, ScoringState } from './framework.ts';
import type { PodInfo } from './pod-info.ts';
import type { Alone, TemplateMemo } from './template-memo.ts';
import type { NodeVerdict } from './verdict.ts';

/**
 * How well the nodes will do that passed all filters
 * (pkg/scheduler/framework/runtime/framework.go `RunScorePlugins`, v1.36): each plugin's raw scores,
 * brought to 0..100, times its weight.
 */
export interface Scores {
  readonly candidates: Candidates;
  /** Those with the highest score, by their numbers among the candidates: the first `ties`. */
  readonly best: Int32Array;
  readonly ties: number;
  /** What the totals lack, which is the same for all. */
  readonly base: number;
  readonly totals: Int32Array;
  /** Of the plugins that have something to say. */
  readonly byPlugin: readonly PluginScores[];
}

/** A plugin's scores: one for all, weighted, or by node's place or candidate's number. */
interface PluginScores {
  readonly name: string;
  readonly weight: number;
  readonly forAll?: number;
  readonly byPlace?: Int32Array;
  readonly byNumber?: Int32Array;
}

/** Room for scores, used again by each cycle: there is no use in them after it. */
export class Scoring {
  readonly #plugins: readonly ScorePlugin[];
  readonly #view: ClusterView;
  /** What zero for every node comes to, by plugin. */
  readonly #silence: readonly number[];
  #totals = new Int32Array(0);
  #best = new Int32Array(0);
  #scores: readonly Int32Array[] = [];

  constructor(plugins: readonly ScorePlugin[], view: ClusterView) {
    this.#plugins = plugins;
    this.#view = view;
    this.#silence = plugins.map(({ normalize, weight }) => {
      const zero = new Int32Array(1);
      normalize?.(zero, 1);
      return zero[0]! * weight;
    });
  }

  /** Valid until the next call. */
  score(pod: PodInfo, candidates: Candidates, memo: TemplateMemo): Scores {
    const { places, count } = candidates;
    this.#reserve(count);
    const totals = this.#totals;
    const state = { view: this.#view, places, count };
    const alone = (memo.alone ??= this.#askAlone(pod, state, memo));
    memo.addUp(this.#view.nodes, places, count, alone, totals);
    const byPlugin: PluginScores[] = [];
    let base = 0;
    let next = 0;
    this.#plugins.forEach((plugin, i) => {
      const scores = this.#scores[i]!;
      let said: PluginScores | undefined;
      if (!plugin.onNodeAlone) said = compare(plugin, plugin.scorer(pod, state), state, scores);
      else if (alone[next]?.plugin === plugin) {
        said = this.#recall(alone[next]!, this.#silence[i]!, candidates, scores);
        next += 1;
      }
      if (!said) return;
      base += said.forAll ?? 0;
      if (said.byNumber) addWeighted(said.byNumber, said.weight, totals, count);
      byPlugin.push(said);
    });
    const ties = highest(totals, count, this.#best);
    return { candidates, best: this.#best, ties, base, totals, byPlugin };
  }

  #askAlone(pod: PodInfo, state: ScoringState, memo: TemplateMemo): Alone[] {
    return this.#plugins.flatMap((plugin) => {
      const scorer = plugin.onNodeAlone && plugin.scorer(pod, state);
      return scorer ? [memo.remember(plugin, scorer)] : [];
    });
  }

  /** What a plugin said that looks at nodes alone; those that compare no nodes are in the sums. */
  #recall(
    { plugin, scores: known, speaks }: Alone,
    silence: number,
    { places, count }: Candidates,
    scores: Int32Array,
  ): PluginScores {
    const { name, weight, normalize } = plugin;
    if (!normalize) return { name, byPlace: known, weight };
    if (!speaks) return { name, weight, forAll: silence };
    for (let i = 0; i < count; i++) scores[i] = known[places[i]!]!;
    normalize(scores, count);
    return { name, byNumber: scores, weight };
  }

  #reserve(count: number): void {
    if (this.#totals.length >= count) return;
    this.#totals = new Int32Array(count);
    this.#best = new Int32Array(count);
    this.#scores = this.#plugins.map(() => new Int32Array(count));
  }
}

/** What a plugin says that looks at the cluster. */
function compare(
  { name, weight, normalize }: ScorePlugin,
  scorer: Scorer | undefined,
  { view, places, count }: ScoringState,
  scores: Int32Array,
): PluginScores | undefined {
  if (!scorer) return undefined;
  if (scorer.fill) scorer.fill(scores, places, count);
  else for (let i = 0; i < count; i++) scores[i] = scorer(view.nodes[places[i]!]!);
  normalize?.(scores, count);
  return { name, byNumber: scores, weight };
}

function addWeighted(scores: Int32Array, weight: number, totals: Int32Array, count: number): void {
  for (let i = 0; i < count; i++) totals[i]! += scores[i]! * weight;
}

/** Puts down which totals are the highest; gives how many there are. */
function highest(totals: Int32Array, count: number, best: Int32Array): number {
  let most = -1;
  let ties = 0;
  for (let i = 0; i < count; i++) {
    const total = totals[i]!;
    if (total < most) continue;
    if (total > most) {
      most = total;
      ties = 0;
    }
    best[ties++] = i;
  }
  return ties;
}

/** What was said of a candidate. @param plugins names of those that had something to say */
export function scoreVerdict(
  { candidates, byPlugin, totals, base }: Scores,
  plugins: readonly string[],
  node: string,
  number: number,
): NodeVerdict {
  const at = candidates.places[number]!;
  const scores: number[] = [];
  for (const { forAll, byPlace, byNumber, weight } of byPlugin) {
    scores.push(forAll ?? (byNumber ? byNumber[number]! : byPlace![at]!) * weight);
  }
  return { node, plugins, scores, total: totals[number]! + base };
}
