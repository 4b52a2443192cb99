import { SECOND } from '../../../sim/clock.ts';
import type { Kernel } from '../../../sim/kernel.ts';
import type { Table } from '../../../sim/store.ts';
import { sameValue } from '../../apimachinery/canonical-json.ts';
import { keyOf, splitKey } from '../../apimachinery/object.ts';
import type {
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerStatus,
  Scale,
} from '../../api/autoscaling.ts';
import type { Pod } from '../../api/pod.ts';
import type { ApiDoor } from '../../api/requests.ts';
import type { ResourceName } from '../../api/resources.ts';
import { Client } from '../../client/client.ts';
import { EventRecorder } from '../../client/event-recorder.ts';
import { WorkQueue } from '../../client/work-queue.ts';
import { apiMetrics } from './api-metrics.ts';
import {
  NO_MEMORY,
  reconcile,
  withCondition,
  type Decision,
  type Memory,
  type SelectorProblem,
} from './reconcile.ts';
import { ambiguity, targetResource, targetSelector, type OtherTarget } from './scale-target.ts';

/**
 * Sizes what HorizontalPodAutoscalers name (pkg/controller/podautoscaler/horizontal.go, v1.36):
 * every 15 s it reads the target's scale, its Pods and what they use, decides, and writes the scale
 * back. The target may be of any kind that has the subresource.
 */
const NAME = 'horizontalpodautoscaler-controller';
const SYNC_MS = 15 * SECOND;

/** What is remembered of an HPA from look to look. */
interface HpaRow extends Memory {
  readonly selector?: string;
}

export class HorizontalPodAutoscalerController {
  readonly #kernel: Kernel;
  readonly #client: Client;
  readonly #events: EventRecorder;
  readonly #rows: Table<string, HpaRow>;
  readonly #queue: WorkQueue;

