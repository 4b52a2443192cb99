import type { NodeInfo } from './node-facts.ts';
import type { PodInfo } from './pod-info.ts';
import type { PodTerm } from './pod-terms.ts';

/**
 * The wishes that Pods on nodes have about Pods near them, and in which domains such Pods are: what
 * a Pod that comes has to respect (their anti-affinity), and what draws it to them
 * (plugins/interpodaffinity, v1.36). Equal wishes of many Pods are one entry, kept up with each Pod
 * that comes or goes.
 */
export type WishKind = 'affinity' | 'antiAffinity' | 'preferred' | 'preferredAnti';

export interface Wish {
  readonly kind: WishKind;
  readonly term: PodTerm;
  /** How many Pods with this wish are in a domain, by the value of the topology key. */
  readonly inDomain: Map<string, number>;
}

/** All that counts of the cluster's nodes: whether there are any. */
export interface NodeList {
  readonly nodes: readonly unknown[];
}

const KINDS: readonly WishKind[] = ['affinity', 'antiAffinity', 'preferred', 'preferredAnti'];

export class CarriedTerms {
  readonly #view: NodeList;
  readonly #wishes = new Map<string, Wish>();

  constructor(view: NodeList) {
    this.#view = view;
  }

  forget(): void {
    this.#wishes.clear();
  }

  /** All wishes of Pods on nodes. */
  get wishes(): Iterable<Wish> {
    // Reading the nodes has the view made anew when it must be, and this with it.
    return this.#view.nodes.length > 0 ? this.#wishes.values() : [];
  }

  get isEmpty(): boolean {
    return this.#view.nodes.length === 0 || this.#wishes.size === 0;
  }

  /** A Pod came to a node, or left it. */
  follow({ terms }: PodInfo, node: NodeInfo, by: 1 | -1): void {
    for (const kind of KINDS) {
      for (const term of terms[kind]) this.#add(kind, term, node, by);
    }
  }

  #add(kind: WishKind, term: PodTerm, { labels }: NodeInfo, by: 1 | -1): void {
    const domain = labels[term.topologyKey];
    if (domain === undefined) return;
    const key = `${kind} ${term.weight} ${term.topologyKey} ${term.kind.key}`;
    const wish = this.#wishes.get(key) ?? { kind, term, inDomain: new Map<string, number>() };
    const pods = (wish.inDomain.get(domain) ?? 0) + by;
    if (pods > 0) wish.inDomain.set(domain, pods);
    else wish.inDomain.delete(domain);
    if (wish.inDomain.size > 0) this.#wishes.set(key, wish);
    else this.#wishes.delete(key);
  }
}
