import type { Kernel } from '../../sim/kernel.ts';
import { labelTerm, orphanTerm, ownerTerm, selectedByTerms } from '../api/index-terms.ts';
import type { Service } from '../api/cluster-objects.ts';
import type { ApiDoor, Watcher, WatchEvent } from '../api/requests.ts';
import type { ResourceKinds, ResourceName } from '../api/resources.ts';
import { selectorMatches, type LabelSelector } from '../apimachinery/label-selector.ts';
import type { Draft, KubeObject, Labels } from '../apimachinery/object.ts';
import type { Result } from '../apimachinery/status.ts';

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
    const terms = Object.entries(selector.matchLabels ?? {}).map(([key, value]) =>
      labelTerm(namespace, key, value),
    );
    const count = (term: string): number => this.countByIndex(resource, term);
    const rarest = terms.reduce<string | undefined>(
      (best, term) => (best === undefined || count(term) < count(best) ? term : best),
      undefined,
    );
    const found =
      rarest === undefined ? [...this.scan(resource, namespace)] : this.byIndex(resource, rarest);
    return found.filter((object) => selectorMatches(selector, object.metadata.labels));
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
  servicesSelecting(namespace: string, labels: Labels | undefined): Service[] {
    return selectedByTerms(namespace, labels)
      .flatMap((term) => this.byIndex('services', term))
      .filter(({ spec }) => selectorMatches({ matchLabels: spec.selector ?? {} }, labels));
  }

  create<R extends ResourceName>(
    resource: R,
    body: Draft<ResourceKinds[R]>,
  ): Result<ResourceKinds[R]> {
    const { namespace } = body.metadata;
    return this.#ask<R>({ verb: 'create', resource, namespace, body });
  }

  update<R extends ResourceName>(resource: R, body: ResourceKinds[R]): Result<ResourceKinds[R]> {
    return this.#ask<R>({ verb: 'update', resource, ...placeOf(body), body });
  }

  updateStatus<R extends ResourceName>(
    resource: R,
    body: ResourceKinds[R],
  ): Result<ResourceKinds[R]> {
    const subresource = 'status';
    return this.#ask<R>({ verb: 'update', subresource, resource, ...placeOf(body), body });
  }

  /** Deletes this very object: not another of the same name. */
  delete<R extends ResourceName>(
    resource: R,
    object: ResourceKinds[R],
    gracePeriodSeconds?: number,
  ): Result<ResourceKinds[R]> {
    const { uid } = object.metadata;
    return this.#ask<R>({
      verb: 'delete',
      resource,
      ...placeOf(object),
      uid,
      ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
    });
  }

  bind(namespace: string, name: string, node: string): Result<ResourceKinds['pods']> {
    const body = { target: { kind: 'Node', name: node } };
    const subresource = 'binding';
    return this.#ask<'pods'>({
      verb: 'create',
      subresource,
      resource: 'pods',
      namespace,
      name,
      body,
    });
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

  #ask<R extends ResourceName>(
    request: Omit<Parameters<ApiDoor['request']>[0], 'user'>,
  ): Result<ResourceKinds[R]> {
    return this.#door.request({ ...request, user: this.#user }) as Result<ResourceKinds[R]>;
  }
}

/** The process that a cast name is part of: every controller is one of the controller manager's. */
export function processOf(user: string): string {
  if (user === 'scheduler') return 'kube-scheduler';
  return user.endsWith('-controller') ? 'kube-controller-manager' : user;
}

function placeOf({ metadata }: KubeObject): { namespace?: string; name: string } {
  return { namespace: metadata.namespace, name: metadata.name };
}
