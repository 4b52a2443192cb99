import type { Kernel } from '../../sim/kernel.ts';
import type { Table } from '../../sim/store.ts';
import type { TaskObject } from '../objects.ts';

/**
 * How often tasks of a service failed on a node of late: after five failures in five minutes other
 * nodes are taken first (moby/swarmkit v2.1 `manager/scheduler/nodeinfo.go`).
 */
const WINDOW_MS = 5 * 60_000;
export const MAX_FAILURES = 5;

type Failing = Pick<TaskObject, 'service' | 'specVersion'>;

export class RecentFailures {
  readonly #kernel: Kernel;
  /** Times of failures by swarm, node, service and version of its specification. */
  readonly #times: Table<string, readonly number[]>;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#times = kernel.store.table<readonly number[]>('swarm/scheduler/failures');
  }

  #key(swarm: string, node: string, { service, specVersion = 0 }: Failing): string {
    return `${swarm} ${node} ${service} ${specVersion}`;
  }

  add(swarm: string, task: TaskObject): void {
    const { now } = this.#kernel;
    const key = this.#key(swarm, task.node, task);
    const recent = (this.#times.get(key) ?? []).filter((time) => now - time < WINDOW_MS);
    this.#times.set(key, [...recent, now]);
  }

  count(swarm: string, node: string, task: Failing): number {
    const times = this.#times.get(this.#key(swarm, node, task)) ?? [];
    return times.filter((time) => this.#kernel.now - time <= WINDOW_MS).length;
  }

  /** A node is gone: what happened there counts no more. */
  forget(swarm: string, node: string): void {
    for (const [key] of [...this.#times.withPrefix(`${swarm} ${node} `)]) this.#times.delete(key);
  }
}
