import type { Node } from '../api/cluster-objects.ts';
import { isPodFinished, type Pod } from '../api/pod.ts';
import type { WatchEvent } from '../api/requests.ts';
import { sameValue } from '../apimachinery/canonical-json.ts';
import type { Client } from '../client/client.ts';
import type { ClusterView } from './cluster-view.ts';
import type { ClusterEvent } from './framework.ts';
import { podInfo } from './pod-info.ts';

/**
 * Follows what happens in the cluster (pkg/scheduler/eventhandlers.go, v1.36): Pods that wait for a
 * node go to the queue, Pods on nodes and nodes into the scheduler's view, and whatever may help a
 * Pod that fits nowhere is passed on.
 */
export interface Followed {
  readonly waiting: (pod: Pod) => void;
  readonly gone: (pod: Pod) => void;
  readonly changed: (event: ClusterEvent) => void;
  readonly volumes: () => void;
}

export class ClusterFollower {
  readonly #view: ClusterView;
  readonly #profile: string;
  readonly #followed: Followed;

  constructor(client: Client, view: ClusterView, profile: string, followed: Followed) {
    this.#view = view;
    this.#profile = profile;
    this.#followed = followed;
    client.watch(
      'pods',
      'unscheduled',
      (event) => this.#concernsWaiting(event),
      (event) => this.#followWaiting(event),
    );
    client.watch(
      'pods',
      'placed',
      (event) => this.#concernsPlaced(event),
      (event) => this.#followPlaced(event),
    );
    client.watch('nodes', 'nodes', isNodeNews, (event) => this.#followNode(event));
    client.watch('namespaces', 'namespaces', isNamespaceNews, () => view.noteNamespaces());
    const { volumes } = followed;
    client.watch('persistentvolumeclaims', 'claims', () => true, volumes);
    client.watch('persistentvolumes', 'volumes', () => true, volumes);
    client.watch('storageclasses', 'storage-classes', () => true, volumes);
  }

  #concernsWaiting({ type, object, previous }: WatchEvent<Pod>): boolean {
    const { spec, metadata } = object;
    if (spec.nodeName || isPodFinished(object)) return false;
    if ((spec.schedulerName ?? this.#profile) !== this.#profile) return false;
    if (type !== 'MODIFIED' || !previous) return true;
    return (
      (spec !== previous.spec && !sameValue(spec, previous.spec)) ||
      !sameValue(metadata.labels, previous.metadata.labels)
    );
  }

  #followWaiting({ type, object, previous }: WatchEvent<Pod>): void {
    if (type === 'DELETED') {
      this.#followed.gone(object);
      return;
    }
    this.#followed.waiting(object);
    if (type !== 'MODIFIED' || !previous) return;
    const change = { pod: podInfo(object), previous: podInfo(previous) };
    this.#followed.changed({ kind: 'pod-changed', ...change });
  }

  /** A Pod came to a node without the scheduler, is to leave its node, or has left it. */
  #concernsPlaced({ type, object, previous }: WatchEvent<Pod>): boolean {
    const { metadata, spec } = object;
    if (!spec.nodeName) return false;
    if (type !== 'MODIFIED' || !previous) return true;
    if (isPodFinished(object)) return !isPodFinished(previous);
    if (!previous.spec.nodeName) return this.#view.placeOf(metadata.uid) === undefined;
    return (
      metadata.deletionTimestamp !== previous.metadata.deletionTimestamp ||
      !sameLabels(metadata.labels, previous.metadata.labels) ||
      (spec.containers !== previous.spec.containers &&
        !sameValue(spec.containers, previous.spec.containers))
    );
  }

  #followPlaced({ type, object, previous }: WatchEvent<Pod>): void {
    const { uid } = object.metadata;
    const node = object.spec.nodeName ?? '';
    const pod = podInfo(object);
    if (type === 'DELETED' || isPodFinished(object)) {
      const placed = this.#view.remove(uid);
      if (type === 'DELETED') this.#followed.gone(object);
      if (placed) this.#followed.changed({ kind: 'pod-deleted', pod, node });
      return;
    }
    const known = this.#view.placeOf(uid) !== undefined;
    this.#view.place(object, node);
    if (!known) this.#followed.changed({ kind: 'pod-added', pod, node });
    else if (previous) {
      this.#followed.changed({ kind: 'pod-changed', pod, previous: podInfo(previous) });
    }
  }

  #followNode({ type, object, previous }: WatchEvent<Node>): void {
    if (type === 'DELETED') {
      this.#view.forgetNode(object.metadata.name);
      this.#followed.changed({ kind: 'node-deleted' });
      return;
    }
    this.#view.noteNode(object);
    const kind = type === 'ADDED' ? 'node-added' : 'node-changed';
    this.#followed.changed({ kind, node: object, ...(previous && { previous }) });
  }
}

const sameLabels = (a: unknown, b: unknown): boolean => a === b || sameValue(a, b);

/** Room, taints, labels or images changed; a heartbeat is no news. */
function isNodeNews({ type, object, previous }: WatchEvent<Node>): boolean {
  if (type !== 'MODIFIED' || !previous) return true;
  const same = (a: unknown, b: unknown): boolean => a === b || sameValue(a, b);
  return (
    !same(object.spec, previous.spec) ||
    !same(object.metadata.labels, previous.metadata.labels) ||
    !same(object.status.allocatable, previous.status.allocatable) ||
    !same(object.status.images, previous.status.images)
  );
}

const isNamespaceNews = ({ type, object, previous }: WatchEvent): boolean =>
  type === 'MODIFIED' && !sameLabels(object.metadata.labels, previous?.metadata.labels);
