import type { Client } from '../../src/engine/kubernetes/client/client.ts';
import { eventTerm } from '../../src/engine/kubernetes/api/index-terms.ts';
import { isPodReady, type Pod } from '../../src/engine/kubernetes/api/pod.ts';
import { RESOURCES, type ResourceName } from '../../src/engine/kubernetes/api/resources.ts';
import {
  controllerOf,
  describeObject,
  findCondition,
  splitKey,
  type KubeObject,
} from '../../src/engine/kubernetes/apimachinery/object.ts';
import { parseRfc3339 } from '../../src/engine/sim/clock.ts';
import type { World } from '../../src/engine/world.ts';

/**
 * A cluster in which all faults are mended comes to rest, and whatever is not as declared then says
 * why, in its status or by an Event.
 */
export function unexplained(client: Client): string[] {
  const told = (object: KubeObject): boolean =>
    client.countByIndex('events', eventTerm(object.metadata.uid)) > 0;
  const say = (objects: readonly KubeObject[], why: string): string[] =>
    objects.map((object) => `${describeObject(object)} ${why}`);
  const all = <R extends ResourceName>(resource: R) => [...client.scan(resource)];
  return [
    ...say(
      all('pods').filter((pod) => !saysWhy(pod)),
      'is not ready and does not say why',
    ),
    ...say(
      all('deployments').filter(({ spec, status, metadata }) => {
        const isDone =
          status.availableReplicas === spec.replicas && status.updatedReplicas === spec.replicas;
        const isKnown = status.observedGeneration === metadata.generation;
        const { conditions = [] } = status;
        return !isKnown || (!(isDone || spec.replicas === 0) && conditions.length === 0);
      }),
      'is not complete and has no condition',
    ),
    ...say(
      all('replicasets').filter((set) => {
        const { spec, status, metadata } = set;
        if (status.observedGeneration !== metadata.generation) return true;
        const failure = findCondition(status.conditions ?? [], 'ReplicaFailure');
        return status.replicas !== spec.replicas && !failure && !metadata.deletionTimestamp;
      }),
      'has not made its Pods and does not say why',
    ),
    ...say(
      [...all('statefulsets'), ...all('daemonsets')].filter(
        ({ status, metadata }) => status?.observedGeneration !== metadata.generation,
      ),
      'has not been looked at',
    ),
    ...say(
      all('persistentvolumeclaims').filter(
        (claim) => claim.status?.phase !== 'Bound' && !told(claim),
      ),
      'is not bound and no Event says why',
    ),
    ...say(
      all('jobs')
        .filter(({ spec, status }) => {
          const { conditions = [], active = 0 } = status ?? {};
          return conditions.length === 0 && active === 0 && spec.parallelism !== 0;
        })
        .filter((job) => !told(job) && !isNew(job, client.kernel.now)),
      'neither runs nor has ended',
    ),
    ...say(all('namespaces').filter(isStuckQuietly), 'is terminating without a condition'),
    ...say(
      going(client).filter((object) => !isHeld(object, client.kernel.now)),
      'is on its way out and nothing holds it',
    ),
  ];
}

function isStuckQuietly({
  metadata,
  status,
}: KubeObject & { status?: { conditions?: readonly unknown[] } }): boolean {
  return metadata.deletionTimestamp !== undefined && (status?.conditions ?? []).length === 0;
}

function going(client: Client): KubeObject[] {
  const resources = RESOURCES.map(({ resource }) => resource);
  return resources.flatMap((resource) =>
    [...client.scan(resource)].filter(({ metadata }) => metadata.deletionTimestamp),
  );
}

/** By a finalizer, by what is left in it, or by the time it was given to end. */
const isHeld = ({ kind, metadata }: KubeObject, nowMs: number): boolean =>
  kind === 'Namespace' ||
  (metadata.finalizers ?? []).length > 0 ||
  (parseRfc3339(metadata.deletionTimestamp ?? '') ?? 0) + SLACK_MS > nowMs;

