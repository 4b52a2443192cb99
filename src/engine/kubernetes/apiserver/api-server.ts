import type { Kernel } from '../../sim/kernel.ts';
import type { Waiter } from '../../sim/process.ts';
import { LATER, type Processes } from '../../sim/processes.ts';
import { httpService, type HttpAnswer, type HttpRequest } from '../api/http.ts';
import type { NodeDoor } from '../api/node-requests.ts';
import type { ApiDoor, ApiRequest, ComponentStates, Follower, Watcher } from '../api/requests.ts';
import type { ResourceName } from '../api/resources.ts';
import type { KubeObject } from '../apimachinery/object.ts';
import { badRequest, failed, type Failure, type Result } from '../apimachinery/status.ts';
import type { AggregatedSource } from './aggregation.ts';
import { Backend } from './backend.ts';
import { isTooDeep } from './depth.ts';
import { bootstrap } from './bootstrap.ts';
import { handle } from './handlers.ts';
import { HttpDoor } from './http-door.ts';
import { connect, isNodeRequest } from './node-requests.ts';
import { unauthorizedRequest } from './rbac/authorizer.ts';
import { answerChanges } from './reads.ts';
import { changesOfEndpoints, getOlder, listOlder, warningsOf } from './older-forms.ts';
import { Outages } from './outages.ts';
import { note } from './note.ts';
import { RegistryStore } from './registry-store.ts';
import { ServiceRanges } from './service-ranges.ts';
import { SlowWrites } from './slow-writes.ts';
import { WatchHub } from './watch-hub.ts';

/**
 * The API server: the one door to the cluster's state. Every request, a controller's or a person's,
 * goes the same way: who asks and whether they may (rbac/), what is to be done (handlers.ts),
 * defaults, admission (admission/), validation, optimistic concurrency, the write to etcd, and word
 * of it to the watchers (staging/src/k8s.io/apiserver/pkg/server/config.go, v1.36).
 *
 * Simplified: one server; components are trusted without a certificate; no webhooks.
 */
export interface ApiServerOptions {
  readonly cluster: string;
  readonly serviceCidr: string;
  readonly components: ComponentStates;
  /**
   * Why somebody cannot be served now: no server is reached, or etcd has no quorum. Asked before
   * reads of clients and before every write.
   */
  readonly outage?: (user: string) => Failure | undefined;
  /** How long somebody outside waits for a write because of the disk that it goes to. */
  readonly writeMs?: () => number;
  /** Has etcd's members agree on a write, by its key. */
  readonly agree?: (key: string, revision: number) => void;
}

const READS: readonly ApiRequest['verb'][] = ['get', 'list', 'watch'];

export class ApiServer implements ApiDoor {
  readonly components: ComponentStates;
  readonly #kernel: Kernel;
  readonly #store: RegistryStore;
  readonly #hub: WatchHub;
  readonly #backend: Backend;
  readonly #http: HttpDoor;
  readonly #outages: Outages;

