import type { Kernel } from '../../sim/kernel.ts';
import { labelTerm, orphanTerm, ownerTerm, selectedByTerms } from '../api/index-terms.ts';
import type { Service } from '../api/cluster-objects.ts';
import type {
  ApiDoor,
  ApiRequest,
  FieldRequirement,
  Follower,
  ListAnswer,
  PatchType,
  PropagationPolicy,
  Subresource,
  Verb,
  Watcher,
  WatchEvent,
} from '../api/requests.ts';
import type { ToldEvent } from '../api/told-event.ts';
import type { Scale } from '../api/scale.ts';
import type { ResourceKinds, ResourceName } from '../api/resources.ts';
import {
  exactLabels,
  selectorMatches,
  type LabelSelector,
} from '../apimachinery/label-selector.ts';
import type { Draft, KubeObject, Labels } from '../apimachinery/object.ts';
import type { Result } from '../apimachinery/status.ts';
import { ByLabels } from './by-labels.ts';

/** What a list or a deletion of many picks. */
export interface Selection {
  readonly namespace?: string;
  readonly labelSelector?: LabelSelector;
  readonly fieldSelector?: readonly FieldRequirement[];
}

export interface DeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: PropagationPolicy;
  /** Only at this version. */
  readonly preconditionVersion?: string;
}

/** How a patch is given; a merge patch when left out. */
export interface PatchOptions {
  readonly patchType?: PatchType;
  readonly subresource?: 'status' | 'scale';
  readonly fieldManager?: string;
  readonly force?: boolean;
}

/**
 * A component's way to the API server: typed requests under its own name, reads through indexes,
 * and watches (staging/src/k8s.io/client-go: clientset, listers and informers, v1.36).
 *
 * Simplified: a component reads the server's present state instead of a cache of its own, so its
 * view is never behind; what takes time is the word that something has changed.
 */
export class Client {
  readonly kernel: Kernel;
  readonly #door: ApiDoor;
  readonly #user: string;
  #services: ByLabels<Service> | undefined;

  /** @param user cast name of the component */
  constructor(kernel: Kernel, door: ApiDoor, user: string) {
    this.kernel = kernel;
    this.#door = door;
    this.#user = user;
  }

  get user(): string {
    return this.#user;
  }

  /** Whether the process that this client belongs to runs. */
  get isRunning(): boolean {
    return this.#door.components.isRunning(processOf(this.#user));
  }

  /** Called when that process runs again after it had stopped. */
  onStart(listener: () => void): void {
    this.#door.components.onStart(processOf(this.#user), listener);
  }

  /** The same client under another name: one of many kubelets. */
  as(user: string): Client {
    return new Client(this.kernel, this.#door, user);
  }

  get<R extends ResourceName>(
    resource: R,
    namespace: string,
    name: string,
  ): ResourceKinds[R] | undefined {
    return this.#door.read(resource, namespace, name) as ResourceKinds[R] | undefined;
  }

  /** All objects of a resource in a namespace, or in all (`''`). Costs what it walks. */
  scan<R extends ResourceName>(resource: R, namespace = ''): Generator<ResourceKinds[R], void> {
    return this.#door.scan(resource, namespace) as Generator<ResourceKinds[R], void>;
  }

  /** Objects that an index term leads to; see `api/index-terms.ts`. */
  byIndex<R extends ResourceName>(resource: R, term: string): ResourceKinds[R][] {
    return this.#door.byIndex(resource, term) as unknown as ResourceKinds[R][];
  }

  countByIndex(resource: ResourceName, term: string): number {
    return this.#door.countByIndex(resource, term);
  }

  ownedBy<R extends ResourceName>(resource: R, uid: string): ResourceKinds[R][] {
    return this.byIndex(resource, ownerTerm(uid));
  }

  /** Objects of a namespace that a selector chooses, found by its rarest label. */
  select<R extends ResourceName>(
    resource: R,
    namespace: string,
    selector: LabelSelector,
  ): ResourceKinds[R][] {
    const terms = exactLabels(selector).map(([key, value]) => labelTerm(namespace, key, value));
    const count = (term: string): number => this.countByIndex(resource, term);
    const rarest = terms.reduce<string | undefined>(
      (best, term) => (best === undefined || count(term) < count(best) ? term : best),
      undefined,
    );
    const found =
      rarest === undefined ? [...this.scan(resource, namespace)] : this.byIndex(resource, rarest);
    // The index has asked for the only label already.
    const isAll = terms.length === 1 && (selector.matchExpressions?.length ?? 0) === 0;
    return isAll ? found : found.filter(chooser(selector));
  }

  /** Objects of a namespace that a selector chooses and no controller manages. */
  orphans<R extends 'pods' | 'replicasets'>(
    resource: R,
    namespace: string,
    selector: LabelSelector,
  ): ResourceKinds[R][] {
    return this.byIndex(resource, orphanTerm(namespace)).filter((object) =>
      selectorMatches(selector, object.metadata.labels),
    );
  }

  /** Services of a namespace whose selector chooses these labels. */
  servicesSelecting(namespace: string, labels: Labels | undefined): readonly Service[] {
    this.#services ??= new ByLabels(this, 'services', (place, those) =>
      selectedByTerms(place, those)
        .flatMap((term) => this.byIndex('services', term))
        .filter(({ spec }) => selectorMatches({ matchLabels: spec.selector ?? {} }, those)),
    );
    return this.#services.of(namespace, labels);
  }

