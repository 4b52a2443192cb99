import type { Kernel } from '../../sim/kernel.ts';
import type { Table } from '../../sim/store.ts';
import type { LeaderLoops, Loop } from '../leader-loops.ts';
import type { TaskObject } from '../objects.ts';
import type { Change, SwarmStore } from '../store.ts';
import { compareStates } from '../task.ts';
import { taskName } from '../task-name.ts';
import { RecentFailures } from './failures.ts';
import { takesRoom, UNUSED, withTask, type NodeInfo, type NodeUsage } from './node-info.ts';
import { Pipeline } from './pipeline.ts';
import { placeGroup, type Nodes } from './task-group.ts';

/**
 * Gives a node to each task that waits for one (moby/swarmkit v2.1
 * `manager/scheduler/scheduler.go`). Tasks of global services have their node from the start and are
 * only checked. What finds no node waits, and says why, until something changes.
 *
 * Simplified: it starts 50 ms after the first change, where upstream waits until 50 ms pass without
 * one; a task that nobody wants any more is ended at once.
 */
const DEBOUNCE_MS = 50;

const CHANGED = 'changed';
const RUN = 'run';

export interface SchedulerRooms {
  readonly kernel: Kernel;
  readonly store: SwarmStore;
  readonly loops: LeaderLoops;
}

export class Scheduler {
  readonly #rooms: SchedulerRooms;
  readonly #failures: RecentFailures;
  /** Ids of tasks that are pending, by swarm. */
  readonly #waiting: Table<string, true>;
  readonly #usage: Table<string, NodeUsage>;
  readonly #scheduled: Table<string, true>;
  readonly #loop: Loop;

  constructor(rooms: SchedulerRooms) {
    const { kernel, store, loops } = rooms;
    this.#rooms = rooms;
    this.#failures = new RecentFailures(kernel);
    this.#waiting = kernel.store.table<true>('swarm/scheduler/waiting');
    this.#usage = kernel.store.table<NodeUsage>('swarm/scheduler/usage');
    this.#scheduled = kernel.store.table<true>('swarm/scheduler/scheduled');
    store.onChange((swarm, change) => this.#follow(swarm, change));
    this.#loop = loops.add({
      name: 'scheduler',
      keysOf: (swarm, change) => (this.#matters(swarm, change) ? [CHANGED] : []),
      all: () => [RUN],
      work: (swarm, key) => this.#work(swarm, key),
    });
  }

