import type { EventType } from '../../sim/kernel.ts';
import type { Table } from '../../sim/store.ts';
import { daemonOn } from '../actor.ts';
import type { Containers } from '../containers.ts';
import { decideRestart } from './restart-policy.ts';
import type { ContainerRow } from './row.ts';

/**
 * A daemon stops, and comes back (moby/moby v29.7 `daemon/daemon.go`, `Shutdown`, `restore`). With
 * live-restore its containers go on without it; else they are stopped with it, or, when it was
 * killed, as soon as it is back.
 */
export interface StopDaemon {
  /** By SIGKILL: it has no time to stop its containers. */
  readonly killed?: boolean;
  readonly liveRestore?: boolean;
}

/** The exit code of a container whose end nobody saw. */
const UNSEEN_EXIT = 255;

export class Power {
  readonly #containers: Containers;
  /** Containers that are still being stopped with their daemon. */
  readonly #pending: Table<string, number>;
  /** Daemons that are to start as soon as they have stopped. */
  readonly #wanted: Table<string, { readonly liveRestore: boolean }>;
  readonly #stopped: EventType<{ machine: string }>;
  readonly #restored: EventType<{ machine: string; id: string }>;

  constructor(containers: Containers) {
    const { kernel } = containers.rooms;
    this.#pending = kernel.store.table<number>('docker/stopping');
    this.#wanted = kernel.store.table<{ liveRestore: boolean }>('docker/starting');
    this.#containers = containers;
    this.#stopped = kernel.event('docker/daemon-stopped', ({ machine }) => {
      const left = (this.#pending.get(machine) ?? 1) - 1;
      if (left > 0) this.#pending.set(machine, left);
      else this.#down(machine);
    });
    this.#restored = kernel.event('docker/restored', ({ machine, id }) => {
      const row = containers.store.get(machine, id);
      if (row) this.#comeBack(row, false);
    });
  }

  /** Stops a machine's daemon; it answers no more from now on. */
  stop(machine: string, { killed = false, liveRestore = false }: StopDaemon = {}): void {
    const { store, rooms } = this.#containers;
    if (this.#containers.phase(machine) !== 'up') return;
    rooms.kernel.record({ actor: daemonOn(machine), verb: 'stop', object: `daemon ${machine}` });
    const running = killed || liveRestore ? [] : store.running(machine);
    this.#containers.setPhase(machine, 'stopping');
    for (const { id } of running) {
      const then = { event: this.#stopped.name, payload: { machine } };
      rooms.processes.spawn('docker/shut-down', { machine, id }, { then });
    }
    if (running.length === 0) this.#down(machine);
    else this.#pending.set(machine, running.length);
  }

  #down(machine: string): void {
    this.#pending.delete(machine);
    this.#containers.setPhase(machine, 'down');
    // Nobody is there who could ask how they are; a daemon that finds them alive begins anew.
    for (const row of this.#containers.store.running(machine)) this.#containers.health.end(row);
    this.#containers.rooms.events.close(machine);
    const wanted = this.#wanted.get(machine);
    if (!wanted) return;
    this.#wanted.delete(machine);
    this.start(machine, wanted);
  }

  /**
   * Starts it again: looks at what became of its containers, and starts those it should. One that is
   * still stopping starts when it has stopped, as systemd has it.
   */
  start(machine: string, { liveRestore = false }: { liveRestore?: boolean } = {}): void {
    const phase = this.#containers.phase(machine);
    if (phase === 'up') return;
    if (phase === 'stopping') {
      this.#wanted.set(machine, { liveRestore });
      return;
    }
    const { store, rooms } = this.#containers;
    rooms.kernel.record({ actor: daemonOn(machine), verb: 'start', object: `daemon ${machine}` });
    this.#containers.setPhase(machine, 'up');
    for (const row of store.all(machine).reverse()) this.#restore(row, liveRestore);
  }

  #restore(row: ContainerRow, liveRestore: boolean): void {
    const { store, rooms, lifecycle, health } = this.#containers;
    const { machine, id } = row;
    const seen = rooms.containerd.answer(machine, { op: 'state', id });
    const task = seen.ok ? seen.container : undefined;
    const alive = task?.status === 'running' || task?.status === 'paused';
    store.setState(row, { starting: false, removing: false });
    if (row.state.running && alive && !liveRestore) {
      const then = { event: this.#restored.name, payload: { machine, id } };
      rooms.processes.spawn('docker/shut-down', { machine, id }, { then });
      return;
    }
    if (row.state.running && alive) {
      const kept = store.setState(row, { paused: task.status === 'paused' })!;
      if (!kept.state.paused) health.begin(kept);
    } else if (row.state.running) {
      const seenExit = task?.exit?.unseen ? undefined : task?.exit;
      const { exitCode = UNSEEN_EXIT, finishedMs = rooms.kernel.now } = seenExit ?? {};
      const before = row.state.restarting ? row.state : { exitCode, finishedMs };
      lifecycle.lost(row, {
        exitCode: before.exitCode,
        finishedMs: before.finishedMs ?? rooms.kernel.now,
      });
    }
    const now = store.get(machine, id);
    if (now) this.#comeBack(now, alive);
  }

  /** Whether a container starts with its daemon, or goes with it. */
  #comeBack(row: ContainerRow, alive: boolean): void {
    const { rooms, lifecycle, store } = this.#containers;
    const { machine, id, hostConfig, state, manuallyStopped, restartCount } = row;
    if (state.running) return;
    const ranMs = (state.finishedMs ?? 0) - (state.startedMs ?? 0);
    const { restart } = decideRestart({
      policy: hostConfig.RestartPolicy,
      exitCode: state.exitCode,
      manuallyStopped,
      restartCount,
      ranMs,
      previousDelayMs: 0,
    });
    if (restart && row.startedBefore) {
      store.update(row, { restartCanceled: false });
      lifecycle.start(row, true);
    } else if (hostConfig.AutoRemove && !alive) {
      rooms.processes.spawn('docker/remove', { machine, text: id, force: true, volumes: true });
    }
  }
}
