import type { Kernel } from '../../../sim/kernel.ts';
import type { Table } from '../../../sim/store.ts';
import { keyOf, splitKey } from '../../apimachinery/object.ts';
import type { Service } from '../../api/cluster-objects.ts';
import type { ApiDoor } from '../../api/requests.ts';
import { Client } from '../../client/client.ts';
import { EventRecorder } from '../../client/event-recorder.ts';
import { WorkQueue } from '../../client/work-queue.ts';
import { freeAddress, isInRange, LOAD_BALANCER_RANGE } from './addresses.ts';

/**
 * Gives Services of type LoadBalancer an address
 * (staging/src/k8s.io/cloud-provider/controllers/service/controller.go, v1.36), by a model cloud
 * that has a small range of them, as MetalLB has on machines of one's own. A Service that gets none
 * stays `<pending>` until one is free.
 *
 * Simplified: no load balancer is built; whoever asks the address reaches the Service as by its
 * cluster IP.
 */
const NAME = 'service-lb-controller';
const FINALIZER = 'service.kubernetes.io/load-balancer-cleanup';

export class ServiceLoadBalancerController {
  readonly #client: Client;
  readonly #events: EventRecorder;
  /** Which Service has an address. */
  readonly #given: Table<string, { readonly service: string }>;
  readonly #queue: WorkQueue;

  constructor(kernel: Kernel, door: ApiDoor, cluster: string) {
    this.#client = new Client(kernel, door, NAME);
    this.#events = new EventRecorder(this.#client, 'service-controller');
    this.#given = kernel.store.table(`${NAME}/${cluster}/addresses`);
    this.#queue = new WorkQueue(this.#client, `${NAME}/${cluster}`, (key) => this.#sync(key));
    this.#client.watch(
      'services',
      'services',
      ({ type, object, previous }) =>
        (isBalanced(object) || (previous !== undefined && isBalanced(previous)) || has(object)) &&
        (type !== 'MODIFIED' ||
          object.spec !== previous?.spec ||
          object.metadata.deletionTimestamp !== previous.metadata.deletionTimestamp),
      ({ type, object, previous }) => {
        this.#queue.add(keyOf(object));
        if (type !== 'MODIFIED' || !previous || isBalanced(previous) === isBalanced(object)) return;
        const was = previous.spec.type ?? 'ClusterIP';
        this.#tell(object, 'Type', `${was} -> ${object.spec.type ?? 'ClusterIP'}`);
      },
    );
  }

  #sync(key: string): boolean {
    const { namespace, name } = splitKey(key);
    const service = this.#client.get('services', namespace, name);
    if (!service) return this.#release(key);
    const wants = isBalanced(service) && !service.metadata.deletionTimestamp;
    return wants ? this.#ensure(key, service) : this.#cleanUp(key, service);
  }

  #ensure(key: string, service: Service): boolean {
    if (addressOf(service) !== undefined) return true;
    this.#tell(service, 'EnsuringLoadBalancer', 'Ensuring load balancer');
    const address = this.#choose(key, service);
    if (address === undefined) {
      const message =
        'Error syncing load balancer: failed to ensure load balancer: no available IPs';
      const reason = 'SyncLoadBalancerFailed';
      this.#events.tell(service, { type: 'Warning', reason, message });
      return true;
    }
    const { finalizers = [] } = service.metadata;
    const marked = finalizers.includes(FINALIZER)
      ? service
      : this.#update(service, [...finalizers, FINALIZER]);
    if (!marked) return false;
    this.#given.set(address, { service: key });
    const loadBalancer = { ingress: [{ ip: address, ipMode: 'VIP' }] };
    const result = this.#client.updateStatus('services', {
      ...marked,
      status: { ...marked.status, loadBalancer },
    });
    if (!result.ok) return false;
    this.#tell(result.value, 'EnsuredLoadBalancer', 'Ensured load balancer');
    return true;
  }

  /** The one it asks for if that is free, or had already; else the lowest that is free. */
  #choose(key: string, { spec }: Service): string | undefined {
    const taken = new Set<string>();
    for (const [address, { service }] of this.#given.entries()) {
      if (service === key) return address;
      taken.add(address);
    }
    const { loadBalancerIP } = spec as { readonly loadBalancerIP?: string };
    if (!loadBalancerIP) return freeAddress(LOAD_BALANCER_RANGE, taken);
    const isFree = isInRange(LOAD_BALANCER_RANGE, loadBalancerIP) && !taken.has(loadBalancerIP);
    return isFree ? loadBalancerIP : undefined;
  }

  /** It needs no load balancer any more, or goes. */
  #cleanUp(key: string, service: Service): boolean {
    const { finalizers = [], deletionTimestamp } = service.metadata;
    if (!finalizers.includes(FINALIZER) && addressOf(service) === undefined) return true;
    this.#tell(service, 'DeletingLoadBalancer', 'Deleting load balancer');
    this.#release(key);
    const cleared = deletionTimestamp
      ? service
      : this.#client.updateStatus('services', {
          ...service,
          status: { ...service.status, loadBalancer: {} },
        });
    const current = 'ok' in cleared ? (cleared.ok ? cleared.value : undefined) : cleared;
    if (!current) return false;
    this.#tell(current, 'DeletedLoadBalancer', 'Deleted load balancer');
    return (
      this.#update(
        current,
        finalizers.filter((one) => one !== FINALIZER),
      ) !== undefined
    );
  }

  /** Its address is free again, for those that wait for one. */
  #release(key: string): boolean {
    let freed = false;
    for (const [address, { service }] of [...this.#given.entries()]) {
      if (service !== key) continue;
      this.#given.delete(address);
      freed = true;
    }
    if (!freed) return true;
    for (const service of this.#client.scan('services')) {
      if (isBalanced(service) && addressOf(service) === undefined) this.#queue.add(keyOf(service));
    }
    return true;
  }

  #update(service: Service, finalizers: readonly string[]): Service | undefined {
    const metadata = { ...service.metadata, finalizers };
    const result = this.#client.update('services', { ...service, metadata });
    return result.ok ? result.value : undefined;
  }

  #tell(service: Service, reason: string, message: string): void {
    this.#events.tell(service, { type: 'Normal', reason, message });
  }
}

/** A Service of another class has a controller of its own. */
function isBalanced({ spec }: Service): boolean {
  const { loadBalancerClass } = spec as { readonly loadBalancerClass?: string };
  return spec.type === 'LoadBalancer' && !loadBalancerClass;
}

const has = ({ metadata }: Service): boolean => (metadata.finalizers ?? []).includes(FINALIZER);

function addressOf({ status }: Service): string | undefined {
  const { ingress = [] } = status.loadBalancer ?? {};
  return ingress[0]?.ip;
}
