import type { Address } from '../net/http.ts';
import type { Change, ContainerStats, Failure, FaultKind, Limits, ProcessView } from './api.ts';
import type { LayerEntries } from '../oci/entry.ts';
import { failure } from './failures.ts';
import type { Input } from './inputs.ts';
import { changesOf, layerOfContainer } from './layers.ts';
import {
  endpointsOf,
  keyOf,
  placeOfKey,
  type ContainerRow,
  type Endpoint,
  type ProcessRow,
  type TaskRow,
} from './rows.ts';
import { usedMs } from './processors.ts';
import type { Runtime } from './runtime.ts';
import { noContainer } from './tasks.ts';
import { statusOfSignal } from '../machine/signals.ts';

/** What can be done to a container and asked of it while it runs. */
type Done = { readonly ok: true } | Failure;

const DONE = { ok: true } as const;
const MS_TO_NS = 1e6;
const CONTROL_C = '\x03';

export class Controls {
  readonly #runtime: Runtime;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  attach(machine: string, id: string, stream: number, logs: boolean): Done {
    const key = keyOf(machine, id);
    if (!this.#runtime.rows.containers.has(key)) return noContainer(id);
    this.#runtime.output.attach(key, stream, logs);
    return DONE;
  }

  detach(machine: string, id: string, stream: number | undefined): Done {
    const { output } = this.#runtime;
    const key = keyOf(machine, id);
    if (stream === undefined) output.finish(key);
    else output.detach(key, stream);
    return DONE;
  }

  stdin(machine: string, id: string, input: Input, execId?: string): Done {
    const { rows, inputs, output } = this.#runtime;
    const key = keyOf(machine, id);
    const container = rows.containers.get(key);
    if (!container) return noContainer(id);
    const named = this.#runtime.processNamed(key, execId);
    const row = named?.initOf === undefined ? named : rows.process(key, named.initOf);
    const status = rows.tasks.get(key)?.status;
    if (!row || status === 'starting') {
      const { openStdin } = container.spec;
      const isEarly =
        execId !== undefined || (openStdin && (status !== 'stopped' || output.isWatched(key)));
      if (isEarly && inputs.keep(key, execId, input)) return DONE;
      return failure('NotFound', 'process already finished: not found');
    }
    if (row.stdin === undefined) return DONE;
    const tty = (row.exec ? row.exec.tty : container.spec.tty) === true;
    const [text, ...interrupts] = tty ? (input.text?.split(CONTROL_C) ?? []) : [input.text];
    if (text !== undefined && text !== '') inputs.send(row.stdin, { text });
    for (const after of interrupts) {
      this.#interrupt(row);
      if (after !== undefined && after !== '') inputs.send(row.stdin, { text: after });
    }
    if (input.close) inputs.send(row.stdin, { close: true });
    return DONE;
  }

