import type { Kernel } from '../../sim/kernel.ts';
import type { Table } from '../../sim/store.ts';
import type { ServiceObject, TaskObject } from '../objects.ts';
import { modeOf, slotKey } from './tasks.ts';

/**
 * How often the tasks of a slot were replaced, where that is limited (moby/swarmkit v2.1
 * `manager/orchestrator/restart/restart.go`). A new version of the specification counts anew.
 *
 * Simplified: a new leader knows what the last one knew.
 */
interface History {
  readonly specVersion: number;
  readonly total: number;
  /** When replacements were made, where a window counts. */
  readonly times: readonly number[];
}

const NS_PER_MS = 1_000_000;

export class RestartHistory {
  readonly #kernel: Kernel;
  readonly #rows: Table<string, History>;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#rows = kernel.store.table<History>('swarm/restarts/history');
  }

  #key(swarm: string, service: ServiceObject, task: TaskObject): string {
    return `${swarm} ${service.id} ${slotKey(service, task)}`;
  }

  /** Whether the policy has an ended task replaced. */
  allows(swarm: string, service: ServiceObject, task: TaskObject): boolean {
    const policy = task.spec.RestartPolicy ?? {};
    const condition = policy.Condition ?? 'any';
    const isJob = modeOf(service) === 'ReplicatedJob' || modeOf(service) === 'GlobalJob';
    const isComplete = task.status.state === 'complete';
    if (condition === 'none') return false;
    if (isComplete && (condition === 'on-failure' || isJob)) return false;
    // Of a global job it counts by node, and looks by slot: attempts are without end there.
    if (modeOf(service) === 'GlobalJob') return true;
    const { MaxAttempts: max = 0, Window: window = 0 } = policy;
    const history = this.#rows.get(this.#key(swarm, service, task));
    if (max === 0 || history?.specVersion !== (task.specVersion ?? 0)) return true;
    if (window === 0) return history.total < max;
    const endMs = task.status.atMs;
    const startMs = endMs - window / NS_PER_MS;
    return history.times.filter((time) => time > startMs && time < endMs).length < max;
  }

  /** A task was made in place of another. */
  add(swarm: string, service: ServiceObject, task: TaskObject): void {
    const { MaxAttempts: max = 0, Window: window = 0 } = task.spec.RestartPolicy ?? {};
    if (max === 0) return;
    const key = this.#key(swarm, service, task);
    const known = this.#rows.get(key);
    const specVersion = task.specVersion ?? 0;
    const before = known?.specVersion === specVersion ? known : { total: 0, times: [] };
    const times = window === 0 ? [] : [...before.times, this.#kernel.now];
    this.#rows.set(key, { specVersion, total: before.total + 1, times });
  }

  forget(swarm: string, service: string): void {
    for (const [key] of [...this.#rows.withPrefix(`${swarm} ${service} `)]) this.#rows.delete(key);
  }
}
