import type { Kernel } from '../sim/kernel.ts';
import type { Processes } from '../sim/processes.ts';
import type { Http } from '../net/http.ts';
import type { MachineFiles } from '../machine/machine-files.ts';
import { statusOfSignal } from '../machine/signals.ts';
import { run } from '../programs/run.ts';
import type { Content } from './content.ts';
import { DiskSpace } from './disk-space.ts';
import { Inputs } from './inputs.ts';
import { kernelTree } from './kernel-files.ts';
import { Launches } from './launches.ts';
import { Memory } from './memory.ts';
import { Output } from './output.ts';
import { joinOwnNetwork } from './own-network.ts';
import { Places } from './places.ts';
import { Plans } from './plans.ts';
import { ProcessTree, type ProcessEnd } from './process-tree.ts';
import { Processors } from './processors.ts';
import { Rows, type ProcessRow } from './rows.ts';

/**
 * What runs containers, put together: rows, files, output, memory, processors, plans and the tree
 * of processes. Each does one thing; they meet here.
 */
export interface RuntimeRooms {
  readonly kernel: Kernel;
  readonly processes: Processes;
  readonly http: Http;
  readonly files: MachineFiles;
  readonly content: Content;
}

export class Runtime {
  readonly kernel: Kernel;
  readonly processes: Processes;
  readonly http: Http;
  readonly files: MachineFiles;
  readonly content: Content;
  readonly space: DiskSpace;
  readonly rows: Rows;
  readonly places: Places;
  readonly output: Output;
  readonly inputs: Inputs;
  readonly launches: Launches;
  readonly processors: Processors;
  readonly memory: Memory;
  readonly tree: ProcessTree;
  readonly plans: Plans;
  #finished: (key: string, end: ProcessEnd) => void = () => undefined;

  constructor(rooms: RuntimeRooms) {
    const { kernel, processes, http, files, content } = rooms;
    this.kernel = kernel;
    this.processes = processes;
    this.http = http;
    this.files = files;
    this.content = content;
    this.space = new DiskSpace(kernel, content, files);
    processes.program('programs/run', run);
    const rows = new Rows(kernel);
    joinOwnNetwork(http, rows);
    const places = new Places(rows, files, content, processes, (which, key) => {
      const { memory, processors } = this;
      return kernelTree(which, key, { rows, memory, processors, nowMs: kernel.now });
    });
    const output = new Output(kernel, processes);
    const launches = new Launches(places, files);
    this.rows = rows;
    this.places = places;
    this.output = output;
    this.inputs = new Inputs(kernel, processes);
    this.launches = launches;
    this.processors = new Processors(kernel, rows);
    this.memory = new Memory(kernel, rows, (row) => this.#outOfMemory(row));
    this.tree = new ProcessTree(
      {
        ...{ kernel, processes, rows, output, launches },
        grown: (key) => this.memory.checkSoon(key),
        cooled: (key) => this.processors.reckon(key),
      },
      () => this.plans,
      (key, end) => this.#finished(key, end),
    );
    const { processors } = this;
    this.plans = new Plans(
      { kernel, processes, http, files, rows, places, output, processors, launches },
      {
        exit: (row, exitCode) => this.tree.end(row, { exitCode }),
        memory: (row, bytes) => this.memory.hold(row, bytes),
        signal: (row, signal) => this.tree.signal(row, signal, true),
        start: (row, command) => this.tree.startBeside(row, command),
      },
    );
  }

  /** Who is told that a container's first process has ended. */
  onFinished(finished: (key: string, end: ProcessEnd) => void): void {
    this.#finished = finished;
  }

  /** The first process, or an exec'd one by its name. */
  processNamed(key: string, execId: string | undefined): ProcessRow | undefined {
    const pid = this.rows.tasks.get(key)?.pid ?? 0;
    if (execId === undefined) return this.rows.process(key, pid);
    return this.rows.processesOf(key).find(({ exec }) => exec?.id === execId);
  }

  /** A container is gone for good. */
  forget(key: string): void {
    this.output.delete(key);
    this.inputs.forget(key);
    this.places.forget(key);
    this.processors.forget(key);
  }

  #outOfMemory(row: ProcessRow): void {
    const { key } = row;
    const { machine, spec } = this.rows.containers.need(key);
    this.rows.tasks.update(key, (task) => ({ ...task, oomKilled: true }));
    const record = this.kernel.record({
      actor: machine,
      verb: 'oom-kill',
      object: spec.name,
      detail: { pid: row.pid, memoryBytes: this.memory.held(row), limit: this.memory.limit(key) },
    });
    this.kernel.because(record, () => {
      const { oomEvent } = spec;
      if (oomEvent) this.kernel.scheduleNamed(0, oomEvent.event, oomEvent.payload);
      const end = { exitCode: statusOfSignal('SIGKILL'), signal: 'SIGKILL' } as const;
      this.tree.end(row, end);
    });
  }
}