  /** Ctrl+C on a terminal is a signal to what runs in front there: the process started last. */
  #interrupt(row: ProcessRow): void {
    const { rows, tree } = this.#runtime;
    let front = row;
    for (const other of rows.processesOf(row.key)) if (other.ppid === front.pid) front = other;
    tree.signal(front, 'SIGINT', true);
  }

  /** Nothing in the container takes a step until it is resumed (the freezer of cgroup v2). */
  pause(machine: string, id: string): Done {
    const { rows, processes, processors } = this.#runtime;
    const key = keyOf(machine, id);
    const found = this.#running(key, id);
    if ('ok' in found) return found;
    if (found.task.paused) return failure('FailedPrecondition', `task ${id} is already paused`);
    rows.tasks.set(key, { ...found.task, paused: true });
    processes.freezeGroup(placeOfKey(key));
    processors.reckon(key);
    this.#record(found.container, 'pause');
    return DONE;
  }

  resume(machine: string, id: string): Done {
    const { rows, processes, plans, tree, processors } = this.#runtime;
    const key = keyOf(machine, id);
    const found = this.#running(key, id);
    if ('ok' in found) return found;
    if (!found.task.paused) return failure('FailedPrecondition', `task ${id} is not paused`);
    const { paused: _paused, ...task } = found.task;
    rows.tasks.set(key, task);
    this.#record(found.container, 'resume');
    processes.thawGroup(placeOfKey(key));
    for (const row of rows.processesOf(key)) {
      for (const signal of plans.resume(row)) {
        const now = rows.process(key, row.pid);
        if (now) tree.signal(now, signal);
      }
    }
    plans.wake(key);
    processors.reckon(key);
    return DONE;
  }

  update(machine: string, id: string, limits: Limits): Done {
    const { rows, processors, memory } = this.#runtime;
    const key = keyOf(machine, id);
    const container = rows.containers.get(key);
    if (!container) return noContainer(id);
    const { memoryLimitBytes, cpuShares, nanoCpus, pidsLimit } = { ...rows.limits(key), ...limits };
    const changed = { memoryLimitBytes, cpuShares, nanoCpus, pidsLimit };
    processors.limitsChange(key, () => rows.containers.set(key, { ...container, limits: changed }));
    if (rows.tasks.get(key)?.status === 'running') memory.check(key);
    return DONE;
  }

  stats(machine: string, id: string): ({ ok: true } & ContainerStats) | Failure {
    const { rows, memory, kernel, processors } = this.#runtime;
    const key = keyOf(machine, id);
    if (!rows.containers.has(key)) return noContainer(id);
    const task = rows.tasks.get(key);
    const processes = task?.status === 'running' ? rows.processesOf(key) : [];
    const cpuMs = usedMs(key, rows, processors);
    const { pidsLimit } = rows.limits(key);
    const onlineCpus = rows.processorsOf(machine);
    return {
      ok: true,
      cpuNs: Math.round(cpuMs * MS_TO_NS),
      systemCpuNs: kernel.now * onlineCpus * MS_TO_NS,
      onlineCpus,
      memoryBytes: processes.length === 0 ? 0 : memory.used(key),
      memoryLimitBytes: memory.limit(key),
      pids: processes.length,
      ...(pidsLimit !== undefined && { pidsLimit }),
      rxBytes: task?.rxBytes ?? 0,
      txBytes: task?.txBytes ?? 0,
      // Simplified: files come from memory; no container reads or writes a disk.
      readBytes: 0,
      writtenBytes: 0,
    };
  }

  processes(machine: string, id: string): { ok: true; processes: ProcessView[] } | Failure {
    const key = keyOf(machine, id);
    const found = this.#running(key, id);
    if ('ok' in found) return found;
    const { tree, memory } = this.#runtime;
    return { ok: true, processes: tree.list(key, (row) => memory.held(row)) };
  }

  changes(machine: string, id: string): { ok: true; changes: Change[] } | Failure {
    const { rows, places } = this.#runtime;
    const row = rows.containers.get(keyOf(machine, id));
    if (!row) return noContainer(id);
    return { ok: true, changes: changesOf(places.base(row), places.tree(row)) };
  }

  layer(machine: string, id: string): { ok: true; entries: LayerEntries } | Failure {
    const { rows, places } = this.#runtime;
    const row = rows.containers.get(keyOf(machine, id));
    if (!row) return noContainer(id);
    return { ok: true, entries: layerOfContainer(places.base(row), places.tree(row)) };
  }

  connect(machine: string, id: string, endpoint: Endpoint): Done {
    const key = keyOf(machine, id);
    const container = this.#runtime.rows.containers.get(key);
    if (!container) return noContainer(id);
    const before = endpointsOf(container);
    if (before.some(({ ip }) => ip === endpoint.ip)) return DONE;
    const endpoints = [...before, endpoint];
    this.#runtime.rows.containers.set(key, { ...container, endpoints });
    this.#runtime.plans.reach(key, addressOf(machine, endpoint), true);
    return DONE;
  }

  disconnect(machine: string, id: string, ip: string): Done {
    const key = keyOf(machine, id);
    const container = this.#runtime.rows.containers.get(key);
    if (!container) return noContainer(id);
    const before = endpointsOf(container);
    const gone = before.find((endpoint) => endpoint.ip === ip);
    if (!gone) return DONE;
    this.#runtime.plans.reach(key, addressOf(machine, gone), false);
    const endpoints = before.filter((endpoint) => endpoint !== gone);
    this.#runtime.rows.containers.set(key, { ...container, endpoints });
    return DONE;
  }

  manage(machine: string, id: string, files: Readonly<Record<string, string>>): Done {
    const { rows, places } = this.#runtime;
    const key = keyOf(machine, id);
    const container = rows.containers.get(key);
    if (!container) return noContainer(id);
    rows.containers.set(key, { ...container, spec: { ...container.spec, managed: files } });
    if (container.mounts) places.manage(key, files);
    return DONE;
  }

  fault(machine: string, id: string, kind: FaultKind): Done {
    const { rows, tree, processors, memory, plans } = this.#runtime;
    const key = keyOf(machine, id);
    const found = this.#running(key, id);
    if ('ok' in found) return found;
    const { container, task } = found;
    const first = rows.process(key, task.pid);
    if (!first) return failure('NotFound', 'process already finished: not found');
    this.#record(container, 'fault', kind);
    if (kind === 'crash') {
      tree.end(first, { exitCode: statusOfSignal('SIGSEGV'), signal: 'SIGSEGV' });
      return DONE;
    }
    rows.tasks.set(key, { ...task, fault: kind });
    processors.reckon(key);
    memory.leak(first, kind === 'leak');
    plans.wake(key);
    return DONE;
  }

  #running(key: string, id: string): { container: ContainerRow; task: TaskRow } | Failure {
    const { rows } = this.#runtime;
    const container = rows.containers.get(key);
    if (!container) return noContainer(id);
    const task = rows.tasks.get(key);
    if (task?.status === 'running') return { container, task };
    return failure('NotFound', `no running task found: task ${id} not found: not found`);
  }

  #record({ machine, spec }: ContainerRow, verb: string, kind?: FaultKind): void {
    this.#runtime.kernel.record({
      actor: `containerd/${machine}`,
      verb,
      object: spec.name,
      ...(kind !== undefined && { detail: { kind } }),
    });
  }
}

const addressOf = (machine: string, endpoint: Endpoint): Omit<Address, 'port'> => ({
  ip: endpoint.ip,
  ...(endpoint.private && { on: machine }),
});
