import { assert } from '../../sim/assert.ts';
import type { Kernel } from '../../sim/kernel.ts';
import { infoOf, resourceByKind, type ResourceName } from '../api/resources.ts';
import type { Event } from '../api/cluster-objects.ts';
import { indexTerm, termsOf } from '../api/index-terms.ts';
import { keyOf, type KubeObject } from '../apimachinery/object.ts';
import { Etcd, type Change } from '../etcd/etcd.ts';
import type { Follower } from '../api/requests.ts';
import type { ToldEvent } from '../api/told-event.ts';
import { EventLog, type EventRow } from './event-log.ts';
import { FewLists } from './few-lists.ts';
import { RegistryCache, type Row } from './registry-cache.ts';

/** Kinds of which a namespace, or the cluster, has few beside its Pods, and which many ask for. */
const FEW: ReadonlySet<ResourceName> = new Set([
  'nodes',
  'services',
  'limitranges',
  'resourcequotas',
  'poddisruptionbudgets',
  'priorityclasses',
  'storageclasses',
  'ingressclasses',
  'ingresses',
  'gateways',
  'httproutes',
  'namespaces',
  'networkpolicies',
  'rolebindings',
  'clusterrolebindings',
]);

const fewTerm = (namespace: string): string => `in:${namespace}`;

/** Under this key the history notes writes of Events, whose names are made when they are read. */
const EVENTS_KEY = '/registry/events/';

/** Objects in etcd: their keys, versions and look-ups. */
export class RegistryStore {
  readonly #kernel: Kernel;
  readonly #etcd: Etcd;
  readonly #events: EventLog;
  readonly #few: FewLists;
  readonly #cache: RegistryCache;
  readonly #followers = new Map<ResourceName, Follower[]>();

  constructor(kernel: Kernel, cluster: string, agree?: (key: string, revision: number) => void) {
    this.#kernel = kernel;
    this.#events = new EventLog(kernel, cluster);
    this.#few = new FewLists(kernel.store);
    this.#cache = new RegistryCache(kernel.store);
    const termsOfValue = (value: object): readonly string[] => {
      const object = value as KubeObject;
      const info = resourceByKind(object.apiVersion, object.kind);
      if (!info) return [];
      const { resource } = info;
      const terms = termsOf(resource, object);
      if (!FEW.has(resource)) return terms;
      return [...terms, indexTerm(resource, fewTerm(object.metadata.namespace ?? ''))];
    };
    this.#etcd = new Etcd(kernel, cluster, termsOfValue, agree);
  }

  get revision(): number {
    return this.#etcd.revision;
  }

  /** How many objects there are. */
  get size(): number {
    return this.#etcd.size;
  }

  get oldestRevision(): number {
    return this.#etcd.oldestRevision;
  }

  get(resource: ResourceName, namespace: string, name: string): KubeObject | undefined {
    if (resource === 'events') return this.#events.get(namespace, name);
    return this.#row(resource, namespace, name)?.object;
  }

  #row(resource: ResourceName, namespace: string, name: string): Row | undefined {
    const place = placeOf(resource, namespace);
    const known = this.#cache.get(resource, place, name);
    if (known || this.#cache.isWhole) return known;
    const key = storageKey(resource, place, name);
    const object = this.#etcd.get(key) as KubeObject | undefined;
    if (!object) return undefined;
    const row = { key, object };
    this.#cache.add(resource, place, name, row);
    return row;
  }

