import type { EventType, Kernel } from '../sim/kernel.ts';
import type { Ending } from '../sim/process.ts';
import { LATER, type Processes } from '../sim/processes.ts';
import type { MachineFiles } from '../machine/machine-files.ts';
import type { Http } from '../net/http.ts';
import { containerdService, type Answers, type ContainerdRequest } from './api.ts';
import { Content, notFound } from './content.ts';
import type { DiskSpace } from './disk-space.ts';
import { Controls } from './controls.ts';
import { Exec } from './exec.ts';
import { FIGURES } from './figures.ts';
import { addPlaceServices } from './place-services.ts';
import { fetch, pull, resolve, type PullArgs } from './pull.ts';
import { keyOf, type Back, type Then } from './rows.ts';
import { Runtime } from './runtime.ts';
import type { ShownFiles } from './shown.ts';
import { noContainer, Tasks } from './tasks.ts';

/**
 * The runtime under Docker and the kubelet: one room for all machines, one service for each. See
 * api.ts for what can be asked.
 */
/** What takes virtual time. */
type SlowOp = 'pull' | 'resolve' | 'start' | 'exec';

type Slow = Extract<ContainerdRequest, { op: SlowOp }>;
type Quick = Exclude<ContainerdRequest, { op: SlowOp }>;

export class Containerd {
  readonly content: Content;
  readonly space: DiskSpace;
  readonly tasks: Tasks;
  readonly files: MachineFiles;
  readonly #runtime: Runtime;
  readonly #controls: Controls;
  readonly #exec: Exec;
  readonly #kernel: Kernel;
  readonly #processes: Processes;
  readonly #started: EventType<{ machine: string; id: string; pid: number; back: Back }>;
  readonly #pulled: EventType<{ then: Then; ending: Ending }>;

