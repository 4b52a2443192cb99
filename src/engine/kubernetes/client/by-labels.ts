import type { ResourceName } from '../api/resources.ts';
import type { Labels } from '../apimachinery/object.ts';

interface Known<T> {
  readonly namespace: string;
  readonly found: readonly T[];
}

/** Who tells a stamp that changes when an object of a kind does. */
interface Stamps {
  stampOf(resource: ResourceName): number;
}

/**
 * What objects of a kind choose by labels, remembered until one of the kind changes: Pods of one
 * template share their labels, and each of their writes asks.
 */
export class ByLabels<T> {
  readonly #stamps: Stamps;
  readonly #resource: ResourceName;
  readonly #find: (namespace: string, labels: Labels) => readonly T[];
  #stamp = 0;
  #known = new WeakMap<Labels, Known<T>>();

  /**
   * @param resource a kind of which there are few (`few-lists.ts` of the API server)
   * @param find depends on the objects of the resource and its arguments alone
   */
  constructor(
    stamps: Stamps,
    resource: ResourceName,
    find: (namespace: string, labels: Labels) => readonly T[],
  ) {
    this.#stamps = stamps;
    this.#resource = resource;
    this.#find = find;
  }

  of(namespace: string, labels: Labels = NO_LABELS): readonly T[] {
    const stamp = this.#stamps.stampOf(this.#resource);
    if (stamp !== this.#stamp) {
      this.#stamp = stamp;
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
