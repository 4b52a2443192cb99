import type { EventType } from '../../sim/kernel.ts';
import type { Waiter } from '../../sim/process.ts';
import { LATER } from '../../sim/processes.ts';
import type { Answers, ContainerExit } from '../../containerd/api.ts';
import type { Signal } from '../../sim/process.ts';
import { signalNumber } from '../../machine/signals.ts';
import { daemonOn } from '../actor.ts';
import { refuse, type Refusal } from '../networks/membership.ts';
import { parseSignal } from '../signals.ts';
import type { HealthMonitor } from './health-monitor.ts';
import { decideRestart, isNoPolicy } from './restart-policy.ts';
import type { ContainerRooms } from './rooms.ts';
import type { ContainerRow } from './row.ts';
import { runtimeSpec } from './runtime-spec.ts';
import { startFailure, UNKNOWN_EXIT } from './start-failure.ts';
import { isRefusal, type ContainerStore } from './store.ts';
import type { Waiting } from './waiting.ts';

/** Whether a machine's daemon answers: while it stops nothing is restarted. */
export type DaemonPhase = 'up' | 'stopping' | 'down';

/**
 * How containers start, end and are started again (moby/moby v29.7 `daemon/start.go`,
 * `monitor.go`, `kill.go`). What takes several steps over time is in operations.ts.
 */
interface Named {
  readonly machine: string;
  readonly id: string;
}

type Started = Named & { readonly asker?: Waiter; readonly answer: Answers['start'] };

const EARLY_EXIT_TRIES = 100;

export class Lifecycle {
  readonly #rooms: ContainerRooms;
  readonly #store: ContainerStore;
  readonly #waiting: Waiting;
  readonly #health: HealthMonitor;
  readonly #started: EventType<Started>;
  readonly #exited: EventType<Named & { exit: ContainerExit; tries?: number }>;
  readonly #oom: EventType<Named>;
  readonly #restart: EventType<Named & { restartCount: number }>;
  readonly #autoRemove: EventType<Named>;
  readonly #phase: (machine: string) => DaemonPhase;

