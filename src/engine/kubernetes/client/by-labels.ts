import type { Kernel } from '../../sim/kernel.ts';
import type { Follower } from '../api/requests.ts';
import type { ResourceName } from '../api/resources.ts';
import type { KubeObject, Labels } from '../apimachinery/object.ts';

/** What is needed of a client. */
interface Writes {
  readonly kernel: Kernel;
  follow(resource: ResourceName, follower: Follower): void;
}

interface Known<T> {
  readonly namespace: string;
  readonly found: readonly T[];
}

/**
 * What objects of a kind choose by labels, remembered until the spec of one of the kind changes:
 * Pods of one template share their labels, and each of their writes asks. A new status alone does
 * not count, so whoever wants that reads it afresh.
 */
export class ByLabels<T> {
  readonly #client: Writes;
  readonly #find: (namespace: string, labels: Labels) => readonly T[];
  #epoch: number;
  #known = new WeakMap<Labels, Known<T>>();

  /**
   * @param resource a kind whose objects have a spec
   * @param find depends on names and specs of the resource's objects and its arguments alone
   */
  constructor(
    client: Writes,
    resource: ResourceName,
    find: (namespace: string, labels: Labels) => readonly T[],
  ) {
    this.#client = client;
    this.#find = find;
    this.#epoch = client.kernel.store.epoch;
    client.follow(resource, (before, after) => {
      if (!before || !after || specOf(before) !== specOf(after)) this.#known = new WeakMap();
    });
  }

  of(namespace: string, labels: Labels = NO_LABELS): readonly T[] {
    const { epoch } = this.#client.kernel.store;
    if (epoch !== this.#epoch) {
      this.#epoch = epoch;
      this.#known = new WeakMap();
    }
    const known = this.#known.get(labels);
    if (known?.namespace === namespace) return known.found;
    const found = this.#find(namespace, labels);
    this.#known.set(labels, { namespace, found });
    return found;
  }
}

const NO_LABELS: Labels = {};

const specOf = (object: KubeObject): unknown => (object as { readonly spec?: unknown }).spec;
