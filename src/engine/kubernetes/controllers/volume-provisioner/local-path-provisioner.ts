import type { Kernel } from '../../../sim/kernel.ts';
import type { Table } from '../../../sim/store.ts';
import { keyOf, splitKey } from '../../apimachinery/object.ts';
import type { ApiDoor } from '../../api/requests.ts';
import {
  PROVISIONED_BY,
  STORAGE_PROVISIONER,
  type PersistentVolume,
  type PersistentVolumeClaim,
} from '../../api/storage.ts';
import { Client } from '../../client/client.ts';
import { EventRecorder } from '../../client/event-recorder.ts';
import { WorkQueue } from '../../client/work-queue.ts';
import { LOCAL_PATH, localPathVolume, volumeNameFor, whyNot } from './local-path-volume.ts';

/**
 * Makes volumes for claims that are handed to it by an annotation, and unmakes them when their
 * claims are gone: the local path provisioner that kind installs, a program beside the control
 * plane (kubernetes-sigs/sig-storage-lib-external-provisioner `controller/controller.go`, v11).
 *
 * Simplified: no helper Pod makes and removes the directory on the node; files of a volume that is
 * gone stay there.
 */
const NAME = 'local-path-provisioner';

/** Model figure: a helper Pod starts on the node, makes or removes a directory, and ends. */
const HELPER_MS = 2000;

export class LocalPathProvisioner {
  readonly #client: Client;
  readonly #events: EventRecorder;
  /** Since when a volume has been in the making, by claim. */
  readonly #making: Table<string, { readonly uid: string; readonly sinceMs: number }>;
  readonly #claims: WorkQueue;
  readonly #volumes: WorkQueue;

  constructor(kernel: Kernel, door: ApiDoor, cluster: string) {
    const client = new Client(kernel, door, NAME);
    this.#client = client;
    this.#events = new EventRecorder(client, `${LOCAL_PATH}_${NAME}`);
    this.#making = kernel.store.table(`${NAME}/${cluster}/making`);
    this.#claims = new WorkQueue(client, `${NAME}/${cluster}/claims`, (key) => {
      const { namespace, name } = splitKey(key);
      const claim = client.get('persistentvolumeclaims', namespace, name);
      if (claim && isOurs(claim)) return this.#provision(key, claim);
      this.#making.delete(key);
      return true;
    });
    this.#volumes = new WorkQueue(client, `${NAME}/${cluster}/volumes`, (name) =>
      this.#unmake(name),
    );
    client.watch(
      'persistentvolumeclaims',
      'persistentvolumeclaims',
      ({ type, object, previous }) =>
        type !== 'DELETED' &&
        isOurs(object) &&
        object.metadata.annotations !== previous?.metadata.annotations,
      ({ object }) => this.#claims.add(keyOf(object)),
    );
    client.watch(
      'persistentvolumes',
      'persistentvolumes',
      ({ type, object }) => type !== 'DELETED' && isToGo(object),
      ({ object }) => this.#volumes.add(object.metadata.name, HELPER_MS),
    );
  }

  #provision(key: string, claim: PersistentVolumeClaim): boolean {
    const { storageClassName = '' } = claim.spec;
    const storage = this.#client.get('storageclasses', '', storageClassName);
    if (!storage) return true;
    const { now } = this.#client.kernel;
    const making = this.#making.get(key);
    if (making?.uid !== claim.metadata.uid || !making) {
      const message = `External provisioner is provisioning volume for claim "${key}"`;
      this.#events.tell(claim, { type: 'Normal', reason: 'Provisioning', message });
      const why = whyNot(claim);
      if (why !== undefined) return this.#fail(claim, storageClassName, why);
      this.#making.set(key, { uid: claim.metadata.uid, sinceMs: now });
      this.#claims.add(key, HELPER_MS);
      return true;
    }
    if (now < making.sinceMs + HELPER_MS) {
      this.#claims.add(key, making.sinceMs + HELPER_MS - now);
      return true;
    }
    const made = this.#client.create('persistentvolumes', localPathVolume(claim, storage));
    if (!made.ok && made.failure.reason !== 'AlreadyExists') return false;
    this.#making.delete(key);
    const message = `Successfully provisioned volume ${volumeNameFor(claim)}`;
    this.#events.tell(claim, { type: 'Normal', reason: 'ProvisioningSucceeded', message });
    return true;
  }

  #fail(claim: PersistentVolumeClaim, storageClass: string, why: string): boolean {
    const message = `failed to provision volume with StorageClass "${storageClass}": ${why}`;
    this.#events.tell(claim, { type: 'Warning', reason: 'ProvisioningFailed', message });
    return true;
  }

  #unmake(name: string): boolean {
    const volume = this.#client.get('persistentvolumes', '', name);
    if (!volume || !isToGo(volume)) return true;
    const result = this.#client.delete('persistentvolumes', volume);
    return result.ok || result.failure.reason === 'NotFound';
  }
}

const isOurs = ({ metadata, spec }: PersistentVolumeClaim): boolean =>
  metadata.annotations?.[STORAGE_PROVISIONER] === LOCAL_PATH &&
  !spec.volumeName &&
  !metadata.deletionTimestamp;

const isToGo = ({ metadata, spec, status }: PersistentVolume): boolean =>
  status.phase === 'Released' &&
  spec.persistentVolumeReclaimPolicy === 'Delete' &&
  metadata.annotations?.[PROVISIONED_BY] === LOCAL_PATH &&
  !metadata.deletionTimestamp;
