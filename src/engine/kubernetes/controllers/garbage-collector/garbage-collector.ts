import type { Kernel } from '../../../sim/kernel.ts';
import { ownerTerm } from '../../api/index-terms.ts';
import type { ApiDoor, PropagationPolicy, WatchEvent } from '../../api/requests.ts';
import { RESOURCES, type ResourceKinds, type ResourceName } from '../../api/resources.ts';
import type { KubeObject, OwnerReference } from '../../apimachinery/object.ts';
import { Client } from '../../client/client.ts';
import { EventRecorder } from '../../client/event-recorder.ts';
import { WorkQueue } from '../../client/work-queue.ts';
import {
  classify,
  FOREGROUND,
  hasFinalizer,
  isDeletingDependents,
  isOutOfReach,
  ORPHAN,
  ownerOf,
} from './ownership.ts';

/**
 * What an object made goes when the object has gone
 * (pkg/controller/garbagecollector/garbagecollector.go, v1.36): behind it (background), before it
 * (foreground, held by the finalizer `foregroundDeletion`), or not at all (`orphan`).
 *
 * Simplified: dependents are found by an index instead of a graph that is built from watches.
 */
const NAME = 'garbage-collector';

/** Everything that can be deleted may own something or be owned. */
const COLLECTED: readonly ResourceName[] = RESOURCES.filter(
  ({ resource, verbs }) =>
    verbs.includes('delete') && verbs.includes('watch') && resource !== 'events',
).map(({ resource }) => resource);

/** A kind of work on an object: to look at what owns it, or at what it owns. */
type Task = 'item' | 'dependents';

export class GarbageCollector {
  readonly #client: Client;
  readonly #events: EventRecorder;
  readonly #queue: WorkQueue;

