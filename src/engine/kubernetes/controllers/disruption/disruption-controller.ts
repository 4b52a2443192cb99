import type { Kernel } from '../../../sim/kernel.ts';
import { sameValue } from '../../apimachinery/canonical-json.ts';
import { selectorMatches } from '../../apimachinery/label-selector.ts';
import { selectorWords } from '../../apimachinery/selector-words.ts';
import { controllerOf, keyOf, splitKey, type OwnerReference } from '../../apimachinery/object.ts';
import { isPodReady, type Pod } from '../../api/pod.ts';
import type { PodDisruptionBudget, PodDisruptionBudgetStatus } from '../../api/policy.ts';
import type { ApiDoor, WatchEvent } from '../../api/requests.ts';
import { qualifiedName, resourceByKind } from '../../api/resources.ts';
import { ByLabels } from '../../client/by-labels.ts';
import { Client } from '../../client/client.ts';
import { EventRecorder } from '../../client/event-recorder.ts';
import { WorkQueue } from '../../client/work-queue.ts';
import {
  budgetStatus,
  disruptedPods,
  expectation,
  failedStatus,
  isHealthy,
  needsScale,
} from './budget.ts';
import { BudgetTallies, type Owned, type Tally } from './budget-tallies.ts';

/**
 * Keeps the status of PodDisruptionBudgets (pkg/controller/disruption/disruption.go, v1.36), by
 * which the API server allows or refuses evictions.
 */
const NAME = 'disruption-controller';

type Scale =
  { readonly ok: true; readonly value: number } | { readonly ok: false; readonly error: string };

export class DisruptionController {
  readonly #kernel: Kernel;
  readonly #client: Client;
  readonly #events: EventRecorder;
  readonly #queue: WorkQueue;
  readonly #budgets: ByLabels<PodDisruptionBudget>;
  readonly #tallies: BudgetTallies;

