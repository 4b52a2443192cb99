import type { Kernel } from '../../sim/kernel.ts';
import type { Index, Table } from '../../sim/store.ts';
import { DEFAULT_RESTART_DELAY_NS } from '../control-api/service-defaults.ts';
import type { LeaderLoops, Loop } from '../leader-loops.ts';
import type { ServiceObject, TaskObject } from '../objects.ts';
import type { Change, SwarmStore } from '../store.ts';
import { compareStates, isEnded } from '../task.ts';
import { RestartHistory } from './restart-history.ts';
import { isGlobal, newTask } from './tasks.ts';

/**
 * Puts a new task in the place of one that ended, as its policy has it: at once, but desired to run
 * only when the delay is over and the old task has stopped (moby/swarmkit v2.1
 * `manager/orchestrator/restart/restart.go`).
 */
const NS_PER_MS = 1_000_000;
/** So long a new task waits for an old one that does not stop. */
export const OLD_TASK_TIMEOUT_MS = 60_000;

/** A task that is not to run yet. */
interface Delay {
  readonly swarm: string;
  readonly task: string;
  /** The task that has to stop first; '' for none. */
  readonly old: string;
  readonly dueMs: number;
  readonly timeoutMs: number;
  /** It has ended already, and is to be replaced when its own delay is over. */
  readonly isAwaited?: true;
}

export interface DelayOptions {
  readonly old?: TaskObject | undefined;
  readonly delayMs: number;
}

export interface OrchestratorRooms {
  readonly kernel: Kernel;
  readonly store: SwarmStore;
  readonly loops: LeaderLoops;
}

export class Restarts {
  readonly history: RestartHistory;
  readonly #rooms: OrchestratorRooms;
  readonly #delays: Table<string, Delay>;
  readonly #byOld: Index<string, Delay>;
  readonly #loop: Loop;
  readonly #started: ((swarm: string, task: string, isAwaited: boolean) => void)[] = [];

  constructor(rooms: OrchestratorRooms) {
    const { kernel, loops } = rooms;
    this.#rooms = rooms;
    this.history = new RestartHistory(kernel);
    this.#delays = kernel.store.table<Delay>('swarm/restarts/delays');
    this.#byOld = this.#delays.index(({ swarm, old }) => (old === '' ? [] : [`${swarm} ${old}`]));
    this.#loop = loops.add({
      name: 'restarts',
      keysOf: (swarm, change) => this.#concerned(swarm, change),
      all: (swarm) => [...this.#delays.withPrefix(`${swarm} `)].map(([, { task }]) => task),
      work: (swarm, task) => this.#review(swarm, task),
    });
  }

  /** Told when a task's delay is over; whether it is to be replaced then. */
  onStarted(listener: (swarm: string, task: string, isAwaited: boolean) => void): void {
    this.#started.push(listener);
  }

  isDelayed(swarm: string, task: string): boolean {
    return this.#delays.has(`${swarm} ${task}`);
  }

  #concerned(swarm: string, change: Change): string[] {
    const waiting = (old: string): string[] =>
      this.#byOld.values(`${swarm} ${old}`).map(({ task }) => task);
    if (change.kind === 'task') {
      if ('delete' in change) return [change.delete, ...waiting(change.delete)];
      return isEnded(change.set) ? waiting(change.set.id) : [];
    }
    if (change.kind !== 'node' || ('set' in change && change.set.state !== 'down')) return [];
    const node = 'set' in change ? change.set.id : change.delete;
    return this.#rooms.store.tasksOn(swarm, node).flatMap(({ id }) => waiting(id));
  }

  /** Shuts a task down and, if its policy has it so, makes another for its place. */
  restart(swarm: string, service: ServiceObject, task: TaskObject): void {
    const { store, kernel } = this.#rooms;
    const key = `${swarm} ${task.id}`;
    const delay = this.#delays.get(key);
    if (delay) {
      this.#delays.set(key, { ...delay, isAwaited: true });
      return;
    }
    const old: TaskObject = { ...task, desired: 'shutdown' };
    if (!this.history.allows(swarm, service, task)) {
      store.write(swarm, [{ kind: 'task', set: old }]);
      return;
    }
    const slot = isGlobal(service) ? { slot: 0, node: task.node } : { slot: task.slot, node: '' };
    const fresh: TaskObject = { ...newTask(store, service, kernel.now, slot), desired: 'ready' };
    const record = kernel.record({
      actor: 'orchestrator',
      verb: 'restart',
      object: `task ${task.name}`,
      detail: { replacement: fresh.name },
    });
    kernel.because(record, () => {
      const changes: Change[] = [old, fresh].map((set) => ({ kind: 'task', set }));
      if (!store.write(swarm, changes)) return;
      this.history.add(swarm, service, fresh);
      const node = store.get(swarm, 'node', task.node);
      const isOver = node?.state === 'down' || isEnded(task);
      const delayMs = node?.spec.Availability === 'drain' ? 0 : delayOf(task);
      this.delay(swarm, fresh.id, { delayMs, ...(!isOver && { old }) });
    });
  }

  /** Has a task wait; there is one delay for each. */
  delay(swarm: string, task: string, { old, delayMs }: DelayOptions): void {
    const { now } = this.#rooms.kernel;
    const waits = old !== undefined && !isEnded(old);
    const timeoutMs = now + OLD_TASK_TIMEOUT_MS;
    const row = { swarm, task, old: waits ? old.id : '', dueMs: now + delayMs, timeoutMs };
    this.#delays.set(`${swarm} ${task}`, row);
    this.#loop.after(delayMs, swarm, task);
    if (waits) this.#loop.after(Math.max(OLD_TASK_TIMEOUT_MS, delayMs), swarm, task);
  }

  #review(swarm: string, id: string): void {
    const { store, kernel } = this.#rooms;
    const key = `${swarm} ${id}`;
    const delay = this.#delays.get(key);
    if (!delay) return;
    const task = store.get(swarm, 'task', id);
    if (!task) {
      this.#delays.delete(key);
      return;
    }
    if (kernel.now < delay.dueMs || this.#waitsFor(delay)) return;
    if (compareStates(task.desired, 'running') < 0) {
      const desired = task.jobIteration === undefined ? 'running' : 'complete';
      if (!store.write(swarm, [{ kind: 'task', set: { ...task, desired } }])) return;
    }
    this.#delays.delete(key);
    for (const listener of this.#started) listener(swarm, id, delay.isAwaited === true);
  }

  /** The old task runs on, on a node that is there. */
  #waitsFor({ swarm, old, timeoutMs }: Delay): boolean {
    const { store, kernel } = this.#rooms;
    const before = old === '' ? undefined : store.get(swarm, 'task', old);
    if (!before || isEnded(before) || kernel.now >= timeoutMs) return false;
    if (before.node === '') return true;
    const node = store.get(swarm, 'node', before.node);
    return node !== undefined && node.state !== 'down';
  }
}

const delayOf = ({ spec }: TaskObject): number =>
  Math.ceil((spec.RestartPolicy?.Delay ?? DEFAULT_RESTART_DELAY_NS) / NS_PER_MS);
