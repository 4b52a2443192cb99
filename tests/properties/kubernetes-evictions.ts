import { isPodReady, type Pod } from '../../src/engine/kubernetes/api/pod.ts';
import type { PodDisruptionBudget } from '../../src/engine/kubernetes/api/policy.ts';
import type { WatchEvent } from '../../src/engine/kubernetes/api/requests.ts';
import { selectorMatches } from '../../src/engine/kubernetes/apimachinery/label-selector.ts';
import { describeObject, keyOf } from '../../src/engine/kubernetes/apimachinery/object.ts';
import type { Client } from '../../src/engine/kubernetes/client/client.ts';

/**
 * Each accepted eviction against the budget as the API server had it then: one that was allowed is
 * spent in the budget first, by the Pod's name, and there was one to spend
 * (pkg/registry/core/pod/storage/eviction.go, v1.36).
 */
export class Evictions {
  /** By Pod: the budget that was spent on it last, as it was before. */
  readonly #spent = new Map<string, PodDisruptionBudget>();

  /** Nobody spends more of a budget than its controller allowed. */
  see({ object, previous }: WatchEvent<PodDisruptionBudget>): string | undefined {
    const { disruptionsAllowed, disruptedPods = {} } = object.status ?? {};
    for (const name of Object.keys(disruptedPods)) {
      const known = previous?.status?.disruptedPods?.[name];
      if (previous && known !== disruptedPods[name]) {
        this.#spent.set(`${object.metadata.namespace}/${name}`, previous);
      }
    }
    return (disruptionsAllowed ?? 0) < 0
      ? `${describeObject(object)} allows ${disruptionsAllowed}`
      : undefined;
  }

  /** @param pod as it was when it was evicted */
  wrongWith(client: Client, pod: Pod): string | undefined {
    const spent = this.#spent.get(keyOf(pod));
    this.#spent.delete(keyOf(pod));
    if (pod.status.phase !== 'Running') return undefined;
    const { namespace = '', labels } = pod.metadata;
    const budgets = [...client.scan('poddisruptionbudgets', namespace)].filter(
      ({ spec: { selector } }) =>
        selector !== undefined &&
        (selector.matchLabels ?? selector.matchExpressions) !== undefined &&
        selectorMatches(selector, labels),
    );
    const [budget, other] = budgets;
    if (!budget) return undefined;
    const what = `${describeObject(pod)} was evicted though`;
    if (other) return `${what} it has two budgets`;
    if (!isPodReady(pod) && mayGoUnready(budget)) return undefined;
    if (spent?.metadata.uid !== budget.metadata.uid) return `${what} nothing was spent`;
    const { disruptionsAllowed, observedGeneration = 0 } = spent.status;
    if (observedGeneration < (spent.metadata.generation ?? 0)) return `${what} its budget is new`;
    return disruptionsAllowed > 0 ? undefined : `${what} its budget allows ${disruptionsAllowed}`;
  }
}

const mayGoUnready = ({ spec, status }: PodDisruptionBudget): boolean =>
  spec.unhealthyPodEvictionPolicy === 'AlwaysAllow' ||
  (status.desiredHealthy > 0 && status.currentHealthy >= status.desiredHealthy);
