import { claimedTerm, claimTerm, unclaimedTerm } from '../../api/index-terms.ts';
import { isPodFinished } from '../../api/pod.ts';
import {
  BIND_COMPLETED,
  SELECTED_NODE,
  STORAGE_PROVISIONER,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type StorageClass,
} from '../../api/storage.ts';
import type { Client } from '../../client/client.ts';
import type { EventRecorder } from '../../client/event-recorder.ts';
import type { Binding } from './binding.ts';
import { bestMatch, isForClaim, mismatch } from './matching.ts';

/**
 * A look at a claim (pkg/controller/volume/persistentvolume/pv_controller.go `syncClaim`, v1.36):
 * one that has been bound must still have its volume; another is bound to a volume that suits it,
 * waits for the first Pod that uses it, or has a volume made by its class's provisioner.
 */
const BETA_STORAGE_PROVISIONER = 'volume.beta.kubernetes.io/storage-provisioner';
const IN_TREE = 'kubernetes.io/';

export class ClaimSync {
  readonly #client: Client;
  readonly #events: EventRecorder;
  readonly #binding: Binding;

  constructor(client: Client, events: EventRecorder, binding: Binding) {
    this.#client = client;
    this.#events = events;
    this.#binding = binding;
  }

  sync(claim: PersistentVolumeClaim): boolean {
    if (claim.metadata.annotations?.[BIND_COMPLETED]) return this.#syncBound(claim);
    return claim.spec.volumeName ? this.#syncNamed(claim) : this.#syncUnbound(claim);
  }

  #syncBound(claim: PersistentVolumeClaim): boolean {
    const { volumeName } = claim.spec;
    const lost = 'Data on the volume is lost!';
    if (!volumeName) {
      const message = `Bound claim has lost reference to PersistentVolume. ${lost}`;
      return this.#binding.lose(claim, 'ClaimLost', message);
    }
    const volume = this.#client.get('persistentvolumes', '', volumeName);
    if (!volume) {
      const message = `Bound claim has lost its PersistentVolume. ${lost}`;
      return this.#binding.lose(claim, 'ClaimLost', message);
    }
    const { claimRef } = volume.spec;
    if (!claimRef || claimRef.uid === claim.metadata.uid) return this.#binding.bind(volume, claim);
    const message = 'Two claims are bound to the same volume, this one is bound incorrectly';
    return this.#binding.lose(claim, 'ClaimMisbound', message);
  }

  /** The claim says which volume it wants. */
  #syncNamed(claim: PersistentVolumeClaim): boolean {
    const name = claim.spec.volumeName ?? '';
    const volume = this.#client.get('persistentvolumes', '', name);
    if (!volume) return this.#pending(claim);
    if (volume.spec.claimRef) {
      if (isForClaim(volume, claim)) return this.#binding.bind(volume, claim);
      const message = `volume "${name}" already bound to a different claim.`;
      this.#warn(claim, 'FailedBinding', message);
      return this.#pending(claim);
    }
    const why = mismatch(volume, claim);
    if (why === undefined) return this.#binding.bind(volume, claim);
    this.#warn(claim, 'VolumeMismatch', `Cannot bind to requested volume "${name}": ${why}`);
    return this.#pending(claim);
  }

  #syncUnbound(claim: PersistentVolumeClaim): boolean {
    const className = claim.spec.storageClassName ?? '';
    const storage = className ? this.#client.get('storageclasses', '', className) : undefined;
    const selected = claim.metadata.annotations?.[SELECTED_NODE] !== undefined;
    const waits = !selected && storage?.volumeBindingMode === 'WaitForFirstConsumer';
    const volume = bestMatch(claim, this.#candidates(claim), waits);
    if (volume) return this.#binding.bind(volume, claim);
    if (waits) this.#tellWaiting(claim);
    else if (className) this.#provision(claim, className, storage);
    else {
      const message = 'no persistent volumes available for this claim and no storage class is set';
      this.#events.tell(claim, { type: 'Normal', reason: 'FailedBinding', message });
    }
    return this.#pending(claim);
  }

  /** Volumes that name the claim, then those of its class that name none. */
  #candidates({ metadata, spec }: PersistentVolumeClaim): PersistentVolume[] {
    const { namespace = '', name } = metadata;
    const free = unclaimedTerm(spec.storageClassName ?? '');
    return [
      ...this.#client.byIndex('persistentvolumes', claimedTerm(namespace, name)),
      ...this.#client.byIndex('persistentvolumes', free),
    ];
  }

  /** `emitEventForUnboundDelayBindingClaim`: nobody uses it yet, or who does has no node. */
  #tellWaiting(claim: PersistentVolumeClaim): void {
    const { namespace = '', name } = claim.metadata;
    const users = this.#client
      .byIndex('pods', claimTerm(namespace, name))
      .filter((pod) => !pod.spec.nodeName && !isPodFinished(pod))
      .map((pod) => pod.metadata.name);
    const [reason, message] =
      users.length === 0
        ? ['WaitForFirstConsumer', 'waiting for first consumer to be created before binding']
        : [
            'WaitForPodScheduled',
            `waiting for pod${users.length > 1 ? 's' : ''} ${users.join(',')} to be scheduled`,
          ];
    this.#events.tell(claim, { type: 'Normal', reason, message });
  }

  /** Hands the claim to the provisioner of its class by an annotation. */
  #provision(
    claim: PersistentVolumeClaim,
    className: string,
    storage: StorageClass | undefined,
  ): void {
    if (!storage) {
      const message = `storageclass.storage.k8s.io "${className}" not found`;
      return this.#warn(claim, 'ProvisioningFailed', message);
    }
    const { provisioner } = storage;
    if (provisioner.startsWith(IN_TREE)) {
      const message = `no volume plugin matched name: ${provisioner}`;
      return this.#warn(claim, 'ProvisioningFailed', message);
    }
    const { annotations = {} } = claim.metadata;
    if (annotations[STORAGE_PROVISIONER] !== provisioner) {
      const ours = { [BETA_STORAGE_PROVISIONER]: provisioner, [STORAGE_PROVISIONER]: provisioner };
      this.#client.update('persistentvolumeclaims', {
        ...claim,
        metadata: { ...claim.metadata, annotations: { ...annotations, ...ours } },
      });
    }
    const message =
      `Waiting for a volume to be created either by the external provisioner '${provisioner}' ` +
      'or manually by the system administrator. If volume creation is delayed, please verify ' +
      'that the provisioner is running and correctly registered.';
    this.#events.tell(claim, { type: 'Normal', reason: 'ExternalProvisioning', message });
  }

  #pending(claim: PersistentVolumeClaim): boolean {
    const { namespace = '', name } = claim.metadata;
    const current = this.#client.get('persistentvolumeclaims', namespace, name);
    return !current || this.#binding.setClaimPhase(current, 'Pending');
  }

  #warn(claim: PersistentVolumeClaim, reason: string, message: string): void {
    this.#events.tell(claim, { type: 'Warning', reason, message });
  }
}
