import type { ClusterView } from './cluster-view.ts';
import type { NodeInfo } from './framework.ts';
import type { SpecFacts } from './pod-info.ts';
import type { NodeVerdict } from './verdict.ts';

/**
 * What filters and scores say that look at a Pod's spec and a node alone, remembered for all Pods
 * of a template. An entry holds as long as the node is the very same: whatever changes about a node
 * makes a new one. So a cycle works out anew only the node that the Pod before went to. The numbers
 * are the same as without.
 */
export class TemplateMemo {
  readonly #judged: NodeInfo[] = [];
  readonly #verdicts: (NodeVerdict | undefined)[] = [];
  readonly #scored: NodeInfo[] = [];
  /** Raw scores by plugin, then by the node's place. */
  readonly #scores: Int32Array[] = [];
  readonly #size: number;
  readonly imagesVersion: number;

  constructor(size: number, imagesVersion: number) {
    this.#size = size;
    this.imagesVersion = imagesVersion;
  }

  fits(size: number, imagesVersion: number): boolean {
    return this.#size === size && this.imagesVersion === imagesVersion;
  }

  verdict(node: NodeInfo, judge: () => NodeVerdict | undefined): NodeVerdict | undefined {
    const { index } = node;
    if (this.#judged[index] === node) return this.#verdicts[index];
    const verdict = judge();
    this.#judged[index] = node;
    this.#verdicts[index] = verdict;
    return verdict;
  }

  /** Fills in the raw scores of a node where they are not known. */
  score(node: NodeInfo, scorers: readonly ((node: NodeInfo) => number)[]): void {
    const { index } = node;
    if (this.#scored[index] === node) return;
    this.#scored[index] = node;
    for (let i = 0; i < scorers.length; i++) {
      this.scores(i)[index] = scorers[i]!(node);
    }
  }

  scores(plugin: number): Int32Array {
    return (this.#scores[plugin] ??= new Int32Array(this.#size));
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
  const { length } = view.nodes;
  const version = view.imagesVersion;
  const before = known.get(facts);
  known.delete(facts);
  const memo = before?.fits(length, version) ? before : new TemplateMemo(length, version);
  known.set(facts, memo);
  if (known.size > TEMPLATES) {
    for (const oldest of known.keys()) {
      known.delete(oldest);
      break;
    }
  }
  return memo;
}
