import type { EventType } from '../../sim/kernel.ts';
import type { Table } from '../../sim/store.ts';
import type { LogChunk } from '../../containerd/api.ts';
import { daemonOn } from '../actor.ts';
import type { Health, HealthStatus } from '../api.ts';
import { goDuration } from '../go-duration.ts';
import { goTime } from '../go-time.ts';
import type { ExecEnd, Execs } from './execs.ts';
import {
  afterProbe,
  keptOutput,
  nextProbeMs,
  probePlan,
  STARTING,
  type HealthRow,
  type ProbePlan,
} from './health.ts';
import type { ContainerRooms } from './rooms.ts';
import { keyOfRow, rowKey, type ContainerRow } from './row.ts';
import type { ContainerStore } from './store.ts';

/** Probes containers that have a health check (moby/moby v29.7 `daemon/health.go`, `monitor`). */
interface MonitorRow extends HealthRow {
  /** Counts probes and pauses; an event that names another number is out of date. */
  readonly turn: number;
  readonly active: boolean;
}

interface Probe {
  readonly machine: string;
  readonly id: string;
  readonly turn: number;
  readonly beganMs: number;
  readonly stream: number;
  readonly execId: string;
}

const MS_NS = 1_000_000;

export class HealthMonitor {
  readonly #rooms: ContainerRooms;
  readonly #store: ContainerStore;
  readonly #execs: Execs;
  readonly #rows: Table<string, MonitorRow>;
  readonly #probe: EventType<{ machine: string; id: string; turn: number }>;
  readonly #result: EventType<Probe & { end: ExecEnd }>;
  readonly #timeout: EventType<Probe & { timeoutMs: number }>;