  /** See {@link ApiDoor.stampOf}. */
  stampOf(resource: ResourceName): number {
    return this.#door.stampOf(resource);
  }

  create<R extends ResourceName>(
    resource: R,
    body: Draft<ResourceKinds[R]>,
  ): Result<ResourceKinds[R]> {
    const { namespace } = body.metadata;
    return this.#send<R>('create', resource, undefined, namespace, undefined, body);
  }

  /** Writes an Event; see event-recorder.ts. */
  note(body: ToldEvent): void {
    const user = this.#user;
    this.#door.request({ verb: 'create', resource: 'events', body, wellMade: true, user });
  }

  update<R extends ResourceName>(resource: R, body: ResourceKinds[R]): Result<ResourceKinds[R]> {
    const { namespace, name } = body.metadata;
    return this.#send<R>('update', resource, undefined, namespace, name, body);
  }

  updateStatus<R extends ResourceName>(
    resource: R,
    body: ResourceKinds[R],
  ): Result<ResourceKinds[R]> {
    const { namespace, name } = body.metadata;
    return this.#send<R>('update', resource, 'status', namespace, name, body);
  }

  /** Changes an object without having read it: a merge patch unless the options say otherwise. */
  patch<R extends ResourceName>(
    resource: R,
    namespace: string,
    name: string,
    body: unknown,
    options: PatchOptions = {},
  ): Result<ResourceKinds[R]> {
    return this.#ask<R>({ verb: 'patch', resource, namespace, name, body, ...options });
  }

  /** Deletes this very object: not another of the same name. */
  delete<R extends ResourceName>(
    resource: R,
    object: ResourceKinds[R],
    options: number | DeleteOptions = {},
  ): Result<ResourceKinds[R]> {
    const { uid } = object.metadata;
    const given = typeof options === 'number' ? { gracePeriodSeconds: options } : options;
    return this.#ask<R>({ verb: 'delete', resource, ...placeOf(object), uid, ...given });
  }

  /** Deletes everything that is selected in a namespace; gives what was. */
  deleteCollection<R extends ResourceName>(
    resource: R,
    selection: Selection,
    options: DeleteOptions = {},
  ): Result<ListAnswer<ResourceKinds[R]>> {
    const request = { verb: 'deletecollection', resource, ...selection, ...options } as const;
    return this.#request(request) as Result<ListAnswer<ResourceKinds[R]>>;
  }

  /** Objects by selectors, as the server lists them; reads through an index cost less. */
  list<R extends ResourceName>(
    resource: R,
    selection: Selection = {},
  ): Result<ListAnswer<ResourceKinds[R]>> {
    const request = { verb: 'list', resource, ...selection } as const;
    return this.#request(request) as Result<ListAnswer<ResourceKinds[R]>>;
  }

