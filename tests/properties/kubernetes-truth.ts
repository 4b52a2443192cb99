import type { ContainerRow, TaskRow } from '../../src/engine/containerd/rows.ts';
import type { Service } from '../../src/engine/kubernetes/api/cluster-objects.ts';
import type { ResourceQuota } from '../../src/engine/kubernetes/api/config.ts';
import type { PodDisruptionBudget } from '../../src/engine/kubernetes/api/policy.ts';
import {
  isPodActive,
  isPodFinished,
  isPodReady,
  type Pod,
} from '../../src/engine/kubernetes/api/pod.ts';
import { selectorMatches } from '../../src/engine/kubernetes/apimachinery/label-selector.ts';
import {
  controllerOf,
  describeObject,
  findCondition,
} from '../../src/engine/kubernetes/apimachinery/object.ts';
import type { Client } from '../../src/engine/kubernetes/client/client.ts';
import type { World } from '../../src/engine/world.ts';

/**
 * What objects say of others in a cluster at rest is so: it is counted once more, from the Pods
 * and from what runs on the machines. Namespaces in which something goes on are left out.
 */
export function untrue(world: World, client: Client, restless: ReadonlySet<string>): string[] {
  const isStill = ({ metadata }: { readonly metadata: { readonly namespace?: string } }): boolean =>
    !restless.has(metadata.namespace ?? '');
  const pods = [...client.scan('pods')].filter(isStill);
  return [
    ...wrongNodes(world, client),
    ...wrongContainers(world, client, pods),
    ...[...client.scan('services')].filter(isStill).flatMap((one) => wrongEndpoints(client, one)),
    ...[...client.scan('poddisruptionbudgets')]
      .filter(isStill)
      .flatMap((one) => wrongBudget(client, one)),
    ...[...client.scan('resourcequotas')].filter(isStill).flatMap((one) => wrongUse(client, one)),
    ...wrongCounts(client, isStill),
    ...[...client.scan('horizontalpodautoscalers')]
      .filter(({ status }) => (status?.conditions ?? []).length === 0)
      .map((one) => `${describeObject(one)} does not say what it does`),
  ];
}

const selected = (client: Client, namespace: string, labels: Readonly<Record<string, string>>) =>
  [...client.scan('pods', namespace)].filter((pod) =>
    selectorMatches({ matchLabels: labels }, pod.metadata.labels),
  );

/** All faults are mended: every node that is a machine is ready. */
function wrongNodes({ machines }: World, client: Client): string[] {
  const names = new Set(machines.map(({ name }) => name));
  return [...client.scan('nodes')]
    .filter(({ metadata }) => names.has(metadata.name))
    .filter(({ status }) => findCondition(status.conditions ?? [], 'Ready')?.status !== 'True')
    .map((node) => `${describeObject(node)} is not ready`);
}

/** What runs on a machine is a container of a Pod there, and what a Pod says runs does. */
function wrongContainers({ kernel }: World, client: Client, pods: readonly Pod[]): string[] {
  const said = new Map<string, string>();
  for (const { spec, status } of pods) {
    const { containerStatuses = [], initContainerStatuses = [] } = status;
    for (const { containerID = '', state } of [...containerStatuses, ...initContainerStatuses]) {
      if (state?.running) said.set(containerID.replace('containerd://', ''), spec.nodeName ?? '');
    }
  }
  const known = new Set(pods.map(({ metadata }) => `Pod ${metadata.namespace}/${metadata.name}`));
  const all = new Set([...client.scan('pods')].map(describeObject));
  const wrong: string[] = [];
  const tables = new Map(kernel.store.tables());
  const tasks = tables.get('containerd/tasks');
  const rows = tables.get('containerd/containers')?.entries() ?? [];
  for (const [key, row] of rows) {
    const { machine, spec } = row as ContainerRow;
    const { id, name } = spec;
    const task = tasks?.get(key) as TaskRow | undefined;
    if (!name.startsWith('Pod ') || task?.status !== 'running') continue;
    if (!all.has(name)) wrong.push(`a container of ${name}, which is gone, runs on ${machine}`);
    else if (known.has(name) && said.get(id) !== machine) {
      wrong.push(`a container of ${name} runs on ${machine} unsaid`);
    }
    said.delete(id);
  }
  return [...wrong, ...[...said].map(([id, node]) => `${id} is said to run on ${node}`)];
}

