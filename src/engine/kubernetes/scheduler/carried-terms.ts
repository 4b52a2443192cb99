import type { Labels } from '../apimachinery/object.ts';
import type { NodeInfo } from './node-facts.ts';
import type { Domains } from './pod-counts.ts';
import type { PodInfo } from './pod-info.ts';
import { kindMatches, type PodTerm } from './pod-terms.ts';

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
  /** How many Pods with this wish are in a domain, by its number; how many there are in all. */
  readonly pods: Int32Array;
  total: number;
}

/** All that counts of the cluster. */
export interface Surroundings {
  readonly nodes: readonly unknown[];
  readonly counts: { domains(topologyKey: string): Domains };
  namespaceLabels(name: string): Labels | undefined;
}

interface Matching {
  readonly namespace: string;
  readonly version: number;
  readonly wishes: readonly Wish[];
}

const KINDS: readonly WishKind[] = ['affinity', 'antiAffinity', 'preferred', 'preferredAnti'];
const NONE: readonly Wish[] = [];

export class CarriedTerms {
  readonly #view: Surroundings;
  readonly #wishes = new Map<string, Wish>();
  /** Those that choose namespaces by what they are called now. */
  readonly #choosy = new Set<Wish>();
  /** Another number whenever there is another wish. */
  #version = 0;
  /** Which of the other wishes are about Pods with these labels. */
  readonly #matching = new WeakMap<Labels, Matching>();

  constructor(view: Surroundings) {
    this.#view = view;
  }

  forget(): void {
    this.#wishes.clear();
    this.#choosy.clear();
    this.#version += 1;
  }

  /** The wishes of Pods on nodes that are about Pods like this one. */
  about({ namespace, labels }: PodInfo): readonly Wish[] {
    // Reading the nodes has the view made anew when it must be, and this with it.
    if (this.#view.nodes.length === 0 || this.#wishes.size === 0) return NONE;
    const labelsOf = (name: string) => this.#view.namespaceLabels(name);
    const isAbout = ({ term }: Wish) => kindMatches(term.kind, namespace, labels, labelsOf);
    let known = this.#matching.get(labels);
    if (known?.version !== this.#version || known.namespace !== namespace) {
      const wishes = [...this.#wishes.values()].filter(
        (wish) => !this.#choosy.has(wish) && isAbout(wish),
      );
      known = { namespace, version: this.#version, wishes };
      this.#matching.set(labels, known);
    }
    if (this.#choosy.size === 0) return known.wishes;
    return [...known.wishes, ...[...this.#choosy].filter(isAbout)];
  }

  /** A Pod came to a node, or left it. */
  follow({ terms }: PodInfo, node: NodeInfo, by: 1 | -1): void {
    for (const kind of KINDS) {
      for (const term of terms[kind]) this.#add(kind, term, node, by);
    }
  }

  #add(kind: WishKind, term: PodTerm, { index }: NodeInfo, by: 1 | -1): void {
    const { of, values } = this.#view.counts.domains(term.topologyKey);
    const domain = of[index]!;
    if (domain < 0) return;
    const key = `${kind} ${term.key}`;
    let wish = this.#wishes.get(key);
    if (!wish) {
      wish = { kind, term, pods: new Int32Array(values.length), total: 0 };
      this.#wishes.set(key, wish);
      if (term.kind.namespaceSelector) this.#choosy.add(wish);
      this.#version += 1;
    }
    wish.pods[domain]! += by;
    wish.total += by;
    if (wish.total > 0) return;
    this.#wishes.delete(key);
    this.#choosy.delete(wish);
    this.#version += 1;
  }
}
