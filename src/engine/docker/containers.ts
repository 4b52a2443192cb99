import type { Table } from '../sim/store.ts';
import { daemonOn } from './actor.ts';
import { answer, fail } from './answer.ts';
import type { EngineResponse } from './api.ts';
import { Creation } from './containers/creation.ts';
import { Execs } from './containers/execs.ts';
import { HealthMonitor } from './containers/health-monitor.ts';
import { Inspection } from './containers/inspection.ts';
import {
  internalService,
  type InternalAnswers,
  type InternalRequest,
} from './containers/internal.ts';
import { Lifecycle, type DaemonPhase } from './containers/lifecycle.ts';
import { Listing } from './containers/listing.ts';
import { kill, remove, restart, shutDown, start, stop, wait } from './containers/operations.ts';
import { askExec, attach, exec, input, logs } from './containers/output.ts';
import { prune } from './containers/prune.ts';
import type { ContainerRooms } from './containers/rooms.ts';
import type { ContainerRow } from './containers/row.ts';
import { Sizes } from './containers/sizes.ts';
import { sample, stats } from './containers/statistics.ts';
import { isRefusal, ContainerStore } from './containers/store.ts';
import { stateName } from './containers/status.ts';
import { Waiting } from './containers/waiting.ts';
import type { ContainerLookup, KnownContainer, Refusal } from './networks/membership.ts';
import type { Waiter } from '../sim/process.ts';

/**
 * The containers of each machine's daemon: the parts under containers/ tied together, and the few
 * things that are done at once.
 */
export class Containers implements ContainerLookup {
  readonly rooms: ContainerRooms;
  readonly store: ContainerStore;
  readonly creation: Creation;
  readonly execs: Execs;
  readonly health: HealthMonitor;
  readonly inspection: Inspection;
  readonly lifecycle: Lifecycle;
  readonly listing: Listing;
  readonly sizes: Sizes;
  readonly waiting: Waiting;
  readonly #phases: Table<string, DaemonPhase>;
  readonly #phaseListeners: ((machine: string, phase: DaemonPhase) => void)[] = [];

  constructor(rooms: ContainerRooms) {
    const { kernel, processes, events } = rooms;
    this.rooms = rooms;
    this.#phases = kernel.store.table<DaemonPhase>('docker/phases');
    const store = new ContainerStore(kernel, events);
    const waiting = new Waiting(kernel, processes);
    const execs = new Execs(rooms, store);
    const health = new HealthMonitor(rooms, store, execs);
    const sizes = new Sizes(rooms);
    this.store = store;
    this.waiting = waiting;
    this.execs = execs;
    this.health = health;
    this.sizes = sizes;
    this.creation = new Creation(rooms, store);
    this.lifecycle = new Lifecycle(rooms, { store, waiting, health }, (machine) =>
      this.phase(machine),
    );
    this.listing = new Listing(rooms, { store, health, sizes });
    this.inspection = new Inspection(rooms, { store, health, execs, sizes });
    const programs = {
      start,
      stop,
      wait,
      kill,
      restart,
      remove,
      prune,
      stats,
      attach,
      exec,
      input,
      logs,
    };
    for (const [name, program] of Object.entries(programs)) {
      processes.program(`docker/${name}`, program as never);
    }
    processes.program('docker/shut-down', shutDown);
    processes.program('docker/ask-exec', askExec);
  }

  addMachine(machine: string): void {
    this.#phases.set(machine, 'up');
    this.rooms.processes.service<InternalRequest>(internalService(machine), (request, asker) =>
      this.#inside(machine, request, asker),
    );
  }

  /** Whether a machine's daemon answers. */
  phase(machine: string): DaemonPhase {
    return this.#phases.get(machine) ?? 'down';
  }

