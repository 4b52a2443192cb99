import type { Kernel } from '../../sim/kernel.ts';
import type { Table } from '../../sim/store.ts';
import { sameValue } from '../apimachinery/canonical-json.ts';
import type { Labels } from '../apimachinery/object.ts';
import type { Node, NodeImage } from '../api/cluster-objects.ts';
import type { Pod, PodSpec } from '../api/pod.ts';
import type { Client } from '../client/client.ts';
import { CarriedTerms } from './carried-terms.ts';
import { ClaimUsers } from './claim-users.ts';
import { normalizedImageName } from './image-name.ts';
import type { ImageSpread, NodeInfo } from './node-facts.ts';
import { nodesInTurn } from './node-order.ts';
import { changedUsage, newNodeInfo } from './node-info.ts';
import { infoOf, type PodInfo } from './pod-info.ts';
import { PodCounts } from './pod-counts.ts';

/**
 * What the scheduler remembers of the cluster, kept up by deltas (pkg/scheduler/backend/cache,
 * v1.36): its nodes, and which Pod is on which from the moment it is decided. These two are the
 * state. What a cycle reads is derived from them: how full each node is, on how many nodes an
 * image is, how many Pods of a kind are where. It is kept up with each change, and made anew after
 * the world was taken back to another moment.
 */
export interface Placed {
  readonly node: string;
  readonly name: string;
  readonly namespace: string;
  readonly labels: Labels;
  readonly spec: PodSpec;
  /** On its way out: it still takes its room, and no longer counts for spreading. */
  readonly leaving: boolean;
}

export class ClusterView {
  /** For plugins that look up objects: volumes, Services, owners. */
  readonly client: Client;
  readonly counts: PodCounts;
  readonly carried: CarriedTerms;
  readonly claimUsers: ClaimUsers;
  readonly #kernel: Kernel;
  readonly #nodeRows: Table<string, Node>;
  readonly #placed: Table<string, Placed>;
  #made = -1;
  #nodes: NodeInfo[] = [];
  #revisions = new Uint32Array(0);
  readonly #at = new Map<string, number>();
  readonly #images = new Map<string, ImageSpread>();
  #nodesVersion = 0;
  #imagesVersion = 0;
  /** Set when the list of nodes is not what it was: it is made anew when next read. */
  #stale = true;

  constructor(kernel: Kernel, client: Client, name: string) {
    this.#kernel = kernel;
    this.client = client;
    this.#nodeRows = kernel.store.table<Node>(`${name}/nodes`);
    this.#placed = kernel.store.table<Placed>(`${name}/placed`);
    this.counts = new PodCounts(this);
    this.carried = new CarriedTerms(this);
    this.claimUsers = new ClaimUsers();
  }

  get nodeCount(): number {
    return this.#nodeRows.size;
  }

  /** All nodes, those of the zones in turn. Valid until something changes. */
  get nodes(): readonly NodeInfo[] {
    this.#refresh();
    return this.#nodes;
  }

  /**
   * A number for each node, by its place, that grows with every change of what is known of it; from
   * 1. Another list of nodes has another array.
   */
  get revisions(): Uint32Array {
    this.#refresh();
    return this.#revisions;
  }

  /** Grows with every change of a node's object: what is worked out from those alone stays valid. */
  get nodesVersion(): number {
    this.#refresh();
    return this.#nodesVersion;
  }

  /** Grows when an image comes to a node, or leaves it. */
  get imagesVersion(): number {
    this.#refresh();
    return this.#imagesVersion;
  }

  node(name: string): NodeInfo | undefined {
    this.#refresh();
    const at = this.#at.get(name);
    return at === undefined ? undefined : this.#nodes[at];
  }

  image(name: string): ImageSpread | undefined {
    this.#refresh();
    return this.#images.get(name);
  }

  /** Whether a Pod is on a node already, as far as the scheduler knows. */
  placeOf(uid: string): Placed | undefined {
    return this.#placed.get(uid);
  }

  *placed(): Generator<[string, Placed], void> {
    yield* this.#placed.entries();
  }

  namespaceLabels(namespace: string): Labels | undefined {
    return this.client.get('namespaces', '', namespace)?.metadata.labels;
  }

  /** The labels of a namespace have changed, which Pods are chosen by. */
  noteNamespaces(): void {
    this.counts.forgetKinds();
  }

