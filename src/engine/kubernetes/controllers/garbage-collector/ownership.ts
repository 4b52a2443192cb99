import type { KubeObject, OwnerReference } from '../../apimachinery/object.ts';
import { infoOf, resourceByKind, type ResourceName } from '../../api/resources.ts';

/**
 * What an object's owner references are worth
 * (pkg/controller/garbagecollector/garbagecollector.go `classifyReferences`, v1.36).
 */
export const FOREGROUND = 'foregroundDeletion';
export const ORPHAN = 'orphan';

export type FindOwner = (
  resource: ResourceName,
  namespace: string,
  name: string,
) => KubeObject | undefined;

export interface OwnerClasses {
  /** The owner is there. */
  readonly solid: readonly OwnerReference[];
  /** The owner is not there, or another object has its name. */
  readonly dangling: readonly OwnerReference[];
  /** The owner is being deleted and waits for what it owns. */
  readonly waiting: readonly OwnerReference[];
}

export const hasFinalizer = ({ metadata }: KubeObject, finalizer: string): boolean =>
  (metadata.finalizers ?? []).includes(finalizer);

/** Being deleted in the foreground: it goes after what it owns. */
export const isDeletingDependents = (object: KubeObject): boolean =>
  object.metadata.deletionTimestamp !== undefined && hasFinalizer(object, FOREGROUND);

/** The owner that a reference means; undefined when it is not there. */
export function ownerOf(
  object: KubeObject,
  reference: OwnerReference,
  find: FindOwner,
): KubeObject | 'unknown' | undefined {
  const info = resourceByKind(reference.apiVersion, reference.kind);
  // A kind that is not served may come to be: nothing is concluded from it.
  if (!info) return 'unknown';
  const namespace = object.metadata.namespace ?? '';
  // An object of the cluster cannot be owned by one in a namespace; it is left alone.
  if (info.namespaced && namespace === '') return 'unknown';
  const owner = find(info.resource, info.namespaced ? namespace : '', reference.name);
  return owner?.metadata.uid === reference.uid ? owner : undefined;
}

export function classify(object: KubeObject, find: FindOwner): OwnerClasses {
  const solid: OwnerReference[] = [];
  const dangling: OwnerReference[] = [];
  const waiting: OwnerReference[] = [];
  for (const reference of object.metadata.ownerReferences ?? []) {
    const owner = ownerOf(object, reference, find);
    if (owner === undefined) dangling.push(reference);
    else if (owner === 'unknown') solid.push(reference);
    else if (isDeletingDependents(owner) && reference.blockOwnerDeletion) waiting.push(reference);
    else solid.push(reference);
  }
  return { solid, dangling, waiting };
}

/** Whether an owner in a namespace is named by an object that is not in it. */
export function isOutOfReach(object: KubeObject, { apiVersion, kind }: OwnerReference): boolean {
  const info = resourceByKind(apiVersion, kind);
  return info !== undefined && infoOf(info.resource).namespaced && !object.metadata.namespace;
}
