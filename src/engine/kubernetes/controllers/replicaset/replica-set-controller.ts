import { parseRfc3339 } from '../../../sim/clock.ts';
import type { Kernel } from '../../../sim/kernel.ts';
import { isPodActive, isPodReady, type Pod } from '../../api/pod.ts';
import { ownerTerm } from '../../api/index-terms.ts';
import type { ApiDoor, WatchEvent } from '../../api/requests.ts';
import type { ReplicaSet, ReplicaSetStatus } from '../../api/workloads.ts';
import { Client } from '../../client/client.ts';
import { EventRecorder } from '../../client/event-recorder.ts';
import { syncDelayMs, WorkQueue } from '../../client/work-queue.ts';
import { sameValue } from '../../apimachinery/canonical-json.ts';
import { selectorMatches } from '../../apimachinery/label-selector.ts';
import {
  controllerOf,
  controllerReference,
  findCondition,
  keyOf,
  splitKey,
  type KubeObject,
} from '../../apimachinery/object.ts';
import { compareForDeletion, type RankedPod } from './ranking.ts';
import { slowStart } from './slow-start.ts';

/**
 * ReplicaSet -> Pods (pkg/controller/replicaset/replica_set.go, v1.36): as many Pods as wanted,
 * made from the template, no more and no fewer.
 */
const NAME = 'replicaset-controller';

/** At most this many Pods are made or deleted in one go (`BurstReplicas`). */
const BURST = 500;

const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost';

export class ReplicaSetController {
  readonly #kernel: Kernel;
  readonly #client: Client;
  readonly #events: EventRecorder;
  readonly #queue: WorkQueue;

  constructor(kernel: Kernel, door: ApiDoor, cluster: string) {
    this.#kernel = kernel;
    this.#client = new Client(kernel, door, NAME);
    this.#events = new EventRecorder(this.#client, NAME);
    this.#queue = new WorkQueue(this.#client, `${NAME}/${cluster}`, (key) => this.#sync(key));
    this.#client.watch(
      'replicasets',
      'replicasets',
      ({ type, object, previous }) =>
        type !== 'DELETED' && object.metadata.generation !== previous?.metadata.generation,
      ({ object }) => this.#queue.add(keyOf(object)),
    );
    this.#client.watch(
      'pods',
      'pods',
      (event) => matters(event),
      ({ object }) => {
        const { name = '', uid = '' } = controllerOf(object) ?? {};
        const pods = this.#client.countByIndex('pods', ownerTerm(uid));
        this.#queue.add(`${object.metadata.namespace ?? ''}/${name}`, syncDelayMs(pods));
      },
    );
  }

  #sync(key: string): boolean {
    const { namespace, name } = splitKey(key);
    const set = this.#client.get('replicasets', namespace, name);
    if (!set || set.metadata.deletionTimestamp) return true;
    const pods = this.#claim(set);
    const active = pods.filter(isPodActive);
    const difference = active.length - set.spec.replicas;
    let settled = true;
    if (difference < 0) settled = this.#createPods(set, Math.min(-difference, BURST));
    else if (difference > 0) settled = this.#deletePods(set, active, Math.min(difference, BURST));
    return this.#report(set) && settled;
  }

  /** Its own Pods; those that lost its labels are let go, those that have them are adopted. */
  #claim(set: ReplicaSet): Pod[] {
    const { selector } = set.spec;
    const claimed: Pod[] = [];
    for (const pod of this.#client.ownedBy('pods', set.metadata.uid)) {
      if (selectorMatches(selector, pod.metadata.labels)) claimed.push(pod);
      else if (!pod.metadata.deletionTimestamp) this.#release(set, pod);
    }
    for (const pod of this.#client.orphans('pods', set.metadata.namespace ?? '', selector)) {
      if (!isPodActive(pod)) continue;
      const ownerReferences = [...(pod.metadata.ownerReferences ?? []), controllerReference(set)];
      const adopted = this.#client.update('pods', {
        ...pod,
        metadata: { ...pod.metadata, ownerReferences },
      });
      if (adopted.ok) claimed.push(adopted.value);
    }
    return claimed;
  }

  #release(set: ReplicaSet, pod: Pod): void {
    const ownerReferences = (pod.metadata.ownerReferences ?? []).filter(
      (owner) => owner.uid !== set.metadata.uid,
    );
    this.#client.update('pods', { ...pod, metadata: { ...pod.metadata, ownerReferences } });
  }

  #createPods(set: ReplicaSet, count: number): boolean {
    return slowStart(count, 1, () => this.#createPod(set)) === count;
  }

  #createPod(set: ReplicaSet): boolean {
    const { template } = set.spec;
    const result = this.#client.create('pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        generateName: `${set.metadata.name}-`,
        namespace: set.metadata.namespace,
        labels: template.metadata?.labels,
        annotations: template.metadata?.annotations,
        ownerReferences: [controllerReference(set)],
      },
      spec: template.spec,
    });
    if (!result.ok) {
      const message = `Error creating: ${result.failure.message}`;
      this.#events.tell(set, { type: 'Warning', reason: 'FailedCreate', message });
      return false;
    }
    const message = `Created pod: ${result.value.metadata.name}`;
    this.#events.tell(set, { type: 'Normal', reason: 'SuccessfulCreate', message });
    return true;
  }

  #deletePods(set: ReplicaSet, active: readonly Pod[], count: number): boolean {
    let all = true;
    for (const pod of this.#chooseForDeletion(active, count)) {
      const result = this.#client.delete('pods', pod);
      if (!result.ok && result.failure.reason !== 'NotFound') {
        all = false;
        continue;
      }
      const message = `Deleted pod: ${pod.metadata.name}`;
      this.#events.tell(set, { type: 'Normal', reason: 'SuccessfulDelete', message });
    }
    return all;
  }

  /** The `count` Pods that matter least; see ranking.ts. */
  #chooseForDeletion(active: readonly Pod[], count: number): readonly Pod[] {
    if (count >= active.length) return active;
    const onNode = new Map<string, number>();
    for (const { spec } of active) {
      const node = spec.nodeName ?? '';
      onNode.set(node, (onNode.get(node) ?? 0) + 1);
    }
    const ranked = active.map((pod) => ({
      pod,
      ranked: rankedPod(pod, onNode.get(pod.spec.nodeName ?? '') ?? 0),
    }));
    const nowMs = this.#kernel.now;
    ranked.sort((a, b) => compareForDeletion(a.ranked, b.ranked, nowMs));
    return ranked.slice(0, count).map(({ pod }) => pod);
  }

  #report(stale: ReplicaSet): boolean {
    const { namespace = '', name } = stale.metadata;
    const set = this.#client.get('replicasets', namespace, name);
    if (!set) return true;
    const nowMs = this.#kernel.now;
    const pods = this.#client.ownedBy('pods', set.metadata.uid).filter(isPodActive);
    const status = countPods(set, pods, nowMs);
    const waiting = nextAvailableMs(set, pods, nowMs);
    if (waiting !== undefined) this.#queue.add(keyOf(set), waiting);
    if (sameValue(status, set.status)) return true;
    return this.#client.updateStatus('replicasets', { ...set, status }).ok;
  }
}

