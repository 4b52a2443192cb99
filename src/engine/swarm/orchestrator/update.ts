import type { UpdateConfig } from '../api.ts';
import { DEFAULT_MONITOR_NS, withDefaults } from '../control-api/service-defaults.ts';
import type { Loop } from '../leader-loops.ts';
import type { ServiceObject, TaskObject } from '../objects.ts';
import type { Change } from '../store.ts';
import { compareStates, isEnded } from '../task.ts';
import { shutDown } from './shut-down.ts';
import type { OrchestratorRooms, Restarts } from './restart.ts';
import type { Slot } from './slots.ts';
import { isDirty, isWanted, newTask, slotKey } from './tasks.ts';
import { UpdateRows, type UpdateRow, type WorkerRow } from './update-rows.ts';
import { completed, exceeds, paused, rolledBack, started, withUpdate } from './update-status.ts';

/**
 * Rolling updates: so many slots at a time get a task of the new version, each followed by a pause;
 * when too many of the new tasks fail, the update is paused or rolled back (moby/swarmkit v2.1
 * `manager/orchestrator/update/updater.go`).
 *
 * Simplified: a slot is looked at when its turn comes, not when the update starts.
 */
const NS_PER_MS = 1_000_000;
const EXTRA_MS = 1_000;

export class Updates {
  readonly #rooms: OrchestratorRooms;
  readonly #restarts: Restarts;
  readonly #rows: UpdateRows;
  readonly #loop: Loop;

