import { sameValue } from '../../apimachinery/canonical-json.ts';
import type { Labels } from '../../apimachinery/object.ts';
import { rfc3339 } from '../../../sim/clock.ts';
import {
  BIND_COMPLETED,
  BOUND_BY_CONTROLLER,
  type PersistentVolume,
  type PersistentVolumeClaim,
} from '../../api/storage.ts';
import type { Client } from '../../client/client.ts';
import type { EventRecorder } from '../../client/event-recorder.ts';
import { isForClaim } from './matching.ts';

const BY_CONTROLLER: Labels = { [BOUND_BY_CONTROLLER]: 'yes' };

/**
 * Ties a volume and a claim to each other, in four writes of which each can be the last
 * (pkg/controller/volume/persistentvolume/pv_controller.go `bind`, v1.36): the volume names the
 * claim, its phase says so, the claim names the volume, its status says so. Whatever is missing is
 * made up for when either is looked at again.
 */
export class Binding {
  readonly #client: Client;
  readonly #events: EventRecorder;

  constructor(client: Client, events: EventRecorder) {
    this.#client = client;
    this.#events = events;
  }

  bind(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
    const named = this.#nameClaim(volume, claim);
    if (!named || !this.setVolumePhase(named, 'Bound')) return false;
    const bound = this.#nameVolume(claim, named);
    return bound !== undefined && this.setClaimPhase(bound, 'Bound', named);
  }

  #nameClaim(volume: PersistentVolume, claim: PersistentVolumeClaim): PersistentVolume | undefined {
    const { namespace, name, uid, resourceVersion } = claim.metadata;
    const { claimRef } = volume.spec;
    if (claimRef?.uid === uid && isForClaim(volume, claim)) return volume;
    const place = { namespace, name, uid, resourceVersion };
    const byController: Labels = claimRef ? {} : BY_CONTROLLER;
    const result = this.#client.update('persistentvolumes', {
      ...volume,
      metadata: {
        ...volume.metadata,
        annotations: { ...volume.metadata.annotations, ...byController },
      },
      spec: {
        ...volume.spec,
        claimRef: { kind: 'PersistentVolumeClaim', apiVersion: 'v1', ...place },
      },
    });
    return result.ok ? result.value : undefined;
  }

  #nameVolume(
    claim: PersistentVolumeClaim,
    volume: PersistentVolume,
  ): PersistentVolumeClaim | undefined {
    const { annotations = {} } = claim.metadata;
    const { name } = volume.metadata;
    if (claim.spec.volumeName === name && annotations[BIND_COMPLETED]) return claim;
    const byController: Labels = claim.spec.volumeName ? {} : BY_CONTROLLER;
    const result = this.#client.update('persistentvolumeclaims', {
      ...claim,
      metadata: {
        ...claim.metadata,
        annotations: { ...annotations, [BIND_COMPLETED]: 'yes', ...byController },
      },
      spec: { ...claim.spec, volumeName: name },
    });
    return result.ok ? result.value : undefined;
  }

  /** Writes a volume's phase if it has another. */
  setVolumePhase(
    volume: PersistentVolume,
    phase: PersistentVolume['status']['phase'],
    message?: string,
  ): boolean {
    if (volume.status.phase === phase) return true;
    const { name } = volume.metadata;
    const current = this.#client.get('persistentvolumes', '', name);
    if (!current) return true;
    const lastPhaseTransitionTime = rfc3339(this.#client.kernel.now);
    const status = { phase, ...(message !== undefined && { message }), lastPhaseTransitionTime };
    return this.#client.updateStatus('persistentvolumes', { ...current, status }).ok;
  }

  /** Writes a claim's phase, and what its volume offers, if they differ. */
  setClaimPhase(
    claim: PersistentVolumeClaim,
    phase: PersistentVolumeClaim['status']['phase'],
    volume?: PersistentVolume,
  ): boolean {
    const status: PersistentVolumeClaim['status'] = {
      ...claim.status,
      phase,
      ...(volume && {
        accessModes: volume.spec.accessModes ?? [],
        capacity: volume.spec.capacity ?? {},
      }),
    };
    if (sameValue(status, claim.status)) return true;
    return this.#client.updateStatus('persistentvolumeclaims', { ...claim, status }).ok;
  }

  /** A claim that has lost its volume: told once. */
  lose(claim: PersistentVolumeClaim, reason: string, message: string): boolean {
    if (claim.status.phase === 'Lost') return true;
    this.#events.tell(claim, { type: 'Warning', reason, message });
    return this.setClaimPhase(claim, 'Lost');
  }
}
