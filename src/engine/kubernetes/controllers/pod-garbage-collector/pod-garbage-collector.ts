import { parseRfc3339, rfc3339, SECOND } from '../../../sim/clock.ts';
import type { Kernel } from '../../../sim/kernel.ts';
import { findCondition, keyOf, splitKey, setCondition } from '../../apimachinery/object.ts';
import type { Node } from '../../api/cluster-objects.ts';
import { FINISHED_TERM, nodeTerm } from '../../api/index-terms.ts';
import { isPodFinished, type Pod } from '../../api/pod.ts';
import type { ApiDoor, WatchEvent } from '../../api/requests.ts';
import { Client } from '../../client/client.ts';
import { WorkQueue } from '../../client/work-queue.ts';

/**
 * Deletes Pods that nobody else will (pkg/controller/podgc/gc_controller.go, v1.36): finished ones
 * beyond 12,500, the oldest first, those whose node is gone, and those on their way out whose node
 * is not ready and said to be out of service.
 *
 * Simplified: a look is taken when there is a reason for one, where upstream looks each 20 s; it
 * comes at the time at which upstream's would.
 */
const NAME = 'pod-garbage-collector-controller';

/** `--terminated-pod-gc-threshold`. */
const FINISHED_LIMIT = 12_500;
/** `gcCheckPeriod`. */
const CHECK_MS = 20 * SECOND;
/** `quarantineTime`: how long a node must have been gone. */
const QUARANTINE_MS = 40 * SECOND;
const OUT_OF_SERVICE = 'node.kubernetes.io/out-of-service';
const FINISHED = 'finished';
const NODE = 'node/';
const STRANDED = 'stranded/';
const UNPLACED = 'unplaced ';

export class PodGarbageCollector {
  readonly #client: Client;
  readonly #queue: WorkQueue;

