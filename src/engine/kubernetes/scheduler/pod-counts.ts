import type { Labels } from '../apimachinery/object.ts';
import type { NodeInfo } from './node-facts.ts';
import type { PodInfo } from './pod-info.ts';
import { kindMatches, type PodKind } from './pod-terms.ts';

/**
 * How many Pods of a kind are on each node, for the kinds that were asked for lately. No scheduling
 * cycle walks through Pods: those with the same namespace and labels are one class, and what a new
 * kind counts is summed over the classes that it matches. Upstream counts the Pods of all nodes
 * anew in each cycle (plugins/podtopologyspread, plugins/interpodaffinity, v1.36); the numbers are
 * the same.
 *
 * All of it is derived from the scheduler's view, and made anew when that is.
 */
export interface CountedNodes {
  readonly nodes: readonly NodeInfo[];
  namespaceLabels(name: string): Labels | undefined;
}

export interface KindCounts {
  /** Pods by the node's place in the list. */
  readonly onNode: Int32Array;
  /** Pods by domain of a topology, for topologies asked for; see {@link PodCounts.inDomains}. */
  readonly inDomain: Map<string, DomainCounts>;
}

export interface DomainCounts {
  /** By the domain's number. */
  readonly pods: Int32Array;
  total: number;
}

interface Kind extends KindCounts {
  readonly key: string;
  /** A Pod counts when all of these match it. */
  readonly kinds: readonly PodKind[];
  /** Whether Pods count that are on their way out. */
  readonly leaving: boolean;
  /** When it was asked for last. */
  usedAt: number;
}

/** Pods alike in namespace and labels. */
interface PodClass {
  readonly namespace: string;
  readonly labels: Labels;
  /** Pods by the node's place, those that stay and those on their way out. */
  readonly staying: Map<number, number>;
  readonly leaving: Map<number, number>;
  /** The remembered kinds that match. */
  readonly kinds: Set<Kind>;
}

/** The domains of a topology: which one each node is in, by its place in the list; -1 for none. */
export interface Domains {
  readonly of: Int32Array;
  readonly values: readonly string[];
  /** Each node's own place, where it is in a domain: for host names. */
  readonly places: Int32Array;
  /** Whether each node is in one. */
  readonly isComplete: boolean;
}

/** Kinds that are remembered; the one that was asked for longest ago goes first. */
const KINDS = 500;

export class PodCounts {
  readonly #view: CountedNodes;
  readonly #classes = new Map<string, PodClass>();
  /** By their key: kinds for which Pods on their way out do not count, and those for which they do. */
  readonly #staying = new Map<string, Kind>();
  readonly #all = new Map<string, Kind>();
  #uses = 0;
  readonly #domains = new Map<string, Domains>();

  constructor(view: CountedNodes) {
    this.#view = view;
  }

  forget(): void {
    this.#classes.clear();
    this.#domains.clear();
    this.forgetKinds();
  }