  /** Whether somebody may find a node by it who found none before. */
  #matters(swarm: string, change: Change): boolean {
    if (change.kind === 'node') return 'set' in change;
    if (change.kind !== 'task') return false;
    const before = this.#taskBefore(swarm, change);
    const after = 'set' in change ? change.set : undefined;
    // Also when it just said why it found none: a second look counts all nodes anew.
    if (after?.status.state === 'pending') return true;
    const [took, takes] = [before, after].map((task) => task !== undefined && takesRoom(task));
    return took === true && takes === false;
  }

  #taskBefore(swarm: string, change: Change): TaskObject | undefined {
    const id = 'set' in change ? change.set.id : change.delete;
    return this.#rooms.store.get(swarm, 'task', id);
  }

  /** Keeps the books on who waits and what nodes have left. */
  #follow(swarm: string, change: Change): void {
    if (change.kind === 'node' && 'delete' in change) {
      this.#usage.delete(`${swarm} ${change.delete}`);
      this.#failures.forget(swarm, change.delete);
    }
    if (change.kind !== 'task') return;
    const before = this.#taskBefore(swarm, change);
    const after = 'set' in change ? change.set : undefined;
    const key = `${swarm} ${(after ?? before)?.id ?? ''}`;
    if (after?.status.state === 'pending') this.#waiting.set(key, true);
    else this.#waiting.delete(key);
    if (before && takesRoom(before)) this.#count(swarm, before, -1);
    if (after && takesRoom(after)) this.#count(swarm, after, 1);
    if (!before || !after || before.status.state === after.status.state) return;
    const hasFailed = after.status.state === 'failed' || after.status.state === 'rejected';
    if (hasFailed && !this.#isPreassigned(swarm, after)) this.#failures.add(swarm, after);
  }

  #isPreassigned(swarm: string, { service }: TaskObject): boolean {
    const mode = this.#rooms.store.get(swarm, 'service', service)?.spec.Mode;
    return mode?.Global !== undefined || mode?.GlobalJob !== undefined;
  }

  #count(swarm: string, task: TaskObject, sign: 1 | -1): void {
    const key = `${swarm} ${task.node}`;
    this.#usage.set(key, withTask(this.#usage.get(key) ?? UNUSED, task, sign));
  }

  #work(swarm: string, key: string): void {
    if (key === CHANGED) {
      if (this.#scheduled.has(swarm)) return;
      this.#scheduled.set(swarm, true);
      this.#loop.after(DEBOUNCE_MS, swarm, RUN);
      return;
    }
    this.#scheduled.delete(swarm);
    const { store } = this.#rooms;
    const waiting = [...this.#waiting.withPrefix(`${swarm} `)].flatMap(([row]) => {
      const task = store.get(swarm, 'task', row.slice(swarm.length + 1));
      return task ? [task] : [];
    });
    if (waiting.length > 0) this.#schedule(swarm, waiting);
  }

  #schedule(swarm: string, waiting: readonly TaskObject[]): void {
    const { store } = this.#rooms;
    const infos = new Map<string, NodeInfo>();
    for (const node of store.list(swarm, 'node')) {
      infos.set(node.id, { node, usage: this.#usage.get(`${swarm} ${node.id}`) ?? UNUSED });
    }
    const nodes: Nodes = {
      infos,
      failures: (node, task) => this.#failures.count(swarm, node, task),
    };
    const isUnwanted = ({ desired }: TaskObject): boolean => compareStates(desired, 'complete') > 0;
    const wanted = waiting.filter((task) => !isUnwanted(task));
    const changed = [
      ...waiting.filter(isUnwanted).map((task) => this.#end(task)),
      ...wanted.filter(({ node }) => node !== '').map((task) => this.#confirm(task, infos)),
      ...groups(wanted.filter(({ node }) => node === '')).flatMap((group) =>
        this.#place(swarm, group, nodes),
      ),
    ];
    const changes = changed.flatMap((task): Change[] =>
      task ? [{ kind: 'task', set: task }] : [],
    );
    if (changes.length > 0) this.#write(swarm, changes);
  }

  #write(swarm: string, changes: readonly Change[]): void {
    const { kernel, store } = this.#rooms;
    const record = kernel.record({
      actor: 'scheduler',
      verb: 'schedule',
      object: 'tasks',
      detail: { tasks: changes.length },
    });
    kernel.because(record, () => store.write(swarm, changes));
  }

  #end(task: TaskObject): TaskObject {
    const { message } = task.status;
    return { ...task, status: { state: 'shutdown', atMs: this.#rooms.kernel.now, message } };
  }

  /** Checks the node that a task has already. */
  #confirm(task: TaskObject, infos: Map<string, NodeInfo>): TaskObject | undefined {
    const info = infos.get(task.node);
    if (!info) return undefined;
    const pipeline = new Pipeline(task);
    if (!pipeline.passes(info)) return this.#unplaced(task, pipeline.explain());
    infos.set(task.node, { ...info, usage: withTask(info.usage, task, 1) });
    const message = 'scheduler confirmed task can run on preassigned node';
    return { ...task, status: { state: 'assigned', atMs: this.#rooms.kernel.now, message } };
  }

  #place(swarm: string, group: readonly TaskObject[], nodes: Nodes): (TaskObject | undefined)[] {
    const { store, kernel } = this.#rooms;
    const { placed, unplaced, explanation } = placeGroup(group, nodes);
    const why = noSuitableNode(explanation);
    const message = 'scheduler assigned task to node';
    return [
      ...placed.map(({ task, node }): TaskObject => {
        const assigned = { ...task, node };
        const service = store.get(swarm, 'service', task.service)?.spec.Name;
        return {
          ...assigned,
          name: service === undefined ? task.name : taskName(service, assigned),
          status: { state: 'assigned', atMs: kernel.now, message },
        };
      }),
      ...unplaced.map((task) => {
        const service = store.get(swarm, 'service', task.service);
        if (!service || service.specVersion > (task.specVersion ?? 0)) return undefined;
        return this.#unplaced(task, why);
      }),
    ];
  }

  /** Nothing is written when it has said so already. */
  #unplaced(task: TaskObject, err: string): TaskObject | undefined {
    if (task.status.err === err) return undefined;
    return { ...task, status: { ...task.status, atMs: this.#rooms.kernel.now, err } };
  }
}

/** Why a task has no node. */
export const noSuitableNode = (explanation: string): string =>
  explanation === '' ? 'no suitable node' : `no suitable node (${explanation})`;

/** Those of one service and one version of it; lower slots first. */
function groups(tasks: readonly TaskObject[]): TaskObject[][] {
  const found = new Map<string, TaskObject[]>();
  for (const task of tasks) {
    const key = `${task.service} ${task.specVersion ?? 0}`;
    const group = found.get(key);
    if (group) group.push(task);
    else found.set(key, [task]);
  }
  return [...found.values()].map((group) => group.sort((a, b) => a.slot - b.slot));
}