  setPhase(machine: string, phase: DaemonPhase): void {
    this.#phases.set(machine, phase);
    for (const listener of this.#phaseListeners) listener(machine, phase);
  }

  /** Told when a machine's daemon has begun to stop, is down, and is up again. */
  onPhase(listener: (machine: string, phase: DaemonPhase) => void): void {
    this.#phaseListeners.push(listener);
  }

  /** As `docker` finds one: by full id, name, or an id's start. */
  lookup(machine: string, text: string): KnownContainer | Refusal {
    const row = this.store.find(machine, text);
    if (isRefusal(row)) return row;
    return { ok: true, id: row.id, name: row.name, state: stateName(row.state) };
  }

  /** Containers made of an image, running ones first. */
  usersOf(machine: string, digest: string): { id: string; running: boolean }[] {
    return this.store
      .ofImage(machine, digest)
      .map(({ id, state }) => ({ id, running: state.running }))
      .sort((a, b) => Number(b.running) - Number(a.running));
  }

  pause(machine: string, text: string): EngineResponse {
    const row = this.store.find(machine, text);
    if (isRefusal(row)) return fail(row.status, row.message);
    const { id, state } = row;
    if (!state.running) return fail(409, `container ${id} is not running`);
    if (state.paused) return fail(409, `container ${id} is already paused`);
    if (state.restarting) {
      return fail(409, `Container ${id} is restarting, wait until the container is running`);
    }
    const said = this.rooms.containerd.answer(machine, { op: 'pause', id });
    if (!said.ok) return fail(500, `cannot pause container ${id}: ${said.message}`);
    const paused = this.store.setState(row, { paused: true })!;
    this.health.pause(paused);
    this.store.emit(paused, 'pause');
    return answer(204, {});
  }

  unpause(machine: string, text: string): EngineResponse {
    const row = this.store.find(machine, text);
    if (isRefusal(row)) return fail(row.status, row.message);
    const { id, state } = row;
    if (!state.paused) return fail(500, `Container ${id} is not paused`);
    const said = this.rooms.containerd.answer(machine, { op: 'resume', id });
    if (!said.ok) return fail(500, `Cannot unpause container ${id}: ${said.message}`);
    const resumed = this.store.setState(row, { paused: false })!;
    this.health.resume(resumed);
    this.store.emit(resumed, 'unpause');
    return answer(204, {});
  }

  #inside(machine: string, request: InternalRequest, asker: Waiter): unknown {
    if (request.op === 'find') {
      const row = this.store.find(machine, request.text);
      return isRefusal(row) ? row : { ok: true, row };
    }
    if (request.op === 'stopped') return this.#stopped(machine);
    if (request.op === 'pruned') {
      const Attributes = { reclaimed: String(request.reclaimed) };
      this.rooms.events.emit(machine, { Type: 'container', Action: 'prune', ID: '', Attributes });
      return undefined;
    }
    const row = this.store.get(machine, request.id);
    if (!row) return this.#gone(request);
    switch (request.op) {
      case 'wait':
        return this.waiting.wait(row, request.condition, asker, request.timeoutMs);
      case 'signal':
        return this.lifecycle.signal(machine, row.id, request.signal);
      case 'start':
        return this.lifecycle.start(row, true, asker);
      case 'restarts':
        this.store.update(row, { manuallyRestarted: true });
        return undefined;
      case 'removing':
        if (request.value && row.state.removing) return false;
        this.store.setState(row, { removing: request.value });
        return true;
      case 'destroy':
        return this.#destroy(row, request.volumes);
      case 'tell':
        this.store.emit(row, request.action);
        return undefined;
      case 'sample':
        return sample(this.rooms, row);
    }
  }

  /** A container that was removed while somebody dealt with it. */
  #gone(request: Extract<InternalRequest, { id: string }>): unknown {
    const missing: Refusal = {
      ok: false,
      status: 404,
      message: `No such container: ${request.id}`,
    };
    switch (request.op) {
      case 'wait':
        return { exitCode: 0 } satisfies InternalAnswers['wait'];
      case 'signal':
      case 'start':
        return missing;
      case 'removing':
        return false;
      default:
        return undefined;
    }
  }

  #stopped(machine: string): InternalAnswers['stopped'] {
    return this.store
      .all(machine)
      .filter(({ state }) => !state.running)
      .map((row) => ({
        id: row.id,
        createdMs: row.createdMs,
        labels: row.config.Labels ?? {},
        sizeBytes: this.sizes.of(row).SizeRw,
      }));
  }

  /** The container with all that is its own is gone. */
  #destroy(row: ContainerRow, volumes: boolean): Refusal | undefined {
    const { machine, id, name } = row;
    const { containerd, networks, mounts, kernel } = this.rooms;
    const deleted = containerd.answer(machine, { op: 'delete', id });
    if (!deleted.ok && deleted.code !== 'NotFound') {
      return { ok: false, status: 500, message: `unable to remove filesystem: ${deleted.message}` };
    }
    this.execs.forget(row);
    this.health.forget(row);
    networks.remove(machine, id);
    this.store.delete(row);
    mounts.remove(machine, id, { volumes });
    kernel.record({ actor: daemonOn(machine), verb: 'delete', object: `container ${name}` });
    this.waiting.removed(row);
    this.store.emit(row, 'destroy');
    return undefined;
  }
}
