import { rfc3339 } from '../../../sim/clock.ts';
import type { Kernel } from '../../../sim/kernel.ts';
import { activeTerm, labelledTerm, readyTerm, terminatingTerm } from '../../api/index-terms.ts';
import { isPodActive, isPodReady, type Pod } from '../../api/pod.ts';
import type { ApiDoor, WatchEvent } from '../../api/requests.ts';
import type { ReplicaSet } from '../../api/workloads.ts';
import { Client } from '../../client/client.ts';
import { EventRecorder } from '../../client/event-recorder.ts';
import { syncDelayMs, WorkQueue } from '../../client/work-queue.ts';
import { sameValue } from '../../apimachinery/canonical-json.ts';
import { selectorMatches } from '../../apimachinery/label-selector.ts';
import { controllerOf, keyOf, splitKey, type OwnerReference } from '../../apimachinery/object.ts';
import { isPodAvailable, nextAvailableInMs } from '../availability.ts';
import { adoptPods, release } from '../claim.ts';
import { isNamespaceTerminating, PodControl } from '../pod-control.ts';
import { chooseForDeletion } from '../ranking.ts';
import { slowStart } from '../slow-start.ts';
import { countPods, statusOf, type PodCounts } from './status.ts';

/**
 * ReplicaSet -> Pods (pkg/controller/replicaset/replica_set.go, v1.36): as many Pods as wanted,
 * made from the template, no more and no fewer.
 *
 * A look costs what it changes: Pods are counted by index terms, and walked through only when some
 * must be let go, taken away, or waited for. Reads are never behind, so there are no expectations.
 */
const NAME = 'replicaset-controller';

/** At most this many Pods are made or deleted in one go (`BurstReplicas`). */
const BURST = 500;

/**
 * Model figure: a set that shrinks is looked at before one that grows, so that a rollout, which
 * does both, has its room before it fills it.
 */
const SHRINK_DELAY_MS = 1;

export class ReplicaSetController {
  readonly #kernel: Kernel;
  readonly #client: Client;
  readonly #pods: PodControl;
  readonly #queue: WorkQueue;

