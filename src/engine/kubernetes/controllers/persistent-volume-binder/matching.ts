import { selectorMatches } from '../../apimachinery/label-selector.ts';
import { wholeValue } from '../../apimachinery/quantity.ts';
import type { PersistentVolume, PersistentVolumeClaim } from '../../api/storage.ts';

/**
 * Which volume suits a claim
 * (staging/src/k8s.io/component-helpers/storage/volume/pv_helpers.go `FindMatchingVolume`, v1.36):
 * of those that offer enough the smallest; one that names the claim before all others.
 */
const classOf = ({ spec }: PersistentVolume | PersistentVolumeClaim): string =>
  spec.storageClassName ?? '';

export const sizeOf = (volume: PersistentVolume): number =>
  wholeValue(volume.spec.capacity?.storage);

const wantedSize = ({ spec }: PersistentVolumeClaim): number =>
  wholeValue(spec.resources?.requests?.storage);

const sameMode = (volume: PersistentVolume, claim: PersistentVolumeClaim): boolean =>
  (volume.spec.volumeMode ?? 'Filesystem') === (claim.spec.volumeMode ?? 'Filesystem');

const offersModes = (volume: PersistentVolume, { spec }: PersistentVolumeClaim): boolean =>
  (spec.accessModes ?? []).every((mode) => (volume.spec.accessModes ?? []).includes(mode));

/** Whether a volume names this claim: by name, and by uid if it names one. */
export function isForClaim(
  { spec }: PersistentVolume,
  { metadata }: PersistentVolumeClaim,
): boolean {
  const { claimRef } = spec;
  if (claimRef?.name !== metadata.name || claimRef.namespace !== metadata.namespace) return false;
  return !claimRef.uid || claimRef.uid === metadata.uid;
}

/** The best of some volumes for a claim; undefined when none will do. */
export function bestMatch(
  claim: PersistentVolumeClaim,
  volumes: Iterable<PersistentVolume>,
  waitsForConsumer: boolean,
): PersistentVolume | undefined {
  const wanted = wantedSize(claim);
  let best: PersistentVolume | undefined;
  for (const volume of volumes) {
    if (volume.metadata.deletionTimestamp || !sameMode(volume, claim)) continue;
    const named = isForClaim(volume, claim);
    if (volume.spec.claimRef && !named) continue;
    if (sizeOf(volume) < wanted || classOf(volume) !== classOf(claim)) continue;
    // Named for the claim, it is not weighed against others, nor by labels and modes.
    if (named) return volume;
    if (waitsForConsumer || volume.status.phase !== 'Available') continue;
    const { selector } = claim.spec;
    if (selector && !selectorMatches(selector, volume.metadata.labels)) continue;
    if (!offersModes(volume, claim)) continue;
    if (!best || sizeOf(volume) < sizeOf(best)) best = volume;
  }
  return best;
}

/** Why a volume that a claim asks for by name will not do (`checkVolumeSatisfyClaim`). */
export function mismatch(
  volume: PersistentVolume,
  claim: PersistentVolumeClaim,
): string | undefined {
  if (sizeOf(volume) < wantedSize(claim)) return 'requested PV is too small';
  if (classOf(volume) !== classOf(claim)) return 'storageClassName does not match';
  if (!sameMode(volume, claim)) return 'incompatible volumeMode';
  if (!offersModes(volume, claim)) return 'incompatible accessMode';
  return undefined;
}
