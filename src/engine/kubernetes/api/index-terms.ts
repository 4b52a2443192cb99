import { controllerOf, type KubeObject, type Labels } from '../apimachinery/object.ts';
import type { Event, Service } from './cluster-objects.ts';
import { isPodActive, isPodFinished, isPodReady, type Pod } from './pod.ts';
import type { ResourceName } from './resources.ts';
import type { PersistentVolume, PersistentVolumeClaim } from './storage.ts';

/**
 * What objects are looked up by, besides their key. Terms are kept by the store with every write,
 * so that a look-up costs what it finds and never a scan.
 */
export const ownerTerm = (uid: string): string => `owner:${uid}`;
export const nodeTerm = (node: string): string => `node:${node}`;
export const labelTerm = (namespace: string, key: string, value: string): string =>
  `label:${namespace}/${key}=${value}`;
export const eventTerm = (uid: string): string => `about:${uid}`;
/** Pods and ReplicaSets of a namespace that no controller manages. */
export const orphanTerm = (namespace: string): string => `orphan:${namespace}`;
/** Pods of a controller that are neither finished nor on their way out. */
export const activeTerm = (uid: string): string => `active:${uid}`;
/** Those of them that are ready. */
export const readyTerm = (uid: string): string => `ready:${uid}`;
/** Pods of a controller that are on their way out and have not finished. */
export const terminatingTerm = (uid: string): string => `terminating:${uid}`;
/** Active Pods of a controller that have these labels and no others. */
export const labelledTerm = (uid: string, labels: Labels | undefined): string =>
  `labelled:${uid}/${labelsText(labels)}`;

const LABEL_TEXTS = new WeakMap<Labels, string>();

/** Labels in order as one text; Pods of one template share theirs, so it is made once. */
function labelsText(labels: Labels | undefined): string {
  if (!labels) return '';
  let text = LABEL_TEXTS.get(labels);
  if (text === undefined) {
    const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
    text = pairs.sort((a, b) => (a < b ? -1 : 1)).join(',');
    LABEL_TEXTS.set(labels, text);
  }
  return text;
}

/** Pods that use a claim. */
export const claimTerm = (namespace: string, claim: string): string =>
  `claim:${namespace}/${claim}`;
/** Volumes of a storage class that no claim has been named for. */
export const unclaimedTerm = (storageClass: string): string => `unclaimed:${storageClass}`;
/** The volumes that are named for a claim. */
export const claimedTerm = (namespace: string, claim: string): string =>
  `claimed:${namespace}/${claim}`;
/** Claims of a storage class that have no volume yet. */
export const unboundTerm = (storageClass: string): string => `unbound:${storageClass}`;
/** Pods that have finished and not been deleted. */
export const FINISHED_TERM = 'finished';

const selectorTerm = (namespace: string, key: string, value: string): string =>
  `selects:${namespace}/${key}=${value}`;

/** Where a Service that may select these labels is found: one term for each of them. */
export function selectedByTerms(namespace: string, labels: Labels = {}): string[] {
  return Object.entries(labels).map(([key, value]) => selectorTerm(namespace, key, value));
}

/** The claims that a Pod uses: by name, or made for it from a template. */
export function claimNamesOf({ spec, metadata }: Pod): string[] {
  const names: string[] = [];
  for (const { name, persistentVolumeClaim, ephemeral } of spec.volumes ?? []) {
    if (persistentVolumeClaim) names.push(persistentVolumeClaim.claimName);
    else if (ephemeral) names.push(`${metadata.name}-${name}`);
  }
  return names;
}

const LABEL_TERMS = new WeakMap<Labels, { namespace: string; terms: readonly string[] }>();

/** A term for each label; Pods of one template share their labels, and so these. */
function labelTerms(namespace: string, labels: Labels): readonly string[] {
  const before = LABEL_TERMS.get(labels);
  if (before?.namespace === namespace) return before.terms;
  const terms = Object.entries(labels).map(([key, value]) => labelTerm(namespace, key, value));
  LABEL_TERMS.set(labels, { namespace, terms });
  return terms;
}

/** The terms that lead to an object. */
export function termsOf(resource: ResourceName, object: KubeObject): string[] {
  const { metadata } = object;
  const terms = (metadata.ownerReferences ?? []).map((owner) => ownerTerm(owner.uid));
  if (resource === 'leases') return terms;
  if (resource === 'events') {
    terms.push(eventTerm((object as Event).involvedObject.uid));
  }
  if (metadata.labels) terms.push(...labelTerms(metadata.namespace ?? '', metadata.labels));
  if (resource === 'services') {
    // One label of a selector is enough to find it by: whoever has them all has this one.
    const [first] = Object.entries((object as Service).spec.selector ?? {});
    if (first) terms.push(selectorTerm(metadata.namespace ?? '', ...first));
  }
  if ((resource === 'pods' || resource === 'replicasets') && !controllerOf(object)) {
    terms.push(orphanTerm(metadata.namespace ?? ''));
  }
  if (resource === 'pods') terms.push(...podTerms(object as Pod));
  else if (resource === 'persistentvolumes') terms.push(volumeTerm(object as PersistentVolume));
  else if (resource === 'persistentvolumeclaims') {
    const { spec } = object as PersistentVolumeClaim;
    if (!spec.volumeName) terms.push(unboundTerm(spec.storageClassName ?? ''));
  }
  return terms;
}

function volumeTerm({ spec }: PersistentVolume): string {
  const { claimRef, storageClassName = '' } = spec;
  if (!claimRef) return unclaimedTerm(storageClassName);
  return claimedTerm(claimRef.namespace ?? '', claimRef.name ?? '');
}

function podTerms(pod: Pod): string[] {
  const { spec, metadata } = pod;
  const terms = spec.nodeName ? [nodeTerm(spec.nodeName)] : [];
  for (const claim of claimNamesOf(pod)) terms.push(claimTerm(metadata.namespace ?? '', claim));
  if (isPodFinished(pod)) terms.push(FINISHED_TERM);
  const uid = controllerOf(pod)?.uid;
  if (uid === undefined) return terms;
  if (isPodActive(pod)) {
    terms.push(activeTerm(uid), labelledTerm(uid, metadata.labels));
    if (isPodReady(pod)) terms.push(readyTerm(uid));
  } else if (metadata.deletionTimestamp && !isPodFinished(pod)) {
    terms.push(terminatingTerm(uid));
  }
  return terms;
}
