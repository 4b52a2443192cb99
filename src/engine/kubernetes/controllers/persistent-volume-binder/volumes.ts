import { PROVISIONED_BY, type PersistentVolume } from '../../api/storage.ts';
import type { Client } from '../../client/client.ts';
import type { EventRecorder } from '../../client/event-recorder.ts';
import type { Binding } from './binding.ts';

/**
 * A look at a volume (pkg/controller/volume/persistentvolume/pv_controller.go `syncVolume`,
 * v1.36): free, bound, or released by a claim that is gone; then its reclaim policy decides.
 *
 * Simplified: the policy Recycle, long deprecated, keeps the volume as Retain does.
 */
const IN_TREE = 'kubernetes.io/';

export class VolumeSync {
  readonly #client: Client;
  readonly #events: EventRecorder;
  readonly #binding: Binding;

  constructor(client: Client, events: EventRecorder, binding: Binding) {
    this.#client = client;
    this.#events = events;
    this.#binding = binding;
  }

  /** @param lookAtClaim has the claim looked at that the volume is meant for */
  sync(volume: PersistentVolume, lookAtClaim: (key: string) => void): boolean {
    const { claimRef } = volume.spec;
    if (!claimRef?.uid) return this.#binding.setVolumePhase(volume, 'Available');
    const { namespace = '', name = '', uid } = claimRef;
    const claim = this.#client.get('persistentvolumeclaims', namespace, name);
    if (claim?.metadata.uid !== uid || !claim) return this.#release(volume);
    if (claim.spec.volumeName === volume.metadata.name) {
      return this.#binding.setVolumePhase(volume, 'Bound');
    }
    // The claim has not been told yet; looking at it finishes the binding.
    lookAtClaim(`${namespace}/${name}`);
    return true;
  }

  #release(volume: PersistentVolume): boolean {
    const { phase } = volume.status;
    if (phase === 'Failed') return true;
    if (!this.#binding.setVolumePhase(volume, 'Released')) return false;
    if (volume.spec.persistentVolumeReclaimPolicy !== 'Delete') return true;
    const provisioner = volume.metadata.annotations?.[PROVISIONED_BY] ?? '';
    const isExternal = provisioner !== '' && !provisioner.startsWith(IN_TREE);
    if (isExternal || volume.spec.csi || volume.metadata.deletionTimestamp) return true;
    const why = deleteFailure(volume);
    if (why === undefined) return this.#client.delete('persistentvolumes', volume).ok;
    const current = this.#client.get('persistentvolumes', '', volume.metadata.name);
    if (!current) return true;
    this.#events.tell(current, { type: 'Warning', reason: 'VolumeFailedDelete', message: why });
    return this.#binding.setVolumePhase(current, 'Failed', why);
  }
}

/** Why the controller manager cannot delete what is behind a volume that nobody provisioned. */
function deleteFailure({ metadata, spec }: PersistentVolume): string | undefined {
  if (!spec.hostPath) {
    const which = `error getting deleter volume plugin for volume "${metadata.name}"`;
    return `${which}: no deletable volume plugin matched`;
  }
  const { path } = spec.hostPath;
  if (/^\/tmp\/.+/.test(path)) return undefined;
  return `host_path deleter only supports /tmp/.+ but received provided ${path}`;
}
