import { rfc3339 } from '../../sim/clock.ts';
import { setCondition } from '../apimachinery/object.ts';
import type { Pod } from '../api/pod.ts';
import type { Client } from '../client/client.ts';
import type { EventRecorder } from '../client/event-recorder.ts';
import type { ClusterView } from './cluster-view.ts';
import type { Nominations } from './nominations.ts';
import type { PendingPod } from './pod-info.ts';
import { preempt, type Trial } from './preemption.ts';

/**
 * Makes room on a node for a more important Pod (pkg/scheduler/framework/preemption/executor.go,
 * v1.36): the victims are marked and deleted, and the node is kept for the Pod until they are gone.
 */
export interface PreemptionOutcome {
  /** The node that is being freed; empty when none will be, undefined when that stays as it is. */
  readonly nominated?: string;
  /** Why there is none. */
  readonly message?: string;
  /** Sends the victims away. */
  readonly carryOut?: () => void;
}

export class Preemptor {
  readonly #client: Client;
  readonly #events: EventRecorder;
  readonly #view: ClusterView;
  readonly #nominations: Nominations;

  constructor(client: Client, events: EventRecorder, view: ClusterView, nominations: Nominations) {
    this.#client = client;
    this.#events = events;
    this.#view = view;
    this.#nominations = nominations;
  }

  preempt(trial: Pick<Trial, 'pod' | 'ready' | 'filtering' | 'rejected'>): PreemptionOutcome {
    const { pod } = trial;
    const { kernel } = this.#client;
    const outcome = preempt({
      ...trial,
      view: this.#view,
      budgets: [...this.#client.scan('poddisruptionbudgets')],
      draw: (nodes) =>
        kernel.random('scheduler', pod.uid, 'preempt', kernel.now).integer(0, nodes - 1),
    });
    if (!outcome.victims) {
      if (outcome.hopeless) this.#nominations.delete(pod.uid);
      return { message: outcome.message, ...(outcome.hopeless && { nominated: '' }) };
    }
    const { node, pods } = outcome.victims;
    const key = `${pod.namespace}/${pod.name}`;
    this.#nominations.set(pod.uid, key, node, pod.priority);
    return {
      nominated: node,
      carryOut: () => {
        for (const lesser of this.#nominations.lesserComingTo(node, pod)) {
          this.#callOff((lesser as PendingPod).pod);
        }
        for (const victim of pods) this.#sendAway(victim, pod, node);
      },
    };
  }

  /** A Pod that was to come to the node looks for another. */
  #callOff(pod: Pod): void {
    this.#nominations.delete(pod.metadata.uid);
    const { nominatedNodeName, ...status } = pod.status;
    if (nominatedNodeName) this.#client.updateStatus('pods', { ...pod, status });
  }

  #sendAway(victim: Pod, { uid, pod }: PendingPod, node: string): void {
    if (victim.metadata.deletionTimestamp) return;
    const scheduler = pod.spec.schedulerName ?? 'default-scheduler';
    const conditions = setCondition(victim.status.conditions ?? [], {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'PreemptionByScheduler',
      message: `${scheduler}: preempting to accommodate a higher priority pod`,
      lastProbeTime: null,
      lastTransitionTime: rfc3339(this.#client.kernel.now),
      observedGeneration: victim.metadata.generation,
    });
    const marked = { ...victim, status: { ...victim.status, conditions } };
    const updated = this.#client.updateStatus('pods', marked);
    if (!updated.ok) return;
    const message = `Preempted by pod ${uid} on node ${node}`;
    const record = this.#events.tell(victim, { type: 'Normal', reason: 'Preempted', message });
    this.#client.kernel.because(record, () => this.#client.delete('pods', updated.value));
  }
}