  constructor(kernel: Kernel, processes: Processes, http: Http, files: MachineFiles) {
    this.#kernel = kernel;
    this.#processes = processes;
    this.files = files;
    this.content = new Content(kernel, processes);
    const { content } = this;
    this.#runtime = new Runtime({ kernel, processes, http, files, content });
    this.space = this.#runtime.space;
    this.tasks = new Tasks(this.#runtime);
    content.usedBy((machine) => this.tasks.snapshots(machine));
    this.#controls = new Controls(this.#runtime);
    this.#exec = new Exec(this.#runtime);
    processes.program('containerd/pull', pull);
    processes.program('containerd/fetch', fetch);
    processes.program('containerd/resolve', resolve);
    this.#started = kernel.event('containerd/started', ({ machine, id, pid, back }) => {
      const runs = this.tasks.run(machine, id, pid);
      const answer: Answers['start'] = runs
        ? { ok: true, pid }
        : { ok: false, code: 'FailedPrecondition', message: `task ${id} was killed` };
      this.#tell(back, answer);
    });
    this.#pulled = kernel.event('containerd/pulled', ({ then, ending }) => {
      const gone = { ok: false, code: 'Unavailable', message: 'context canceled' } as const;
      this.#tell({ then }, ending.signal === undefined ? ending.result : gone);
    });
  }

  /** Who puts together the files that containers are shown (shown.ts). */
  shows(files: ShownFiles): void {
    this.#runtime.places.shows(files);
  }

  /** Takes a machine's memory from outside of containers: all but a little, or none of it. */
  fillMemory(machine: string, full: boolean): void {
    const { machineMemoryBytes, memoryLeftBytes } = FIGURES;
    this.#runtime.memory.take(machine, full ? machineMemoryBytes - memoryLeftBytes : 0);
  }

  logBytes(machine: string, id: string): number {
    return this.#runtime.output.bytes(keyOf(machine, id));
  }

  /** The variables that a container's own were made of; undefined when there is none of this id. */
  environment(machine: string, id: string): Readonly<Record<string, string>> | undefined {
    const row = this.#runtime.rows.containers.get(keyOf(machine, id));
    return row && { ...row.sharedEnv, ...row.env };
  }

  /** Begins logs anew that have grown over 10Mi, as a kubelet has it done. */
  rotateLogs(machine: string): void {
    this.#runtime.output.rotate(machine);
  }

  /** Memory that all containers of a machine hold, and what was taken. */
  memoryUsed(machine: string): number {
    return this.#runtime.memory.usedOn(machine);
  }

  /** Opens containerd on a machine of so many processors to programs there. */
  addMachine(machine: string, processors?: number): void {
    if (processors !== undefined) this.#runtime.rows.setProcessors(machine, processors);
    this.files.addMachine(machine);
    this.content.addMachine(machine);
    addPlaceServices(this.#runtime, machine);
    this.#processes.service<ContainerdRequest>(containerdService(machine), (request, asker) => {
      if (request.op === 'pull' || request.op === 'resolve') {
        const args = this.#pullArgs(machine, request);
        return this.#processes.delegate(asker, `containerd/${request.op}`, args);
      }
      return isSlow(request)
        ? this.#begin(machine, request, { asker })
        : this.answer(machine, request);
    });
  }

  /**
   * Asks on behalf of a room that runs on events: `then.event` comes with `answer` added, at the
   * virtual time at which the work is done.
   */
  call(machine: string, request: ContainerdRequest, then: Then): void {
    if (request.op === 'pull' || request.op === 'resolve') {
      const args = this.#pullArgs(machine, request);
      const pulled = { event: this.#pulled.name, payload: { then } };
      this.#processes.spawn(`containerd/${request.op}`, args, { then: pulled });
    } else if (isSlow(request)) {
      const failure = this.#begin(machine, request, { then });
      if (failure !== LATER) this.#tell({ then }, failure);
    } else {
      this.#tell({ then }, this.answer(machine, request));
    }
  }

  /** What needs no time, at once. */
  answer<R extends Quick>(machine: string, request: R): Answers[R['op']];
  answer(machine: string, request: Quick): Answers[keyof Answers] {
    const { tasks } = this;
    const controls = this.#controls;
    const { op } = request;
    switch (op) {
      case 'image':
      case 'images':
      case 'tag':
      case 'untag':
        return this.#answerImage(machine, request);
      case 'create':
        return tasks.create(machine, request);
      case 'kill':
        return tasks.kill(machine, request.id, request.signal, request.execId);
      case 'delete':
        return tasks.delete(machine, request.id);
      case 'state': {
        const container = tasks.view(machine, request.id);
        return container ? { ok: true, container } : noContainer(request.id);
      }
      case 'list':
        return { ok: true, containers: tasks.list(machine) };
      case 'logs': {
        const lines = tasks.logs(machine, request.id, request.from);
        const next = tasks.logEnd(machine, request.id);
        return lines ? { ok: true, lines, next } : noContainer(request.id);
      }
      case 'attach':
        return controls.attach(machine, request.id, request.stream, request.logs === true);
      case 'detach':
        return controls.detach(machine, request.id, request.stream);
      case 'stdin':
        return controls.stdin(machine, request.id, request, request.execId);
      case 'update':
        return controls.update(machine, request.id, request.limits);
      case 'connect':
        return controls.connect(machine, request.id, {
          ip: request.ip,
          ...(request.private && { private: true }),
        });
      case 'disconnect':
        return controls.disconnect(machine, request.id, request.ip);
      case 'manage':
        return controls.manage(machine, request.id, request.files);
      case 'fault':
        return controls.fault(machine, request.id, request.kind);
      case 'pause':
      case 'resume':
      case 'stats':
      case 'processes':
      case 'changes':
      case 'layer':
        return controls[op](machine, request.id);
    }
  }

  #answerImage(
    machine: string,
    request: Extract<ContainerdRequest, { op: 'image' | 'images' | 'tag' | 'untag' }>,
  ): Answers['image' | 'images' | 'tag' | 'untag'] {
    const { content } = this;
    switch (request.op) {
      case 'image': {
        const image = content.image(machine, request.reference);
        return image ? { ok: true, image } : notFound(`image "${request.reference}": not found`);
      }
      case 'images':
        return { ok: true, images: content.images(machine) };
      case 'tag': {
        if (!content.blob(machine, request.digest)) {
          return notFound(`content digest ${request.digest}: not found`);
        }
        content.name(machine, request.reference, request.digest);
        return { ok: true };
      }
      case 'untag':
        return content.unname(machine, request.reference)
          ? { ok: true }
          : notFound(`image "${request.reference}": not found`);
    }
  }

  #pullArgs(
    machine: string,
    request: Extract<ContainerdRequest, { op: 'pull' | 'resolve' }>,
  ): PullArgs {
    const { by = `containerd/${machine}` } = request;
    return { ...request, machine, by, canAsk: this.#processes.hasService('registry') };
  }

  #begin(machine: string, request: Slow, back: Back) {
    if (request.op === 'exec') return this.#exec.start(machine, request, back);
    if (request.op !== 'start') return LATER;
    const { id } = request;
    const startMs = this.content.disks.startMs(machine);
    const prepared = this.tasks.prepare(machine, id, startMs);
    if (!prepared.ok) return prepared;
    this.#started.after(startMs, { machine, id, pid: prepared.pid, back });
    return LATER;
  }

  #tell(back: Back, answer: unknown): void {
    if ('asker' in back) this.#processes.reply(back.asker, answer);
    else this.#kernel.scheduleNamed(0, back.then.event, { ...back.then.payload, answer });
  }
}

const SLOW: readonly string[] = ['pull', 'resolve', 'start', 'exec'];
const isSlow = (request: ContainerdRequest): request is Slow => SLOW.includes(request.op);
