import type { EndpointSlice, Service } from '../../api/cluster-objects.ts';
import type { Pod } from '../../api/pod.ts';
import type { Client } from '../../client/client.ts';
import { belongsInSlices } from './endpoints.ts';

/** How a Service's slices were left, and the Pods written since by name: undefined when gone. */
interface Left {
  readonly slices: readonly EndpointSlice[];
  readonly changed: Map<string, Pod | undefined>;
}

/**
 * Which Pods of a Service were written since its slices were last in order, so that a look at it
 * goes through those alone. It stands beside the world's state: when that is taken back, when the
 * Service changes, or when somebody else wrote a slice, all Pods are to be looked at.
 */
export class SliceMemory {
  readonly #client: Client;
  /** By the uid of the Service. */
  readonly #left = new Map<string, Left>();
  #epoch: number;

  constructor(client: Client) {
    this.#client = client;
    this.#epoch = client.kernel.store.epoch;
    client.follow('services', (before) => {
      if (before) this.#left.delete(before.metadata.uid);
    });
    client.follow('pods', (before, after) => {
      if (this.#left.size === 0) return;
      const is = after !== undefined && belongsInSlices(after);
      if (before && (is || belongsInSlices(before))) this.#note(before.metadata, after);
      if (after && is && before?.metadata.labels !== after.metadata.labels) {
        this.#note(after.metadata, after);
      }
    });
  }

  /**
   * Pods by name whose endpoints may be others now; undefined when any may.
   *
   * @param present the Service's slices as they are
   */
  changedSince(
    { metadata }: Service,
    present: readonly EndpointSlice[],
  ): ReadonlyMap<string, Pod | undefined> | undefined {
    const { epoch } = this.#client.kernel.store;
    if (epoch !== this.#epoch) {
      this.#epoch = epoch;
      this.#left.clear();
    }
    const left = this.#left.get(metadata.uid);
    const isSame =
      left?.slices.length === present.length &&
      left.slices.every((slice, i) => slice === present[i]);
    return isSame ? left.changed : undefined;
  }

  /** The slices of a Service are in order; undefined when they could not be written. */
  leave({ metadata }: Service, slices: readonly EndpointSlice[] | undefined): void {
    if (slices) this.#left.set(metadata.uid, { slices, changed: new Map() });
    else this.#left.delete(metadata.uid);
  }

  #note({ namespace = '', name, labels }: Pod['metadata'], after: Pod | undefined): void {
    for (const { metadata } of this.#client.servicesSelecting(namespace, labels)) {
      this.#left.get(metadata.uid)?.changed.set(name, after);
    }
  }
}
