import { rfc3339 } from '../../sim/clock.ts';
import type { Kernel } from '../../sim/kernel.ts';
import type { Waiter } from '../../sim/process.ts';
import { LATER, type Processes } from '../../sim/processes.ts';
import { setDefaults } from '../api/defaults.ts';
import type { NodeDoor } from '../api/node-requests.ts';
import type { Pod } from '../api/pod.ts';
import type { ApiDoor, ApiRequest, ComponentStates, Watcher, WatchEvent } from '../api/requests.ts';
import {
  apiVersionOf,
  infoOf,
  qualifiedName,
  type ResourceInfo,
  type ResourceName,
} from '../api/resources.ts';
import type { Service } from '../api/cluster-objects.ts';
import { validate } from '../api/validation.ts';
import { sameValue } from '../apimachinery/canonical-json.ts';
import { mergePatch } from '../apimachinery/merge-patch.ts';
import {
  describeObject,
  keyOf,
  setCondition,
  splitKey,
  type KubeObject,
} from '../apimachinery/object.ts';
import { SAFE_ALPHABET } from '../apimachinery/safe-names.ts';
import {
  alreadyExists,
  badRequest,
  conflict,
  failed,
  invalid,
  methodNotAllowed,
  notFound,
  success,
  type Failure,
  type Result,
} from '../apimachinery/status.ts';
import { ClusterIps } from './cluster-ip.ts';
import { EventExpiry } from './event-expiry.ts';
import { answerChanges, answerList } from './reads.ts';
import { RegistryStore } from './registry-store.ts';
import {
  deletionGraceSeconds,
  markForDeletion,
  nextGeneration,
  prepareForCreate,
  prepareForUpdate,
} from './strategy.ts';
import { WatchHub } from './watch-hub.ts';

/**
 * The API server: the one door to the cluster's state. Every request, a controller's or a person's,
 * goes through one table of handlers by verb and subresource: defaults, validation, optimistic
 * concurrency, the write to etcd, and word of it to the watchers
 * (staging/src/k8s.io/apiserver/pkg/registry/generic/registry/store.go, v1.36).
 *
 * Simplified: no authentication, authorisation or admission webhooks; one server.
 */
type Handler = (request: ApiRequest) => Result<unknown>;

/** Model figures: a request on its way, and a write on its way to etcd. */
const REQUEST_MS = 2;
const STORE_MS = 1;

/** Writes that come by the clock; they would fill the trace with nothing. */
const QUIET: ReadonlySet<ResourceName> = new Set(['events', 'leases']);

export interface ApiServerOptions {
  readonly cluster: string;
  readonly serviceCidr: string;
  readonly components: ComponentStates;
  /** Why the store cannot serve now: asked before reads of clients and before every write. */
  readonly storage?: () => Failure | undefined;
}

export class ApiServer implements ApiDoor {
  readonly components: ComponentStates;
  readonly #kernel: Kernel;
  readonly #cluster: string;
  readonly #store: RegistryStore;
  readonly #hub: WatchHub;
  readonly #ips: ClusterIps;
  readonly #expiry: EventExpiry;
  #nodes: NodeDoor | undefined;
  readonly #handlers: Readonly<Record<string, Handler>> = {
    get: (request) => this.#get(request),
    list: (request) => answerList(this.#store, request, this.#kernel.now),
    create: (request) => this.#create(request),
    update: (request) => this.#update(request, request.body as KubeObject),
    'update status': (request) => this.#updateStatus(request),
    patch: (request) => this.#patch(request),
    delete: (request) => this.#delete(request),
    'create binding': (request) => this.#bind(request),
  };

