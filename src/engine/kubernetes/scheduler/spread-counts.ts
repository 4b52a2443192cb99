import type { Kernel } from '../../sim/kernel.ts';
import type { Index, Table } from '../../sim/store.ts';
import { labelTerm } from '../api/index-terms.ts';
import type { Pod, TopologySpreadConstraint } from '../api/pod.ts';
import { selectorMatches, type LabelSelector } from '../apimachinery/label-selector.ts';
import type { Labels } from '../apimachinery/object.ts';
import type { DomainCounts } from './framework.ts';

/**
 * How many Pods of a kind are in each domain, for as many kinds as have been asked for. A kind is
 * counted through once, when it is first asked for, and then kept up with each Pod that comes or
 * goes, so that a scheduling cycle does not count Pods.
 *
 * Upstream counts the Pods of every node anew in each cycle (plugins/podtopologyspread/scoring.go,
 * v1.36); the numbers are the same.
 */
interface Kind {
  readonly id: number;
  readonly namespace: string;
  readonly selector: LabelSelector;
  readonly topologyKey: string;
}

/** What the counts are made from. */
interface World {
  readonly domainOf: (node: string, topologyKey: string) => string | undefined;
  /** The node of a Pod that counts, by its uid. */
  readonly placeOf: (uid: string) => string | undefined;
}

/** More kinds than that are not remembered: all are counted through afresh when asked for. */
const KINDS = 20_000;
const NEXT_ID = 'next';

export class SpreadCounts {
  readonly #world: World;
  readonly #kinds: Table<string, Kind>;
  readonly #byLabel: Index<string, Kind>;
  readonly #counts: Table<string, number>;
  readonly #ids: Table<string, number>;

  constructor(kernel: Kernel, name: string, world: World) {
    const { store } = kernel;
    this.#world = world;
    this.#kinds = store.table<Kind>(`${name}/spread-kinds`, { unhashed: true });
    this.#byLabel = this.#kinds.index((kind) => [termOf(kind)]);
    this.#counts = store.table<number>(`${name}/spread-counts`, { unhashed: true });
    this.#ids = store.table<number>(`${name}/spread-ids`, { unhashed: true });
  }

  /** Matching Pods of a namespace by domain; `pods` gives them when they must be counted. */
  of(
    namespace: string,
    { labelSelector, topologyKey }: TopologySpreadConstraint,
    pods: (selector: LabelSelector) => Iterable<Pod>,
  ): DomainCounts {
    if (!labelSelector) return new Map();
    const key = JSON.stringify([namespace, topologyKey, labelSelector]);
    const known = this.#kinds.get(key);
    const { id } = known ?? this.#count(key, namespace, labelSelector, topologyKey, pods);
    return { get: (domain) => this.#counts.get(`${id}/${domain}`) };
  }

  /** A Pod came to a node, or left it. */
  add(namespace: string, labels: Labels, node: string, by: 1 | -1): void {
    const terms = Object.entries(labels).map(([key, value]) => labelTerm(namespace, key, value));
    for (const term of [...terms, anyTerm(namespace)]) {
      for (const { id, selector, topologyKey } of this.#byLabel.values(term)) {
        if (!selectorMatches(selector, labels)) continue;
        const domain = this.#world.domainOf(node, topologyKey);
        if (domain !== undefined) this.#addTo(id, domain, by);
      }
    }
  }

  /** Labels have changed that domains or kinds go by: everything is counted afresh when asked. */
  forget(): void {
    for (const key of [...this.#kinds.rows.keys()]) this.#kinds.delete(key);
    for (const key of [...this.#counts.rows.keys()]) this.#counts.delete(key);
  }

  #count(
    key: string,
    namespace: string,
    selector: LabelSelector,
    topologyKey: string,
    pods: (selector: LabelSelector) => Iterable<Pod>,
  ): Kind {
    if (this.#kinds.size >= KINDS) this.forget();
    const id = this.#ids.get(NEXT_ID) ?? 1;
    this.#ids.set(NEXT_ID, id + 1);
    const kind = { id, namespace, selector, topologyKey };
    this.#kinds.set(key, kind);
    for (const { metadata } of pods(selector)) {
      const node = this.#world.placeOf(metadata.uid);
      const domain = node === undefined ? undefined : this.#world.domainOf(node, topologyKey);
      if (domain !== undefined) this.#addTo(id, domain, 1);
    }
    return kind;
  }

  #addTo(id: number, domain: string, by: 1 | -1): void {
    const at = `${id}/${domain}`;
    const pods = (this.#counts.get(at) ?? 0) + by;
    if (pods > 0) this.#counts.set(at, pods);
    else this.#counts.delete(at);
  }
}

const anyTerm = (namespace: string): string => `any:${namespace}`;

/** One label of the selector is enough to find its kind by. */
function termOf({ namespace, selector }: Kind): string {
  const [label] = Object.entries(selector.matchLabels ?? {});
  return label ? labelTerm(namespace, ...label) : anyTerm(namespace);
}
