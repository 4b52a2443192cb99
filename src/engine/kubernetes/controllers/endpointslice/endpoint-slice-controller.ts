import type { Kernel } from '../../../sim/kernel.ts';
import {
  SERVICE_NAME,
  type Endpoint,
  type EndpointSlice,
  type Service,
} from '../../api/cluster-objects.ts';
import { labelTerm } from '../../api/index-terms.ts';
import { isPodReady, type Pod } from '../../api/pod.ts';
import type { ApiDoor, WatchEvent } from '../../api/requests.ts';
import { Client } from '../../client/client.ts';
import { syncDelayMs, WorkQueue } from '../../client/work-queue.ts';
import { canonicalJson, sameValue } from '../../apimachinery/canonical-json.ts';
import { controllerReference, keyOf, splitKey } from '../../apimachinery/object.ts';
import { belongsInSlices, endpointOf, slicePorts } from './endpoints.ts';

/**
 * Service + Pods -> EndpointSlices (staging/src/k8s.io/endpointslice/reconciler.go and
 * pkg/controller/endpointslice, v1.36).
 *
 * Simplified: slices are filled in order, a hundred endpoints each, and rewritten when their
 * content changes; upstream moves as few endpoints between slices as it can.
 */
const NAME = 'endpointslice-controller';
const PER_SLICE = 100;
const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by';

interface Wanted {
  readonly ports: EndpointSlice['ports'];
  readonly endpoints: readonly Endpoint[];
}

export class EndpointSliceController {
  readonly #client: Client;
  readonly #queue: WorkQueue;

  /** @param batchMs `--endpointslice-updates-batch-period`: changes of Pods wait so long for more */
  constructor(kernel: Kernel, door: ApiDoor, cluster: string, batchMs = 0) {
    this.#client = new Client(kernel, door, NAME);
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
  #servicesOf({ object, previous }: WatchEvent<Pod>): Service[] {
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
    const pods = this.#client
      .select('pods', namespace, { matchLabels: service.spec.selector })
      .filter(belongsInSlices);
    const wanted = wantedSlices(service, pods);
    const present = this.#client
      .byIndex('endpointslices', labelTerm(namespace, SERVICE_NAME, name))
      .filter((slice) => slice.metadata.labels?.[MANAGED_BY] === MANAGER);
    let all = true;
    for (const [i, content] of wanted.entries()) {
      const slice = present[i];
      all = (slice ? this.#update(slice, content) : this.#create(service, content)) && all;
    }
    for (const slice of present.slice(wanted.length)) {
      all = this.#client.delete('endpointslices', slice).ok && all;
    }
    return all;
  }

  #create(service: Service, content: Wanted): boolean {
    const { name, namespace } = service.metadata;
    return this.#client.create('endpointslices', {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        generateName: `${name}-`,
        namespace,
        labels: { ...service.metadata.labels, [SERVICE_NAME]: name, [MANAGED_BY]: MANAGER },
        ownerReferences: [controllerReference(service)],
      },
      addressType: 'IPv4',
      ...content,
    }).ok;
  }

  #update(slice: EndpointSlice, { ports, endpoints }: Wanted): boolean {
    if (sameValue(slice.ports, ports) && sameValue(slice.endpoints, endpoints)) return true;
    return this.#client.update('endpointslices', { ...slice, ports, endpoints }).ok;
  }
}

const MANAGER = 'endpointslice-controller.k8s.io';

/** Pods by their ports, a hundred to a slice; one empty slice when there are none. */
export function wantedSlices(
  service: Service,
  pods: readonly Pod[],
  perSlice = PER_SLICE,
): Wanted[] {
  const groups = new Map<string, { ports: EndpointSlice['ports']; endpoints: Endpoint[] }>();
  for (const pod of pods) {
    const ports = slicePorts(pod, service);
    const key = canonicalJson(ports);
    const group = groups.get(key) ?? { ports, endpoints: [] };
    group.endpoints.push(endpointOf(pod, service));
    groups.set(key, group);
  }
  const slices: Wanted[] = [];
  for (const { ports, endpoints } of groups.values()) {
    for (let at = 0; at < endpoints.length; at += perSlice) {
      slices.push({ ports, endpoints: endpoints.slice(at, at + perSlice) });
    }
  }
  return slices.length > 0 ? slices : [{ ports: [], endpoints: [] }];
}

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
