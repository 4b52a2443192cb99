import { isRefused } from '../../go/refused.ts';
import type { Kernel } from '../../sim/kernel.ts';
import type { Processes } from '../../sim/processes.ts';
import type { Index, Table } from '../../sim/store.ts';
import type { TaskObject } from '../objects.ts';
import type { SwarmStore } from '../store.ts';
import { compareStates, type TaskStatus } from '../task.ts';
import {
  AGENT_SERVICE,
  type AgentRequest,
  type AgentTask,
  type ContainerNeeds,
} from './agent-request.ts';
import { expandSpec } from './expand.ts';
import { needsOf, type TaskExtension, type TaskPlace } from './extension.ts';
import { removeTask, runTask } from './task-program.ts';

/**
 * The agent of each machine: the tasks that were assigned to it and what became of them (moby/swarmkit
 * v2.1 `agent/worker.go`, `agent/task.go`). What it knows outlives its daemon, as on a disk.
 */
export interface AgentRow extends AgentTask {
  readonly machine: string;
  readonly swarm: string;
  readonly node: string;
  /** The program that works on it; 0 for none. */
  readonly pid: number;
  /** It is wanted no more: its container is being taken away. */
  readonly removing?: true;
}

export interface AgentRooms {
  readonly kernel: Kernel;
  readonly processes: Processes;
  readonly store: SwarmStore;
  /** Where statuses are reported to. */
  readonly report: (row: AgentRow) => void;
}

const groupOf = (machine: string): string => `swarm/agent/${machine}`;

const keyOf = (machine: string, id: string): string => `${machine} ${id}`;

export class Agent {
  readonly #rooms: AgentRooms;
  readonly #rows: Table<string, AgentRow>;
  readonly #byMachine: Index<string, AgentRow>;
  /** Machines whose agent works. */
  readonly #up: Table<string, true>;
  readonly #extensions: TaskExtension[] = [];

  constructor(rooms: AgentRooms) {
    const { kernel, processes } = rooms;
    this.#rooms = rooms;
    this.#rows = kernel.store.table<AgentRow>('swarm/agent/tasks');
    this.#byMachine = this.#rows.index(({ machine }) => [machine]);
    this.#up = kernel.store.table<true>('swarm/agent/up');
    processes.program('swarm/task', runTask);
    processes.program('swarm/remove-task', removeTask);
    processes.service<AgentRequest>(AGENT_SERVICE, (request) => this.#answer(request));
  }

  /** Takes in what another room does as tasks live. */
  use(extension: TaskExtension): void {
    this.#extensions.push(extension);
  }

  /** Those that are wanted. */
  tasks(machine: string): AgentRow[] {
    return this.#byMachine.values(machine).filter(({ removing }) => !removing);
  }

  get(machine: string, id: string): AgentRow | undefined {
    return this.#rows.get(keyOf(machine, id));
  }

  /** The daemon is there: its agent finds its tasks again. */
  start(machine: string): void {
    this.#up.set(machine, true);
    for (const row of this.#byMachine.values(machine)) this.#work(row);
  }

  /** The daemon goes; containers are its own affair. */
  stop(machine: string): void {
    this.#up.delete(machine);
    this.#rooms.processes.killGroup(groupOf(machine));
  }

  /** The machine leaves its swarm: nothing of its tasks is known any more. */
  forget(machine: string): void {
    this.stop(machine);
    for (const row of this.#byMachine.values(machine)) {
      this.#rows.delete(keyOf(machine, row.task.id));
      for (const extension of this.#extensions) extension.removed?.(placeOf(row));
    }
    for (const extension of this.#extensions) extension.left?.(machine);
  }

  /** All the tasks that a machine is to have from now on. */
  assign(place: Omit<TaskPlace, 'task'>, tasks: readonly TaskObject[]): void {
    const wanted = new Set(tasks.map(({ id }) => id));
    for (const row of this.tasks(place.machine)) {
      if (!wanted.has(row.task.id)) this.#work({ ...row, removing: true });
    }
    for (const task of tasks) this.#take(place, task);
  }

  #take(place: Omit<TaskPlace, 'task'>, task: TaskObject): void {
    const { machine, swarm, node } = place;
    const known = this.get(machine, task.id);
    if (known?.removing) return;
    if (!known) {
      this.#work({ machine, swarm, node, task, status: task.status, pid: 0 });
      return;
    }
    // What is desired of a task only ever grows.
    if (compareStates(task.desired, known.task.desired) <= 0) return;
    this.#work({ ...known, task: { ...known.task, desired: task.desired } });
  }

  /** Keeps a task, and lets a program work on it from where it stands. */
  #work(row: AgentRow): void {
    const { processes } = this.#rooms;
    const { machine, task } = row;
    if (row.pid !== 0) processes.signal(row.pid, 'SIGKILL');
    const pid = this.#up.has(machine) ? this.#spawn(row) : 0;
    this.#rows.set(keyOf(machine, task.id), { ...row, pid });
  }

  #spawn({ machine, task, removing }: AgentRow): number {
    const { processes } = this.#rooms;
    const events = processes.streams.open();
    const program = removing ? 'swarm/remove-task' : 'swarm/task';
    const options = { group: groupOf(machine), io: { closes: [events] } };
    return processes.spawn(program, { machine, id: task.id, events }, options);
  }

  #answer(request: AgentRequest): unknown {
    const { machine, id } = request;
    const row = this.get(machine, id);
    if (!row) return undefined;
    const place = placeOf(row);
    switch (request.op) {
      case 'task':
        return { task: row.task, status: row.status } satisfies AgentTask;
      case 'status':
        return this.#report(row, request.status);
      case 'needs':
        return this.#needs(place);
      case 'created':
      case 'serving':
        for (const one of this.#extensions) one[request.op]?.(place, request.container);
        return true;
      default:
        for (const one of this.#extensions) one[request.op]?.(place);
        if (request.op === 'removed') this.#rows.delete(keyOf(machine, id));
        return true;
    }
  }

  #needs(place: TaskPlace): ContainerNeeds | string {
    const { store } = this.#rooms;
    const { swarm, node, task } = place;
    const known = store.get(swarm, 'node', node);
    if (!known) return 'node is gone';
    const service = store.get(swarm, 'service', task.service);
    const spec = expandSpec(task, known, service?.spec.Labels);
    if (isRefused(spec)) return spec.refused;
    const body = needsOf(this.#extensions, place);
    return typeof body === 'string' ? body : { spec, body };
  }

  #report(row: AgentRow, status: TaskStatus): boolean {
    const { kernel, report } = this.#rooms;
    const { machine, task } = row;
    const now = { ...row, status };
    this.#rows.set(keyOf(machine, task.id), now);
    const record = kernel.record({
      actor: `agent/${machine}`,
      verb: status.state,
      object: `task ${task.name}`,
      ...(status.err !== undefined && { message: status.err }),
    });
    kernel.because(record, () => report(now));
    return true;
  }
}

const placeOf = ({ machine, swarm, node, task }: AgentRow): TaskPlace => ({
  ...{ machine, swarm, node, task },
});
