import type { ServiceObject, TaskObject } from '../objects.ts';
import type { Change } from '../store.ts';
import { compareStates, isEnded } from '../task.ts';
import type { OrchestratorRooms, Restarts } from './restart.ts';
import { shutDown } from './shut-down.ts';
import { isInvalid, modeOf, newTask, suits } from './tasks.ts';

/**
 * Tasks that are to end well: so many in all and so many at a time, or one on each node (moby/swarmkit
 * v2.1 `manager/orchestrator/jobs`). Every update of the service is another run of the job. Only a
 * task that ended while it was wanted has a job looked at again: nodes that come or go do not, and a
 * task that was given up is replaced no sooner than another ends.
 */
const isJob = (service: ServiceObject | undefined): service is ServiceObject =>
  service?.job !== undefined;

export class Jobs {
  readonly #rooms: OrchestratorRooms;
  readonly #restarts: Restarts;

  constructor(rooms: OrchestratorRooms, restarts: Restarts) {
    const { store, loops } = rooms;
    this.#rooms = rooms;
    this.#restarts = restarts;
    const jobs = (swarm: string): string[] =>
      store
        .list(swarm, 'service')
        .filter(isJob)
        .map(({ id }) => id);
    loops.add({
      name: 'jobs',
      keysOf: (_, change) => {
        if (change.kind === 'service') return 'set' in change ? [change.set.id] : [];
        if (change.kind !== 'task' || 'delete' in change) return [];
        const { set: task } = change;
        return task.jobIteration !== undefined && isEnded(task) && isWanted(task)
          ? [task.service]
          : [];
      },
      all: jobs,
      work: (swarm, id) => this.#work(swarm, id),
    });
  }

  #work(swarm: string, id: string): void {
    const { store } = this.#rooms;
    const service = store.get(swarm, 'service', id);
    if (!isJob(service)) return;
    const tasks = store.tasksOf(swarm, id);
    const own = tasks.filter(({ jobIteration }) => jobIteration === service.job?.iteration);
    const earlier = tasks.filter(({ jobIteration }) => jobIteration !== service.job?.iteration);
    const isGlobal = modeOf(service) === 'GlobalJob';
    const changes: Change[] = [
      ...(isGlobal ? this.#onNodes(swarm, service, own) : this.#inSlots(service, own)),
      ...earlier
        .filter((task) => task.desired !== 'remove' && (isGlobal || !isEnded(task)))
        .map((task): Change => ({ kind: 'task', set: { ...task, desired: 'remove' } })),
    ];
    if (changes.length > 0) this.#write(swarm, service, changes);
    for (const task of own.filter(hasFailed)) this.#restarts.restart(swarm, service, task);
  }

  /** As many more as may run at a time, and as are still to end well. */
  #inSlots(service: ServiceObject, own: readonly TaskObject[]): Change[] {
    const { MaxConcurrent = 1, TotalCompletions = 1 } = service.spec.Mode.ReplicatedJob ?? {};
    const complete = own.filter(({ status }) => status.state === 'complete');
    const running = own.filter(({ status, desired }) => {
      return status.state !== 'complete' && compareStates(desired, 'complete') <= 0;
    });
    const taken = new Set([...complete, ...running].map(({ slot }) => slot));
    const possible = MaxConcurrent - running.length;
    const missing = TotalCompletions - complete.length - running.length;
    const changes: Change[] = [];
    for (let slot = 0; changes.length < Math.min(possible, missing); slot++) {
      if (!taken.has(slot)) changes.push(this.#add(service, { slot, node: '' }));
    }
    return changes;
  }

  #onNodes(swarm: string, service: ServiceObject, own: readonly TaskObject[]): Change[] {
    const wanted = own.filter(({ desired }) => compareStates(desired, 'complete') <= 0);
    const byNode = new Map(wanted.map((task) => [task.node, task]));
    return this.#rooms.store.list(swarm, 'node').flatMap((node): Change[] => {
      if (!suits(service, node)) return [];
      const task = byNode.get(node.id);
      if (isInvalid(node)) return task && !isEnded(task) ? shutDown([task]) : [];
      if (node.spec.Availability !== 'active' || node.state !== 'ready') return [];
      return task ? [] : [this.#add(service, { slot: 0, node: node.id })];
    });
  }

  #add(service: ServiceObject, place: Pick<TaskObject, 'slot' | 'node'>): Change {
    const { store, kernel } = this.#rooms;
    const task = newTask(store, service, kernel.now, place);
    return { kind: 'task', set: { ...task, desired: 'complete' } };
  }

  #write(swarm: string, { spec }: ServiceObject, changes: readonly Change[]): void {
    const { kernel, store } = this.#rooms;
    const object = `service ${spec.Name}`;
    const record = kernel.record({ actor: 'orchestrator', verb: 'reconcile', object });
    kernel.because(record, () => store.write(swarm, changes));
  }
}

const isWanted = ({ desired }: TaskObject): boolean => compareStates(desired, 'complete') <= 0;

const hasFailed = (task: TaskObject): boolean =>
  compareStates(task.status.state, 'complete') > 0 && isWanted(task);
