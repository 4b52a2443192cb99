import type { Client } from '../../src/engine/kubernetes/client/client.ts';
import { podRequests } from '../../src/engine/kubernetes/api/pod-resources.ts';
import { isPodFinished, type Pod } from '../../src/engine/kubernetes/api/pod.ts';
import { apiVersionOf, RESOURCES } from '../../src/engine/kubernetes/api/resources.ts';
import { milliValue, wholeValue } from '../../src/engine/kubernetes/apimachinery/quantity.ts';
import {
  describeObject,
  type OwnerReference,
} from '../../src/engine/kubernetes/apimachinery/object.ts';

/**
 * What holds in every cluster at every moment, whoever has done what. Each gives what is wrong, in
 * words; an empty list is a sound cluster.
 */
export function wrongWith(client: Client): string[] {
  const pods = [...client.scan('pods')];
  return [
    ...wrongPods(pods),
    ...doubleAddresses(pods),
    ...wrongServices(client),
    ...fullNodes(client, pods),
  ];
}

/** A Pod that has an address or runs has a node; whoever has ended has said how. */
function wrongPods(pods: readonly Pod[]): string[] {
  return pods.flatMap((pod) => {
    const { spec, status } = pod;
    const runs = status.phase === 'Running' || status.podIP !== undefined;
    return runs && !spec.nodeName ? [`${describeObject(pod)} runs on no node`] : [];
  });
}

/** Pods that have ended may keep the address in their status; it is handed out again. */
function doubleAddresses(pods: readonly Pod[]): string[] {
  const live = pods.filter((pod) => !isPodFinished(pod) && !pod.spec.hostNetwork);
  const held = live.flatMap(({ status }) => (status.podIP ? [status.podIP] : []));
  return doubles('the address', held);
}

function wrongServices(client: Client): string[] {
  const services = [...client.scan('services')];
  const addresses = services.flatMap(({ spec }) =>
    (spec.clusterIPs ?? [spec.clusterIP]).filter((ip) => ip && ip !== 'None'),
  );
  const ports = services.flatMap(({ spec }) =>
    (spec.ports ?? []).flatMap(({ nodePort, protocol }) =>
      nodePort ? [`${protocol ?? 'TCP'} ${nodePort}`] : [],
    ),
  );
  return [...doubles('the cluster IP', addresses), ...doubles('the node port', ports)];
}

/** What the Pods of a node ask for together is there (pkg/scheduler/framework/plugins/noderesources). */
function fullNodes(client: Client, pods: readonly Pod[]): string[] {
  const used = new Map<string, { cpu: number; memory: number; pods: number }>();
  for (const { spec, status } of pods) {
    if (!spec.nodeName || status.phase === 'Succeeded' || status.phase === 'Failed') continue;
    const { cpuMillis, memoryBytes } = podRequests(spec);
    const before = used.get(spec.nodeName) ?? { cpu: 0, memory: 0, pods: 0 };
    used.set(spec.nodeName, {
      cpu: before.cpu + cpuMillis,
      memory: before.memory + memoryBytes,
      pods: before.pods + 1,
    });
  }
  return [...client.scan('nodes')].flatMap(({ metadata: { name }, status }) => {
    const { cpu, memory, pods: count } = used.get(name) ?? { cpu: 0, memory: 0, pods: 0 };
    const { allocatable = {} } = status;
    const isOver =
      cpu > milliValue(allocatable.cpu) ||
      memory > wholeValue(allocatable.memory) ||
      count > wholeValue(allocatable.pods);
    return isOver
      ? [`${name} is over its allocatable: ${cpu}m, ${memory} bytes, ${count} Pods`]
      : [];
  });
}

function doubles(what: string, all: readonly (string | undefined)[]): string[] {
  const seen = new Set<string | undefined>();
  const twice = all.filter((one) => seen.has(one) || !seen.add(one));
  return [...new Set(twice)].map((one) => `${what} ${one} is held twice`);
}

/**
 * Objects whose every owner has gone: once all is quiet there are none. Of an owner whose kind
 * nobody serves, or that an object of the cluster seeks in a namespace, nothing can be told.
 */
export function orphansOf(client: Client): string[] {
  const uids = new Set<string>();
  const resources = RESOURCES.map(({ resource }) => resource);
  const all = resources.flatMap((resource) => [...client.scan(resource)]);
  for (const { metadata } of all) uids.add(metadata.uid);
  return all
    .filter(({ metadata }) => !metadata.deletionTimestamp)
    .filter(({ metadata: { ownerReferences: owners = [], namespace } }) => {
      const gone = owners.filter((owner) => !uids.has(owner.uid) && canBeFound(owner, namespace));
      return owners.length > 0 && gone.length === owners.length;
    })
    .map((object) => `${describeObject(object)} has outlived its owners`);
}

const NAMESPACED = new Map(
  RESOURCES.map((info) => [`${apiVersionOf(info)} ${info.kind}`, info.namespaced]),
);

function canBeFound({ apiVersion, kind }: OwnerReference, namespace: string | undefined): boolean {
  const isInside = NAMESPACED.get(`${apiVersion} ${kind}`);
  return isInside === false || (isInside === true && namespace !== undefined);
}