  constructor(rooms: ContainerRooms, store: ContainerStore, execs: Execs) {
    const { kernel } = rooms;
    this.#rooms = rooms;
    this.#store = store;
    this.#execs = execs;
    this.#rows = kernel.store.table<MonitorRow>('docker/health');
    this.#probe = kernel.event('docker/health-probe', ({ machine, id, turn }) => {
      const row = store.get(machine, id);
      if (row && this.#isCurrent(machine, id, turn)) this.#run(row);
    });
    this.#result = kernel.event('docker/health-result', (payload) => this.#ended(payload));
    this.#timeout = kernel.event('docker/health-timeout', (payload) => this.#late(payload));
  }

  /** What `inspect` shows; undefined for a container that was never probed. */
  of(row: ContainerRow): Health | undefined {
    const health = this.#rows.get(keyOfRow(row));
    if (!health) return undefined;
    return { Status: health.status, FailingStreak: health.failingStreak, Log: health.log };
  }

  status(row: ContainerRow): HealthStatus {
    return this.#rows.get(keyOfRow(row))?.status ?? 'none';
  }

  /** The container has started: it counts as starting until a probe says more. */
  begin(row: ContainerRow): void {
    if (!planOf(row)) return;
    const before = this.#rows.get(keyOfRow(row));
    const turn = (before?.turn ?? 0) + 1;
    this.#rows.set(keyOfRow(row), { ...STARTING, log: before?.log ?? [], turn, active: true });
    this.#schedule(row);
  }

  /** It is paused, or goes on. */
  pause(row: ContainerRow): void {
    this.#set(row, { active: false });
  }

  resume(row: ContainerRow): void {
    if (!this.#rows.has(keyOfRow(row))) return;
    this.#set(row, { active: true });
    this.#schedule(row);
  }

  /** Its process has ended. */
  end(row: ContainerRow): void {
    this.#set(row, { active: false });
  }

  forget(row: ContainerRow): void {
    this.#rows.delete(keyOfRow(row));
  }

  #set(row: ContainerRow, change: Partial<MonitorRow>): void {
    const before = this.#rows.get(keyOfRow(row));
    if (before) this.#rows.set(keyOfRow(row), { ...before, turn: before.turn + 1, ...change });
  }

  #isCurrent(machine: string, id: string, turn: number): boolean {
    const row = this.#rows.get(rowKey(machine, id));
    return row?.active === true && row.turn === turn;
  }

  #schedule(row: ContainerRow): void {
    const plan = planOf(row);
    const health = this.#rows.get(keyOfRow(row));
    if (!plan || !health) return;
    const { machine, id } = row;
    const sinceStartMs = this.#rooms.kernel.now - (row.state.startedMs ?? 0);
    const afterMs = nextProbeMs(plan, health.status, sinceStartMs);
    this.#probe.after(afterMs, { machine, id, turn: health.turn });
  }

  #run(row: ContainerRow): void {
    const plan = planOf(row)!;
    const { machine, id } = row;
    const { kernel, processes } = this.#rooms;
    const { turn } = this.#rows.need(keyOfRow(row));
    const beganMs = kernel.now;
    if (plan.argv.length === 0) {
      const failure = `healthcheck for container ${id} has no command`;
      const payload = { machine, id, turn, beganMs, stream: 0, execId: '' };
      this.#result.after(0, { ...payload, end: { exitCode: -1, failure } });
      return;
    }
    const { User, WorkingDir } = row.config;
    const output = { AttachStdout: true, AttachStderr: true };
    const exec = this.#execs.add(row, { Cmd: plan.argv, User, WorkingDir, ...output });
    const stream = processes.streams.open();
    const payload: Probe = { machine, id, turn, beganMs, stream, execId: exec.id };
    this.#execs.run(machine, exec.id, { stream, then: { event: this.#result.name, payload } });
    this.#timeout.after(plan.timeoutMs, { ...payload, timeoutMs: plan.timeoutMs });
  }

  #ended(probe: Probe & { end: ExecEnd }): void {
    const output = this.#taken(probe.stream);
    const { exitCode, failure } = probe.end;
    if (failure === undefined) this.#note(probe, exitCode, keptOutput(output));
    else this.#note(probe, -1, failure);
  }

  #late({ timeoutMs, ...probe }: Probe & { timeoutMs: number }): void {
    const { machine, id, execId, turn } = probe;
    if (!this.#isCurrent(machine, id, turn)) return;
    const { containerd } = this.#rooms;
    containerd.answer(machine, { op: 'kill', id, execId, signal: 'SIGKILL' });
    const output = keptOutput(this.#taken(probe.stream));
    const message = `Health check exceeded timeout (${goDuration(timeoutMs * MS_NS)})`;
    this.#note(probe, -1, output === '' ? message : `${message}: ${output}`);
  }

  #taken(stream: number): string {
    if (stream === 0) return '';
    const { processes } = this.#rooms;
    processes.streams.close(stream);
    return (processes.streams.take(stream) as LogChunk[]).map(({ text }) => text).join('');
  }

  #note({ machine, id, turn, beganMs }: Probe, ExitCode: number, Output: string): void {
    const row = this.#store.get(machine, id);
    if (!row || !this.#isCurrent(machine, id, turn)) return;
    const plan = planOf(row)!;
    const before = this.#rows.need(keyOfRow(row));
    const End = goTime(this.#rooms.kernel.now);
    const result = { Start: goTime(beganMs), End, ExitCode, Output };
    const after = afterProbe(before, result, beganMs - (row.state.startedMs ?? 0), plan);
    this.#rows.set(keyOfRow(row), { ...before, ...after, turn: turn + 1 });
    if (after.status !== before.status) {
      const detail = { failingStreak: after.failingStreak, exitCode: ExitCode };
      const object = `container ${row.name}`;
      this.#rooms.kernel.record({
        actor: daemonOn(row.machine),
        verb: after.status,
        object,
        detail,
      });
      this.#store.emit(row, `health_status: ${after.status}`);
    }
    this.#schedule(row);
  }
}

const planOf = ({ config }: ContainerRow): ProbePlan | undefined =>
  probePlan(config.Healthcheck, config.Shell);