/** A Service's slices have the addresses of its Pods, the ready ones as ready. */
function wrongEndpoints(client: Client, service: Service): string[] {
  const { namespace = '', name } = service.metadata;
  const { selector, type, publishNotReadyAddresses } = service.spec;
  if (!selector || type === 'ExternalName' || service.metadata.deletionTimestamp) return [];
  const pods = selected(client, namespace, selector).filter(
    (pod) => pod.status.podIP !== undefined && !isPodFinished(pod),
  );
  const wanted = pods.map(
    (pod) => `${pod.status.podIP} ${publishNotReadyAddresses === true || isPodReady(pod)}`,
  );
  const listed = [...client.scan('endpointslices', namespace)]
    .filter(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === name)
    .filter((slice) => controllerOf(slice)?.uid === service.metadata.uid)
    .flatMap(({ endpoints }) => endpoints ?? [])
    .map(({ addresses, conditions }) => `${addresses[0]} ${conditions?.ready ?? true}`);
  const [a, b] = [wanted.sort().join(), listed.sort().join()];
  return a === b ? [] : [`${describeObject(service)} leads to ${b}, not to ${a}`];
}

function wrongBudget(client: Client, budget: PodDisruptionBudget): string[] {
  const { namespace = '', generation } = budget.metadata;
  const { status, spec } = budget;
  const reason = findCondition(status?.conditions ?? [], 'DisruptionAllowed')?.reason;
  if (reason === 'SyncFailed') return [];
  if (status?.observedGeneration !== generation) return [`${describeObject(budget)} is not seen`];
  const labels = spec.selector?.matchLabels;
  if (!labels) return [];
  const healthy = selected(client, namespace, labels).filter(
    (pod) => isPodActive(pod) && isPodReady(pod),
  ).length;
  return status.currentHealthy === healthy
    ? []
    : [`${describeObject(budget)} counts ${status.currentHealthy} healthy of ${healthy}`];
}

function wrongUse(client: Client, quota: ResourceQuota): string[] {
  const { namespace = '' } = quota.metadata;
  const { spec, status } = quota;
  if (spec.hard?.pods === undefined || spec.scopes || spec.scopeSelector) return [];
  const held = [...client.scan('pods', namespace)].filter((pod) => !isPodFinished(pod)).length;
  return status?.used?.pods === String(held)
    ? []
    : [`${describeObject(quota)} counts ${status?.used?.pods} Pods of ${held}`];
}

/** ReplicaSets, StatefulSets and DaemonSets count the Pods that they own. */
function wrongCounts(
  client: Client,
  isStill: (object: { readonly metadata: { readonly namespace?: string } }) => boolean,
): string[] {
  const sets = [...client.scan('replicasets'), ...client.scan('statefulsets')].filter(isStill);
  const wrong = sets.flatMap((set) => {
    const owned = client.ownedBy('pods', set.metadata.uid).filter(isPodActive);
    const { replicas = 0, readyReplicas = 0 } = set.status as Partial<typeof set.status>;
    const ready = owned.filter(isPodReady).length;
    return replicas === owned.length && readyReplicas === ready
      ? []
      : [`${describeObject(set)} counts ${readyReplicas}/${replicas} of ${ready}/${owned.length}`];
  });
  const daemons = [...client.scan('daemonsets')].filter(isStill).flatMap((set) => {
    const owned = client.ownedBy('pods', set.metadata.uid).filter(isPodActive);
    const { numberReady = 0, desiredNumberScheduled = 0 } = set.status as Partial<
      typeof set.status
    >;
    const ready = owned.filter(isPodReady).length;
    return numberReady <= ready && numberReady <= desiredNumberScheduled
      ? []
      : [`${describeObject(set)} counts ${numberReady} ready of ${ready}`];
  });
  return [...wrong, ...daemons];
}
