import type { Kernel } from '../../sim/kernel.ts';
import type { Random } from '../../sim/random.ts';
import type { Table } from '../../sim/store.ts';
import type { NodeDoor } from '../api/node-requests.ts';
import type { ApiRequest, WatchEvent } from '../api/requests.ts';
import { infoOf, qualifiedName, type ResourceName } from '../api/resources.ts';
import { describeObject, type KubeObject } from '../apimachinery/object.ts';
import {
  failed,
  notFound,
  storageFailure,
  success,
  type Failure,
  type Result,
} from '../apimachinery/status.ts';
import type { ToldEvent } from '../api/told-event.ts';
import type { AggregatedSource } from './aggregation.ts';
import { requestFrom, TO_ETCD } from './api-flows.ts';
import type { RegistryStore } from './registry-store.ts';
import type { ServiceRanges } from './service-ranges.ts';
import type { WatchHub } from './watch-hub.ts';

/**
 * What the handlers of requests stand on: the store, the watchers, and one way of writing, which
 * notes the request and its write and tells the watchers of it.
 */
export interface BackendParts {
  readonly kernel: Kernel;
  readonly cluster: string;
  readonly store: RegistryStore;
  readonly hub: WatchHub;
  readonly ranges: ServiceRanges;
  /** Why somebody cannot be served now. */
  readonly outage: (user: string) => Failure | undefined;
}

/** What etcd takes of one object (`--max-request-bytes`). */
const OBJECT_LIMIT_BYTES = 1.5 * 1024 * 1024;

/**
 * What etcd's database holds (`--quota-backend-bytes`). Simplified: it is counted in objects, grows
 * with the nodes, and takes no new object when it is full; what is there can still be changed.
 */
const QUOTA = { pods: 5000, podsPerNode: 120, objects: 200_000, objectsPerNode: 400 };
const COUNTED: ReadonlySet<ResourceName> = new Set(['pods', 'nodes']);

/** Writes that come by the clock; they would fill the trace with nothing. */
const QUIET: ReadonlySet<ResourceName> = new Set([
  'events',
  'leases',
  'nodes.metrics.k8s.io',
  'pods.metrics.k8s.io',
]);

/** Who writes what the trace need not show: what a cluster is made with. */
export const BOOTSTRAP = 'bootstrap';

export class Backend {
  readonly kernel: Kernel;
  readonly store: RegistryStore;
  readonly ranges: ServiceRanges;
  /** Why somebody cannot be served now: no server is reached, or etcd has no quorum. */
  readonly outage: (user: string) => Failure | undefined;
  nodes: NodeDoor | undefined;
  /** Who answers for resources that are not kept here. */
  readonly aggregated = new Map<ResourceName, AggregatedSource>();
  readonly #cluster: string;
  readonly #hub: WatchHub;
  /** How many there are of those that are many or few. */
  readonly #counts: Table<ResourceName, number>;

  constructor(parts: BackendParts) {
    this.kernel = parts.kernel;
    this.store = parts.store;
    this.ranges = parts.ranges;
    this.#cluster = parts.cluster;
    this.#hub = parts.hub;
    this.outage = parts.outage;
    this.#counts = parts.kernel.store.table(`apiserver/${parts.cluster}/counts`);
  }

  /** The object that a request names. */
  find({ resource, namespace = '', name = '' }: ApiRequest): Result<KubeObject> {
    const object = this.store.get(resource, namespace, name);
    return object ? success(object) : failed(notFound(qualifiedName(infoOf(resource)), name));
  }

  /** A draw of the next write's own. */
  random(draw: string, nth = 0): Random {
    const revision = this.store.revision + 1;
    return nth === 0
      ? this.kernel.random('apiserver', this.#cluster, draw, revision)
      : this.kernel.random('apiserver', this.#cluster, draw, revision, nth);
  }

  /** Stores an object; gives it with its new version. */
  write(request: ApiRequest, object: KubeObject, previous?: KubeObject): KubeObject {
    return this.#recorded(request, object, (shown) => {
      const stored = this.store.put(request.resource, object);
      const type = previous ? 'MODIFIED' : 'ADDED';
      if (!previous) this.#count(request.resource, 1);
      this.#hub.publish(request.resource, { type, object: stored, previous }, shown);
      return stored;
    });
  }

  /** Why there is no room for one more object. */
  full(resource: ResourceName): Failure | undefined {
    const nodes = this.#counts.get('nodes') ?? 0;
    const pods = resource === 'pods' ? (this.#counts.get('pods') ?? 0) : 0;
    const hasRoom =
      pods < QUOTA.pods + nodes * QUOTA.podsPerNode &&
      this.store.size < QUOTA.objects + nodes * QUOTA.objectsPerNode;
    return hasRoom ? undefined : storageFailure('etcdserver: mvcc: database space exceeded');
  }

  #count(resource: ResourceName, change: number): void {
    if (!COUNTED.has(resource)) return;
    this.#counts.set(resource, (this.#counts.get(resource) ?? 0) + change);
  }

  /** Writes an Event as a component tells it; the object is made for those who watch Events. */
  note(told: ToldEvent): void {
    const row = this.store.note(told);
    if (!this.#hub.isWatched('events')) return;
    const object = this.store.eventOf(row);
    const type = told.count > 1 ? 'MODIFIED' : 'ADDED';
    if (object) this.#hub.publish('events', { type, object });
  }

  /** Why an object from outside cannot be stored: etcd takes no more than 1.5 MiB at once. */
  tooLarge({ fieldValidation }: ApiRequest, object: KubeObject): Failure | undefined {
    if (fieldValidation === undefined) return undefined;
    if (JSON.stringify(object).length <= OBJECT_LIMIT_BYTES) return undefined;
    return storageFailure('etcdserver: request is too large');
  }

  /** Removes an object for good; gives it as it was, with the version of its removal. */
  remove(request: ApiRequest, object: KubeObject): KubeObject {
    const { resource } = request;
    return this.#recorded(request, object, (shown) => {
      const last = this.store.delete(resource, object);
      this.#count(resource, -1);
      const event: WatchEvent = { type: 'DELETED', object: last, previous: object };
      this.#hub.publish(resource, event, shown);
      return last;
    });
  }

  /**
   * Notes the request and the write to etcd, each the cause of what follows.
   * @param work is given the object's name, unless the trace need not show what is done
   */
  #recorded<T>(request: ApiRequest, object: KubeObject, work: (shown?: string) => T): T {
    const { user, verb, subresource, resource } = request;
    if (user === BOOTSTRAP || QUIET.has(resource)) return work();
    const { kernel } = this;
    const name = describeObject(object);
    const asked = kernel.record({
      actor: user,
      verb: subresource === 'binding' ? 'bind' : verb,
      object: name,
      detail: subresource && { subresource },
      flow: requestFrom(user),
    });
    const stored = kernel.record(
      {
        actor: 'apiserver',
        verb: 'store',
        object: name,
        detail: { revision: this.store.revision + 1 },
        flow: TO_ETCD,
      },
      asked,
    );
    return kernel.because(stored, () => work(name));
  }
}
