import { SECOND } from '../../../sim/clock.ts';
import type { Kernel } from '../../../sim/kernel.ts';
import { keyOf, splitKey } from '../../apimachinery/object.ts';
import { claimNamesOf, unboundTerm } from '../../api/index-terms.ts';
import type { Pod } from '../../api/pod.ts';
import type { ApiDoor } from '../../api/requests.ts';
import { Client } from '../../client/client.ts';
import { EventRecorder } from '../../client/event-recorder.ts';
import { WorkQueue } from '../../client/work-queue.ts';
import { Binding } from './binding.ts';
import { ClaimSync } from './claims.ts';
import { VolumeSync } from './volumes.ts';

/**
 * Claims and volumes find each other (pkg/controller/volume/persistentvolume, v1.36).
 *
 * Simplified: upstream looks at every claim and volume again each 15 s; here what a look may have
 * waited for, a free volume or a class, wakes those that wait for it, and a claim that still has
 * no volume says so every 5 minutes, as often as its Events get through once they are many.
 */
const NAME = 'persistentvolume-binder-controller';

/** `PVClaimBinderSyncPeriod`. */
const RESYNC_MS = 15 * SECOND;

/** How often a claim without a volume is looked at, so that its Events do not expire. */
const REPEAT_MS = 300 * SECOND;

export class PersistentVolumeBinderController {
  readonly #client: Client;
  readonly #claims: WorkQueue;
  readonly #volumes: WorkQueue;

  constructor(kernel: Kernel, door: ApiDoor, cluster: string) {
    const client = new Client(kernel, door, NAME);
    this.#client = client;
    const events = new EventRecorder(client, 'persistentvolume-controller');
    const binding = new Binding(client, events);
    const claims = new ClaimSync(client, events, binding);
    const volumes = new VolumeSync(client, events, binding);
    this.#claims = new WorkQueue(client, `${NAME}/${cluster}/claims`, (key) => {
      const { namespace, name } = splitKey(key);
      const claim = client.get('persistentvolumeclaims', namespace, name);
      if (!claim) return true;
      if (!claim.spec.volumeName) this.#claims.add(key, REPEAT_MS);
      return claims.sync(claim);
    });
    this.#volumes = new WorkQueue(client, `${NAME}/${cluster}/volumes`, (name) => {
      const volume = client.get('persistentvolumes', '', name);
      return !volume || volumes.sync(volume, (key) => this.#claims.add(key));
    });
    this.#watch();
  }

  #watch(): void {
    this.#client.watch(
      'persistentvolumeclaims',
      'persistentvolumeclaims',
      ({ type, object, previous }) =>
        type !== 'MODIFIED' ||
        object.spec !== previous?.spec ||
        object.metadata.annotations !== previous.metadata.annotations,
      ({ type, object }) => {
        if (type !== 'DELETED') this.#claims.add(keyOf(object));
        const { volumeName } = object.spec;
        if (volumeName) this.#volumes.add(volumeName);
      },
    );
    this.#client.watch(
      'persistentvolumes',
      'persistentvolumes',
      () => true,
      ({ type, object }) => {
        const { claimRef, storageClassName = '' } = object.spec;
        if (type !== 'DELETED') this.#volumes.add(object.metadata.name);
        if (claimRef) this.#claims.add(`${claimRef.namespace ?? ''}/${claimRef.name ?? ''}`);
        else if (object.status.phase === 'Available') this.#wake(storageClassName);
      },
    );
    this.#client.watch(
      'pods',
      'pods',
      ({ type, object }) => type === 'ADDED' && this.#unboundOf(object).length > 0,
      ({ object }) => {
        for (const key of this.#unboundOf(object)) this.#claims.add(key, RESYNC_MS);
      },
    );
    this.#client.watch(
      'storageclasses',
      'storageclasses',
      ({ type }) => type === 'ADDED',
      ({ object }) => this.#wake(object.metadata.name),
    );
  }

  /** The claims of a Pod that have no volume: if they still have none later, they say why. */
  #unboundOf(pod: Pod): string[] {
    const { namespace = '' } = pod.metadata;
    return claimNamesOf(pod)
      .filter((name) => {
        const claim = this.#client.get('persistentvolumeclaims', namespace, name);
        return claim !== undefined && !claim.spec.volumeName;
      })
      .map((name) => `${namespace}/${name}`);
  }

  /** Claims of a class that have no volume yet. */
  #wake(storageClass: string): void {
    const waiting = this.#client.byIndex('persistentvolumeclaims', unboundTerm(storageClass));
    for (const claim of waiting) this.#claims.add(keyOf(claim));
  }
}