  constructor(
    rooms: ContainerRooms,
    parts: { store: ContainerStore; waiting: Waiting; health: HealthMonitor },
    phase: (machine: string) => DaemonPhase,
  ) {
    const { kernel, processes } = rooms;
    this.#rooms = rooms;
    this.#store = parts.store;
    this.#waiting = parts.waiting;
    this.#health = parts.health;
    this.#phase = phase;
    this.#started = kernel.event('docker/started', (payload) => this.#begun(payload));
    this.#exited = kernel.event('docker/exited', (payload) => this.#end(payload));
    this.#oom = kernel.event('docker/oom', ({ machine, id }) => {
      const row = this.#store.setState({ machine, id }, { oomKilled: true });
      if (row) this.#store.emit(row, 'oom');
    });
    this.#restart = kernel.event('docker/restart', (payload) => this.#restartNow(payload));
    this.#autoRemove = kernel.event('docker/auto-remove', ({ machine, id }) => {
      processes.spawn('docker/remove', { machine, text: id, force: true, volumes: true });
    });
  }

  /**
   * Starts a container; the asker is told `undefined` or a refusal. With `isByHand` the count of
   * restarts and what a stop left behind are forgotten.
   */
  start(row: ContainerRow, isByHand: boolean, asker?: Waiter): Refusal | undefined | typeof LATER {
    if (isByHand && row.state.running) return undefined;
    if (row.state.removing || row.state.dead) {
      return refuse(409, 'container is marked for removal and cannot be started');
    }
    const { machine, id } = row;
    const { networks, mounts, containerd } = this.#rooms;
    const mounted = mounts.mount(machine, id);
    if (isRefusal(mounted)) return this.#notStarted(row, mounted, UNKNOWN_EXIT);
    const joined = networks.join(machine, id);
    if (isRefusal(joined)) return this.#notStarted(row, joined, UNKNOWN_EXIT);
    const device = missingDevice(row);
    if (device) return this.#notStarted(row, device, UNKNOWN_EXIT);
    const manual = { restartCanceled: false, manuallyStopped: false, restartCount: 0 };
    const config = { ...row.config, Hostname: joined.hostname };
    const change = { config, ...(isByHand ? { ...manual, restartDelayMs: 0 } : {}) };
    this.#store.update(row, change);
    const starting = this.#store.setState(row, { starting: true })!;
    const created = containerd.answer(machine, {
      op: 'create',
      ...runtimeSpec(starting, joined, mounted.mounts),
      exitEvent: { event: this.#exited.name, payload: { machine, id } },
      oomEvent: { event: this.#oom.name, payload: { machine, id } },
    });
    if (!created.ok) {
      return this.#notStarted(starting, refuse(500, created.message), UNKNOWN_EXIT);
    }
    const then = { event: this.#started.name, payload: { machine, id, asker } };
    containerd.call(machine, { op: 'start', id }, then);
    return LATER;
  }

  #begun({ machine, id, asker, answer }: Started): void {
    const row = this.#store.get(machine, id);
    if (!row) return;
    if (!answer.ok) {
      const { exitCode, status, message } = startFailure(answer.message);
      const refused = this.#notStarted(row, refuse(status, message), exitCode);
      if (asker) this.#rooms.processes.reply(asker, refused);
      return;
    }
    this.#store.update(row, { manuallyRestarted: false, startedBefore: true });
    const running = this.#store.setState(row, {
      error: '',
      starting: false,
      running: true,
      restarting: false,
      paused: false,
      oomKilled: false,
      exitCode: 0,
      pid: answer.pid,
      startedMs: this.#rooms.kernel.now,
    })!;
    const object = `container ${running.name}`;
    this.#rooms.kernel.record({ actor: daemonOn(running.machine), verb: 'running', object });
    this.#health.begin(running);
    this.#store.emit(running, 'start');
    this.#waiting.settled(running);
    if (asker) this.#rooms.processes.reply(asker, undefined);
  }

  /** Gives back what the start took; a restart by policy that fails ends the container. */
  #notStarted(row: ContainerRow, refusal: Refusal, exitCode: number): Refusal {
    const { machine, id, hostConfig } = row;
    this.#rooms.networks.leave(machine, id);
    this.#rooms.mounts.unmount(machine, id);
    // Who attached before it was started hears that nothing comes (moby v29 `daemon/start.go`).
    this.#rooms.containerd.answer(machine, { op: 'detach', id });
    const wasRestarting = row.state.restarting;
    const failed = this.#store.setState(row, {
      starting: false,
      error: refusal.message,
      ...(wasRestarting ? {} : { exitCode }),
    })!;
    if (wasRestarting) this.#stopped(failed, {});
    this.#waiting.settled(failed);
    if (hostConfig.AutoRemove) this.#autoRemove.after(0, { machine, id });
    return refusal;
  }

  #end({ machine, id, exit, tries = 0 }: Named & { exit: ContainerExit; tries?: number }): void {
    const row = this.#store.get(machine, id);
    // Nobody notices while the daemon is not there; it looks for itself when it is back.
    if (!row || this.#phase(machine) === 'down') return;
    if (row.state.starting && tries < EARLY_EXIT_TRIES) {
      this.#exited.after(1, { machine, id, exit, tries: tries + 1 });
      return;
    }
    if (!row.state.running || row.state.restarting) return;
    const startedMs = row.state.startedMs ?? exit.startedMs;
    const ranMs = Math.max(0, exit.finishedMs - startedMs);
    const { exitCode, finishedMs } = exit;
    const { restart, delayMs } = this.#decision(row, exitCode, ranMs);
    this.leave(row);
    const oomKilled = row.state.oomKilled || exit.oomKilled;
    this.#store.setState(row, { oomKilled });
    const more = { exitCode: String(exitCode), execDuration: String(Math.floor(ranMs / 1000)) };
    if (!restart) {
      const ended = this.#stopped(row, { exitCode, finishedMs });
      if (ended) this.#store.emit(ended, 'die', more);
      this.#removeAfterwards(row);
      return;
    }
    const restartCount = row.restartCount + 1;
    this.#store.update(row, { restartCount, restartDelayMs: delayMs });
    const waits = this.#store.setState(row, {
      ...{ running: true, restarting: true, paused: false, pid: 0, exitCode, finishedMs },
    })!;
    this.#store.emit(waits, 'die', more);
    this.#waiting.ended(waits);
    const { kernel } = this.#rooms;
    const record = kernel.record({
      actor: daemonOn(row.machine),
      verb: 'back-off',
      object: `container ${row.name}`,
      reason: row.hostConfig.RestartPolicy.Name,
      detail: { exitCode, restartCount, delayMs },
    });
    const again = (): unknown => this.#restart.after(delayMs, { machine, id, restartCount });
    kernel.because(record, again);
  }

  #decision(row: ContainerRow, exitCode: number, ranMs: number) {
    const { restartCount, restartCanceled, restartDelayMs: previousDelayMs } = row;
    const policy = row.hostConfig.RestartPolicy;
    const isStopping = this.#phase(row.machine) !== 'up';
    if (restartCanceled || isNoPolicy(policy)) return { restart: false, delayMs: previousDelayMs };
    const manuallyStopped = isStopping || row.manuallyStopped;
    return decideRestart({
      policy,
      exitCode,
      manuallyStopped,
      restartCount,
      ranMs,
      previousDelayMs,
    });
  }

  /** Gives back what a running container holds: probes, networks, mounts. */
  leave(row: ContainerRow): void {
    const { machine, id } = row;
    this.#health.end(row);
    this.#rooms.networks.leave(machine, id);
    this.#rooms.mounts.unmount(machine, id);
  }

  /** It does not run any more: whoever waits for that is told. */
  #stopped(row: ContainerRow, exit: { exitCode?: number; finishedMs?: number }) {
    const stopped = this.#store.setState(row, {
      ...{ running: false, paused: false, restarting: false, pid: 0 },
      finishedMs: this.#rooms.kernel.now,
      ...exit,
    });
    if (stopped) this.#waiting.ended(stopped);
    return stopped;
  }

  #removeAfterwards({ machine, id, hostConfig, manuallyRestarted }: ContainerRow): void {
    if (hostConfig.AutoRemove && !manuallyRestarted) this.#autoRemove.after(0, { machine, id });
  }

  #restartNow({ machine, id, restartCount }: Named & { restartCount: number }): void {
    const row = this.#store.get(machine, id);
    if (!row?.state.restarting || row.restartCount !== restartCount || row.state.starting) return;
    if (this.#phase(machine) === 'down') return;
    if (row.restartCanceled) this.#giveUp(row);
    else this.start(row, false);
  }

  /** The wait before a restart was called off. */
  #giveUp(row: ContainerRow): void {
    const { exitCode, finishedMs } = row.state;
    // It may have been put on a network while it waited.
    this.leave(row);
    this.#stopped(row, { exitCode, ...(finishedMs === undefined ? {} : { finishedMs }) });
    this.#removeAfterwards(row);
  }

  /** `killWithSignal`: sends a signal; the container's own stop signal ends its restarts. */
  signal(machine: string, id: string, signal: Signal): Refusal | undefined {
    const row = this.#store.get(machine, id);
    if (!row) return refuse(404, `No such container: ${id}`);
    if (!row.state.running) return refuse(409, `container ${id} is not running`);
    const configured = row.config.StopSignal ?? '';
    const own = configured === '' ? undefined : parseSignal(configured);
    const isLast = !own || signal === 'SIGKILL' || (own.ok && own.signal === signal);
    this.#store.update(row, {
      ...(isLast ? { restartCanceled: true } : {}),
      ...(this.#phase(machine) !== 'up' ? {} : { manuallyStopped: true }),
    });
    if (row.state.restarting) {
      const { restartCount } = row;
      if (isLast) this.#restart.after(0, { machine, id, restartCount });
      return undefined;
    }
    const { containerd } = this.#rooms;
    const sent = containerd.answer(machine, { op: 'kill', id, signal });
    if (!sent.ok && sent.code !== 'NotFound') {
      return refuse(500, `Cannot kill container ${id}: ${sent.message}`);
    }
    if (isLast && row.state.paused) {
      containerd.answer(machine, { op: 'resume', id });
      const resumed = this.#store.setState(row, { paused: false });
      if (resumed) this.#store.emit(resumed, 'unpause');
    }
    this.#store.emit(row, 'kill', { signal: String(signalNumber(signal)) });
    return undefined;
  }

  /** Looks again at a container whose process ended while nobody listened. */
  lost(row: ContainerRow, exit: { exitCode: number; finishedMs: number }): void {
    this.leave(row);
    this.#stopped(row, exit);
  }
}

/** No machine has a driver for devices (moby v29.7 `daemon/devices.go`). */
function missingDevice({ hostConfig }: ContainerRow): Refusal | undefined {
  const [request] = (hostConfig.DeviceRequests ?? []) as readonly DeviceRequest[];
  if (!request) return undefined;
  const { Driver = '', Capabilities = [] } = request;
  const shown = Capabilities.map((names) => `[${names.join(' ')}]`).join(' ');
  return refuse(500, `could not select device driver "${Driver}" with capabilities: [${shown}]`);
}

interface DeviceRequest {
  readonly Driver?: string;
  readonly Capabilities?: readonly (readonly string[])[];
}
