import type { NodeObject, ServiceObject } from '../objects.ts';
import type { Change } from '../store.ts';
import type { OrchestratorRooms, Restarts } from './restart.ts';
import { shutDown } from './shut-down.ts';
import { updatable, type Slot } from './slots.ts';
import { isDirty, isInvalid, modeOf, newTask, slotsOf, suits } from './tasks.ts';
import type { Updates } from './update.ts';

/**
 * One task on each node that suits a global service (moby/swarmkit v2.1
 * `manager/orchestrator/global/global.go`).
 */
const NODE = 'node/';

export class Global {
  readonly #rooms: OrchestratorRooms;
  readonly #restarts: Restarts;
  readonly #updates: Updates;

  constructor(rooms: OrchestratorRooms, restarts: Restarts, updates: Updates) {
    const { store, loops } = rooms;
    this.#rooms = rooms;
    this.#restarts = restarts;
    this.#updates = updates;
    const services = (swarm: string): string[] => store.list(swarm, 'service').map(({ id }) => id);
    loops.add({
      name: 'global',
      keysOf: (_, change) => this.#concerned(change),
      all: (swarm) => services(swarm),
      work: (swarm, key) => this.#work(swarm, key),
    });
  }

  #concerned(change: Change): string[] {
    if (change.kind === 'service') return 'set' in change ? [change.set.id] : [];
    if (change.kind !== 'node') return [];
    const id = 'set' in change ? change.set.id : change.delete;
    return [NODE + id];
  }

  #work(swarm: string, key: string): void {
    const { store } = this.#rooms;
    if (!key.startsWith(NODE)) {
      const service = store.get(swarm, 'service', key);
      if (service && modeOf(service) === 'Global') this.#reconcile(swarm, service);
      return;
    }
    const id = key.slice(NODE.length);
    const node = store.get(swarm, 'node', id);
    if (!node) this.#forget(swarm, id);
    else this.#reconcileNode(swarm, node);
  }

  /** Everything about one service. */
  #reconcile(swarm: string, service: ServiceObject): void {
    const { store } = this.#rooms;
    const slots = new Map<string, Slot>();
    for (const [node, slot] of slotsOf(store, swarm, service)) {
      const alive = updatable(this.#restarts.history, swarm, service, slot);
      if (alive.length > 0) slots.set(node, alive);
    }
    const changes: Change[] = [];
    const kept: Slot[] = [];
    for (const node of store.list(swarm, 'node')) {
      if (isInvalid(node)) continue;
      const slot = slots.get(node.id) ?? [];
      slots.delete(node.id);
      if (!suits(service, node)) changes.push(...shutDown(slot));
      else if (node.spec.Availability === 'pause') continue;
      else if (slot.length === 0) changes.push(this.#add(service, node));
      else kept.push(slot);
    }
    for (const slot of slots.values()) changes.push(...shutDown(slot));
    this.#write(swarm, service, changes);
    if (kept.length > 0) this.#updates.update(swarm, service, kept);
  }

  #add(service: ServiceObject, { id: node }: NodeObject): Change {
    const { store, kernel } = this.#rooms;
    return { kind: 'task', set: newTask(store, service, kernel.now, { slot: 0, node }) };
  }

  /** All global services on one node. It may be behind: it was paused, say. */
  #reconcileNode(swarm: string, node: NodeObject): void {
    const { store } = this.#rooms;
    const onNode = store.tasksOn(swarm, node.id);
    const isLost = isInvalid(node);
    if (!isLost && node.spec.Availability === 'pause') return;
    for (const service of store.list(swarm, 'service')) {
      if (modeOf(service) !== 'Global') continue;
      const tasks = onNode.filter((task) => task.service === service.id);
      if (isLost) this.#write(swarm, service, shutDown(tasks));
      else if (suits(service, node)) this.#renew(swarm, service, node, tasks);
    }
  }

  #renew(swarm: string, service: ServiceObject, node: NodeObject, tasks: Slot): void {
    const slot = tasks.length === 0 ? [] : updatable(this.#restarts.history, swarm, service, tasks);
    const clean = slot.filter((task) => !isDirty(service, task, node));
    const dirty = slot.filter((task) => isDirty(service, task, node));
    const changes = shutDown([...dirty, ...clean.slice(1)]);
    this.#write(
      swarm,
      service,
      clean.length > 0 ? changes : [...changes, this.#add(service, node)],
    );
  }

  /** A node was removed: its tasks are nobody's. */
  #forget(swarm: string, node: string): void {
    const { store } = this.#rooms;
    const changes = store.tasksOn(swarm, node).flatMap((task): Change[] => {
      const service = store.get(swarm, 'service', task.service);
      return service && modeOf(service) === 'Global' ? [{ kind: 'task', delete: task.id }] : [];
    });
    if (changes.length > 0) store.write(swarm, changes);
  }

  #write(swarm: string, { spec }: ServiceObject, changes: readonly Change[]): void {
    if (changes.length === 0) return;
    const { kernel, store } = this.#rooms;
    const object = `service ${spec.Name}`;
    const record = kernel.record({ actor: 'orchestrator', verb: 'reconcile', object });
    kernel.because(record, () => store.write(swarm, changes));
  }
}
