import type { Kernel } from '../../../sim/kernel.ts';
import { keyOf, splitKey } from '../../apimachinery/object.ts';
import { claimNamesOf, claimTerm } from '../../api/index-terms.ts';
import type { Pod } from '../../api/pod.ts';
import type { ApiDoor } from '../../api/requests.ts';
import {
  CLAIM_PROTECTION,
  VOLUME_PROTECTION,
  type PersistentVolume,
  type PersistentVolumeClaim,
} from '../../api/storage.ts';
import { Client } from '../../client/client.ts';
import { WorkQueue } from '../../client/work-queue.ts';

/**
 * What is in use does not go: a claim waits for the last Pod that uses it, a volume for its claim
 * (pkg/controller/volume/{pvcprotection,pvprotection}, v1.36).
 */
const CLAIMS = 'persistentvolumeclaim-protection-controller';
const VOLUMES = 'persistentvolume-protection-controller';

/** The finalizers as they should be; undefined when they are. */
function protectedBy(
  { metadata }: PersistentVolume | PersistentVolumeClaim,
  finalizer: string,
  inUse: boolean,
): string[] | undefined {
  const finalizers = metadata.finalizers ?? [];
  const has = finalizers.includes(finalizer);
  if (!metadata.deletionTimestamp) return has ? undefined : [...finalizers, finalizer];
  return has && !inUse ? finalizers.filter((one) => one !== finalizer) : undefined;
}

/** Of a Pod without a node nothing has been mounted; one that has finished is there still. */
const usesClaims = (pod: Pod): boolean => pod.spec.nodeName !== undefined;

export class ClaimProtectionController {
  readonly #client: Client;

  constructor(kernel: Kernel, door: ApiDoor, cluster: string) {
    this.#client = new Client(kernel, door, CLAIMS);
    const queue = new WorkQueue(this.#client, `${CLAIMS}/${cluster}`, (key) => this.#sync(key));
    this.#client.watch(
      'persistentvolumeclaims',
      'persistentvolumeclaims',
      ({ type, object }) =>
        type !== 'DELETED' && protectedBy(object, CLAIM_PROTECTION, false) !== undefined,
      ({ object }) => queue.add(keyOf(object)),
    );
    this.#client.watch(
      'pods',
      'pods',
      ({ type, object }) => type === 'DELETED' && this.#leavesClaims(object),
      ({ object }) => {
        const { namespace = '' } = object.metadata;
        for (const name of claimNamesOf(object)) queue.add(`${namespace}/${name}`);
      },
    );
  }

  /** Whether the Pod used a claim that is to be deleted. */
  #leavesClaims(pod: Pod): boolean {
    if (!pod.spec.volumes) return false;
    const { namespace = '' } = pod.metadata;
    return claimNamesOf(pod).some(
      (name) =>
        this.#client.get('persistentvolumeclaims', namespace, name)?.metadata.deletionTimestamp,
    );
  }

  #sync(key: string): boolean {
    const { namespace, name } = splitKey(key);
    const claim = this.#client.get('persistentvolumeclaims', namespace, name);
    if (!claim) return true;
    const users = this.#client.byIndex('pods', claimTerm(namespace, name));
    const finalizers = protectedBy(claim, CLAIM_PROTECTION, users.some(usesClaims));
    if (!finalizers) return true;
    const metadata = { ...claim.metadata, finalizers };
    const result = this.#client.update('persistentvolumeclaims', { ...claim, metadata });
    return result.ok || result.failure.reason === 'NotFound';
  }
}

export class VolumeProtectionController {
  readonly #client: Client;

  constructor(kernel: Kernel, door: ApiDoor, cluster: string) {
    this.#client = new Client(kernel, door, VOLUMES);
    const queue = new WorkQueue(this.#client, `${VOLUMES}/${cluster}`, (name) => this.#sync(name));
    this.#client.watch(
      'persistentvolumes',
      'persistentvolumes',
      ({ type, object }) => type !== 'DELETED' && volumeFinalizers(object) !== undefined,
      ({ object }) => queue.add(object.metadata.name),
    );
  }

  #sync(name: string): boolean {
    const volume = this.#client.get('persistentvolumes', '', name);
    const finalizers = volume && volumeFinalizers(volume);
    if (!volume || !finalizers) return true;
    const metadata = { ...volume.metadata, finalizers };
    const result = this.#client.update('persistentvolumes', { ...volume, metadata });
    return result.ok || result.failure.reason === 'NotFound';
  }
}

const volumeFinalizers = (volume: PersistentVolume): string[] | undefined =>
  protectedBy(volume, VOLUME_PROTECTION, volume.status.phase === 'Bound');
