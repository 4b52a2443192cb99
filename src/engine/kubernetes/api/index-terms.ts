import type { KubeObject } from '../apimachinery/object.ts';
import type { Event } from './cluster-objects.ts';
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

/** The terms that lead to an object. */
export function termsOf(resource: ResourceName, object: KubeObject): string[] {
  const { metadata } = object;
  const terms = (metadata.ownerReferences ?? []).map((owner) => ownerTerm(owner.uid));
  if (resource === 'leases') return terms;
  if (resource === 'events') return [eventTerm((object as Event).involvedObject.uid)];
  for (const [key, value] of Object.entries(metadata.labels ?? {})) {
    terms.push(labelTerm(metadata.namespace ?? '', key, value));
  }
  const node = resource === 'pods' ? (object as Pod).spec.nodeName : undefined;
  if (node) terms.push(nodeTerm(node));
  return terms;
}
