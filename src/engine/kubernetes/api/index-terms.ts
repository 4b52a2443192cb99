import {
  controllerOf,
  type KubeObject,
  type Labels,
  type ObjectMeta,
  type OwnerReference,
} from '../apimachinery/object.ts';
import type { Event, Service } from './cluster-objects.ts';
import { isPodFinished, isPodReady, type Pod } from './pod.ts';
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

/** Labels in order as one text. */
function labelsText(labels: Labels = {}): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return pairs.sort((a, b) => (a < b ? -1 : 1)).join(',');
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

function labelTerms({ namespace = '', labels }: ObjectMeta): string[] {
  return Object.entries(labels ?? {}).map(([key, value]) => labelTerm(namespace, key, value));
}

/** A term as it is kept: among those of its resource. */
export const indexTerm = (resource: ResourceName, term: string): string => `${resource} ${term}`;

/** The terms that lead to an object, as they are kept. */
export function termsOf(resource: ResourceName, object: KubeObject): readonly string[] {
  if (resource === 'pods') return termsOfPod(object as Pod);
  const { metadata } = object;
  const terms = (metadata.ownerReferences ?? []).map((owner) => ownerTerm(owner.uid));
  terms.push(...labelTerms(metadata));
  if (resource === 'events') {
    terms.push(eventTerm((object as Event).involvedObject.uid));
  } else if (resource === 'services') {
    // One label of a selector is enough to find it by: whoever has them all has this one.
    const [first] = Object.entries((object as Service).spec.selector ?? {});
    if (first) terms.push(selectorTerm(metadata.namespace ?? '', ...first));
  } else if (resource === 'replicasets' && !controllerOf(object)) {
    terms.push(orphanTerm(metadata.namespace ?? ''));
  } else if (resource === 'persistentvolumes') terms.push(volumeTerm(object as PersistentVolume));
  else if (resource === 'persistentvolumeclaims') {
    const { spec } = object as PersistentVolumeClaim;
    if (!spec.volumeName) terms.push(unboundTerm(spec.storageClassName ?? ''));
  }
  return terms.map((term) => indexTerm(resource, term));
}

function volumeTerm({ spec }: PersistentVolume): string {
  const { claimRef, storageClassName = '' } = spec;
  if (!claimRef) return unclaimedTerm(storageClassName);
  return claimedTerm(claimRef.namespace ?? '', claimRef.name ?? '');
}

/** How far a Pod has come, as far as its terms depend on it. */
type Stage = 'active' | 'ready' | 'terminating' | 'finished';

/** What leads to a Pod besides its node and its claims. */
interface PodTerms {
  readonly namespace: string;
  readonly owners: string;
  readonly always: readonly string[];
  /** Made when the first Pod gets so far. */
  readonly at: Partial<Record<Stage, readonly string[]>>;
}

const POD_TERMS = new WeakMap<Labels, PodTerms>();
const NO_LABELS: Labels = {};

function termsOfPod(pod: Pod): readonly string[] {
  const { nodeName } = pod.spec;
  const shared = sharedTerms(pod);
  const stage = stageOf(pod);
  const terms = (shared.at[stage] ??= [...shared.always, ...stageTerms(pod, stage)]);
  const claims = claimNamesOf(pod);
  if (claims.length === 0) return nodeName ? terms.concat(podsOnNode(nodeName)) : terms;
  const { namespace = '' } = pod.metadata;
  const own = claims.map((claim) => indexTerm('pods', claimTerm(namespace, claim)));
  if (nodeName) own.push(podsOnNode(nodeName));
  return [...terms, ...own];
}

function stageOf(pod: Pod): Stage {
  if (isPodFinished(pod)) return 'finished';
  if (pod.metadata.deletionTimestamp) return 'terminating';
  return isPodReady(pod) ? 'ready' : 'active';
}

function stageTerms(pod: Pod, stage: Stage): string[] {
  const uid = controllerOf(pod)?.uid;
  const terms: string[] = [];
  if (stage === 'finished') terms.push(FINISHED_TERM);
  else if (uid !== undefined && stage === 'terminating') terms.push(terminatingTerm(uid));
  else if (uid !== undefined) {
    terms.push(activeTerm(uid), labelledTerm(uid, pod.metadata.labels));
    if (stage === 'ready') terms.push(readyTerm(uid));
  }
  return terms.map((term) => indexTerm('pods', term));
}

/** Pods of one template share labels and owner, and so these: they are made once for all. */
function sharedTerms(pod: Pod): PodTerms {
  const { namespace = '', labels = NO_LABELS, ownerReferences = [] } = pod.metadata;
  const owners = ownersText(ownerReferences);
  const known = POD_TERMS.get(labels);
  if (known?.namespace === namespace && known.owners === owners) return known;
  const terms = ownerReferences.map((owner) => ownerTerm(owner.uid));
  terms.push(...labelTerms(pod.metadata));
  if (!controllerOf(pod)) terms.push(orphanTerm(namespace));
  const always = terms.map((term) => indexTerm('pods', term));
  const made: PodTerms = { namespace, owners, always, at: {} };
  POD_TERMS.set(labels, made);
  return made;
}

/** Owners that can be told from others; of almost all Pods there is one. */
function ownersText(owners: readonly OwnerReference[]): string {
  const [first] = owners;
  if (!first) return '';
  if (owners.length === 1 && first.controller) return first.uid;
  return owners.map(({ uid, controller }) => `${uid} ${controller ?? false}`).join(' ');
}

/** So many are remembered: the nodes of the largest cluster and some more. */
const NODES = 8192;
const onNodes = new Map<string, string>();

function podsOnNode(node: string): string {
  let term = onNodes.get(node);
  if (term === undefined) {
    if (onNodes.size >= NODES) onNodes.clear();
    term = indexTerm('pods', nodeTerm(node));
    onNodes.set(node, term);
  }
  return term;
}