  constructor(kernel: Kernel, door: ApiDoor, cluster: string) {
    this.#kernel = kernel;
    this.#client = new Client(kernel, door, NAME);
    this.#events = new EventRecorder(this.#client, 'controllermanager');
    this.#queue = new WorkQueue(this.#client, `${NAME}/${cluster}`, (key) => this.#sync(key));
    this.#budgets = new ByLabels(this.#client, 'poddisruptionbudgets', (namespace, labels) =>
      this.#budgetsIn(namespace).filter(({ spec }) => selectorMatches(spec.selector, labels)),
    );
    this.#tallies = new BudgetTallies(this.#client, this.#budgets);
    this.#client.watch(
      'poddisruptionbudgets',
      'poddisruptionbudgets',
      ({ type, object, previous }) =>
        type !== 'DELETED' &&
        (object.metadata.generation !== previous?.metadata.generation ||
          object.status.disruptedPods !== previous?.status.disruptedPods),
      ({ object }) => this.#queue.add(keyOf(object)),
    );
    this.#client.watch(
      'pods',
      'pods',
      (event) => matters(event) && this.#budgetsOf(event).length > 0,
      (event) => {
        for (const budget of this.#budgetsOf(event)) this.#queue.add(keyOf(budget));
      },
    );
    for (const resource of ['deployments', 'replicasets', 'statefulsets'] as const) {
      this.#client.watch(
        resource,
        resource,
        ({ object, previous }) =>
          object.metadata.generation !== previous?.metadata.generation &&
          this.#budgetsIn(object.metadata.namespace).length > 0,
        ({ object }) => {
          for (const budget of this.#budgetsIn(object.metadata.namespace)) {
            this.#queue.add(keyOf(budget));
          }
        },
      );
    }
  }

  #budgetsIn(namespace = ''): PodDisruptionBudget[] {
    return [...this.#client.scan('poddisruptionbudgets', namespace)];
  }

  /** Budgets whose selector chose the Pod before or chooses it now. */
  #budgetsOf({ object, previous }: WatchEvent<Pod>): readonly PodDisruptionBudget[] {
    const { namespace = '', labels } = object.metadata;
    const now = this.#budgets.of(namespace, labels);
    if (!previous || previous.metadata.labels === labels) return now;
    const before = this.#budgets.of(namespace, previous.metadata.labels);
    return [...new Set([...now, ...before])];
  }

  #sync(key: string): boolean {
    const { namespace, name } = splitKey(key);
    const budget = this.#client.get('poddisruptionbudgets', namespace, name);
    if (!budget) return true;
    const { now } = this.#kernel;
    const tally = this.#tallies.of(budget);
    if (tally.pods === 0) this.#tell(budget, 'NoPods', 'No matching pods found', 'Normal');
    const scale = needsScale(budget) ? this.#expectedScale(budget, tally) : undefined;
    if (scale && !scale.ok) {
      const message = `Failed to calculate the number of expected pods: ${scale.error}`;
      this.#tell(budget, 'CalculateExpectedPodCountFailed', message);
      return this.#write(budget, failedStatus(budget, scale.error, now));
    }
    const expected = expectation(budget, tally.pods, scale?.value ?? 0);
    const named = this.#disruptedIn(budget);
    const disrupted = disruptedPods(budget, named, now);
    for (const pod of disrupted.late) {
      const message = `Pod was expected by PDB ${key} to be deleted but it wasn't`;
      this.#events.tell(pod, { type: 'Warning', reason: 'NotDeleted', message });
    }
    const isGoing = (pod: Pod) => disrupted.pods[pod.metadata.name] !== undefined;
    const healthy = tally.healthy - named.filter((pod) => isHealthy(pod) && isGoing(pod)).length;
    // Due in the second after the one that the time of the eviction names.
    if (disrupted.nextMs !== undefined) this.#queue.add(key, disrupted.nextMs - now + 1);
    return this.#write(budget, budgetStatus(budget, expected, healthy, disrupted.pods, now));
  }

  /** The Pods of a budget that its status says were evicted. */
  #disruptedIn({ metadata, spec, status }: PodDisruptionBudget): Pod[] {
    const names = Object.keys(status.disruptedPods ?? {}).sort();
    return names.flatMap((name) => {
      const pod = this.#client.get('pods', metadata.namespace ?? '', name);
      return pod && selectorMatches(spec.selector, pod.metadata.labels) ? pod : [];
    });
  }

  /** The replicas that the controllers of the Pods are to have together (`getExpectedScale`). */
  #expectedScale(budget: PodDisruptionBudget, { owners, unmanaged }: Tally): Scale {
    const { namespace = '' } = budget.metadata;
    const scales = new Map<string, number>();
    for (const { owner } of [...owners.values()].sort(byName)) {
      const found = this.#scaleOf(namespace, owner);
      if (!found.ok) return found;
      scales.set(found.uid, found.value);
    }
    if (unmanaged > 0) this.#tellUnmanaged(budget);
    let value = 0;
    for (const replicas of scales.values()) value += replicas;
    return { ok: true, value };
  }

  /** The size of a controller; a Deployment's in place of its ReplicaSet's. */
  #scaleOf(namespace: string, owner: OwnerReference): Scale & { readonly uid: string } {
    const { kind, name, uid, apiVersion } = owner;
    const info = resourceByKind(apiVersion, kind);
    const error = (words: string) => ({ ok: false, error: words, uid }) as const;
    if (!info) return error(`no matches for kind "${kind}" in version "${apiVersion}"`);
    const object = this.#client.get(info.resource, namespace, name);
    const above = object && controllerOf(object);
    if (info.resource === 'replicasets' && above) return this.#scaleOf(namespace, above);
    if (!info.subresources.includes('scale')) {
      return error(`${qualifiedName(info)} does not implement the scale subresource`);
    }
    const scale = this.#client.getScale(info.resource, namespace, name);
    if (!scale.ok) return error(scale.failure.message);
    return { ok: true, value: scale.value.spec.replicas ?? 0, uid };
  }

  #tellUnmanaged(budget: PodDisruptionBudget): void {
    const selector = selectorWords(budget.spec.selector);
    const message =
      `Pods selected by this PodDisruptionBudget (selector: ${selector}) were found to be ` +
      'unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may ' +
      'result in undefined behavior. To account for these pods please set ".spec.minAvailable" ' +
      'field of the PDB to an integer value.';
    this.#tell(budget, 'UnmanagedPods', message);
  }

  #tell(
    budget: PodDisruptionBudget,
    reason: string,
    message: string,
    type: 'Normal' | 'Warning' = 'Warning',
  ): void {
    this.#events.tell(budget, { type, reason, message });
  }

  #write(budget: PodDisruptionBudget, status: PodDisruptionBudgetStatus): boolean {
    if (sameValue(status, budget.status)) return true;
    return this.#client.updateStatus('poddisruptionbudgets', { ...budget, status }).ok;
  }
}

/** Whichever of them was counted first, what is said about them is said in one order. */
const byName = (a: Owned, b: Owned): number => (wordsOf(a) < wordsOf(b) ? -1 : 1);
const wordsOf = ({ owner }: Owned): string => `${owner.name} ${owner.kind} ${owner.uid}`;

/** What a budget counts: that a Pod is there, is chosen, is ready, is on its way out. */
function matters({ type, object, previous }: WatchEvent<Pod>): boolean {
  if (type !== 'MODIFIED' || !previous) return true;
  return (
    isPodReady(object) !== isPodReady(previous) ||
    object.metadata.deletionTimestamp !== previous.metadata.deletionTimestamp ||
    object.metadata.labels !== previous.metadata.labels
  );
}
