import type { Kernel } from '../../sim/kernel.ts';
import type { Table } from '../../sim/store.ts';
import { sameValue } from '../apimachinery/canonical-json.ts';
import { milliValue, wholeValue } from '../apimachinery/quantity.ts';
import type { Labels } from '../apimachinery/object.ts';
import type { Node, NodeImage } from '../api/cluster-objects.ts';
import { joinOthers, otherAmounts, podRequests, type Amounts } from '../api/pod-resources.ts';
import type { Pod } from '../api/pod.ts';
import { normalizedImageName } from './plugins/image-locality.ts';
import { NO_USAGE, type ImageSpread, type NodeInfo, type Usage } from './framework.ts';
import { SpreadCounts } from './spread-counts.ts';

/**
 * What the scheduler remembers of the cluster, kept up by deltas (pkg/scheduler/backend/cache,
 * v1.36): its nodes and how full each is, counted from the moment a Pod is decided for it, how
 * many Pods of a kind are in each domain, and on how many nodes an image is. A scheduling cycle
 * reads this and never the API server's lists.
 */
interface Placed {
  readonly node: string;
  readonly requested: Amounts;
  readonly nonZeroRequested: Amounts;
  readonly namespace: string;
  readonly labels: Labels;
  /** On its way out: it still takes its room, and no longer counts for spreading. */
  readonly leaving: boolean;
}

export class ClusterView {
  readonly spread: SpreadCounts;
  readonly #nodes: Table<string, NodeInfo>;
  readonly #usage: Table<string, Usage>;
  readonly #placed: Table<string, Placed>;
  readonly #images: Table<string, ImageSpread>;

  constructor(kernel: Kernel, name: string) {
    // Made of the nodes' objects and the table of usage, which are hashed themselves.
    this.#nodes = kernel.store.table<NodeInfo>(`${name}/nodes`, { unhashed: true });
    this.#usage = kernel.store.table<Usage>(`${name}/usage`);
    this.#placed = kernel.store.table<Placed>(`${name}/placed`);
    this.#images = kernel.store.table<ImageSpread>(`${name}/images`);
    this.spread = new SpreadCounts(kernel, name, {
      domainOf: (node, topologyKey) => this.#nodes.get(node)?.node.metadata.labels?.[topologyKey],
      placeOf: (uid) => {
        const placed = this.#placed.get(uid);
        return placed && !placed.leaving ? placed.node : undefined;
      },
    });
  }

  get nodeCount(): number {
    return this.#nodes.size;
  }

  /** All nodes once, by name, beginning with the first one at or after `start`. */
  *nodesFrom(start: string): Generator<NodeInfo, void> {
    for (const [, info] of this.#nodes.entries(start)) yield info;
    for (const [name, info] of this.#nodes.entries()) {
      if (name >= start) return;
      yield info;
    }
  }

  image(name: string): ImageSpread | undefined {
    return this.#images.get(name);
  }

  /** Takes over what is new about a node. */
  noteNode(node: Node, previous: Node | undefined): void {
    const { name, labels } = node.metadata;
    const known = this.#nodes.get(name);
    if (!known || !sameValue(labels, known.node.metadata.labels)) this.spread.forget();
    this.#noteImages(previous?.status.images ?? [], node.status.images ?? []);
    const { allocatable = {}, images = [] } = node.status;
    const sizes = images.flatMap(({ names, sizeBytes }) => names.map((one) => [one, sizeBytes]));
    this.#nodes.set(name, {
      node,
      allocatable: {
        cpuMillis: milliValue(allocatable.cpu),
        memoryBytes: wholeValue(allocatable.memory),
        pods: wholeValue(allocatable.pods),
        others: otherAmounts(allocatable),
      },
      usage: this.#usage.get(name) ?? NO_USAGE,
      imageBytes: Object.fromEntries(sizes) as Record<string, number>,
    });
  }

  forgetNode(node: Node): void {
    this.spread.forget();
    this.#noteImages(node.status.images ?? [], []);
    this.#nodes.delete(node.metadata.name);
  }

  /** Counts a Pod on a node; once, however often it is said. */
  place(pod: Pod, node: string): void {
    const { uid, namespace = '', labels = {}, deletionTimestamp } = pod.metadata;
    const leaving = deletionTimestamp !== undefined;
    const known = this.#placed.get(uid);
    if (known) {
      this.#change(uid, known, labels, leaving);
      return;
    }
    const placed: Placed = {
      node,
      requested: podRequests(pod.spec),
      nonZeroRequested: podRequests(pod.spec, true),
      namespace,
      labels,
      leaving,
    };
    if (!leaving) this.spread.add(namespace, labels, node, 1);
    this.#placed.set(uid, placed);
    this.#add(placed, 1);
  }

  /** Takes a Pod off its node; false when it was not on one. */
  remove(uid: string): boolean {
    const placed = this.#placed.get(uid);
    if (!placed) return false;
    if (!placed.leaving) this.spread.add(placed.namespace, placed.labels, placed.node, -1);
    this.#placed.delete(uid);
    this.#add(placed, -1);
    return true;
  }

  #change(uid: string, known: Placed, labels: Labels, leaving: boolean): void {
    if (!sameValue(labels, known.labels)) this.spread.forget();
    else if (leaving && !known.leaving) {
      this.spread.add(known.namespace, known.labels, known.node, -1);
    }
    this.#placed.set(uid, { ...known, labels, leaving });
  }

  /** Follows which images a node has. */
  #noteImages(before: readonly NodeImage[], after: readonly NodeImage[]): void {
    for (const { names } of before) for (const name of names) this.#countImage(name, -1, undefined);
    for (const { names, sizeBytes } of after) {
      for (const name of names) this.#countImage(name, 1, sizeBytes);
    }
  }

  #countImage(name: string, by: 1 | -1, sizeBytes: number | undefined): void {
    const key = normalizedImageName(name);
    const known = this.#images.get(key);
    const nodes = (known?.nodes ?? 0) + by;
    if (nodes <= 0) this.#images.delete(key);
    else this.#images.set(key, { sizeBytes: sizeBytes ?? known?.sizeBytes ?? 0, nodes });
  }

  #add({ node, requested, nonZeroRequested }: Placed, sign: 1 | -1): void {
    const before = this.#usage.get(node) ?? NO_USAGE;
    const sum = (a: Amounts, b: Amounts): Amounts => ({
      cpuMillis: a.cpuMillis + sign * b.cpuMillis,
      memoryBytes: a.memoryBytes + sign * b.memoryBytes,
      ...((a.others ?? b.others) && {
        others: joinOthers(a.others, b.others, (x, y) => x + sign * y),
      }),
    });
    const usage = {
      requested: sum(before.requested, requested),
      nonZeroRequested: sum(before.nonZeroRequested, nonZeroRequested),
      pods: before.pods + sign,
    };
    this.#usage.set(node, usage);
    const info = this.#nodes.get(node);
    if (info) this.#nodes.set(node, { ...info, usage });
  }
}