  constructor(kernel: Kernel, door: ApiDoor, cluster: string) {
    this.#client = new Client(kernel, door, NAME);
    this.#events = new EventRecorder(this.#client, 'garbage-collector-controller');
    this.#queue = new WorkQueue(this.#client, `${NAME}/${cluster}`, (key) => this.#sync(key));
    for (const resource of COLLECTED) {
      this.#client.watch(
        resource,
        resource,
        (event) => this.#concerns(event),
        (event) => this.#enqueue(resource, event),
      );
    }
  }

  /** Of almost all writes there is nothing to say: owners are there and nothing is deleted. */
  #concerns(event: WatchEvent): boolean {
    const { type, object, previous } = event;
    const { metadata } = object;
    if (type === 'DELETED') return this.#hasDependents(metadata.uid) || this.#isAwaited(object);
    if (isReleased(event) && previous && this.#isAwaited(previous)) return true;
    if (metadata.deletionTimestamp) {
      const before = previous?.metadata;
      if (before?.deletionTimestamp && before.finalizers === metadata.finalizers) return false;
      return hasFinalizer(object, FOREGROUND) || hasFinalizer(object, ORPHAN);
    }
    const { ownerReferences } = metadata;
    if (!ownerReferences || ownerReferences === previous?.metadata.ownerReferences) return false;
    return ownerReferences.some((reference) => this.#lacks(object, reference));
  }

  #lacks(object: KubeObject, reference: OwnerReference): boolean {
    if (isOutOfReach(object, reference)) return true;
    return ownerOf(object, reference, this.#find) === undefined;
  }

  readonly #find = (resource: ResourceName, namespace: string, name: string) =>
    this.#client.get(resource, namespace, name);

  /** Whether an owner that is deleted in the foreground waited for this one. */
  #isAwaited(object: KubeObject): boolean {
    return (object.metadata.ownerReferences ?? []).some((reference) => {
      const owner = ownerOf(object, reference, this.#find);
      return owner !== undefined && owner !== 'unknown' && isDeletingDependents(owner);
    });
  }

  #enqueue(resource: ResourceName, event: WatchEvent): void {
    const { type, object, previous } = event;
    if (type === 'DELETED') {
      for (const [kind, dependent] of this.#dependents(object.metadata.uid)) {
        this.#queue.add(taskKey('item', kind, dependent));
      }
      this.#wakeOwners(object);
      return;
    }
    const task: Task = object.metadata.deletionTimestamp ? 'dependents' : 'item';
    this.#queue.add(taskKey(task, resource, object));
    if (previous && isReleased(event)) this.#wakeOwners(previous);
  }

  /** Owners that are deleted in the foreground may have waited for this one only. */
  #wakeOwners(object: KubeObject): void {
    for (const reference of object.metadata.ownerReferences ?? []) {
      const owner = ownerOf(object, reference, this.#find);
      if (owner === undefined || owner === 'unknown' || !isDeletingDependents(owner)) continue;
      const ofOwner = resourceOf(owner);
      if (ofOwner) this.#queue.add(taskKey('dependents', ofOwner, owner));
    }
  }

  #hasDependents(uid: string): boolean {
    return COLLECTED.some((resource) => this.#client.countByIndex(resource, ownerTerm(uid)) > 0);
  }

  *#dependents(uid: string): Generator<[ResourceName, KubeObject], void> {
    for (const resource of COLLECTED) {
      if (this.#client.countByIndex(resource, ownerTerm(uid)) === 0) continue;
      for (const object of this.#client.ownedBy(resource, uid)) yield [resource, object];
    }
  }

  #sync(key: string): boolean {
    const [task, resource, namespace = '', name = '', uid] = key.split('|');
    const object = this.#client.get(resource as ResourceName, namespace, name);
    if (object?.metadata.uid !== uid || !object) return true;
    return task === 'dependents'
      ? this.#syncDependents(resource as ResourceName, object)
      : this.#syncItem(resource as ResourceName, object);
  }

  /** An object that is being deleted and does not leave what it owns to itself. */
  #syncDependents(resource: ResourceName, object: KubeObject): boolean {
    if (!object.metadata.deletionTimestamp) return true;
    if (hasFinalizer(object, ORPHAN)) return this.#orphan(resource, object);
    if (!hasFinalizer(object, FOREGROUND)) return true;
    let blocked = false;
    for (const [kind, dependent] of this.#dependents(object.metadata.uid)) {
      if (isBlocking(dependent, object)) blocked = true;
      if (!isDeletingDependents(dependent)) this.#queue.add(taskKey('item', kind, dependent));
    }
    return blocked || this.#dropFinalizer(resource, object, FOREGROUND);
  }

  /** Everything it owns is let go, then the object itself. */
  #orphan(resource: ResourceName, object: KubeObject): boolean {
    const { uid } = object.metadata;
    let all = true;
    for (const [kind, dependent] of [...this.#dependents(uid)]) {
      if (!this.#dropOwners(kind, dependent, new Set([uid]))) all = false;
    }
    return all && this.#dropFinalizer(resource, object, ORPHAN);
  }

  /** An object of which an owner is gone or going. */
  #syncItem(resource: ResourceName, object: KubeObject): boolean {
    const { metadata } = object;
    if (metadata.deletionTimestamp) {
      return isDeletingDependents(object) ? this.#syncDependents(resource, object) : true;
    }
    for (const reference of metadata.ownerReferences ?? []) {
      if (isOutOfReach(object, reference)) this.#tellOutOfReach(object, reference);
    }
    const { solid, dangling, waiting } = classify(object, this.#find);
    if (dangling.length + waiting.length === 0) return true;
    if (solid.length > 0) {
      const gone = new Set([...dangling, ...waiting].map(({ uid }) => uid));
      return this.#dropOwners(resource, object, gone);
    }
    if (waiting.length > 0 && this.#hasDependents(metadata.uid)) {
      this.#breakCircle(resource, object);
      return this.#delete(resource, object, 'Foreground');
    }
    return this.#delete(resource, object, policyOf(object));
  }

  /** Two that own each other would wait for each other for ever: nothing blocks the owner. */
  #breakCircle(resource: ResourceName, object: KubeObject): void {
    const { uid, ownerReferences = [] } = object.metadata;
    const circular = [...this.#dependents(uid)].some(([, one]) => isDeletingDependents(one));
    if (!circular) return;
    const unblocked = ownerReferences.map((one) => ({ ...one, blockOwnerDeletion: false }));
    this.#update(resource, object, { ownerReferences: unblocked });
  }

  #tellOutOfReach(object: KubeObject, { kind, name, uid, apiVersion }: OwnerReference): void {
    const words = `[${apiVersion}/${kind}, namespace: , name: ${name}, uid: ${uid}]`;
    const message = `ownerRef ${words} does not exist in namespace ""`;
    const news = { type: 'Warning', reason: 'OwnerRefInvalidNamespace', message } as const;
    this.#events.tell(object, news);
  }

  #dropOwners(resource: ResourceName, object: KubeObject, uids: ReadonlySet<string>): boolean {
    const references = (object.metadata.ownerReferences ?? []).filter(({ uid }) => !uids.has(uid));
    return this.#update(resource, object, { ownerReferences: references });
  }

  #dropFinalizer(resource: ResourceName, object: KubeObject, finalizer: string): boolean {
    const finalizers = (object.metadata.finalizers ?? []).filter((one) => one !== finalizer);
    return this.#update(resource, object, { finalizers });
  }

  #update(
    resource: ResourceName,
    object: KubeObject,
    change: Partial<KubeObject['metadata']>,
  ): boolean {
    const { namespace = '', name } = object.metadata;
    const current = this.#client.get(resource, namespace, name);
    if (current?.metadata.uid !== object.metadata.uid || !current) return true;
    const metadata = { ...current.metadata, ...change };
    const body = { ...current, metadata } as ResourceKinds[ResourceName];
    const result = this.#client.update(resource, body);
    return result.ok || result.failure.reason === 'NotFound';
  }

  #delete(
    resource: ResourceName,
    object: KubeObject,
    propagationPolicy: PropagationPolicy,
  ): boolean {
    const options = { propagationPolicy };
    const result = this.#client.delete(resource, object, options);
    return result.ok || result.failure.reason === 'NotFound';
  }
}

/** Whether an object lets go of an owner, or no longer holds one up. */
const isReleased = ({ object, previous }: WatchEvent): boolean =>
  previous?.metadata.ownerReferences !== undefined &&
  previous.metadata.ownerReferences !== object.metadata.ownerReferences;

const taskKey = (task: Task, resource: ResourceName, { metadata }: KubeObject): string =>
  [task, resource, metadata.namespace ?? '', metadata.name, metadata.uid].join('|');

/** Whether an owner that waits for what it owns waits for this one. */
const isBlocking = ({ metadata }: KubeObject, owner: KubeObject): boolean =>
  (metadata.ownerReferences ?? []).some(
    ({ uid, blockOwnerDeletion }) => uid === owner.metadata.uid && blockOwnerDeletion === true,
  );

const RESOURCE_BY_KIND = new Map(
  RESOURCES.filter(({ resource }) => COLLECTED.includes(resource)).map(
    ({ kind, resource }) => [kind, resource] as const,
  ),
);

const resourceOf = ({ kind }: KubeObject): ResourceName | undefined => RESOURCE_BY_KIND.get(kind);

/** What it was to be deleted with before, it is deleted with now. */
function policyOf(object: KubeObject): PropagationPolicy {
  if (hasFinalizer(object, ORPHAN)) return 'Orphan';
  return hasFinalizer(object, FOREGROUND) ? 'Foreground' : 'Background';
}
