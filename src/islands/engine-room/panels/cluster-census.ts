import { stateOfPod } from '../../../diagram/projection/pod-state.ts';
import { nodeTerm } from '../../../engine/kubernetes/api/index-terms.ts';
import type { Node } from '../../../engine/kubernetes/api/cluster-objects.ts';
import type { Pod } from '../../../engine/kubernetes/api/pod.ts';
import { findCondition, type KubeObject } from '../../../engine/kubernetes/apimachinery/object.ts';
import { OrderedMap } from '../../../engine/sim/ordered-map.ts';
import type { World } from '../../../engine/world.ts';
import type { Berths } from './berths.ts';

/**
 * What a cluster holds, counted beside it: by kind and namespace, and on the map. It follows by the
 * differences of what etcd holds between two looks, which cost what has changed, wherever time went
 * in between; nothing goes through the cluster again.
 */
type Entries = OrderedMap<string, object>;

const PREFIX = '/registry/';
/** Where Pods are that no node was found for. */
export const UNPLACED = '';

export class ClusterCensus {
  readonly #world: World;
  readonly #berths: Berths;
  /** By `RESOURCE NAMESPACE`. */
  readonly #counts = new Map<string, number>();
  #seen: Entries = OrderedMap.empty();

  constructor(world: World, berths: Berths) {
    this.#world = world;
    this.#berths = berths;
    berths.berth(UNPLACED, 'kubernetes');
    for (const { name, node } of world.machines) if (node) berths.berth(name, 'kubernetes');
  }

  /** How many of a kind there are in a namespace; `''` for what is in none. */
  count(resource: string, namespace: string): number {
    return this.#counts.get(`${resource} ${namespace}`) ?? 0;
  }

  /** Kinds of which there are some in a namespace. */
  kindsIn(namespace: string): string[] {
    return [...this.#counts].flatMap(([key, count]) => {
      const [resource = '', place] = key.split(' ');
      return place === namespace && count > 0 ? [resource] : [];
    });
  }

  follow(): void {
    const table = this.#world.kernel.store.tables().get('etcd/main/entries');
    if (!table) return;
    const now = table.rows as unknown as Entries;
    if (now === this.#seen) return;
    const pods: { key: string; after: object | undefined }[] = [];
    for (const { key, before, after } of this.#seen.differences(now)) {
      const resource = key.slice(PREFIX.length, key.indexOf('/', PREFIX.length));
      if (!before !== !after)
        this.#counted(resource, (after ?? before) as KubeObject, after ? 1 : -1);
      if (resource === 'nodes') this.#node(before as Node | undefined, after as Node | undefined);
      else if (resource === 'pods') pods.push({ key, after });
    }
    this.#seen = now;
    for (const { key, after } of pods) this.#pod(key, after as Pod | undefined);
  }

  #counted(resource: string, { metadata }: KubeObject, by: 1 | -1): void {
    const key = `${resource} ${metadata.namespace ?? ''}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + by);
  }

  #pod(key: string, pod: Pod | undefined): void {
    if (!pod) {
      this.#berths.remove(key);
      return;
    }
    const berth = this.#berths.berth(pod.spec.nodeName ?? UNPLACED, 'kubernetes');
    this.#berths.set(key, berth, stateOfPod(pod, this.#world));
  }

  #node(before: Node | undefined, after: Node | undefined): void {
    const name = (after ?? before)?.metadata.name ?? '';
    const state = stateOfNode(after);
    this.#berths.stateOfBerth(this.#berths.berth(name, 'kubernetes'), state);
    // Of what runs on a node that is silent nobody can tell, and it is not written with the Pods.
    if (stateOfNode(before) === state) return;
    const pods = this.#world.cluster?.client.byIndex('pods', nodeTerm(name)) ?? [];
    for (const pod of pods) {
      this.#pod(`${PREFIX}pods/${pod.metadata.namespace ?? ''}/${pod.metadata.name}`, pod);
    }
  }
}

export function stateOfNode(node: Node | undefined): 'running' | 'unknown' | 'cordoned' | 'empty' {
  if (!node) return 'empty';
  const ready = findCondition(node.status.conditions, 'Ready');
  if (ready?.status !== 'True') return 'unknown';
  return node.spec.unschedulable ? 'cordoned' : 'running';
}