/** A Pod of a ReplicaSet came, went, or became ready or not. */
function matters({ type, object, previous }: WatchEvent<Pod>): boolean {
  if (controllerOf(object)?.kind !== 'ReplicaSet') return false;
  if (type !== 'MODIFIED' || !previous) return true;
  return (
    isPodReady(object) !== isPodReady(previous) ||
    isPodActive(object) !== isPodActive(previous) ||
    !sameValue(object.metadata.labels, previous.metadata.labels)
  );
}

function rankedPod(pod: Pod, rank: number): RankedPod {
  const { metadata, spec, status } = pod;
  const ready = isPodReady(pod);
  const since = findCondition(status.conditions, 'Ready')?.lastTransitionTime;
  const restarts = (status.containerStatuses ?? []).map((s) => s.restartCount);
  return {
    name: metadata.name,
    uid: metadata.uid,
    node: spec.nodeName ?? '',
    phase: status.phase,
    ready,
    deletionCost: Number(metadata.annotations?.[DELETION_COST] ?? 0),
    rank,
    readyMs: ready && since ? parseRfc3339(since) : undefined,
    restarts: Math.max(0, ...restarts),
    createdMs: parseRfc3339(metadata.creationTimestamp),
  };
}

/** Counts for a ReplicaSet's status (replica_set_utils.go `calculateStatus`). */
export function countPods(set: ReplicaSet, pods: readonly Pod[], nowMs: number): ReplicaSetStatus {
  const template: KubeObject['metadata']['labels'] = set.spec.template.metadata?.labels ?? {};
  const ready = pods.filter(isPodReady);
  return {
    replicas: pods.length,
    fullyLabeledReplicas: pods.filter(({ metadata }) =>
      selectorMatches({ matchLabels: template }, metadata.labels),
    ).length,
    readyReplicas: ready.length,
    availableReplicas: ready.filter((pod) => availableInMs(set, pod, nowMs) === 0).length,
    observedGeneration: set.metadata.generation,
  };
}

/** How long until a ready Pod has been ready for minReadySeconds; 0 when it has. */
function availableInMs({ spec }: ReplicaSet, pod: Pod, nowMs: number): number {
  const minReadyMs = (spec.minReadySeconds ?? 0) * 1000;
  const since = findCondition(pod.status.conditions, 'Ready')?.lastTransitionTime;
  if (minReadyMs === 0 || !since) return 0;
  return Math.max(0, (parseRfc3339(since) ?? nowMs) + minReadyMs - nowMs);
}

function nextAvailableMs(set: ReplicaSet, pods: readonly Pod[], nowMs: number): number | undefined {
  const waits = pods
    .filter(isPodReady)
    .map((pod) => availableInMs(set, pod, nowMs))
    .filter((waitMs) => waitMs > 0);
  return waits.length > 0 ? Math.min(...waits) : undefined;
}
