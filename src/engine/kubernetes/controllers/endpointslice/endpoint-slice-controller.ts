import type { Kernel } from '../../../sim/kernel.ts';
import { SERVICE_NAME, type EndpointSlice, type Service } from '../../api/cluster-objects.ts';
import { labelTerm } from '../../api/index-terms.ts';
import { isPodReady, type Pod } from '../../api/pod.ts';
import type { ApiDoor, WatchEvent } from '../../api/requests.ts';
import { chooser, Client } from '../../client/client.ts';
import { syncDelayMs, WorkQueue } from '../../client/work-queue.ts';
import { sameValue } from '../../apimachinery/canonical-json.ts';
import { controllerReference, keyOf, splitKey } from '../../apimachinery/object.ts';
import { belongsInSlices } from './endpoints.ts';
import { reconcile, type Content } from './reconcile.ts';
import { SliceMemory } from './slice-memory.ts';
import { labelsFor, MANAGED_BY, MANAGER, type SliceLabels } from './slice-labels.ts';

/**
 * Service + Pods -> EndpointSlices (staging/src/k8s.io/endpointslice/reconciler.go and
 * pkg/controller/endpointslice, v1.36).
 */
const NAME = 'endpointslice-controller';
const PER_SLICE = 100;

export class EndpointSliceController {
  readonly #client: Client;
  readonly #memory: SliceMemory;
  readonly #queue: WorkQueue;

  /** @param batchMs `--endpointslice-updates-batch-period`: changes of Pods wait so long for more */
  constructor(kernel: Kernel, door: ApiDoor, cluster: string, batchMs = 0) {
    this.#client = new Client(kernel, door, NAME);
    this.#memory = new SliceMemory(this.#client);
    this.#queue = new WorkQueue(this.#client, `${NAME}/${cluster}`, (key) => this.#sync(key));
    this.#client.watch(
      'services',
      'services',
      ({ type }) => type !== 'DELETED',
      ({ object }) => this.#queue.add(keyOf(object)),
    );
    this.#client.watch(
      'pods',
      'pods',
      (event) => isNews(event) && this.#servicesOf(event).length > 0,
      (event) => {
        for (const service of this.#servicesOf(event)) {
          const delayMs = Math.max(batchMs, syncDelayMs(this.#podsOf(service)));
          this.#queue.add(keyOf(service), delayMs);
        }
      },
    );
  }

  /** Services whose selector chose the Pod before or chooses it now. */
  #servicesOf({ object, previous }: WatchEvent<Pod>): readonly Service[] {
    const { namespace = '', labels } = object.metadata;
    const now = this.#client.servicesSelecting(namespace, labels);
    const before = previous?.metadata.labels;
    if (!before || sameValue(before, labels)) return now;
    return [...new Set([...now, ...this.#client.servicesSelecting(namespace, before)])];
  }

  /** About how many Pods a Service has: those with one label of its selector. */
  #podsOf({ metadata, spec }: Service): number {
    const [label] = Object.entries(spec.selector ?? {});
    if (!label) return 0;
    return this.#client.countByIndex('pods', labelTerm(metadata.namespace ?? '', ...label));
  }

  #sync(key: string): boolean {
    const { namespace, name } = splitKey(key);
    const service = this.#client.get('services', namespace, name);
    if (!service?.spec.selector || service.metadata.deletionTimestamp) return true;
    const present = this.#slicesOf(service);
    const changed = this.#memory.changedSince(service, present);
    const selector = { matchLabels: service.spec.selector };
    const pods = changed
      ? inOrder(changed.values()).filter(chooser(selector))
      : this.#client.select('pods', namespace, selector);
    const counted = pods.filter(belongsInSlices);
    const labels = labelsFor(service);
    const changes = reconcile(service, counted, present, labels, PER_SLICE, changed);
    let all = true;
    for (const content of changes.create) all = this.#create(service, content, labels) && all;
    for (const slice of changes.update) {
      all = this.#client.update('endpointslices', slice).ok && all;
    }
    for (const slice of changes.remove) {
      all = this.#client.delete('endpointslices', slice).ok && all;
    }
    this.#memory.leave(service, all ? this.#slicesOf(service) : undefined);
    return all;
  }

  #slicesOf({ metadata: { namespace = '', name } }: Service): EndpointSlice[] {
    return this.#client
      .byIndex('endpointslices', labelTerm(namespace, SERVICE_NAME, name))
      .filter((slice) => slice.metadata.labels?.[MANAGED_BY] === MANAGER);
  }

  #create(service: Service, content: Content, labels: SliceLabels): boolean {
    const { name, namespace } = service.metadata;
    return this.#client.create('endpointslices', {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        generateName: `${name}-`,
        namespace,
        labels,
        ownerReferences: [controllerReference(service)],
      },
      addressType: 'IPv4',
      ...content,
    }).ok;
  }
}

/** Those that are there, as an index would give them. */
const inOrder = (pods: Iterable<Pod | undefined>): Pod[] =>
  [...pods]
    .filter((pod) => pod !== undefined)
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));

/** An address came or went, or a Pod became ready, terminating, or another one's. */
function isNews({ type, object, previous }: WatchEvent<Pod>): boolean {
  if (type !== 'MODIFIED' || !previous) return belongsInSlices(object);
  return (
    object.status.podIP !== previous.status.podIP ||
    isPodReady(object) !== isPodReady(previous) ||
    belongsInSlices(object) !== belongsInSlices(previous) ||
    object.metadata.deletionTimestamp !== previous.metadata.deletionTimestamp ||
    !sameValue(object.metadata.labels, previous.metadata.labels)
  );
}
