import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from '../api/storage.ts';
import { SELECTED_NODE } from '../api/storage.ts';
import type { Node } from '../api/cluster-objects.ts';
import type { Client } from '../client/client.ts';
import { selectorMatches } from '../apimachinery/label-selector.ts';
import { wholeValue } from '../apimachinery/quantity.ts';
import { matcherOf } from '../api/node-matcher.ts';
import { claimNames, type PodInfo } from './pod-info.ts';

/**
 * What has to happen to a Pod's claims before it can run on a node
 * (plugins/volumebinding/binder.go `FindPodVolumes`, v1.36): volumes that are bound must be
 * reachable from there; the others, whose class waits for the first consumer, get a volume that
 * fits, or one is made for them.
 */
export interface VolumePlan {
  readonly bind: readonly { readonly claim: string; readonly volume: string }[];
  /** Claims for which a volume is to be made at the node. */
  readonly provision: readonly string[];
}

/** The words for why a node will not do. */
const NOT_REACHABLE = "node(s) didn't match PersistentVolume's node affinity";
const NONE_FREE = "node(s) didn't find available persistent volumes to bind";
const NOT_THERE = 'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)';
const NO_PROVISIONER = 'kubernetes.io/no-provisioner';

/** The Pod's claims by what is left to do; a text when the Pod cannot run at all for now. */
export interface PodClaims {
  readonly bound: readonly PersistentVolumeClaim[];
  readonly waiting: readonly PersistentVolumeClaim[];
}

export function claimsOf(pod: PodInfo, client: Client): PodClaims | string {
  const bound: PersistentVolumeClaim[] = [];
  const waiting: PersistentVolumeClaim[] = [];
  let immediate = false;
  for (const [i, name] of claimNames(pod).entries()) {
    const claim = client.get('persistentvolumeclaims', pod.namespace, name);
    const ephemeral = pod.facts.claims[i]?.ofPod !== undefined;
    if (!claim) {
      return ephemeral
        ? `waiting for ephemeral volume controller to create the persistentvolumeclaim "${name}"`
        : `persistentvolumeclaim "${name}" not found`;
    }
    const { status, metadata, spec } = claim;
    if (status.phase === 'Lost') {
      const volume = spec.volumeName ?? '';
      return `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${volume}"`;
    }
    if (metadata.deletionTimestamp) return `persistentvolumeclaim "${name}" is being deleted`;
    if (spec.volumeName && status.phase === 'Bound') bound.push(claim);
    else if (!spec.volumeName && waitsForConsumer(claim, client)) waiting.push(claim);
    else immediate = true;
  }
  return immediate ? 'pod has unbound immediate PersistentVolumeClaims' : { bound, waiting };
}

function classOf({ spec }: PersistentVolumeClaim, client: Client): StorageClass | undefined {
  return spec.storageClassName
    ? client.get('storageclasses', '', spec.storageClassName)
    : undefined;
}

const waitsForConsumer = (claim: PersistentVolumeClaim, client: Client): boolean =>
  classOf(claim, client)?.volumeBindingMode === 'WaitForFirstConsumer';

/** The plan for a node; reasons when there is none. */
export function planVolumes(
  { bound, waiting }: PodClaims,
  node: Node,
  client: Client,
): VolumePlan | readonly string[] {
  const reasons: string[] = [];
  for (const { spec } of bound) {
    const volume = client.get('persistentvolumes', '', spec.volumeName ?? '');
    const reason = !volume ? NOT_THERE : isReachable(volume, node) ? undefined : NOT_REACHABLE;
    if (reason && !reasons.includes(reason)) reasons.push(reason);
  }
  const bind: { claim: string; volume: string }[] = [];
  const provision: string[] = [];
  for (const claim of waiting) {
    const { name, annotations = {} } = claim.metadata;
    const selected = annotations[SELECTED_NODE];
    const taken = bind.map(({ volume }) => volume);
    const volume = selected ? undefined : findVolume(claim, node, taken, client);
    if (volume) bind.push({ claim: name, volume: volume.metadata.name });
    else if (
      (selected ?? node.metadata.name) === node.metadata.name &&
      canMake(claim, node, client)
    ) {
      provision.push(name);
    } else {
      reasons.push(NONE_FREE);
      break;
    }
  }
  return reasons.length > 0 ? reasons : { bind, provision };
}

function isReachable({ spec }: PersistentVolume, node: Node): boolean {
  const required = spec.nodeAffinity?.required;
  return !required || matcherOf(required).matches(node);
}

function canMake(claim: PersistentVolumeClaim, node: Node, client: Client): boolean {
  const storage = classOf(claim, client);
  if (!storage || storage.provisioner === NO_PROVISIONER) return false;
  const terms = storage.allowedTopologies ?? [];
  if (terms.length === 0) return true;
  const labels = node.metadata.labels ?? {};
  return terms.some(({ matchLabelExpressions = [] }) =>
    matchLabelExpressions.every(({ key, values }) => values.includes(labels[key] ?? '')),
  );
}

/**
 * The smallest volume that will do, of the claim's class, reachable from the node and not taken
 * (component-helpers/storage/volume/pv_helpers.go `FindMatchingVolume`, v1.36).
 */
function findVolume(
  claim: PersistentVolumeClaim,
  node: Node,
  taken: readonly string[],
  client: Client,
): PersistentVolume | undefined {
  const { spec, metadata } = claim;
  const wanted = wholeValue(spec.resources?.requests?.storage);
  let best: PersistentVolume | undefined;
  let bestSize = 0;
  for (const volume of client.scan('persistentvolumes')) {
    const { claimRef, capacity, accessModes = [], volumeMode, storageClassName } = volume.spec;
    const ours =
      claimRef?.name === metadata.name &&
      claimRef.namespace === metadata.namespace &&
      (!claimRef.uid || claimRef.uid === metadata.uid);
    if (claimRef ? !ours : volume.status.phase !== 'Available') continue;
    const size = wholeValue(capacity?.storage);
    if (size < wanted || taken.includes(volume.metadata.name)) continue;
    if ((storageClassName ?? '') !== (spec.storageClassName ?? '')) continue;
    if ((volumeMode ?? 'Filesystem') !== (spec.volumeMode ?? 'Filesystem')) continue;
    if (!(spec.accessModes ?? []).every((mode) => accessModes.includes(mode))) continue;
    if (spec.selector && !selectorMatches(spec.selector, volume.metadata.labels)) continue;
    if (!isReachable(volume, node) || volume.metadata.deletionTimestamp) continue;
    if (ours) return volume;
    if (!best || size < bestSize) [best, bestSize] = [volume, size];
  }
  return best;
}