  constructor(kernel: Kernel, processes: Processes, options: ApiServerOptions) {
    const { cluster, serviceCidr, components } = options;
    this.components = components;
    this.#kernel = kernel;
    this.#cluster = cluster;
    this.#store = new RegistryStore(kernel, cluster);
    this.#ips = new ClusterIps(kernel, cluster, serviceCidr);
    this.#expiry = new EventExpiry(kernel, cluster, (key) => {
      const place = splitKey(key);
      this.request({ verb: 'delete', resource: 'events', ...place, user: 'etcd' });
    });
    this.#hub = new WatchHub(kernel, processes, cluster, (question) =>
      answerChanges(this.#store, question, kernel.now),
    );
    processes.service<ApiRequest>(`apiserver/${cluster}`, (request, asker) =>
      request.verb === 'watch' ? this.#answerWatch(request, asker) : this.request(request),
    );
  }

  /** Through whom requests reach the kubelets: logs, exec, attach, port-forward. */
  connectNodes(door: NodeDoor): void {
    this.#nodes = door;
  }

  /** etcd's revision: how many writes there were. */
  get revision(): number {
    return this.#store.revision;
  }

  request(request: ApiRequest): Result<unknown> {
    const { verb, subresource } = request;
    const handler = this.#handlers[subresource ? `${verb} ${subresource}` : verb];
    return handler ? handler(request) : failed(methodNotAllowed());
  }

  watch<T extends KubeObject>(watcher: Watcher<T>): void {
    this.#hub.add(watcher as unknown as Watcher);
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

  #answerWatch(request: ApiRequest, asker: Waiter): unknown {
    const answer = answerChanges(this.#store, request, this.#kernel.now);
    if (answer !== undefined) return answer;
    this.#hub.keep({ request, asker });
    return LATER;
  }

  #find({ resource, namespace = '', name = '' }: ApiRequest): Result<KubeObject> {
    const object = this.#store.get(resource, namespace, name);
    return object ? success(object) : failed(notFound(qualifiedName(infoOf(resource)), name));
  }

  #get(request: ApiRequest): Result<unknown> {
    if (!request.asTable) return this.#find(request);
    const found = this.#find(request);
    if (!found.ok) return found;
    const one = { ...request, name: undefined };
    const list = answerList(this.#store, one, this.#kernel.now, [found.value]);
    return list;
  }

  #create(request: ApiRequest): Result<KubeObject> {
    const { resource } = request;
    const info = infoOf(resource);
    const drafted = this.#complete(request, info);
    const { namespace = '', name } = drafted.metadata;
    if (info.namespaced && !this.#store.get('namespaces', '', namespace)) {
      return failed(notFound('namespaces', namespace));
    }
    const causes = validate(resource, drafted);
    if (causes.length > 0) return failed(invalid(kindName(info), name, causes));
    if (this.#store.get(resource, namespace, name)) {
      return failed(alreadyExists(qualifiedName(info), name));
    }
    if (request.dryRun) return success(drafted);
    const prepared = prepareForCreate(resource, drafted, this.#ips);
    if (!('metadata' in prepared)) return failed(prepared);
    return success(this.#write(request, prepared, undefined));
  }

  /** Defaults, name, uid, time of creation. */
  #complete({ resource, namespace, body }: ApiRequest, info: ResourceInfo): KubeObject {
    const draft = body as KubeObject;
    const revision = this.#store.revision + 1;
    const { generateName } = draft.metadata;
    const name =
      draft.metadata.name ||
      (generateName ? generateName + this.#random('name', revision).text(5, SAFE_ALPHABET) : '');
    const generation = 'spec' in draft && resource !== 'namespaces' && resource !== 'nodes';
    return setDefaults(resource, {
      ...draft,
      apiVersion: apiVersionOf(info),
      kind: info.kind,
      metadata: {
        ...draft.metadata,
        name,
        ...(info.namespaced && { namespace: draft.metadata.namespace ?? namespace ?? 'default' }),
        uid: this.#uid(revision),
        resourceVersion: '',
        ...(generation && resource !== 'services' && resource !== 'leases' && { generation: 1 }),
        creationTimestamp: rfc3339(this.#kernel.now),
      },
    });
  }

  #random(draw: string, revision: number) {
    return this.#kernel.random('apiserver', this.#cluster, draw, revision);
  }

  /** A version 4 UUID that the seed and the revision decide. */
  #uid(revision: number): string {
    const hex = this.#random('uid', revision).text(32, '0123456789abcdef');
    const variant = '89ab'[Number.parseInt(hex[16] ?? '0', 16) % 4] ?? '8';
    return [
      hex.slice(0, 8),
      hex.slice(8, 12),
      `4${hex.slice(13, 16)}`,
      `${variant}${hex.slice(17, 20)}`,
      hex.slice(20),
    ].join('-');
  }

  #update(request: ApiRequest, body: KubeObject): Result<KubeObject> {
    const found = this.#find({ ...request, name: request.name ?? body.metadata.name });
    if (!found.ok) return found;
    const { resource } = request;
    const info = infoOf(resource);
    const previous = found.value;
    const version = body.metadata.resourceVersion;
    if (version && version !== previous.metadata.resourceVersion) {
      return failed(conflict(qualifiedName(info), previous.metadata.name));
    }
    const { status } = previous as { status?: unknown };
    const merged = prepareForUpdate(
      resource,
      setDefaults(resource, {
        ...body,
        apiVersion: previous.apiVersion,
        kind: previous.kind,
        metadata: keepServerFields(body, previous),
        ...(status !== undefined && resource !== 'nodes' && { status }),
      }),
      previous,
    );
    const next = {
      ...merged,
      metadata: { ...merged.metadata, generation: nextGeneration(merged, previous) },
    };
    const causes = validate(resource, next, previous);
    if (causes.length > 0) {
      return failed(invalid(kindName(info), previous.metadata.name, causes));
    }
    if (request.dryRun || sameValue(next, previous)) return success(previous);
    if (isFinal(next)) return success(this.#remove(request, next));
    return success(this.#write(request, next, previous));
  }

  #updateStatus(request: ApiRequest): Result<KubeObject> {
    const body = request.body as KubeObject & { status?: unknown };
    const found = this.#find({ ...request, name: request.name ?? body.metadata.name });
    if (!found.ok) return found;
    const previous = found.value as KubeObject & { status?: unknown };
    const info = infoOf(request.resource);
    const version = body.metadata.resourceVersion;
    if (version && version !== previous.metadata.resourceVersion) {
      return failed(conflict(qualifiedName(info), previous.metadata.name));
    }
    if (sameValue(body.status, previous.status)) return success(previous);
    const next = { ...previous, status: body.status };
    return success(this.#write(request, next, previous));
  }

  #patch(request: ApiRequest): Result<KubeObject> {
    const found = this.#find(request);
    if (!found.ok) return found;
    const patched = mergePatch(found.value, request.body);
    if (!isObject(patched)) return failed(badRequest('the patch does not lead to an object'));
    return this.#update(request, patched);
  }

  #delete(request: ApiRequest): Result<KubeObject> {
    const found = this.#find(request);
    if (!found.ok) return found;
    const object = found.value;
    const { resource, uid, gracePeriodSeconds } = request;
    const { metadata } = object;
    if (uid !== undefined && uid !== metadata.uid) {
      const why =
        `the UID in the precondition (${uid}) does not match the UID in record ` +
        `(${metadata.uid}). The object might have been deleted and then recreated`;
      return failed(conflict(qualifiedName(infoOf(resource)), metadata.name, why));
    }
    const grace = deletionGraceSeconds(resource, object, gracePeriodSeconds);
    const held = (metadata.finalizers ?? []).length > 0;
    if (grace === 0 && !held) return success(this.#remove(request, object));
    const pending = metadata.deletionGracePeriodSeconds;
    if (pending !== undefined && pending <= grace) return success(object);
    const marked = markForDeletion(object, grace, this.#kernel.now);
    return success(this.#write(request, marked, object));
  }

  /** The scheduler's word: this Pod runs on that node. */
  #bind(request: ApiRequest): Result<KubeObject> {
    const found = this.#find(request);
    if (!found.ok) return found;
    const pod = found.value as Pod;
    const { name } = pod.metadata;
    const node = (request.body as { target: { name: string } }).target.name;
    if (pod.spec.nodeName) {
      const why = `pod ${name} is already assigned to node "${pod.spec.nodeName}"`;
      return failed(conflict('pods/binding', name, why));
    }
    if (pod.metadata.deletionTimestamp) {
      const why = `pod ${name} is being deleted, cannot be assigned to a host`;
      return failed(conflict('pods/binding', name, why));
    }
    const lastTransitionTime = rfc3339(this.#kernel.now);
    const conditions = setCondition(pod.status.conditions ?? [], {
      type: 'PodScheduled',
      status: 'True',
      lastProbeTime: null,
      lastTransitionTime,
      observedGeneration: pod.metadata.generation,
    });
    const spec = { ...pod.spec, nodeName: node };
    const next: Pod = { ...pod, spec, status: { ...pod.status, conditions } };
    return success(this.#write(request, next, pod));
  }

  #write(request: ApiRequest, object: KubeObject, previous: KubeObject | undefined): KubeObject {
    return this.#recorded(request, object, (quiet) => {
      const stored = this.#store.put(request.resource, object);
      if (request.resource === 'events') this.#expiry.renew(keyOf(stored));
      const type = previous ? 'MODIFIED' : 'ADDED';
      this.#hub.publish(request.resource, { type, object: stored, previous }, quiet);
      return stored;
    });
  }

  #remove(request: ApiRequest, object: KubeObject): KubeObject {
    const { resource } = request;
    if (resource === 'services') {
      const { clusterIP } = (object as Service).spec;
      if (clusterIP) this.#ips.release(clusterIP);
    }
    return this.#recorded(request, object, (quiet) => {
      const last = this.#store.delete(resource, object);
      const event: WatchEvent = { type: 'DELETED', object: last, previous: object };
      this.#hub.publish(resource, event, quiet);
      return last;
    });
  }

  /** Notes the request and the write to etcd, each the cause of what follows. */
  #recorded<T>(request: ApiRequest, object: KubeObject, work: (quiet: boolean) => T): T {
    const { user, verb, subresource, resource } = request;
    if (QUIET.has(resource)) return work(true);
    const kernel = this.#kernel;
    const name = describeObject(object);
    const asked = kernel.record({
      actor: user,
      verb: subresource === 'binding' ? 'bind' : verb,
      object: name,
      ...(subresource && { detail: { subresource } }),
      flow: { channel: 'api', from: user, to: 'apiserver', durationMs: REQUEST_MS },
    });
    const stored = kernel.record(
      {
        actor: 'apiserver',
        verb: 'store',
        object: name,
        detail: { revision: this.#store.revision + 1 },
        flow: { channel: 'api', from: 'apiserver', to: 'etcd', durationMs: STORE_MS },
      },
      asked,
    );
    return kernel.because(stored, () => work(false));
  }
}

const isObject = (value: unknown): value is KubeObject =>
  typeof value === 'object' && value !== null && 'metadata' in value;

const kindName = ({ kind, group }: ResourceInfo): string => (group ? `${kind}.${group}` : kind);

/** Its deletion waited for finalizers, and the last one is gone. */
function isFinal({ metadata }: KubeObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds, finalizers = [] } = metadata;
  return !!deletionTimestamp && !deletionGracePeriodSeconds && finalizers.length === 0;
}

/** What no client may change. */
function keepServerFields(body: KubeObject, previous: KubeObject): KubeObject['metadata'] {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = previous.metadata;
  const { deletionTimestamp, deletionGracePeriodSeconds } = previous.metadata;
  const { generation } = previous.metadata;
  return {
    ...body.metadata,
    name,
    namespace,
    uid,
    resourceVersion,
    generation,
    creationTimestamp,
    deletionTimestamp,
    deletionGracePeriodSeconds,
  };
}
