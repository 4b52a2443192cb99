import { parseRfc3339, rfc3339, SECOND } from '../../../sim/clock.ts';
import type { Kernel } from '../../../sim/kernel.ts';
import { keyOf, setCondition } from '../../apimachinery/object.ts';
import { FINISHED_TERM, nodeTerm } from '../../api/index-terms.ts';
import { isPodFinished, type Pod } from '../../api/pod.ts';
import type { ApiDoor, WatchEvent } from '../../api/requests.ts';
import { Client } from '../../client/client.ts';
import { WorkQueue } from '../../client/work-queue.ts';

/**
 * Deletes Pods that nobody else will (pkg/controller/podgc/gc_controller.go, v1.36): finished ones
 * beyond 12,500, the oldest first, and those whose node is gone.
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
const FINISHED = 'finished';
const NODE = 'node/';

export class PodGarbageCollector {
  readonly #client: Client;
  readonly #queue: WorkQueue;

  constructor(kernel: Kernel, door: ApiDoor, cluster: string) {
    this.#client = new Client(kernel, door, NAME);
    this.#queue = new WorkQueue(this.#client, `${NAME}/${cluster}`, (key) =>
      key === FINISHED ? this.#dropFinished() : this.#dropOrphans(key.slice(NODE.length)),
    );
    this.#client.watch(
      'pods',
      'pods',
      (event) => this.#isOneTooMany(event) || this.#isOrphaned(event),
      ({ object }) => {
        const { nodeName } = object.spec;
        if (isPodFinished(object)) this.#queue.add(FINISHED, this.#untilCheckMs(0));
        if (nodeName && !this.#client.get('nodes', '', nodeName)) this.#quarantine(nodeName);
      },
    );
    this.#client.watch(
      'nodes',
      'nodes',
      ({ type, object }) =>
        type === 'DELETED' && this.#client.countByIndex('pods', nodeTerm(object.metadata.name)) > 0,
      ({ object }) => this.#quarantine(object.metadata.name),
    );
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
