import type { Store } from '../../sim/store.ts';
import type { ResourceName } from '../api/resources.ts';
import type { KubeObject } from '../apimachinery/object.ts';

/** An object that is stored, and its key. */
export interface Row {
  readonly key: string;
  object: KubeObject;
}

type Names = Map<string, Row>;

/**
 * What is in etcd, found by its names as the watch cache finds it
 * (staging/src/k8s.io/apiserver/pkg/storage/cacher/cacher.go, v1.36): a key is put together once
 * for each object instead of for each look at it. It stands outside of the world's state, follows
 * every write, and is begun anew when the state is taken back.
 */
export class RegistryCache {
  /** Whether what is not here is nowhere: nothing was taken back since the beginning. */
  isWhole = true;
  readonly #store: Store;
  readonly #rows = new Map<ResourceName, Map<string, Names>>();
  #epoch: number;

  constructor(store: Store) {
    this.#store = store;
    this.#epoch = store.epoch;
  }

  get(resource: ResourceName, namespace: string, name: string): Row | undefined {
    if (this.#epoch !== this.#store.epoch) this.#forget();
    return this.#rows.get(resource)?.get(namespace)?.get(name);
  }

  add(resource: ResourceName, namespace: string, name: string, row: Row): void {
    let places = this.#rows.get(resource);
    if (!places) {
      places = new Map<string, Names>();
      this.#rows.set(resource, places);
    }
    let names = places.get(namespace);
    if (!names) {
      names = new Map<string, Row>();
      places.set(namespace, names);
    }
    names.set(name, row);
  }

  delete(resource: ResourceName, namespace: string, name: string): void {
    const places = this.#rows.get(resource);
    const names = places?.get(namespace);
    names?.delete(name);
    if (names?.size === 0) places?.delete(namespace);
  }

  #forget(): void {
    this.#epoch = this.#store.epoch;
    this.#rows.clear();
    this.isWhole = false;
  }
}