  constructor(kernel: Kernel, door: ApiDoor, cluster: string) {
    this.#kernel = kernel;
    this.#client = new Client(kernel, door, NAME);
    this.#pods = new PodControl(this.#client, new EventRecorder(this.#client, NAME));
    this.#queue = new WorkQueue(this.#client, `${NAME}/${cluster}`, (key) => this.#sync(key));
    this.#client.watch(
      'replicasets',
      'replicasets',
      ({ type, object, previous }) =>
        type !== 'DELETED' && object.metadata.generation !== previous?.metadata.generation,
      ({ object, previous }) => {
        const shrinks = object.spec.replicas < (previous?.spec.replicas ?? 0);
        if (shrinks) this.#queue.add(keyOf(object), SHRINK_DELAY_MS);
        else this.#queue.add(keyOf(object));
      },
    );
    this.#client.watch(
      'pods',
      'pods',
      (event) => concerns(event, 'ReplicaSet'),
      (event) => this.#enqueueOwners(event),
    );
    this.#client.watch(
      'pods',
      'orphans',
      ({ type, object, previous }) => type !== 'DELETED' && isNewOrphan(object, previous),
      ({ object }) => this.#enqueueAdopters(object),
    );
  }

  #enqueueOwners({ object, previous }: WatchEvent<Pod>): void {
    const { namespace } = object.metadata;
    const owner = controllerOf(object);
    const before = previous && controllerOf(previous);
    this.#enqueueOwner(namespace, owner);
    if (before?.uid !== owner?.uid) this.#enqueueOwner(namespace, before);
  }

  #enqueueOwner(namespace = '', owner: OwnerReference | undefined): void {
    if (owner?.kind !== 'ReplicaSet') return;
    const pods = this.#client.countByIndex('pods', activeTerm(owner.uid));
    this.#queue.add(`${namespace}/${owner.name}`, syncDelayMs(pods));
  }

  /** A Pod that nobody manages is looked at by every set that may want it. */
  #enqueueAdopters({ metadata }: Pod): void {
    for (const set of this.#client.scan('replicasets', metadata.namespace)) {
      if (selectorMatches(set.spec.selector, metadata.labels)) this.#queue.add(keyOf(set));
    }
  }

  #sync(key: string): boolean {
    const { namespace, name } = splitKey(key);
    const set = this.#client.get('replicasets', namespace, name);
    if (!set) return true;
    if (set.metadata.deletionTimestamp) return this.#report(set, undefined);
    this.#claim(set);
    const failure = this.#manage(set);
    return this.#report(set, failure) && failure === undefined;
  }

  /** Lets go of Pods that lost its labels, and adopts those that have them. */
  #claim(set: ReplicaSet): void {
    const { selector } = set.spec;
    if (!this.#allLabelled(set)) {
      for (const pod of this.#client.byIndex('pods', activeTerm(set.metadata.uid))) {
        if (!selectorMatches(selector, pod.metadata.labels)) release(this.#client, set, pod);
      }
    }
    adoptPods(this.#client, { owner: set, selector, adopts: isPodActive });
  }

  /** Whether every active Pod has the template's labels and no others: the common case. */
  #allLabelled({ metadata, spec }: ReplicaSet): boolean {
    const labelled = labelledTerm(metadata.uid, spec.template.metadata?.labels);
    return this.#count(labelled) === this.#count(activeTerm(metadata.uid));
  }

  #count(term: string): number {
    return this.#client.countByIndex('pods', term);
  }

  /** Makes or takes away what is missing or too much; why it could not, if so. */
  #manage(set: ReplicaSet): string | undefined {
    const active = this.#count(activeTerm(set.metadata.uid));
    const difference = active - set.spec.replicas;
    if (difference < 0) return this.#createPods(set, Math.min(-difference, BURST));
    if (difference > 0) return this.#deletePods(set, Math.min(difference, BURST));
    return undefined;
  }

  #createPods(set: ReplicaSet, count: number): string | undefined {
    let failure: string | undefined;
    let created = 0;
    slowStart(count, 1, () => {
      const result = this.#pods.create(set, set.spec.template);
      if (result.ok) created += 1;
      if (result.ok || isNamespaceTerminating(result.failure)) return true;
      failure ??= result.failure.message;
      return false;
    });
    // A full burst: more may be wanted.
    if (created === BURST) this.#queue.add(keyOf(set));
    return failure;
  }

  #deletePods(set: ReplicaSet, count: number): string | undefined {
    const active = this.#client.byIndex('pods', activeTerm(set.metadata.uid));
    const related = this.#relatedPods(set, active);
    let failure: string | undefined;
    for (const pod of chooseForDeletion(active, related, count, this.#kernel.now)) {
      failure = this.#pods.delete(set, pod)?.message ?? failure;
    }
    if (failure === undefined && count === BURST) this.#queue.add(keyOf(set), SHRINK_DELAY_MS);
    return failure;
  }

  /** Active Pods of all sets of the same owner (`getIndirectlyRelatedPods`). */
  #relatedPods(set: ReplicaSet, own: readonly Pod[]): readonly Pod[] {
    const owner = controllerOf(set);
    if (!owner) return own;
    return this.#client
      .ownedBy('replicasets', owner.uid)
      .flatMap((sibling) => this.#client.byIndex('pods', activeTerm(sibling.metadata.uid)));
  }

  #report(stale: ReplicaSet, failure: string | undefined): boolean {
    const { namespace = '', name } = stale.metadata;
    const set = this.#client.get('replicasets', namespace, name);
    if (!set) return true;
    const status = statusOf(set, this.#counts(set), failure, rfc3339(this.#kernel.now));
    if (sameValue(status, set.status)) return true;
    return this.#client.updateStatus('replicasets', { ...set, status }).ok;
  }

  #counts(set: ReplicaSet): PodCounts {
    const { metadata, spec } = set;
    const { uid } = metadata;
    const terminatingReplicas = this.#count(terminatingTerm(uid));
    const nowMs = this.#kernel.now;
    if (!this.#allLabelled(set)) {
      const active = this.#client.byIndex('pods', activeTerm(uid));
      this.#planNextLook(set, active);
      return countPods(spec, active, terminatingReplicas, nowMs);
    }
    const replicas = this.#count(activeTerm(uid));
    const readyReplicas = this.#count(readyTerm(uid));
    const counts = { replicas, fullyLabeledReplicas: replicas, readyReplicas, terminatingReplicas };
    if (!spec.minReadySeconds) return { ...counts, availableReplicas: readyReplicas };
    const ready = this.#client.byIndex('pods', readyTerm(uid));
    this.#planNextLook(set, ready);
    const available = ready.filter((pod) => isPodAvailable(pod, spec.minReadySeconds, nowMs));
    return { ...counts, availableReplicas: available.length };
  }

  /** Comes back when the next ready Pod has been so for minReadySeconds. */
  #planNextLook(set: ReplicaSet, pods: readonly Pod[]): void {
    const waitMs = nextAvailableInMs(pods, set.spec.minReadySeconds, this.#kernel.now);
    if (waitMs !== undefined) this.#queue.add(keyOf(set), waitMs);
  }
}

/** A Pod that a controller of the kind has or had came, went, or became ready or not. */
function concerns({ type, object, previous }: WatchEvent<Pod>, kind: string): boolean {
  const owner = controllerOf(object);
  const before = previous && controllerOf(previous);
  if (owner?.kind !== kind && before?.kind !== kind) return false;
  if (type !== 'MODIFIED' || !previous) return true;
  return (
    owner?.uid !== before?.uid ||
    isPodReady(object) !== isPodReady(previous) ||
    isPodActive(object) !== isPodActive(previous) ||
    !sameValue(object.metadata.labels, previous.metadata.labels)
  );
}

/** A Pod without a controller that is new, was let go, or has other labels than before. */
function isNewOrphan(pod: Pod, previous: Pod | undefined): boolean {
  if (controllerOf(pod) || !isPodActive(pod)) return false;
  if (!previous || controllerOf(previous)) return true;
  return !sameValue(pod.metadata.labels, previous.metadata.labels);
}
