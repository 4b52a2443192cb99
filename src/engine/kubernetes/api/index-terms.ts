import { controllerOf, type KubeObject, type Labels } from '../apimachinery/object.ts';
import type { Event, Service } from './cluster-objects.ts';
import type { Pod } from './pod.ts';
import type { ResourceName } from './resources.ts';

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
const selectorTerm = (namespace: string, key: string, value: string): string =>
  `selects:${namespace}/${key}=${value}`;

/** Where a Service that may select these labels is found: one term for each of them. */
export function selectedByTerms(namespace: string, labels: Labels = {}): string[] {
  return Object.entries(labels).map(([key, value]) => selectorTerm(namespace, key, value));
}

/** What makes an Event the same as one before: then it is counted up. */
export function sameEventTerm(event: Omit<Event, 'metadata' | 'count'>): string {
  const { involvedObject, source, reason, message, type } = event;
  const { uid, fieldPath = '' } = involvedObject;
  const { component, host = '' } = source;
  return ['same', uid, component, host, fieldPath, type, reason, message].join('|');
}

/** The terms that lead to an object. */
export function termsOf(resource: ResourceName, object: KubeObject): string[] {
  const { metadata } = object;
  const terms = (metadata.ownerReferences ?? []).map((owner) => ownerTerm(owner.uid));
  if (resource === 'leases') return terms;
  if (resource === 'events') {
    return [eventTerm((object as Event).involvedObject.uid), sameEventTerm(object as Event)];
  }
  for (const [key, value] of Object.entries(metadata.labels ?? {})) {
    terms.push(labelTerm(metadata.namespace ?? '', key, value));
  }
  if (resource === 'services') {
    // One label of a selector is enough to find it by: whoever has them all has this one.
    const [first] = Object.entries((object as Service).spec.selector ?? {});
    if (first) terms.push(selectorTerm(metadata.namespace ?? '', ...first));
  }
  if ((resource === 'pods' || resource === 'replicasets') && !controllerOf(object)) {
    terms.push(orphanTerm(metadata.namespace ?? ''));
  }
  const node = resource === 'pods' ? (object as Pod).spec.nodeName : undefined;
  if (node) terms.push(nodeTerm(node));
  return terms;
}