  constructor(kernel: Kernel, processes: Processes, options: ApiServerOptions) {
    const { cluster, serviceCidr, components } = options;
    const { outage = () => undefined, writeMs = () => 0 } = options;
    this.components = components;
    this.#kernel = kernel;
    const store = new RegistryStore(kernel, cluster, options.agree);
    this.#store = store;
    this.#hub = new WatchHub(kernel, processes, cluster, {
      changes: (question) => this.#changes(question),
      revision: () => store.revision,
      isReached: (user) => outage(user) === undefined,
    });
    this.#outages = new Outages(kernel, processes, cluster, (request, asker) =>
      outage(request.user) ? undefined : this.#answer(request, asker),
    );
    const ranges = new ServiceRanges(kernel, cluster, serviceCidr);
    const parts = { kernel, cluster, store, hub: this.#hub, ranges, outage };
    this.#backend = new Backend(parts);
    const known = { backend: this.#backend, components };
    this.aggregate({
      resources: ['componentstatuses', 'endpoints'],
      failure: () => undefined,
      get: (resource, namespace, name) => getOlder(known, resource, namespace, name),
      list: (request) => listOlder(known, request),
      warnings: (resource) => warningsOf(resource),
    });
    this.#http = new HttpDoor(this.#backend, processes, `apiserver/${cluster}`);
    const slowWrites = new SlowWrites(kernel, processes, cluster, (request, asker) =>
      this.#answer(request, asker),
    );
    processes.service<ApiRequest>(`apiserver/${cluster}`, (request, asker) => {
      const isWrite = !READS.includes(request.verb) && !isNodeRequest(request);
      const delayMs = isWrite ? writeMs() : 0;
      if (delayMs === 0) return this.#answer(request, asker);
      return slowWrites.delay(request, asker, delayMs);
    });
    processes.service<HttpRequest>(httpService(cluster), (request, asker) =>
      this.answerHttp(request, asker),
    );
  }

  /** Through whom requests reach the kubelets: logs, exec, attach, port-forward, stats. */
  connectNodes(door: NodeDoor): void {
    this.#backend.nodes = door;
  }

  /** Has another server answer for some resources (an `APIService` of the aggregation layer). */
  aggregate(source: AggregatedSource): void {
    for (const resource of source.resources) this.#backend.aggregated.set(resource, source);
  }

  /** Makes what every new cluster has; once, before anything else. */
  bootstrap(): void {
    bootstrap(this.#backend);
  }

  /** etcd's revision: how many writes there were. */
  get revision(): number {
    return this.#store.revision;
  }

  /** A request of a component, which says what it means and is trusted. */
  request(request: ApiRequest): Result<unknown> {
    const { verb, identity } = request;
    const isRead = verb === 'get' || verb === 'list';
    const outage = isRead ? undefined : this.#backend.outage(request.user);
    if (outage) return failed(outage);
    if (request.wellMade) return note(this.#backend, request);
    const refused = identity && unauthorizedRequest(this.#store, request);
    return refused ? failed(refused) : handle(this.#backend, request);
  }

  /**
   * An HTTP request, answered as the real server's port would.
   * @returns the answer; `LATER` when a watch or a kubelet answers the asker by itself
   */
  answerHttp(request: HttpRequest, asker: Waiter): HttpAnswer | typeof LATER {
    return this.#http.answer(request, asker);
  }

  watch<T extends KubeObject>(watcher: Watcher<T>): void {
    this.#hub.add(watcher as unknown as Watcher);
  }

  follow(resource: ResourceName, follower: Follower): void {
    this.#store.follow(resource, follower);
  }

  read(resource: ResourceName, namespace: string, name: string): KubeObject | undefined {
    return this.#store.get(resource, namespace, name);
  }

  scan(resource: ResourceName, namespace: string): Generator<KubeObject, void> {
    return this.#store.list(resource, namespace);
  }

  byIndex(resource: ResourceName, term: string): KubeObject[] {
    return this.#store.byIndex(resource, term);
  }

  countByIndex(resource: ResourceName, term: string): number {
    return this.#store.countByIndex(resource, term);
  }

  stampOf(resource: ResourceName): number {
    return this.#store.stampOf(resource);
  }

  /** A request from outside: its object is read by the schema, and it may be answered later. */
  #answer(given: ApiRequest, asker: Waiter): unknown {
    const outage = this.#backend.outage(given.user);
    if (outage) return this.#outages.keep(given, asker, outage);
    if (isTooDeep(given.body)) return failed(badRequest('exceeded max depth'));
    const request = { ...given, fieldValidation: given.fieldValidation ?? ('Warn' as const) };
    const refused = unauthorizedRequest(this.#store, request);
    if (refused) return failed(refused);
    if (isNodeRequest(request)) return connect(this.#backend, request, asker);
    if (request.verb !== 'watch') return handle(this.#backend, request);
    const answer = this.#changes(request);
    if (answer !== undefined) return answer;
    return this.#hub.keep({ request, asker }) ?? LATER;
  }

  #changes(request: ApiRequest): unknown {
    return request.resource === 'endpoints'
      ? changesOfEndpoints(this.#backend, request)
      : answerChanges(this.#store, request, this.#kernel.now);
  }
}
