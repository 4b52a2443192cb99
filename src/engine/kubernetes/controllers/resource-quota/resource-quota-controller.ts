import type { Kernel } from '../../../sim/kernel.ts';
import { sameValue } from '../../apimachinery/canonical-json.ts';
import { keyOf, splitKey, type KubeObject } from '../../apimachinery/object.ts';
import type { ResourceQuota } from '../../api/config.ts';
import { isPodFinished, type Pod } from '../../api/pod.ts';
import {
  addUsage,
  amountsFrom,
  quotaCovers,
  usageFrom,
  usageOf,
  type Usage,
} from '../../api/quota-usage.ts';
import type { ApiDoor, WatchEvent } from '../../api/requests.ts';
import { RESOURCES, type ResourceName } from '../../api/resources.ts';
import { Client } from '../../client/client.ts';
import { WorkQueue } from '../../client/work-queue.ts';

/**
 * Counts afresh what a namespace uses of its quotas
 * (pkg/controller/resourcequota/resource_quota_controller.go, v1.36): when a quota changes, and
 * when something that counted has gone. What comes is added by admission, before it is there.
 */
const NAME = 'resourcequota-controller';
const SYNC_DELAY_MS = 2;

/** What a quota can count: everything in a namespace that can be made. */
const COUNTED: readonly ResourceName[] = RESOURCES.filter(
  ({ namespaced, verbs, resource }) =>
    namespaced && verbs.includes('create') && verbs.includes('watch') && resource !== 'events',
).map(({ resource }) => resource);

export class ResourceQuotaController {
  readonly #client: Client;
  readonly #queue: WorkQueue;

  constructor(kernel: Kernel, door: ApiDoor, cluster: string) {
    this.#client = new Client(kernel, door, NAME);
    this.#queue = new WorkQueue(this.#client, `${NAME}/${cluster}`, (key) => this.#sync(key));
    this.#client.watch(
      'resourcequotas',
      'quotas',
      ({ type, object, previous }) => type !== 'DELETED' && object.spec !== previous?.spec,
      ({ object }) => this.#queue.add(keyOf(object), SYNC_DELAY_MS),
    );
    for (const resource of COUNTED) {
      this.#client.watch(
        resource,
        resource,
        (event) => isRelease(resource, event) && this.#quotasIn(event.object).length > 0,
        ({ object }) => {
          for (const quota of this.#quotasIn(object)) {
            this.#queue.add(keyOf(quota), SYNC_DELAY_MS);
          }
        },
      );
    }
  }

  #quotasIn({ metadata }: KubeObject): ResourceQuota[] {
    return [...this.#client.scan('resourcequotas', metadata.namespace ?? '')];
  }

  #sync(key: string): boolean {
    const { namespace, name } = splitKey(key);
    const quota = this.#client.get('resourcequotas', namespace, name);
    if (!quota) return true;
    const { hard = {} } = quota.spec;
    const sum = this.#usageIn(namespace, quota, Object.keys(hard));
    const zero = usageFrom(Object.fromEntries(Object.keys(hard).map((one) => [one, '0'])));
    const counted = Object.entries(addUsage(zero, sum)).filter(([one]) => one in hard);
    const status = { hard, used: amountsFrom(Object.fromEntries(counted)) };
    if (sameValue(status, quota.status)) return true;
    return this.#client.updateStatus('resourcequotas', { ...quota, status }).ok;
  }

  #usageIn(namespace: string, quota: ResourceQuota, names: readonly string[]): Usage {
    let sum: Usage = {};
    for (const resource of COUNTED) {
      if (!mayCount(resource, names)) continue;
      for (const object of this.#client.scan(resource, namespace) as Iterable<KubeObject>) {
        if (quotaCovers(quota, resource, object)) sum = addUsage(sum, usageOf(resource, object));
      }
    }
    return sum;
  }
}

/** Something is there no longer, or has ended, or asks for less. */
function isRelease(resource: ResourceName, { type, object, previous }: WatchEvent): boolean {
  if (type === 'DELETED') return true;
  if (type === 'ADDED' || !previous) return false;
  if (resource === 'pods') {
    return isPodFinished(object as Pod) && !isPodFinished(previous as Pod);
  }
  return (
    (resource === 'services' || resource === 'persistentvolumeclaims') &&
    (object as { spec?: unknown }).spec !== (previous as { spec?: unknown }).spec
  );
}

/** Whether objects of a resource count for any of these names. */
function mayCount(resource: ResourceName, names: readonly string[]): boolean {
  return names.some((name) => {
    if (name.startsWith('count/')) return name.slice('count/'.length).split('.')[0] === resource;
    if (name === resource || name.startsWith(`${resource}.`)) return true;
    if (resource === 'persistentvolumeclaims') return name.includes('storage');
    return (
      resource === 'pods' && !COUNTED.some((one) => one === name || name.startsWith(`${one}.`))
    );
  });
}
