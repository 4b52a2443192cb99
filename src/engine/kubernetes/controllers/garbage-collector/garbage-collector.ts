import type { Kernel } from '../../../sim/kernel.ts';
import type { ApiDoor } from '../../api/requests.ts';
import { RESOURCES, type ResourceName } from '../../api/resources.ts';
import { Client } from '../../client/client.ts';
import { WorkQueue } from '../../client/work-queue.ts';
import { ownerTerm } from '../../api/index-terms.ts';

/**
 * What an object made goes when the object has gone
 * (pkg/controller/garbagecollector/garbagecollector.go, v1.36).
 *
 * Simplified: background deletion only; dependents are found by an index instead of a graph that
 * is built from watches, and owners of other owners are followed one deletion at a time.
 */
const NAME = 'garbage-collector';

/** Kinds whose objects own others. */
const OWNERS: readonly ResourceName[] = ['deployments', 'replicasets', 'services', 'nodes'];

export class GarbageCollector {
  readonly #client: Client;

  constructor(kernel: Kernel, door: ApiDoor, cluster: string) {
    this.#client = new Client(kernel, door, NAME);
    const queue = new WorkQueue(this.#client, `${NAME}/${cluster}`, (uid) => this.#sync(uid));
    for (const owner of OWNERS) {
      this.#client.watch(
        owner,
        owner,
        ({ type, object }) => type === 'DELETED' && this.#hasDependents(object.metadata.uid),
        ({ object }) => queue.add(object.metadata.uid),
      );
    }
  }

  #hasDependents(uid: string): boolean {
    return RESOURCES.some(
      ({ resource }) => this.#client.countByIndex(resource, ownerTerm(uid)) > 0,
    );
  }

  /** Deletes every object whose last owner this was. */
  #sync(uid: string): boolean {
    let all = true;
    for (const { resource } of RESOURCES) {
      for (const object of this.#client.ownedBy(resource, uid)) {
        if ((object.metadata.ownerReferences ?? []).length > 1) continue;
        if (object.metadata.deletionTimestamp) continue;
        const result = this.#client.delete(resource, object);
        if (!result.ok && result.failure.reason !== 'NotFound') all = false;
      }
    }
    return all;
  }
}
