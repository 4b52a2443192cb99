import type { LeaderLoops, Loop } from '../leader-loops.ts';
import type { TaskObject } from '../objects.ts';
import type { Change, SwarmStore } from '../store.ts';
import { isEnded } from '../task.ts';
import type { OrchestratorRooms, Restarts } from './restart.ts';
import { isInvalid, isWanted, modeOf, suits } from './tasks.ts';

/**
 * Tasks that have ended, or whose node is down, drained or gone, are replaced: elsewhere, or on the
 * same node where the service is global (moby/swarmkit v2.1
 * `manager/orchestrator/replicated/tasks.go`, `global/global.go`).
 */
export class Drain {
  readonly #store: SwarmStore;
  readonly #restarts: Restarts;
  readonly #loop: Loop;

  constructor({ store, loops }: OrchestratorRooms, restarts: Restarts) {
    this.#store = store;
    this.#restarts = restarts;
    this.#loop = this.#add(loops);
    restarts.onStarted((swarm, task, isAwaited) => {
      if (isAwaited) this.#loop.after(0, swarm, task);
    });
  }

  #add(loops: LeaderLoops): Loop {
    return loops.add({
      name: 'drain',
      keysOf: (swarm, change) => this.#concerned(swarm, change),
      all: (swarm) =>
        this.#store
          .list(swarm, 'task')
          .filter((task) => this.#isDue(swarm, task))
          .map(({ id }) => id),
      work: (swarm, id) => this.#work(swarm, id),
    });
  }

  #concerned(swarm: string, change: Change): string[] {
    if (change.kind === 'task') {
      return 'set' in change && this.#isDue(swarm, change.set) ? [change.set.id] : [];
    }
    if (change.kind !== 'node' || ('set' in change && !isInvalid(change.set))) return [];
    const node = 'set' in change ? change.set.id : change.delete;
    const tasks = this.#store.tasksOn(swarm, node);
    return tasks.filter(isWanted).map(({ id }) => id);
  }

  #isDue(swarm: string, task: TaskObject): boolean {
    return isWanted(task) && (isEnded(task) || this.#isLost(swarm, task));
  }

  #isLost(swarm: string, { node }: TaskObject): boolean {
    return node !== '' && isInvalid(this.#store.get(swarm, 'node', node));
  }

  #work(swarm: string, id: string): void {
    const task = this.#store.get(swarm, 'task', id);
    const service = task && this.#store.get(swarm, 'service', task.service);
    if (!service || !this.#isDue(swarm, task)) return;
    const mode = modeOf(service);
    if (mode === 'Replicated') this.#restarts.restart(swarm, service, task);
    // Jobs see for themselves, and a global service gives up a node that is lost.
    if (mode !== 'Global' || this.#isLost(swarm, task)) return;
    const node = this.#store.get(swarm, 'node', task.node);
    if (!node || node.spec.Availability === 'pause' || !suits(service, node)) {
      this.#store.write(swarm, [{ kind: 'task', set: { ...task, desired: 'shutdown' } }]);
    } else {
      this.#restarts.restart(swarm, service, task);
    }
  }
}
