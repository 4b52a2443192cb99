import type { Pod } from '../../api/pod.ts';
import type { PersistentVolumeClaim } from '../../api/storage.ts';
import type { ClaimRetentionPolicy, StatefulSet } from '../../api/workloads.ts';
import {
  controllerReference,
  type KubeObject,
  type OwnerReference,
} from '../../apimachinery/object.ts';
import { inRange, ordinalOf } from './identity.ts';

/**
 * Who owns a claim, and so with whom it goes (stateful_set_utils.go
 * `updateClaimOwnerRefForSetAndPod`, v1.36).
 */
export function retentionOf({ spec }: StatefulSet): Required<ClaimRetentionPolicy> {
  const policy = spec.persistentVolumeClaimRetentionPolicy;
  return {
    whenDeleted: policy?.whenDeleted ?? 'Retain',
    whenScaled: policy?.whenScaled ?? 'Retain',
  };
}

/**
 * The owners that a claim should have. With `whenDeleted: Delete` the set owns it; with
 * `whenScaled: Delete` a Pod beyond the wanted number does.
 */
export function ownersOf(
  claim: PersistentVolumeClaim,
  set: StatefulSet,
  pod: Pod,
): readonly OwnerReference[] {
  const { whenDeleted, whenScaled } = retentionOf(set);
  const scaledDown = whenScaled === 'Delete' && !inRange(set, ordinalOf(pod));
  const ownedByPod = scaledDown;
  const ownedBySet = whenDeleted === 'Delete' && !scaledDown;
  const owners = claim.metadata.ownerReferences ?? [];
  return withOwner(withOwner(owners, set, ownedBySet), pod, ownedByPod);
}

function withOwner(
  owners: readonly OwnerReference[],
  owner: KubeObject,
  owns: boolean,
): readonly OwnerReference[] {
  const { uid } = owner.metadata;
  const there = owners.some((reference) => reference.uid === uid);
  if (there === owns) return owners;
  return owns
    ? [...owners, controllerReference(owner)]
    : owners.filter((reference) => reference.uid !== uid);
}

/** A claim that an earlier Pod of the name takes with it: it goes before a new Pod may come. */
export function isStale(claim: PersistentVolumeClaim, podName: string): boolean {
  return (claim.metadata.ownerReferences ?? []).some(
    ({ kind, name }) => kind === 'Pod' && name === podName,
  );
}
