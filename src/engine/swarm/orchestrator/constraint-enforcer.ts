import type { NodeObject, TaskObject } from '../objects.ts';
import { constraintsOf, nodeMatches } from '../scheduler/constraint.ts';
import { reservationsOf } from '../scheduler/node-info.ts';
import { compareStates, type TaskStatus } from '../task.ts';
import type { Change } from '../store.ts';
import type { OrchestratorRooms } from './restart.ts';

/**
 * Rejects tasks whose node is not any more what they ask for: its labels, its role or its resources
 * have changed (moby/swarmkit v2.1 `manager/orchestrator/constraintenforcer`).
 */
const NANO = 1_000_000_000;

export class ConstraintEnforcer {
  readonly #rooms: OrchestratorRooms;

  constructor(rooms: OrchestratorRooms) {
    this.#rooms = rooms;
    const { store, loops } = rooms;
    loops.add({
      name: 'constraint-enforcer',
      keysOf: (_, change) => (change.kind === 'node' && 'set' in change ? [change.set.id] : []),
      all: (swarm) => store.list(swarm, 'node').map(({ id }) => id),
      work: (swarm, id) => this.#work(swarm, id),
    });
  }

  #work(swarm: string, id: string): void {
    const { store, kernel } = this.#rooms;
    const node = store.get(swarm, 'node', id);
    if (node?.spec.Availability !== 'active') return;
    const tasks = store.tasksOn(swarm, id).filter(isHeld);
    const changes = this.#misplaced(swarm, node, tasks).map((task): Change => {
      const status: TaskStatus = {
        ...task.status,
        state: 'rejected',
        atMs: kernel.now,
        err: 'assigned node no longer meets constraints',
        message: 'task rejected by constraint enforcer',
      };
      return { kind: 'task', set: { ...task, status } };
    });
    if (changes.length === 0) return;
    const object = `node ${node.hostname}`;
    const record = kernel.record({ actor: 'constraint-enforcer', verb: 'reject', object });
    kernel.because(record, () => store.write(swarm, changes));
  }

  #misplaced(swarm: string, node: NodeObject, tasks: readonly TaskObject[]): TaskObject[] {
    let [cpus, memory] = [node.cpus * NANO, node.memoryBytes];
    return tasks.filter((task) => {
      const service = this.#rooms.store.get(swarm, 'service', task.service);
      // What the service asks now may be other than what the task was made with.
      const { Placement } = service?.spec.TaskTemplate ?? task.spec;
      const constraints = constraintsOf(Placement?.Constraints ?? []) ?? [];
      if (!nodeMatches(constraints, node)) return true;
      const { NanoCPUs = 0, MemoryBytes = 0 } = reservationsOf(task);
      if (MemoryBytes > memory || NanoCPUs > cpus) return true;
      cpus -= NanoCPUs;
      memory -= MemoryBytes;
      return false;
    });
  }
}

const isHeld = ({ desired, status }: TaskObject): boolean =>
  compareStates(desired, 'assigned') >= 0 &&
  compareStates(desired, 'complete') <= 0 &&
  compareStates(status.state, 'complete') < 0;