  /** What namespaces are called has changed, which kinds go by. */
  forgetKinds(): void {
    this.#staying.clear();
    this.#all.clear();
    for (const { kinds } of this.#classes.values()) kinds.clear();
  }

  /** Which domain of a topology each node is in. */
  domains(topologyKey: string): Domains {
    const nodes = this.#view.nodes;
    const known = this.#domains.get(topologyKey);
    if (known) return known;
    const of = new Int32Array(nodes.length);
    const ids = new Map<string, number>();
    for (const { index, labels } of nodes) {
      const value = labels[topologyKey];
      if (value === undefined) of[index] = -1;
      else {
        if (!ids.has(value)) ids.set(value, ids.size);
        of[index] = ids.get(value)!;
      }
    }
    const places = of.map((domain, at) => (domain < 0 ? -1 : at));
    const domains = { of, values: [...ids.keys()], places, isComplete: !of.includes(-1) };
    this.#domains.set(topologyKey, domains);
    return domains;
  }

  /** Pods that all of the kinds match, on each node. Kept up while it is remembered. */
  of(kinds: readonly PodKind[], leaving: boolean): KindCounts {
    const nodes = this.#view.nodes;
    const key = kinds.length === 1 ? kinds[0]!.key : kinds.map((kind) => kind.key).join(' ');
    const remembered = leaving ? this.#all : this.#staying;
    let kind = remembered.get(key);
    if (!kind) {
      if (this.#staying.size + this.#all.size >= KINDS) this.#dropOldest();
      const onNode = new Int32Array(nodes.length);
      kind = { key, kinds, leaving, onNode, inDomain: new Map(), usedAt: 0 };
      remembered.set(key, this.#countThrough(kind));
    }
    this.#uses += 1;
    kind.usedAt = this.#uses;
    return kind;
  }

  /** The same Pods by domain of a topology, all nodes counted. */
  inDomains(counts: KindCounts, topologyKey: string): DomainCounts {
    const known = counts.inDomain.get(topologyKey);
    if (known) return known;
    const { of, values } = this.domains(topologyKey);
    const sums = { pods: new Int32Array(values.length), total: 0 };
    counts.onNode.forEach((pods, at) => addTo(sums, of[at]!, pods));
    counts.inDomain.set(topologyKey, sums);
    return sums;
  }

  /** A Pod came to a node, or left it. */
  follow(pod: PodInfo, { index }: NodeInfo, leaving: boolean, by: 1 | -1): void {
    const key = classKey(pod);
    const those = this.#classes.get(key) ?? this.#addClass(key, pod);
    const counts = leaving ? those.leaving : those.staying;
    const pods = (counts.get(index) ?? 0) + by;
    if (pods > 0) counts.set(index, pods);
    else counts.delete(index);
    for (const kind of those.kinds) {
      if (leaving && !kind.leaving) continue;
      kind.onNode[index]! += by;
      for (const [topologyKey, sums] of kind.inDomain) {
        addTo(sums, this.domains(topologyKey).of[index]!, by);
      }
    }
    if (those.staying.size === 0 && those.leaving.size === 0) this.#classes.delete(key);
  }

  #addClass(key: string, { namespace, labels }: PodInfo): PodClass {
    const those: PodClass = {
      namespace,
      labels,
      staying: new Map(),
      leaving: new Map(),
      kinds: new Set(),
    };
    for (const remembered of [this.#staying, this.#all]) {
      for (const kind of remembered.values()) {
        if (this.#matches(kind, those)) those.kinds.add(kind);
      }
    }
    this.#classes.set(key, those);
    return those;
  }

  #matches({ kinds }: Kind, { namespace, labels }: PodClass): boolean {
    const labelsOf = (name: string) => this.#view.namespaceLabels(name);
    for (const kind of kinds) if (!kindMatches(kind, namespace, labels, labelsOf)) return false;
    return kinds.length > 0;
  }

  #countThrough(kind: Kind): Kind {
    for (const those of this.#classes.values()) {
      if (!this.#matches(kind, those)) continue;
      those.kinds.add(kind);
      for (const [index, pods] of those.staying) kind.onNode[index]! += pods;
      if (!kind.leaving) continue;
      for (const [index, pods] of those.leaving) kind.onNode[index]! += pods;
    }
    return kind;
  }

  #dropOldest(): void {
    let oldest: Kind | undefined;
    for (const remembered of [this.#staying, this.#all]) {
      for (const kind of remembered.values()) {
        if (!oldest || kind.usedAt < oldest.usedAt) oldest = kind;
      }
    }
    if (!oldest) return;
    (oldest.leaving ? this.#all : this.#staying).delete(oldest.key);
    for (const { kinds } of this.#classes.values()) kinds.delete(oldest);
  }
}

function addTo(counts: DomainCounts, domain: number, pods: number): void {
  if (domain < 0) return;
  counts.pods[domain]! += pods;
  counts.total += pods;
}

/** The class of labels, by the namespace that was asked for last: Pods of a template share both. */
const keys = new WeakMap<Labels, { readonly namespace: string; readonly key: string }>();

function classKey({ namespace, labels }: PodInfo): string {
  const known = keys.get(labels);
  if (known?.namespace === namespace) return known.key;
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  const key = `${namespace} ${JSON.stringify(sorted)}`;
  keys.set(labels, { namespace, key });
  return key;
}