/** Made in this very moment: nobody has looked at it. */
const isNew = ({ metadata }: KubeObject, nowMs: number): boolean =>
  (parseRfc3339(metadata.creationTimestamp) ?? 0) + SLACK_MS > nowMs;

/** From the end of its grace until a Pod's last container is killed and told of. */
const SLACK_MS = 5000;

/** Ready or ended; else a condition or a container says what is missing. */
function saysWhy(pod: Pod): boolean {
  const { phase, conditions = [], containerStatuses = [], initContainerStatuses = [] } = pod.status;
  if (phase === 'Succeeded' || phase === 'Failed' || isPodReady(pod)) return true;
  const scheduled = findCondition(conditions, 'PodScheduled');
  if (!pod.spec.nodeName) return scheduled?.status === 'False' && Boolean(scheduled.message);
  const isWaiting = [...containerStatuses, ...initContainerStatuses].some(
    ({ state }) => state?.waiting?.reason !== undefined || state?.terminated !== undefined,
  );
  const ready = findCondition(conditions, 'Ready');
  return isWaiting || (ready?.status === 'False' && Boolean(ready.message));
}

/** A StatefulSet says nothing of a Pod in its way that is not its own: `sink already exists errors`. */
function hasStrangers(client: Client, key: string): boolean {
  const { namespace, name } = splitKey(key);
  const set = client.get('statefulsets', namespace, name);
  if (!set) return false;
  return [...client.scan('pods', namespace)].some(
    (pod) =>
      pod.metadata.name.startsWith(`${name}-`) && controllerOf(pod)?.uid !== set.metadata.uid,
  );
}

/** Keys of work queues that failed and are tried again and again, though no Event says why. */
export function failingKeys({ kernel }: World, client: Client): string[] {
  const warned = new Set(
    [...client.scan('events')]
      .filter(({ type }) => type === 'Warning')
      .map(({ involvedObject: { namespace, name } }) => `${namespace}/${name}`),
  );
  const isFull = [...client.scan('nodes')].every(
    ({ spec }) =>
      spec.unschedulable ?? spec.taints?.some(({ effect }) => effect !== 'PreferNoSchedule'),
  );
  const tables = [...kernel.store.tables()].filter(
    // What lets requests in has no node to run on.
    ([name]) => name.endsWith('/failures') && !(isFull && name.startsWith('ingress-nginx/')),
  );
  return tables.flatMap(([name, table]) =>
    [...table.entries()]
      .filter(([key]) => !warned.has(String(key)) && !hasStrangers(client, String(key)))
      .map(([key, count]) => `${name} ${String(key)}: ${String(count)}`),
  );
}

/**
 * Writes that nothing explains in a cluster that is at rest. What goes on by itself is told by its
 * namespace: one with a CronJob, an autoscaler or containers that end and start again is never
 * still. Leases, Events and heartbeats go by the clock and are not counted.
 */
export function restlessWrites(client: Client, writes: ReadonlyMap<string, number>): string[] {
  const restless = restlessNamespaces(client, writes);
  return [...writes].flatMap(([key, count]) =>
    restless.has(namespaceOf(key)) ? [] : [`${key} is written ${count} times at rest`],
  );
}

/** Namespaces in which something goes on by itself. */
export function restlessNamespaces(
  client: Client,
  writes: ReadonlyMap<string, number>,
): ReadonlySet<string> {
  const restless = new Set<string>();
  for (const resource of ['cronjobs', 'horizontalpodautoscalers'] as const) {
    for (const { metadata } of client.scan(resource)) restless.add(metadata.namespace ?? '');
  }
  for (const [key] of writes) if (restarts(key)) restless.add(namespaceOf(key));
  return restless;
}

/** `kubelet/node-1 MODIFIED Pod default/web-1`: its containers changed. */
const restarts = (key: string): boolean => /^kubelet\/\S+ MODIFIED Pod /.test(key);
const namespaceOf = (key: string): string => /(\S+)\/\S+$/.exec(key)?.[1] ?? '';