  *list(resource: ResourceName, namespace: string): Generator<KubeObject, void> {
    if (resource === 'events') {
      yield* this.#events.list(namespace);
      return;
    }
    const isOnePlace = namespace !== '' || !infoOf(resource).namespaced;
    if (isOnePlace && FEW.has(resource)) {
      yield* this.inNamespace(resource, namespace);
      return;
    }
    const prefix = namespace ? `/registry/${resource}/${namespace}/` : `/registry/${resource}/`;
    for (const [, object] of this.#etcd.range(prefix)) yield object as KubeObject;
  }

  byIndex(resource: ResourceName, term: string): KubeObject[] {
    if (resource === 'events') return this.#events.byTerm(term);
    return this.#etcd.byTerm(indexTerm(resource, term)) as KubeObject[];
  }

  /** All of a kind of which there are few, in a namespace or of the cluster (`''`). */
  inNamespace(resource: ResourceName, namespace: string): readonly KubeObject[] {
    assert(FEW.has(resource), `${resource} are too many to go through`);
    return this.#few.of(resource, namespace, () => this.byIndex(resource, fewTerm(namespace)));
  }

  /** Another number whenever one of a kind of which there are few has changed. */
  stampOf(resource: ResourceName): number {
    assert(FEW.has(resource), `${resource} change too often to be watched`);
    return this.#few.stampOf(resource);
  }

  countByIndex(resource: ResourceName, term: string): number {
    if (resource === 'events') return this.#events.byTerm(term).length;
    return this.#etcd.countByTerm(indexTerm(resource, term));
  }

  /** See {@link Follower}. */
  follow(resource: ResourceName, follower: Follower): void {
    const those = this.#followers.get(resource);
    if (those) those.push(follower);
    else this.#followers.set(resource, [follower]);
  }

  #tell(resource: ResourceName, before: KubeObject | undefined, after?: KubeObject): void {
    for (const follower of this.#followers.get(resource) ?? NOBODY) follower(before, after);
  }

  put(resource: ResourceName, object: KubeObject): KubeObject {
    if (resource === 'events') return this.#putEvent(object);
    if (FEW.has(resource)) this.#few.changed(resource);
    const { namespace = '', name } = object.metadata;
    const row = this.#row(resource, namespace, name);
    const key = row?.key ?? storageKey(resource, namespace, name);
    const before = row?.object;
    const stored = this.#etcd.put(key, before, (revision) => withVersion(object, revision));
    if (row) row.object = stored;
    else this.#cache.add(resource, placeOf(resource, namespace), name, { key, object: stored });
    this.#tell(resource, before, stored);
    return stored;
  }

  /** Removes an object; gives it as it was, with the version of its removal. */
  delete(resource: ResourceName, object: KubeObject): KubeObject {
    if (resource === 'events') return this.#deleteEvent(object);
    if (FEW.has(resource)) this.#few.changed(resource);
    const { namespace = '', name } = object.metadata;
    const row = this.#row(resource, namespace, name);
    if (!row) return object;
    let last = object;
    this.#cache.delete(resource, placeOf(resource, namespace), name);
    this.#etcd.delete(row.key, (revision) => {
      last = withVersion(object, revision);
      return last;
    });
    this.#tell(resource, row.object);
    return last;
  }

  /** Writes an Event as a component tells it. */
  note(told: ToldEvent): EventRow {
    const row = { revision: this.revision + 1, atMs: this.#kernel.now, told };
    this.#noteEvent(row, told.count > 1 ? row : undefined, row);
    return row;
  }

  /** The object that such a write is about. */
  eventOf(row: EventRow): Event | undefined {
    return this.#events.objectOf(row);
  }

  #putEvent(object: KubeObject): KubeObject {
    const { namespace = '', name } = object.metadata;
    const before = this.#events.get(namespace, name);
    const revision = this.revision + 1;
    const stored = withVersion(object, revision);
    this.#noteEvent({ revision, atMs: this.#kernel.now, object: stored }, before, stored);
    return stored;
  }

  #deleteEvent(object: KubeObject): KubeObject {
    const revision = this.revision + 1;
    const last = withVersion(object, revision);
    this.#noteEvent({ revision, atMs: this.#kernel.now, gone: keyOf(object) }, last, undefined);
    return last;
  }

  #noteEvent(row: EventRow, before: object | undefined, after: object | undefined): void {
    this.#events.append(row);
    this.#etcd.note({ key: EVENTS_KEY, before, after });
  }

  /** The object that the history has on one side of a change. */
  #sideOf(side: object | undefined): object | undefined {
    return side && 'told' in side ? this.#events.objectOf(side as EventRow) : side;
  }

  /** Changes of one resource after a revision, oldest first. */
  *changesAfter(resource: ResourceName, revision: number): Generator<Change, void> {
    const prefix = `/registry/${resource}/`;
    for (const change of this.#etcd.changesAfter(revision)) {
      if (!change.key.startsWith(prefix)) continue;
      const { key, before, after } = change;
      yield { key, before: this.#sideOf(before), after: this.#sideOf(after) };
    }
  }
}

const NOBODY: readonly Follower[] = [];

/** Objects of the cluster are in no namespace. */
const placeOf = (resource: ResourceName, namespace: string): string =>
  infoOf(resource).namespaced ? namespace : '';

function storageKey(resource: ResourceName, namespace: string, name: string): string {
  return infoOf(resource).namespaced
    ? `/registry/${resource}/${namespace}/${name}`
    : `/registry/${resource}/${name}`;
}

function withVersion(object: KubeObject, revision: number): KubeObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
}
