import type { Kernel } from '../../sim/kernel.ts';
import type { Table } from '../../sim/store.ts';
import { milliValue, wholeValue } from '../apimachinery/quantity.ts';
import type { Node, NodeImage } from '../api/cluster-objects.ts';
import { podRequests, type Amounts } from '../api/pod-resources.ts';
import type { Pod } from '../api/pod.ts';
import { normalizedImageName } from './plugins/image-locality.ts';
import { NO_USAGE, type ImageSpread, type NodeInfo, type Usage } from './framework.ts';

/**
 * What the scheduler remembers of the cluster, kept up by deltas (pkg/scheduler/backend/cache,
 * v1.36): how full each node is, counted from the moment a Pod is decided for it, and on how many
 * nodes an image is.
 */
interface Placed {
  readonly node: string;
  readonly requested: Amounts;
  readonly nonZeroRequested: Amounts;
}

export class ClusterView {
  readonly #usage: Table<string, Usage>;
  readonly #placed: Table<string, Placed>;
  readonly #images: Table<string, ImageSpread>;

  constructor(kernel: Kernel, name: string) {
    this.#usage = kernel.store.table<Usage>(`${name}/usage`);
    this.#placed = kernel.store.table<Placed>(`${name}/placed`);
    this.#images = kernel.store.table<ImageSpread>(`${name}/images`);
  }

  info(node: Node): NodeInfo {
    const { allocatable = {} } = node.status;
    return {
      node,
      allocatable: {
        cpuMillis: milliValue(allocatable.cpu),
        memoryBytes: wholeValue(allocatable.memory),
        pods: wholeValue(allocatable.pods),
      },
      usage: this.#usage.get(node.metadata.name) ?? NO_USAGE,
    };
  }

  image(name: string): ImageSpread | undefined {
    return this.#images.get(name);
  }

  /** Counts a Pod on a node; once, however often it is said. */
  place(pod: Pod, node: string): void {
    const { uid } = pod.metadata;
    if (this.#placed.has(uid)) return;
    const placed = {
      node,
      requested: podRequests(pod.spec),
      nonZeroRequested: podRequests(pod.spec, true),
    };
    this.#placed.set(uid, placed);
    this.#add(placed, 1);
  }

  /** Takes a Pod off its node; false when it was not on one. */
  remove(uid: string): boolean {
    const placed = this.#placed.get(uid);
    if (!placed) return false;
    this.#placed.delete(uid);
    this.#add(placed, -1);
    return true;
  }

  /** Follows which images a node has. */
  noteImages(before: readonly NodeImage[], after: readonly NodeImage[]): void {
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
    const usage = this.#usage.get(node) ?? NO_USAGE;
    const sum = (a: Amounts, b: Amounts): Amounts => ({
      cpuMillis: a.cpuMillis + sign * b.cpuMillis,
      memoryBytes: a.memoryBytes + sign * b.memoryBytes,
    });
    this.#usage.set(node, {
      requested: sum(usage.requested, requested),
      nonZeroRequested: sum(usage.nonZeroRequested, nonZeroRequested),
      pods: usage.pods + sign,
    });
  }
}