  constructor(kernel: Kernel, door: ApiDoor, cluster: string) {
    this.#client = new Client(kernel, door, NAME);
    this.#queue = new WorkQueue(this.#client, `${NAME}/${cluster}`, (key) => this.#sync(key));
    this.#client.watch(
      'pods',
      'pods',
      (event) => this.#isOneTooMany(event) || this.#isOrphaned(event) || this.#isStranded(event),
      (event) => {
        const { object } = event;
        const { nodeName = '' } = object.spec;
        if (this.#isStranded(event)) this.#queue.add(STRANDED + nodeName, this.#untilCheckMs(0));
        if (isPodFinished(object)) this.#queue.add(FINISHED, this.#untilCheckMs(0));
        if (nodeName && !this.#client.get('nodes', '', nodeName)) this.#quarantine(nodeName);
      },
    );
    this.#client.watch(
      'nodes',
      'out-of-service',
      ({ type, object, previous }) =>
        type === 'MODIFIED' && isOutOfService(object) && !(previous && isOutOfService(previous)),
      ({ object }) => {
        this.#queue.add(STRANDED + object.metadata.name, this.#untilCheckMs(0));
      },
    );
    this.#client.watch(
      'pods',
      'unplaced',
      ({ type, object: { metadata, spec }, previous }) =>
        type === 'MODIFIED' &&
        !spec.nodeName &&
        metadata.deletionTimestamp !== previous?.metadata.deletionTimestamp,
      ({ object }) => this.#queue.add(UNPLACED + keyOf(object), this.#untilCheckMs(0)),
    );
    this.#client.watch(
      'nodes',
      'nodes',
      ({ type, object }) =>
        type === 'DELETED' && this.#client.countByIndex('pods', nodeTerm(object.metadata.name)) > 0,
      ({ object }) => this.#quarantine(object.metadata.name),
    );
  }

  #sync(key: string): boolean {
    if (key === FINISHED) return this.#dropFinished();
    if (key.startsWith(UNPLACED)) return this.#dropUnplaced(key.slice(UNPLACED.length));
    if (key.startsWith(STRANDED)) return this.#dropStranded(key.slice(STRANDED.length));
    return this.#dropOrphans(key.slice(NODE.length));
  }

  /** On its way out, on a node that will never say that it has gone. */
  #isStranded({ type, object, previous }: WatchEvent<Pod>): boolean {
    const { deletionTimestamp } = object.metadata;
    if (type === 'DELETED' || !deletionTimestamp || previous?.metadata.deletionTimestamp) {
      return false;
    }
    const node = this.#client.get('nodes', '', object.spec.nodeName ?? '');
    return node !== undefined && isOutOfService(node);
  }

  /** Deleted before it had a node: whoever holds it by a finalizer learns that it has failed. */
  #dropUnplaced(key: string): boolean {
    const { namespace, name } = splitKey(key);
    const pod = this.#client.get('pods', namespace, name);
    if (!pod?.metadata.deletionTimestamp || pod.spec.nodeName) return true;
    const status = { ...pod.status, phase: 'Failed' as const };
    if (isPodFinished(pod)) return this.#drop(pod);
    return this.#client.updateStatus('pods', { ...pod, status }).ok && this.#drop(pod);
  }

  #dropStranded(name: string): boolean {
    const node = this.#client.get('nodes', '', name);
    if (!node || !isOutOfService(node)) return true;
    return this.#client
      .byIndex('pods', nodeTerm(name))
      .filter(({ metadata }) => metadata.deletionTimestamp)
      .every((pod) => this.#drop(pod));
  }

  #isOneTooMany({ object, previous }: WatchEvent<Pod>): boolean {
    if (!isPodFinished(object) || (previous && isPodFinished(previous))) return false;
    return this.#client.countByIndex('pods', FINISHED_TERM) > FINISHED_LIMIT;
  }

  #isOrphaned({ type, object, previous }: WatchEvent<Pod>): boolean {
    const { nodeName } = object.spec;
    if (type === 'DELETED' || !nodeName || nodeName === previous?.spec.nodeName) return false;
    return this.#client.get('nodes', '', nodeName) === undefined;
  }

  #quarantine(node: string): void {
    this.#queue.add(NODE + node, this.#untilCheckMs(QUARANTINE_MS));
  }

  /** Until the first check that is at least so far away. */
  #untilCheckMs(delayMs: number): number {
    const { now } = this.#client.kernel;
    return Math.ceil((now + delayMs) / CHECK_MS) * CHECK_MS - now;
  }

  #dropFinished(): boolean {
    const pods = this.#client.byIndex('pods', FINISHED_TERM);
    const surplus = pods.length - FINISHED_LIMIT;
    if (surplus <= 0) return true;
    const oldest = pods
      .map((pod) => ({ pod, createdMs: parseRfc3339(pod.metadata.creationTimestamp) ?? 0 }))
      .sort((a, b) => a.createdMs - b.createdMs || (keyOf(a.pod) < keyOf(b.pod) ? -1 : 1));
    return oldest.slice(0, surplus).every(({ pod }) => this.#drop(pod));
  }

  #dropOrphans(node: string): boolean {
    if (this.#client.get('nodes', '', node)) return true;
    const message = 'PodGC: node no longer exists';
    return this.#client
      .byIndex('pods', nodeTerm(node))
      .every((pod) => this.#drop(this.#markDisrupted(pod, message)));
  }

  /** A Pod that did not finish is Failed, with a condition that says who ended it. */
  #markDisrupted(pod: Pod, message: string): Pod {
    if (isPodFinished(pod)) return pod;
    const conditions = setCondition(pod.status.conditions ?? [], {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'DeletionByPodGC',
      message,
      lastProbeTime: null,
      lastTransitionTime: rfc3339(this.#client.kernel.now),
      observedGeneration: pod.metadata.generation,
    });
    const status = { ...pod.status, phase: 'Failed' as const, conditions };
    const result = this.#client.updateStatus('pods', { ...pod, status });
    return result.ok ? result.value : pod;
  }

  #drop(pod: Pod): boolean {
    const result = this.#client.delete('pods', pod, 0);
    return result.ok || result.failure.reason === 'NotFound';
  }
}

/** Not ready, and somebody has said that it is not coming back soon. */
const isOutOfService = ({ spec, status }: Node): boolean =>
  (spec.taints ?? []).some(({ key }) => key === OUT_OF_SERVICE) &&
  findCondition(status.conditions, 'Ready')?.status !== 'True';
