import type { Table } from '../../sim/store.ts';
import type { Loop } from '../leader-loops.ts';
import type { ServiceObject, TaskObject } from '../objects.ts';
import type { Change } from '../store.ts';
import { compareStates, isEnded } from '../task.ts';
import type { OrchestratorRooms } from './restart.ts';
import { isGlobal, isWanted, modeOf } from './tasks.ts';

/**
 * Forgets tasks: those that are to be removed when they have stopped, and of each slot all but the
 * last few (moby/swarmkit v2.1 `manager/orchestrator/taskreaper`). Jobs keep all of theirs.
 */
const BATCH_MS = 250;
const DEFAULT_RETENTION = 5;
const TICK = 'tick';

interface Dirty {
  readonly service: string;
  readonly slot: number;
  readonly node: string;
}

export class TaskReaper {
  readonly #rooms: OrchestratorRooms;
  readonly #dirty: Table<string, Dirty>;
  readonly #removed: Table<string, true>;
  readonly #scheduled: Table<string, true>;
  readonly #loop: Loop;

  constructor(rooms: OrchestratorRooms) {
    const { kernel, store, loops } = rooms;
    this.#rooms = rooms;
    this.#dirty = kernel.store.table<Dirty>('swarm/reaper/slots');
    this.#removed = kernel.store.table<true>('swarm/reaper/removed');
    this.#scheduled = kernel.store.table<true>('swarm/reaper/scheduled');
    this.#loop = loops.add({
      name: 'task-reaper',
      keysOf: () => [],
      all: () => [TICK],
      work: (swarm) => this.#work(swarm),
    });
    store.onChange((swarm, change) => this.#follow(swarm, change));
  }

  #follow(swarm: string, change: Change): void {
    if (change.kind !== 'task') return;
    if ('delete' in change) {
      this.#removed.delete(`${swarm} ${change.delete}`);
      return;
    }
    const { set: task } = change;
    const isNew = this.#rooms.store.get(swarm, 'task', task.id) === undefined;
    if (isNew) this.#dirty.set(`${swarm} ${slotOf(task)}`, task);
    if (mayGo(task)) this.#removed.set(`${swarm} ${task.id}`, true);
    if (isNew || mayGo(task)) this.#soon(swarm);
  }

  #soon(swarm: string): void {
    if (this.#scheduled.has(swarm)) return;
    this.#scheduled.set(swarm, true);
    this.#loop.after(BATCH_MS, swarm, TICK);
  }

  #work(swarm: string): void {
    const { store } = this.#rooms;
    this.#scheduled.delete(swarm);
    const removed = [...this.#removed.withPrefix(`${swarm} `)].map(([key]) =>
      key.slice(swarm.length + 1),
    );
    const gone = new Set(removed);
    const slots = [...this.#dirty.withPrefix(`${swarm} `)];
    for (const [key, slot] of slots) {
      const { old, isCrowded } = this.#history(swarm, slot);
      for (const { id } of old) gone.add(id);
      if (!isCrowded) this.#dirty.delete(key);
    }
    if (gone.size === 0) return;
    store.write(
      swarm,
      [...gone].map((id) => ({ kind: 'task', delete: id })),
    );
  }

  /** The oldest of what is too much in a slot; crowded, it is looked at again. */
  #history(swarm: string, dirty: Dirty): { old: TaskObject[]; isCrowded: boolean } {
    const { store } = this.#rooms;
    const service = store.get(swarm, 'service', dirty.service);
    if (!service || service.job) return { old: [], isCrowded: false };
    const keep = this.#retention(swarm, service);
    const tasks = isGlobal(service)
      ? store.tasksOn(swarm, dirty.node).filter((task) => task.service === service.id)
      : store.tasksOf(swarm, service.id).filter(({ slot }) => slot === dirty.slot);
    const surplus = tasks.length - keep;
    if (keep < 0 || surplus <= 0 || modeOf(service) === 'GlobalJob') {
      return { old: [], isCrowded: false };
    }
    const sorted = tasks.sort((a, b) => a.status.atMs - b.status.atMs);
    const ended = sorted.filter((task) => isEnded(task) || neverRuns(task));
    return { old: ended.slice(0, surplus), isCrowded: tasks.length - ended.length > 1 };
  }

  /** As many as tell how often a task was restarted, where that is limited. */
  #retention(swarm: string, service: ServiceObject): number {
    const max = service.spec.TaskTemplate.RestartPolicy?.MaxAttempts ?? 0;
    if (max > 0) return max + 1;
    const cluster = this.#rooms.store.get(swarm, 'cluster', swarm);
    return cluster?.spec.Orchestration.TaskHistoryRetentionLimit ?? DEFAULT_RETENTION;
  }
}

const slotOf = ({ service, slot, node }: TaskObject): string => `${service} ${slot} ${node}`;

/** Nobody wants it, and nothing of it is left. */
const mayGo = ({ desired, status }: TaskObject): boolean =>
  desired === 'remove' &&
  (compareStates(status.state, 'assigned') < 0 || compareStates(status.state, 'complete') >= 0);

const neverRuns = (task: TaskObject): boolean =>
  compareStates(task.status.state, 'assigned') < 0 && !isWanted(task);