  constructor(kernel: Kernel, door: ApiDoor, cluster: string) {
    this.#kernel = kernel;
    this.#client = new Client(kernel, door, NAME);
    this.#events = new EventRecorder(this.#client, 'horizontal-pod-autoscaler');
    this.#rows = kernel.store.table<HpaRow>(`${NAME}/${cluster}/rows`);
    this.#queue = new WorkQueue(this.#client, `${NAME}/${cluster}`, (key) => this.#sync(key));
    this.#client.watch(
      'horizontalpodautoscalers',
      'horizontalpodautoscalers',
      ({ type }) => type !== 'MODIFIED',
      ({ type, object }) => {
        if (type === 'ADDED') this.#queue.add(keyOf(object), SYNC_MS);
        else this.#rows.delete(keyOf(object));
      },
    );
    this.#client.onStart(() => {
      // What it remembered was in the process that has ended.
      for (const [key] of [...this.#rows.entries()]) this.#rows.delete(key);
      for (const hpa of this.#client.scan('horizontalpodautoscalers')) {
        this.#queue.add(keyOf(hpa), SYNC_MS);
      }
    });
  }

  /** Looks again in 15 s, whatever came of this look. */
  #sync(key: string): boolean {
    const { namespace, name } = splitKey(key);
    const hpa = this.#client.get('horizontalpodautoscalers', namespace, name);
    if (!hpa) {
      this.#rows.delete(key);
      return true;
    }
    this.#reconcile(key, hpa);
    this.#queue.add(key, SYNC_MS);
    return true;
  }

  #reconcile(key: string, hpa: HorizontalPodAutoscaler): void {
    const { namespace = '' } = hpa.metadata;
    const reference = hpa.spec.scaleTargetRef;
    const target = targetResource(reference);
    if (!target.ok) return this.#failScale(hpa, target.error);
    const { resource } = target.value;
    const scale = this.#client.getScale(resource, namespace, reference.name);
    if (!scale.ok) return this.#failScale(hpa, scale.failure.message);
    const { status, spec } = scale.value;
    const { pods, problem, source } = this.#readPods(key, hpa, status.selector);
    const decision = reconcile({
      hpa,
      scale: { specReplicas: spec.replicas ?? 0, statusReplicas: status.replicas },
      pods,
      source,
      memory: this.#rows.get(key) ?? NO_MEMORY,
      nowMs: this.#kernel.now,
      ...(problem && { selectorProblem: problem }),
    });
    for (const { type, reason, message } of decision.told) {
      this.#events.tell(hpa, { type, reason, message });
    }
    this.#carryOut(key, hpa, resource, scale.value, decision);
  }

  #readPods(key: string, { metadata }: HorizontalPodAutoscaler, text: string | undefined) {
    const { namespace = '', name } = metadata;
    const selected = targetSelector(text);
    const nothing = apiMetrics(this.#client, namespace, { matchLabels: { '': '' } });
    if (!('ok' in selected)) return { pods: [], problem: selected, source: nothing };
    const selector = selected.ok ? selected.value : {};
    const pods: Pod[] = this.#client.select('pods', namespace, selector);
    const known = this.#rows.get(key) ?? NO_MEMORY;
    this.#rows.set(key, { ...known, ...(text !== undefined && { selector: text }) });
    const own = { name, namespace, selector: text ?? '' };
    const problem: SelectorProblem | undefined = ambiguity(
      own.selector,
      own,
      this.#othersIn(namespace, key),
      pods,
    );
    return { pods, problem, source: apiMetrics(this.#client, namespace, selector) };
  }

  /** The selectors of the other HPAs of a namespace that have been looked at. */
  #othersIn(namespace: string, key: string): OtherTarget[] {
    const others: OtherTarget[] = [];
    for (const [otherKey, { selector }] of this.#rows.withPrefix(`${namespace}/`)) {
      const { name } = splitKey(otherKey);
      if (otherKey !== key && selector !== undefined) others.push({ name, namespace, selector });
    }
    return others;
  }

  #carryOut(
    key: string,
    hpa: HorizontalPodAutoscaler,
    resource: ResourceName,
    scale: Scale,
    { rescale, status, memory }: Decision,
  ): void {
    const row = this.#rows.get(key) ?? NO_MEMORY;
    const kept = { ...row, ...memory };
    if (!rescale) {
      this.#rows.set(key, kept);
      return this.#write(hpa, status);
    }
    const { replicas, reason } = rescale;
    const words = `New size: ${replicas}; reason: ${reason}`;
    const result = this.#client.updateScale(resource, { ...scale, spec: { replicas } });
    if (!result.ok) {
      // The change was not made; only what was recommended is remembered.
      this.#rows.set(key, { ...kept, events: row.events });
      const why = result.failure.message;
      const message = `${words}; error: ${why}`;
      this.#events.tell(hpa, { type: 'Warning', reason: 'FailedRescale', message });
      return this.#write(hpa, this.#unscaled(hpa, status, why));
    }
    this.#rows.set(key, kept);
    this.#events.tell(hpa, { type: 'Normal', reason: 'SuccessfulRescale', message: words });
    this.#write(hpa, status);
  }

  #unscaled(
    hpa: HorizontalPodAutoscaler,
    { lastScaleTime: _, ...status }: HorizontalPodAutoscalerStatus,
    why: string,
  ): HorizontalPodAutoscalerStatus {
    const message = `the HPA controller was unable to update the target scale: ${why}`;
    const { desiredReplicas, lastScaleTime } = hpa.status;
    return {
      ...status,
      ...(lastScaleTime !== undefined && { lastScaleTime }),
      desiredReplicas,
      conditions: withCondition(
        status.conditions ?? [],
        'AbleToScale',
        'False',
        'FailedUpdateScale',
        message,
        this.#kernel.now,
      ),
    };
  }

  #failScale(hpa: HorizontalPodAutoscaler, why: string): void {
    this.#events.tell(hpa, { type: 'Warning', reason: 'FailedGetScale', message: why });
    const message = `the HPA controller was unable to get the target's current scale: ${why}`;
    const conditions = withCondition(
      hpa.status.conditions ?? [],
      'AbleToScale',
      'False',
      'FailedGetScale',
      message,
      this.#kernel.now,
    );
    this.#write(hpa, { ...hpa.status, conditions });
  }

  #write(hpa: HorizontalPodAutoscaler, status: HorizontalPodAutoscalerStatus): void {
    if (sameValue(status, hpa.status)) return;
    this.#client.updateStatus('horizontalpodautoscalers', { ...hpa, status });
  }
}