  /** Takes over what is new about a node. */
  noteNode(node: Node): void {
    const { name } = node.metadata;
    const known = this.#nodeRows.get(name);
    this.#nodeRows.set(name, node);
    const at = this.#stale ? undefined : this.#at.get(name);
    if (!known || at === undefined || !sameValue(known.metadata.labels, node.metadata.labels)) {
      this.#stale = true;
      return;
    }
    this.#nodes[at] = newNodeInfo(node, at, this.#nodes[at]!.usage);
    this.#revisions[at]! += 1;
    this.#nodesVersion += 1;
    if (known.status.images !== node.status.images) {
      this.#noteImages(known.status.images, node.status.images);
    }
  }

  forgetNode(name: string): void {
    if (this.#nodeRows.delete(name)) this.#stale = true;
  }

  /** Counts a Pod on a node; once, however often it is said. @param info of the Pod, if at hand */
  place(pod: Pod, node: string, info?: PodInfo): void {
    const { uid, name, namespace = '', labels = {}, deletionTimestamp } = pod.metadata;
    const leaving = deletionTimestamp !== undefined;
    const known = this.#placed.get(uid);
    this.#refresh();
    if (known) {
      if (known.leaving === leaving && sameValue(known.labels, labels)) return;
      this.#count(uid, known, -1);
      const changed = { ...known, labels, leaving };
      this.#placed.set(uid, changed);
      this.#count(uid, changed, 1);
      return;
    }
    const placed: Placed = { node, name, namespace, labels, spec: pod.spec, leaving };
    this.#placed.set(uid, placed);
    this.#count(uid, placed, 1, info);
  }

  /** Takes a Pod off its node; gives what it was, if it was on one. */
  remove(uid: string): Placed | undefined {
    const placed = this.#placed.get(uid);
    if (!placed) return undefined;
    this.#refresh();
    this.#placed.delete(uid);
    this.#count(uid, placed, -1);
    return placed;
  }

  infoOf(uid: string, { name, namespace, labels, spec }: Placed): PodInfo {
    return infoOf(uid, name, namespace, labels, spec);
  }

  #count(uid: string, placed: Placed, by: 1 | -1, info = this.infoOf(uid, placed)): void {
    const at = this.#at.get(placed.node);
    if (at === undefined) return;
    const before = this.#nodes[at]!;
    const node = { ...before, usage: changedUsage(before.usage, info.facts, by) };
    this.#nodes[at] = node;
    this.#revisions[at]! += 1;
    this.counts.follow(info, node, placed.leaving, by);
    this.carried.follow(info, node, by);
    this.claimUsers.follow(info, placed.node, by);
  }

  /** Makes what is derived anew when the nodes are others, or the world was taken back. */
  #refresh(): void {
    const { epoch } = this.#kernel.store;
    if (!this.#stale && this.#made === epoch) return;
    this.#stale = false;
    this.#made = epoch;
    this.#at.clear();
    this.#images.clear();
    this.#nodes = nodesInTurn([...this.#nodeRows.values()]).map((node, index) => {
      this.#at.set(node.metadata.name, index);
      this.#noteImages(undefined, node.status.images);
      return newNodeInfo(node, index);
    });
    this.#revisions = new Uint32Array(this.#nodes.length).fill(1);
    this.#nodesVersion += 1;
    this.#imagesVersion += 1;
    this.counts.forget();
    this.carried.forget();
    this.claimUsers.forget();
    for (const [uid, placed] of this.#placed.entries()) {
      const at = this.#at.get(placed.node);
      if (at === undefined) continue;
      const before = this.#nodes[at]!;
      const info = this.infoOf(uid, placed);
      this.#nodes[at] = { ...before, usage: changedUsage(before.usage, info.facts, 1) };
      this.counts.follow(info, before, placed.leaving, 1);
      this.carried.follow(info, before, 1);
      this.claimUsers.follow(info, placed.node, 1);
    }
  }

  /** Follows which images a node has. */
  #noteImages(before: readonly NodeImage[] = [], after: readonly NodeImage[] = []): void {
    this.#imagesVersion += 1;
    for (const { names = [] } of before) {
      for (const name of names) this.#countImage(name, -1, undefined);
    }
    for (const { names = [], sizeBytes = 0 } of after) {
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
}
