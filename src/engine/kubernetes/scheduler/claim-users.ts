import { claimNames, type PodInfo } from './pod-info.ts';

/**
 * On which nodes Pods use a claim, by `namespace/claim` (framework `PVCRefCounts`, v1.36). Derived
 * from the scheduler's view.
 */
export class ClaimUsers {
  readonly #nodes = new Map<string, Map<string, number>>();

  forget(): void {
    this.#nodes.clear();
  }

  follow(pod: PodInfo, node: string, by: 1 | -1): void {
    if (pod.facts.claims.length === 0) return;
    for (const name of claimNames(pod)) {
      const key = `${pod.namespace}/${name}`;
      const nodes = this.#nodes.get(key) ?? new Map<string, number>();
      const pods = (nodes.get(node) ?? 0) + by;
      if (pods > 0) nodes.set(node, pods);
      else nodes.delete(node);
      if (nodes.size > 0) this.#nodes.set(key, nodes);
      else this.#nodes.delete(key);
    }
  }

  /** Pods on each node that use a claim. */
  of(namespace: string, claim: string): ReadonlyMap<string, number> {
    return this.#nodes.get(`${namespace}/${claim}`) ?? new Map<string, number>();
  }
}
