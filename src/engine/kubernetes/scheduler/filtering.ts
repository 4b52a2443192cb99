import type { ClusterView } from './cluster-view.ts';
import type { Candidates, ClusterFilter, NodeFilter, PreparedFilter } from './framework.ts';
import type { NodeInfo } from './node-facts.ts';
import { withPod } from './node-info.ts';
import type { Nominations } from './nominations.ts';
import type { TemplateMemo } from './template-memo.ts';
import type { PodInfo } from './pod-info.ts';
import { Rejected, type Refusal } from './rejected.ts';

/**
 * Which nodes will do for a Pod (pkg/scheduler/schedule_one.go `findNodesThatFitPod`, v1.36). Nodes
 * are looked at in turn until enough will do. What filters say that look at the Pod's spec and the
 * node alone is remembered for the Pods of a template, until the node is another.
 */
export interface Filters {
  readonly node: readonly NodeFilter[];
  readonly cluster: readonly ClusterFilter[];
}

/** The filters made ready for one Pod. */
export interface Ready {
  readonly prepared: readonly { readonly name: string; readonly filter: PreparedFilter }[];
  /** Set when a plugin refuses the Pod whatever the node. */
  readonly forAll?: { readonly plugin: string; readonly reason: string };
}

export function prepare({ cluster }: Filters, pod: PodInfo, view: ClusterView): Ready {
  const prepared: { name: string; filter: PreparedFilter }[] = [];
  for (const { name, prepare: ask } of cluster) {
    const filter = ask(pod, view);
    if (!filter) continue;
    if ('reasons' in filter) {
      return { prepared, forAll: { plugin: name, reason: filter.reasons.join(', ') } };
    }
    prepared.push({ name, filter });
  }
  return { prepared };
}

export interface Looked extends Candidates {
  readonly rejected: Rejected;
  /** How many nodes were looked at. */
  readonly processed: number;
  /** How many were not, as the Pod names others. */
  readonly unnamed: number;
}

export const candidates = (nodes: readonly NodeInfo[]): Candidates => ({
  places: Int32Array.from(nodes, ({ index }) => index),
  count: nodes.length,
});

/** Asks the filters that look at the cluster; notes which one refuses the node, and why. */
function isRefusedByPrepared({ prepared }: Ready, node: NodeInfo, rejected: Rejected): boolean {
  for (const { name, filter } of prepared) {
    const rejection = filter.filter(node);
    if (!rejection) continue;
    rejected.add(node.index, name, rejection);
    return true;
  }
  return false;
}

export class Filtering {
  readonly #filters: Filters;
  readonly #view: ClusterView;
  readonly #nominations: Nominations;
  /** Room for those that will do and those that will not, used again by each look. */
  #places = new Int32Array(0);
  readonly #rejected = new Rejected(0);

  constructor(filters: Filters, view: ClusterView, nominations: Nominations) {
    this.#filters = filters;
    this.#view = view;
    this.#nominations = nominations;
  }