  constructor(rooms: OrchestratorRooms, restarts: Restarts) {
    const { kernel, loops } = rooms;
    this.#rooms = rooms;
    this.#restarts = restarts;
    this.#rows = new UpdateRows(kernel);
    // A key is a service, or a task that an update made after the service's name.
    this.#loop = loops.add({
      name: 'updates',
      keysOf: (swarm, change) => this.#concerned(swarm, change),
      all: (swarm) =>
        [...this.#rows.updates.withPrefix(`${swarm} `)].flatMap(([, { service }]) => [
          service,
          ...this.#rows.workers(swarm, service).map(({ task }) => `${service} ${task}`),
        ]),
      work: (swarm, key) => this.#work(swarm, key),
    });
    restarts.onStarted((swarm, task) => {
      const worker = this.#rows.workerOf(swarm, task);
      if (worker) this.#loop.after(0, swarm, `${worker.service} ${task}`);
    });
  }

  #concerned(swarm: string, change: Change): string[] {
    if (change.kind === 'service' && 'delete' in change) return [change.delete];
    if (change.kind !== 'task') return [];
    const id = 'set' in change ? change.set.id : change.delete;
    const updated = this.#rows.updated(swarm, id);
    if (!updated) return [];
    const hasStarted = 'delete' in change || compareStates(change.set.status.state, 'running') >= 0;
    return hasStarted ? [`${updated.service} ${id}`] : [];
  }

  /** Sees to it that these slots get what the service is now; an update to that goes on. */
  update(swarm: string, service: ServiceObject, slots: readonly Slot[]): void {
    const { id, specVersion } = service;
    const known = this.#rows.get(swarm, id);
    if (known?.specVersion === specVersion) return;
    if (known) this.#rows.drop(swarm, id);
    const { update } = service;
    if (update?.state === 'paused' || update?.state === 'rollback_paused') return;
    const dirty = slots.filter((slot) => slot.length > 1 || this.#hasDirty(swarm, service, slot));
    const isRollback = update?.state === 'rollback_started';
    if (dirty.length === 0) {
      if (update?.state === 'updating' || isRollback) this.#complete(swarm, service);
      return;
    }
    this.#rows.set({
      ...{ swarm, service: id, specVersion, isRollback },
      slots: dirty.map((slot) => slotKey(service, slot[0]!)),
      ...{ begun: 0, failures: 0, isStopped: false },
    });
    if (!update) this.#say(swarm, service, withUpdate(service, started(this.#rooms.kernel.now)));
    this.#loop.after(0, swarm, id);
  }

  #hasDirty(swarm: string, service: ServiceObject, slot: Slot): boolean {
    return slot.some((task) => this.#isDirty(swarm, service, task));
  }

  #isDirty(swarm: string, service: ServiceObject, task: TaskObject): boolean {
    return isDirty(service, task, this.#rooms.store.get(swarm, 'node', task.node));
  }

  #complete(swarm: string, service: ServiceObject): void {
    const { update } = service;
    if (!update) return;
    const done = completed(update, this.#rooms.kernel.now);
    this.#say(swarm, service, withUpdate(service, done));
  }

  #say(swarm: string, { spec }: ServiceObject, change: Change): void {
    const { kernel, store } = this.#rooms;
    const update = 'set' in change && change.kind === 'service' ? change.set.update : undefined;
    const record = kernel.record({
      actor: 'orchestrator',
      verb: update?.state ?? 'update',
      object: `service ${spec.Name}`,
      ...(update && { message: update.message }),
    });
    kernel.because(record, () => store.write(swarm, [change]));
  }

  #work(swarm: string, key: string): void {
    const { store, kernel } = this.#rooms;
    const [id = '', task] = key.split(' ');
    const row = this.#rows.get(swarm, id);
    if (!row) return;
    const service = store.get(swarm, 'service', id);
    if (service?.specVersion !== row.specVersion) {
      this.#rows.drop(swarm, id);
      return;
    }
    if (task !== undefined && task !== '') this.#follow(swarm, service, task);
    for (const worker of this.#rows.workers(swarm, id)) {
      if ((worker.untilMs ?? Infinity) <= kernel.now) this.#rows.endWorker(worker);
    }
    this.#goOn(swarm, id);
  }

  /** Begins with further slots, or watches, or ends. */
  #goOn(swarm: string, id: string): void {
    const { store, kernel } = this.#rooms;
    const config = (): UpdateConfig =>
      configOf(store.get(swarm, 'service', id)!, this.#rows.get(swarm, id)!);
    for (;;) {
      const row = this.#rows.get(swarm, id);
      const service = store.get(swarm, 'service', id);
      if (!row || !service) return;
      const parallelism = config().Parallelism || row.slots.length;
      const slot = row.slots[row.begun];
      const active = this.#rows.workers(swarm, id).length;
      if (slot === undefined || row.isStopped) {
        if (active === 0) this.#end(swarm, service, row);
        return;
      }
      if (active >= parallelism) return;
      this.#rows.set({ ...row, begun: row.begun + 1 });
      if (!this.#begin(swarm, service, slot)) {
        // Without a quorum the slot has its turn when there is one again.
        this.#rows.set(row);
        this.#loop.after(kernel.now === 0 ? 1 : 1_000, swarm, id);
        return;
      }
    }
  }

  #end(swarm: string, service: ServiceObject, row: UpdateRow): void {
    const { kernel } = this.#rooms;
    if (row.isStopped) {
      this.#rows.drop(swarm, row.service);
      return;
    }
    if (row.monitorUntilMs === undefined) {
      const { Delay = 0 } = configOf(service, row);
      const monitorMs = monitorOf(service, row);
      const delayMs = Delay / NS_PER_MS;
      const watchMs = Math.ceil(delayMs >= monitorMs ? delayMs + EXTRA_MS : monitorMs);
      this.#rows.set({ ...row, monitorUntilMs: kernel.now + watchMs });
      this.#loop.after(watchMs, swarm, row.service);
      return;
    }
    if (kernel.now < row.monitorUntilMs) return;
    this.#rows.drop(swarm, row.service);
    this.#complete(swarm, service);
  }

  /** Replaces what is in a slot; false when that could not be written. */
  #begin(swarm: string, service: ServiceObject, slot: string): boolean {
    const { store, kernel } = this.#rooms;
    const { Order = 'stop-first' } = configOf(service, this.#rows.get(swarm, service.id)!);
    const all = store.tasksOf(swarm, service.id).filter((one) => slotKey(service, one) === slot);
    const wanted = all.filter(isWanted);
    const clean = wanted.filter((task) => !this.#isDirty(swarm, service, task));
    const existing = clean.find(({ desired }) => desired === 'running') ?? clean.at(-1);
    const worker: WorkerRow = { swarm, service: service.id, slot, task: '' };
    if (existing) {
      const old = wanted.filter((task) => task !== existing);
      const isThere = existing.desired === 'running';
      if (old.length > 0 && !store.write(swarm, shutDown(old))) return false;
      if (!isThere && !this.#restarts.isDelayed(swarm, existing.id)) {
        this.#restarts.delay(swarm, existing.id, { old: old.at(-1), delayMs: 0 });
      }
      this.#pauseAfter(swarm, service, worker);
      return true;
    }
    const first = all[0];
    const place = { slot: first?.slot ?? Number(slot), node: first?.slot === 0 ? slot : '' };
    const fresh: TaskObject = { ...newTask(store, service, kernel.now, place), desired: 'ready' };
    const isStartFirst = Order === 'start-first';
    const changes = [
      ...(isStartFirst ? [] : shutDown(wanted)),
      { kind: 'task', set: fresh } as const,
    ];
    const record = kernel.record({
      actor: 'orchestrator',
      verb: 'update',
      object: `task ${fresh.name}`,
      detail: { slot },
    });
    return kernel.because(record, () => {
      this.#rows.setUpdated(swarm, fresh.id, { service: service.id });
      if (!store.write(swarm, changes)) return false;
      this.#rows.setWorker({ ...worker, task: fresh.id });
      const old = isStartFirst ? undefined : wanted.at(-1);
      this.#restarts.delay(swarm, fresh.id, { old, delayMs: 0 });
      return true;
    });
  }

  /** A slot is done; the next one begins after the pause. */
  #pauseAfter(swarm: string, service: ServiceObject, worker: WorkerRow): void {
    const row = this.#rows.get(swarm, service.id);
    const delayMs = row ? Math.ceil((configOf(service, row).Delay ?? 0) / NS_PER_MS) : 0;
    if (delayMs === 0) {
      this.#rows.endWorker(worker);
      return;
    }
    this.#rows.setWorker({ ...worker, task: '', untilMs: this.#rooms.kernel.now + delayMs });
    this.#loop.after(delayMs, swarm, service.id);
  }

  /** Something became of a new task. */
  #follow(swarm: string, service: ServiceObject, id: string): void {
    const { store, kernel } = this.#rooms;
    const task = store.get(swarm, 'task', id);
    const updated = this.#rows.updated(swarm, id);
    if (!updated) return;
    const hasStarted = !task || compareStates(task.status.state, 'running') >= 0;
    if (hasStarted && updated.startedMs === undefined) {
      this.#rows.setUpdated(swarm, id, { ...updated, startedMs: kernel.now });
    }
    const worker = this.#rows.workerOf(swarm, id);
    if (worker && hasStarted && !this.#restarts.isDelayed(swarm, id)) {
      if (task?.status.state === 'running') this.#stopOthers(swarm, service, worker);
      this.#pauseAfter(swarm, service, worker);
    }
    if (task && isEnded(task)) this.#fail(swarm, service, task);
  }

  /** Those that were to run on until the new task does. */
  #stopOthers(swarm: string, service: ServiceObject, { slot, task }: WorkerRow): void {
    const { store } = this.#rooms;
    const others = store
      .tasksOf(swarm, service.id)
      .filter((one) => slotKey(service, one) === slot && one.id !== task && isWanted(one));
    if (others.length > 0) store.write(swarm, shutDown(others));
  }

  /** A new task ended early: it may be one too many. */
  #fail(swarm: string, service: ServiceObject, task: TaskObject): void {
    const { kernel } = this.#rooms;
    const row = this.#rows.get(swarm, service.id);
    const updated = this.#rows.updated(swarm, task.id);
    if (!row || !updated || updated.hasFailed || row.isStopped) return;
    const config = configOf(service, row);
    const action = config.FailureAction ?? 'pause';
    const startedMs = updated.startedMs ?? kernel.now;
    if (action === 'continue' || kernel.now - startedMs > monitorOf(service, row)) return;
    this.#rows.setUpdated(swarm, task.id, { ...updated, hasFailed: true });
    const failures = row.failures + 1;
    const isTooMany = exceeds(failures, row.slots.length, config.MaxFailureRatio ?? 0);
    this.#rows.set({ ...row, failures, isStopped: isTooMany });
    if (!isTooMany || !service.update) return;
    // A rollback is never rolled back.
    const back =
      action === 'rollback' && !row.isRollback ? rolledBack(service, task.id) : undefined;
    const change: Change = back
      ? { kind: 'service', set: back }
      : withUpdate(service, paused(service.update, task.id));
    this.#say(swarm, service, change);
  }
}

function configOf(service: ServiceObject, { isRollback }: UpdateRow): UpdateConfig {
  const { UpdateConfig, RollbackConfig } = withDefaults(service.spec);
  return (isRollback ? RollbackConfig : UpdateConfig)!;
}

const monitorOf = (service: ServiceObject, row: UpdateRow): number =>
  (configOf(service, row).Monitor || DEFAULT_MONITOR_NS) / NS_PER_MS;
