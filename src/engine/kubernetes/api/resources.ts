import type { EndpointSlice, Event, Lease, Namespace, Node, Service } from './cluster-objects.ts';
import type { Pod } from './pod.ts';
import type { Deployment, ReplicaSet } from './workloads.ts';

/** The resources that the API server serves, and the kind of object each holds. */
export interface ResourceKinds {
  namespaces: Namespace;
  nodes: Node;
  pods: Pod;
  services: Service;
  events: Event;
  replicasets: ReplicaSet;
  deployments: Deployment;
  endpointslices: EndpointSlice;
  leases: Lease;
}

export type ResourceName = keyof ResourceKinds;

export interface ResourceInfo {
  readonly resource: ResourceName;
  readonly kind: string;
  readonly singular: string;
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
}

const info = (
  resource: ResourceName,
  kind: string,
  group: string,
  namespaced: boolean,
  ...shortNames: string[]
): ResourceInfo => {
  const singular = kind.toLowerCase();
  return { resource, kind, singular, group, version: 'v1', namespaced, shortNames };
};

export const RESOURCES: readonly ResourceInfo[] = [
  info('namespaces', 'Namespace', '', false, 'ns'),
  info('nodes', 'Node', '', false, 'no'),
  info('pods', 'Pod', '', true, 'po'),
  info('services', 'Service', '', true, 'svc'),
  info('events', 'Event', '', true, 'ev'),
  info('replicasets', 'ReplicaSet', 'apps', true, 'rs'),
  info('deployments', 'Deployment', 'apps', true, 'deploy'),
  info('endpointslices', 'EndpointSlice', 'discovery.k8s.io', true),
  info('leases', 'Lease', 'coordination.k8s.io', true),
];

const BY_WORD = new Map<string, ResourceInfo>();
const BY_KIND = new Map<string, ResourceInfo>();
for (const entry of RESOURCES) {
  const qualified = entry.group ? [`${entry.resource}.${entry.group}`] : [];
  const words = [entry.resource, entry.singular, ...entry.shortNames, ...qualified];
  for (const word of words) BY_WORD.set(word, entry);
  BY_KIND.set(`${apiVersionOf(entry)}/${entry.kind}`, entry);
}

/** What a word on a command line means: `deploy`, `deployments`, `Deployment`, `deployments.apps`. */
export function resourceByWord(word: string): ResourceInfo | undefined {
  return BY_WORD.get(word.toLowerCase());
}

export function resourceByKind(apiVersion: string, kind: string): ResourceInfo | undefined {
  return BY_KIND.get(`${apiVersion}/${kind}`);
}

export function infoOf(resource: ResourceName): ResourceInfo {
  return BY_WORD.get(resource)!;
}

/** `apps/v1`, or `v1` for the core group. */
export function apiVersionOf({ group, version }: ResourceInfo): string {
  return group ? `${group}/${version}` : version;
}

/** `deployments.apps`, as messages name a resource. */
export function qualifiedName({ resource, group }: ResourceInfo): string {
  return group ? `${resource}.${group}` : resource;
}

/** `deployment.apps/web`, as kubectl names an object it acted on. */
export function typedName({ singular, group }: ResourceInfo, name: string): string {
  return group ? `${singular}.${group}/${name}` : `${singular}/${name}`;
}