  prepare(pod: PodInfo): Ready {
    return prepare(this.#filters, pod, this.#view);
  }

  /**
   * Looks at nodes from place `start` on until `enough` will do. What it gives is valid until the
   * next look.
   */
  look(pod: PodInfo, ready: Ready, memo: TemplateMemo, start: number, enough: number): Looked {
    const { nodes } = this.#view;
    const total = nodes.length;
    const names = pod.facts.required?.names;
    if (names) return this.#lookAtNamed(pod, ready, names);
    const noneComing = this.#nominations.isEmpty;
    const isAlone = ready.prepared.length === 0 && noneComing;
    if (this.#places.length < enough) this.#places = new Int32Array(enough);
    const places = this.#places;
    const rejected = this.#rejected;
    rejected.clear(total);
    let count = 0;
    let processed = 0;
    while (processed < total && count < enough) {
      const at = (start + processed) % total;
      if (isAlone) {
        const most = Math.min(enough - count, total - processed, total - at);
        const passing = memo.takePassing(at, at + most, places, count);
        count += passing;
        processed += passing;
        if (passing > 0) continue;
      }
      const isRefused =
        noneComing && memo.isPassing(at)
          ? isRefusedByPrepared(ready, nodes[at]!, rejected)
          : this.#isRefused(pod, ready, nodes[at]!, rejected, memo);
      if (!isRefused) places[count++] = at;
      processed += 1;
    }
    return { places, count, rejected, processed, unnamed: 0 };
  }

  #lookAtNamed(pod: PodInfo, ready: Ready, names: ReadonlySet<string>): Looked {
    const feasible: NodeInfo[] = [];
    const rejected = new Rejected(names.size);
    for (const name of names) {
      const node = this.#view.node(name);
      if (node && !this.#isRefused(pod, ready, node, rejected)) feasible.push(node);
    }
    const processed = feasible.length + rejected.count;
    const unnamed = this.#view.nodeCount - processed;
    return { ...candidates(feasible), rejected, processed, unnamed };
  }

  /** Notes why a node will not do. */
  #isRefused(
    pod: PodInfo,
    ready: Ready,
    node: NodeInfo,
    rejected: Rejected,
    memo?: TemplateMemo,
  ): boolean {
    const refusal = this.#judgeWithNominated(pod, ready, node, memo);
    if (refusal) rejected.add(node.index, refusal.plugin, refusal);
    return refusal !== undefined;
  }

  /**
   * A node has to do with the Pods that are to come to it by preemption, and without them, as they
   * may never come (framework/runtime/framework.go `RunFilterPluginsWithNominatedPods`).
   */
  #judgeWithNominated(
    pod: PodInfo,
    ready: Ready,
    node: NodeInfo,
    memo?: TemplateMemo,
  ): Refusal | undefined {
    const coming = this.#nominations.comingTo(node.name, pod);
    if (coming.length > 0) {
      const verdict = this.#judgeWith(pod, ready, node, coming);
      if (verdict) return verdict;
    }
    return this.judge(pod, ready, node, memo);
  }

  /** Judges a node as it would be, for trying out preemption. */
  judgeTrial(pod: PodInfo, ready: Ready, node: NodeInfo): Refusal | undefined {
    return this.#judgeWithNominated(pod, ready, node);
  }

  #judgeWith(
    pod: PodInfo,
    ready: Ready,
    node: NodeInfo,
    coming: readonly PodInfo[],
  ): Refusal | undefined {
    let fuller = node;
    for (const other of coming) {
      for (const { filter } of ready.prepared) filter.adjust?.(other, node, 1);
      fuller = withPod(fuller, other, 1);
    }
    const verdict = this.judge(pod, ready, fuller);
    for (const other of coming) {
      for (const { filter } of ready.prepared) filter.adjust?.(other, node, -1);
    }
    return verdict;
  }

  /** The first filter that refuses a node decides. */
  judge(pod: PodInfo, ready: Ready, node: NodeInfo, memo?: TemplateMemo): Refusal | undefined {
    const alone = memo ? this.#remembered(pod, node, memo) : this.#judgeAlone(pod, node);
    if (alone) return alone;
    for (const { name, filter } of ready.prepared) {
      const rejection = filter.filter(node);
      if (rejection) return { plugin: name, ...rejection };
    }
    return undefined;
  }

  #remembered(pod: PodInfo, node: NodeInfo, memo: TemplateMemo): Refusal | undefined {
    const { index } = node;
    if (!memo.isJudged(index)) memo.judged(index, this.#judgeAlone(pod, node));
    return memo.refusal(index);
  }

  #judgeAlone(pod: PodInfo, node: NodeInfo): Refusal | undefined {
    for (const { name, filter } of this.#filters.node) {
      const rejection = filter(pod, node);
      if (rejection) return { plugin: name, ...rejection };
    }
    return undefined;
  }
}
