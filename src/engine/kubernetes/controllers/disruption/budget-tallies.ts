import { controllerOf, type OwnerReference } from '../../apimachinery/object.ts';
import type { Pod } from '../../api/pod.ts';
import type { PodDisruptionBudget } from '../../api/policy.ts';
import type { ByLabels } from '../../client/by-labels.ts';
import type { Client } from '../../client/client.ts';
import { isHealthy } from './budget.ts';

/** A controller and how many of the Pods are its own. */
export interface Owned {
  readonly owner: OwnerReference;
  pods: number;
}

/** The Pods that a budget chooses. */
export interface Tally {
  pods: number;
  healthy: number;
  /** Those without a controller. */
  unmanaged: number;
  readonly owners: Map<string, Owned>;
}

/**
 * What budgets count, kept up by every write of a Pod, so that a look at a budget costs the same
 * however many Pods it has. A tally is begun at the first look, stands beside the world's state,
 * and is begun anew when the budget's spec changes or the state is taken back.
 */
export class BudgetTallies {
  readonly #client: Client;
  readonly #budgets: ByLabels<PodDisruptionBudget>;
  /** By the uid of the budget. */
  readonly #tallies = new Map<string, Tally>();
  #epoch: number;

  /** @param budgets those that choose a Pod by its labels */
  constructor(client: Client, budgets: ByLabels<PodDisruptionBudget>) {
    this.#client = client;
    this.#budgets = budgets;
    this.#epoch = client.kernel.store.epoch;
    client.follow('poddisruptionbudgets', (before, after) => {
      if (before && before.spec !== after?.spec) this.#tallies.delete(before.metadata.uid);
    });
    client.follow('pods', (before, after) => {
      if (this.#tallies.size === 0 || (before && after && countsAlike(before, after))) return;
      if (before) this.#count(before, -1);
      if (after) this.#count(after, 1);
    });
  }

  of({ metadata, spec }: PodDisruptionBudget): Readonly<Tally> {
    const { epoch } = this.#client.kernel.store;
    if (epoch !== this.#epoch) {
      this.#epoch = epoch;
      this.#tallies.clear();
    }
    const known = this.#tallies.get(metadata.uid);
    if (known) return known;
    const tally: Tally = { pods: 0, healthy: 0, unmanaged: 0, owners: new Map() };
    const { selector } = spec;
    const pods = selector ? this.#client.select('pods', metadata.namespace ?? '', selector) : [];
    for (const pod of pods) addTo(tally, pod, 1);
    this.#tallies.set(metadata.uid, tally);
    return tally;
  }

  #count(pod: Pod, change: 1 | -1): void {
    const { namespace = '', labels } = pod.metadata;
    for (const { metadata } of this.#budgets.of(namespace, labels)) {
      const tally = this.#tallies.get(metadata.uid);
      if (tally) addTo(tally, pod, change);
    }
  }
}

function addTo(tally: Tally, pod: Pod, change: 1 | -1): void {
  tally.pods += change;
  if (isHealthy(pod)) tally.healthy += change;
  const owner = controllerOf(pod);
  if (!owner) {
    tally.unmanaged += change;
    return;
  }
  const owned = tally.owners.get(owner.uid);
  if (!owned) tally.owners.set(owner.uid, { owner, pods: change });
  else if (owned.pods + change === 0) tally.owners.delete(owner.uid);
  else owned.pods += change;
}

const countsAlike = (before: Pod, after: Pod): boolean =>
  isHealthy(before) === isHealthy(after) &&
  before.metadata.labels === after.metadata.labels &&
  before.metadata.ownerReferences === after.metadata.ownerReferences;
