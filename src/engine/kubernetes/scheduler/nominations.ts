import type { Kernel } from '../../sim/kernel.ts';
import type { Index, Table } from '../../sim/store.ts';
import { splitKey } from '../apimachinery/object.ts';
import type { Client } from '../client/client.ts';
import { podInfo, type PodInfo } from './pod-info.ts';

/**
 * Pods that are to come to a node once others have made room for them
 * (pkg/scheduler/backend/queue/nominator.go, v1.36).
 */
interface Nomination {
  readonly key: string;
  readonly node: string;
  readonly priority: number;
}

const NONE: readonly PodInfo[] = [];

export class Nominations {
  readonly #client: Client;
  readonly #rows: Table<string, Nomination>;
  readonly #byNode: Index<string, Nomination>;

  constructor(kernel: Kernel, client: Client, name: string) {
    this.#client = client;
    this.#rows = kernel.store.table<Nomination>(`${name}/nominated`);
    this.#byNode = this.#rows.index(({ node }) => [node]);
  }

  set(uid: string, key: string, node: string, priority: number): void {
    this.#rows.set(uid, { key, node, priority });
  }

  delete(uid: string): void {
    if (this.#rows.size > 0) this.#rows.delete(uid);
  }

  get isEmpty(): boolean {
    return this.#rows.size === 0;
  }

  /** Other Pods that are to come to a node and matter at least as much. */
  comingTo(node: string, pod: PodInfo): readonly PodInfo[] {
    if (this.#rows.size === 0) return NONE;
    return this.#pods(node, (row, uid) => row.priority >= pod.priority && uid !== pod.uid);
  }

  /** Pods that are to come to a node and matter less. */
  lesserComingTo(node: string, pod: PodInfo): readonly PodInfo[] {
    return this.#pods(node, (row) => row.priority < pod.priority);
  }

  #pods(node: string, chosen: (row: Nomination, uid: string) => boolean): PodInfo[] {
    return this.#byNode.keys(node).flatMap((uid) => {
      const row = this.#rows.need(uid);
      if (!chosen(row, uid)) return [];
      const { namespace, name } = splitKey(row.key);
      const found = this.#client.get('pods', namespace, name);
      return found?.metadata.uid === uid ? [podInfo(found)] : [];
    });
  }
}