  /** Asks for a Pod's voluntary deletion: refused while a disruption budget forbids it. */
  evict(pod: ResourceKinds['pods'], options: DeleteOptions = {}): Result<unknown> {
    const { namespace = '', name, uid } = pod.metadata;
    const deleteOptions = { ...options, preconditions: { uid } };
    const body = {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name, namespace },
      deleteOptions,
    };
    const place = { resource: 'pods', subresource: 'eviction', namespace, name } as const;
    return this.#request({ verb: 'create', ...place, body });
  }

  /** The size of something that can be scaled, whatever its kind. */
  getScale(resource: ResourceName, namespace: string, name: string): Result<Scale> {
    const request = { verb: 'get', subresource: 'scale', resource, namespace, name } as const;
    return this.#request(request) as Result<Scale>;
  }

  updateScale(resource: ResourceName, scale: Scale): Result<Scale> {
    const request = { verb: 'update', subresource: 'scale', resource, body: scale } as const;
    return this.#request({ ...request, ...placeOf(scale) }) as Result<Scale>;
  }

  /** Writes the finalizers of a Namespace's spec; without any it goes as it is deleted. */
  finalize(namespace: ResourceKinds['namespaces']): Result<ResourceKinds['namespaces']> {
    const place = {
      resource: 'namespaces',
      subresource: 'finalize',
      ...placeOf(namespace),
    } as const;
    return this.#ask<'namespaces'>({ verb: 'update', ...place, body: namespace });
  }

  bind(namespace: string, name: string, node: string): Result<ResourceKinds['pods']> {
    const body = { target: { kind: 'Node', name: node } };
    return this.#send<'pods'>('create', 'pods', 'binding', namespace, name, body);
  }

  /** Is told of changes that `wants` picks; `id` is unique within the component. */
  watch<R extends ResourceName>(
    resource: R,
    id: string,
    wants: (event: WatchEvent<ResourceKinds[R]>) => boolean,
    handle: (event: WatchEvent<ResourceKinds[R]>) => void,
    to: (event: WatchEvent<ResourceKinds[R]>) => string = () => this.#user,
  ): void {
    const watcher: Watcher<ResourceKinds[R]> = {
      id: `${this.#user} ${id}`,
      resource,
      to,
      wants,
      handle,
    };
    this.#door.watch(watcher);
  }

  /** Hears of every write of a kind while it is made; see {@link Follower}. */
  follow<R extends ResourceName>(resource: R, follower: Follower<ResourceKinds[R]>): void {
    this.#door.follow(resource, follower as unknown as Follower);
  }

  /** The requests that there are most of, all of one shape: that is quicker to read. */
  #send<R extends ResourceName>(
    verb: Verb,
    resource: ResourceName,
    subresource: Subresource | undefined,
    namespace: string | undefined,
    name: string | undefined,
    body: unknown,
  ): Result<ResourceKinds[R]> {
    const user = this.#user;
    const request: ApiRequest = { verb, resource, subresource, namespace, name, body, user };
    return this.#door.request(request) as Result<ResourceKinds[R]>;
  }

  #ask<R extends ResourceName>(request: Omit<ApiRequest, 'user'>): Result<ResourceKinds[R]> {
    return this.#request(request) as Result<ResourceKinds[R]>;
  }

  #request(request: Omit<ApiRequest, 'user'>): Result<unknown> {
    return this.#door.request({ ...request, user: this.#user });
  }
}

/** Whether a selector chooses an object: asked once for objects in a row that share their labels. */
export function chooser(selector: LabelSelector): (object: KubeObject) => boolean {
  let labels: Labels | undefined;
  let isChosen = selectorMatches(selector, labels);
  return ({ metadata }) => {
    if (metadata.labels !== labels) {
      labels = metadata.labels;
      isChosen = selectorMatches(selector, labels);
    }
    return isChosen;
  };
}

/** The process that a cast name is part of: every controller is one of the controller manager's. */
export function processOf(user: string): string {
  if (user === 'scheduler') return 'kube-scheduler';
  const isController = user.endsWith('-controller') || user === 'garbage-collector';
  return isController ? 'kube-controller-manager' : user;
}

function placeOf({ metadata }: KubeObject): { namespace?: string; name: string } {
  return { namespace: metadata.namespace, name: metadata.name };
}
