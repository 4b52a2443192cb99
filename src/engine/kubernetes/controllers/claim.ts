import type { Pod } from '../api/pod.ts';
import type { Client } from '../client/client.ts';
import { selectorMatches, type LabelSelector } from '../apimachinery/label-selector.ts';
import { controllerReference, type KubeObject } from '../apimachinery/object.ts';

/**
 * Whose Pods are whose (pkg/controller/controller_ref_manager.go, v1.36): an owner keeps those
 * that its selector chooses, lets go of those that lost its labels, and adopts those that have them
 * and no controller. An owner that is being deleted does neither.
 */
export interface Claim {
  readonly owner: KubeObject;
  readonly selector: LabelSelector;
  /** Which orphans may be adopted; all when left out. */
  readonly adopts?: (pod: Pod) => boolean;
  /** Put on what is adopted. */
  readonly finalizer?: string;
}

/** The Pods that the owner has after claiming. */
export function claimPods(client: Client, claim: Claim): Pod[] {
  const { owner, selector } = claim;
  const claimed: Pod[] = [];
  for (const pod of client.ownedBy('pods', owner.metadata.uid)) {
    if (selectorMatches(selector, pod.metadata.labels)) claimed.push(pod);
    else if (!owner.metadata.deletionTimestamp) release(client, owner, pod);
  }
  return owner.metadata.deletionTimestamp ? claimed : [...claimed, ...adoptPods(client, claim)];
}

/** Takes in the Pods that nobody manages and the selector chooses. */
export function adoptPods(client: Client, claim: Claim): Pod[] {
  const { owner, selector, adopts = () => true, finalizer } = claim;
  const adopted: Pod[] = [];
  for (const pod of client.orphans('pods', owner.metadata.namespace ?? '', selector)) {
    const { metadata } = pod;
    if (metadata.deletionTimestamp || !adopts(pod)) continue;
    const ownerReferences = [...(metadata.ownerReferences ?? []), controllerReference(owner)];
    const finalizers = metadata.finalizers ?? [];
    const missing = finalizer !== undefined && !finalizers.includes(finalizer);
    const result = client.update('pods', {
      ...pod,
      metadata: {
        ...metadata,
        ownerReferences,
        ...(missing && { finalizers: [...finalizers, finalizer] }),
      },
    });
    if (result.ok) adopted.push(result.value);
  }
  return adopted;
}

/** Lets a Pod go that no longer has its owner's labels. */
export function release(client: Client, owner: KubeObject, pod: Pod): void {
  if (pod.metadata.deletionTimestamp) return;
  const ownerReferences = (pod.metadata.ownerReferences ?? []).filter(
    ({ uid }) => uid !== owner.metadata.uid,
  );
  client.update('pods', { ...pod, metadata: { ...pod.metadata, ownerReferences } });
}
