import type { ResourceName } from '../api/resources.ts';
import type { Client } from '../client/client.ts';

/**
 * What was made of objects of some kinds, kept until one of them changes: a proxy reads its rules
 * when they are written, not with every request.
 */
export class Remembered<T> {
  readonly #client: Client;
  readonly #resources: readonly ResourceName[];
  readonly #make: () => T;
  #known: { readonly stamps: readonly number[]; readonly value: T } | undefined;

  /**
   * @param resources kinds of which there are few (`few-lists.ts` of the API server)
   * @param make depends on the objects of these kinds alone
   */
  constructor(client: Client, resources: readonly ResourceName[], make: () => T) {
    this.#client = client;
    this.#resources = resources;
    this.#make = make;
  }

  get(): T {
    const stamps = this.#resources.map((resource) => this.#client.stampOf(resource));
    const known = this.#known;
    if (known && stamps.every((stamp, i) => stamp === known.stamps[i])) return known.value;
    const value = this.#make();
    this.#known = { stamps, value };
    return value;
  }
}
