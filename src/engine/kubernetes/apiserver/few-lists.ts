import type { Store } from '../../sim/store.ts';
import type { ResourceName } from '../api/resources.ts';
import type { KubeObject } from '../apimachinery/object.ts';

/**
 * Lists of kinds of which there are few and which every Pod's way asks for: quotas, budgets,
 * Services. Each is made once and kept until one of its kind is written or the world's state is
 * taken back.
 */
interface Known {
  readonly stamp: number;
  readonly byNamespace: Map<string, readonly KubeObject[]>;
}

export class FewLists {
  readonly #store: Store;
  readonly #known = new Map<ResourceName, Known>();
  #epoch: number;
  /** Never goes back, not with the world's state either: a stamp stands for one state. */
  #stamp = 0;

  constructor(store: Store) {
    this.#store = store;
    this.#epoch = store.epoch;
  }

  /** The list of a namespace, or of the cluster (`''`), in key order. */
  of(
    resource: ResourceName,
    namespace: string,
    make: () => readonly KubeObject[],
  ): readonly KubeObject[] {
    const { byNamespace } = this.#lists(resource);
    let list = byNamespace.get(namespace);
    if (!list) {
      list = make();
      byNamespace.set(namespace, list);
    }
    return list;
  }

  /** Another number whenever one of a kind was written, or the state was taken back. */
  stampOf(resource: ResourceName): number {
    return this.#lists(resource).stamp;
  }

  /** To be called with every write of one of a kind. */
  changed(resource: ResourceName): void {
    this.#known.delete(resource);
  }

  #lists(resource: ResourceName): Known {
    if (this.#epoch !== this.#store.epoch) {
      this.#epoch = this.#store.epoch;
      this.#known.clear();
    }
    let known = this.#known.get(resource);
    if (!known) {
      this.#stamp += 1;
      known = { stamp: this.#stamp, byNamespace: new Map() };
      this.#known.set(resource, known);
    }
    return known;
  }
}
