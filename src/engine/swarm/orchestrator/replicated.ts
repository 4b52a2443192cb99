import type { ServiceObject, TaskObject } from '../objects.ts';
import type { Change } from '../store.ts';
import type { OrchestratorRooms, Restarts } from './restart.ts';
import { byWorth, updatable, type Slot } from './slots.ts';
import { compareStates } from '../task.ts';
import { isWanted, modeOf, newTask, slotsOf } from './tasks.ts';
import type { Updates } from './update.ts';

/**
 * So many slots as a service has replicas: lower numbers are filled first, and taken away last
 * (moby/swarmkit v2.1 `manager/orchestrator/replicated/services.go`).
 */
export class Replicated {
  readonly #rooms: OrchestratorRooms;
  readonly #restarts: Restarts;
  readonly #updates: Updates;

  constructor(rooms: OrchestratorRooms, restarts: Restarts, updates: Updates) {
    this.#rooms = rooms;
    this.#restarts = restarts;
    this.#updates = updates;
    rooms.loops.add({
      name: 'replicated',
      keysOf: (swarm, change) => this.#concerned(swarm, change),
      all: (swarm) => rooms.store.list(swarm, 'service').map(({ id }) => id),
      work: (swarm, id) => this.#work(swarm, id),
    });
  }

  #concerned(swarm: string, change: Change): string[] {
    if (change.kind === 'service') return 'set' in change ? [change.set.id] : [];
    if (change.kind !== 'task' || 'set' in change) return [];
    const gone = this.#rooms.store.get(swarm, 'task', change.delete);
    return gone && isWanted(gone) ? [gone.service] : [];
  }

  #work(swarm: string, id: string): void {
    const { store } = this.#rooms;
    const service = store.get(swarm, 'service', id);
    if (!service || modeOf(service) !== 'Replicated') return;
    const wanted = service.spec.Mode.Replicated?.Replicas ?? 0;
    const slots = new Map<string, Slot>();
    const dead = new Map<string, Slot>();
    for (const [key, slot] of slotsOf(store, swarm, service)) {
      const alive = updatable(this.#restarts.history, swarm, service, slot);
      if (alive.length > 0) slots.set(key, alive);
      else dead.set(key, slot);
    }
    const kept = slots.size > wanted ? byWorth([...slots.values()]) : [...slots.values()];
    const surplus = kept.splice(wanted);
    const fresh = this.#missing(service, slots, wanted - slots.size);
    for (const { slot } of fresh) dead.delete(String(slot));
    const changes: Change[] = [
      ...[...dead.values()].flat().map(({ id: gone }): Change => ({ kind: 'task', delete: gone })),
      ...surplus
        .flat()
        .flatMap((task): Change[] =>
          compareStates(task.desired, 'remove') >= 0
            ? []
            : [{ kind: 'task', set: { ...task, desired: 'remove' } }],
        ),
      ...fresh.map((task): Change => ({ kind: 'task', set: task })),
    ];
    this.#updates.update(swarm, service, kept);
    if (changes.length > 0) this.#write(swarm, service, changes, slots.size);
  }

  /** Tasks for the lowest slots that have none. */
  #missing(service: ServiceObject, slots: ReadonlyMap<string, Slot>, count: number): TaskObject[] {
    const { store, kernel } = this.#rooms;
    const fresh: TaskObject[] = [];
    for (let slot = 1; fresh.length < count; slot++) {
      if (slots.has(String(slot))) continue;
      fresh.push(newTask(store, service, kernel.now, { slot, node: '' }));
    }
    return fresh;
  }

  #write(swarm: string, { spec }: ServiceObject, changes: Change[], before: number): void {
    const { kernel, store } = this.#rooms;
    const record = kernel.record({
      actor: 'orchestrator',
      verb: 'reconcile',
      object: `service ${spec.Name}`,
      detail: { tasks: before, wanted: spec.Mode.Replicated?.Replicas ?? 0 },
    });
    kernel.because(record, () => store.write(swarm, changes));
  }
}
