import type { EventType, Kernel } from '../sim/kernel.ts';
import type { Ending, Waiter } from '../sim/process.ts';
import { LATER, type Processes } from '../sim/processes.ts';
import type { Http } from '../net/http.ts';
import { parseReference } from '../oci/reference.ts';
import { registryService } from '../oci/registry.ts';
import { containerdService, type Answers, type ContainerdRequest, type Failure } from './api.ts';
import { Content, notFound } from './content.ts';
import { FIGURES } from './figures.ts';
import { fetch, pull, resolve, type PullArgs } from './pull.ts';
import { Tasks } from './tasks.ts';

/**
 * The runtime under Docker and the kubelet: one room for all machines, one service for each. See
 * api.ts for what can be asked.
 */
export interface Then {
  readonly event: string;
  readonly payload: object;
}

/** What takes virtual time. */
type SlowOp = 'pull' | 'resolve' | 'start' | 'exec';

type Back = { readonly then: Then } | { readonly asker: Waiter };

export class Containerd {
  readonly content: Content;
  readonly tasks: Tasks;
  readonly #kernel: Kernel;
  readonly #processes: Processes;
  readonly #started: EventType<{ machine: string; id: string; pid: number; back: Back }>;
  readonly #pulled: EventType<{ then: Then; ending: Ending }>;

  constructor(kernel: Kernel, processes: Processes, http: Http) {
    this.#kernel = kernel;
    this.#processes = processes;
    this.content = new Content(kernel, processes);
    this.tasks = new Tasks(kernel, http, this.content);
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

  /** Opens containerd on a machine to programs there. */
  addMachine(machine: string): void {
    this.content.addMachine(machine);
    this.#processes.service<ContainerdRequest>(containerdService(machine), (request, asker) => {
      if (request.op === 'pull' || request.op === 'resolve') {
        const args = this.#pullArgs(machine, request);
        return this.#processes.delegate(asker, `containerd/${request.op}`, args);
      }
      if (request.op === 'start') return this.#start(machine, request.id, { asker });
      if (request.op === 'exec') return NOT_IMPLEMENTED;
      return this.answer(machine, request);
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
    } else if (request.op === 'start') {
      const failure = this.#start(machine, request.id, { then });
      if (failure !== LATER) this.#tell({ then }, failure);
    } else if (request.op === 'exec') {
      this.#tell({ then }, NOT_IMPLEMENTED);
    } else {
      this.#tell({ then }, this.answer(machine, request));
    }
  }

  /** What needs no time, at once. */
  answer<R extends Exclude<ContainerdRequest, { op: SlowOp }>>(
    machine: string,
    request: R,
  ): Answers[R['op']];
  answer(
    machine: string,
    request: Exclude<ContainerdRequest, { op: SlowOp }>,
  ): Answers[keyof Answers] {
    const { content, tasks } = this;
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
      case 'create':
        return tasks.create(machine, request);
      case 'kill':
        return tasks.kill(machine, request.id, request.signal);
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
        return lines ? { ok: true, lines } : noContainer(request.id);
      }
      default:
        return NOT_IMPLEMENTED;
    }
  }

  #pullArgs(
    machine: string,
    request: { reference: string; by?: string; unnamed?: boolean },
  ): PullArgs {
    const { reference, by = `containerd/${machine}`, unnamed = false } = request;
    const parsed = parseReference(reference);
    const knownHost =
      parsed.ok && this.#processes.hasService(registryService(parsed.reference.domain));
    return { machine, reference, by, knownHost, unnamed };
  }

  #start(machine: string, id: string, back: Back): Answers['start'] | typeof LATER {
    const prepared = this.tasks.prepare(machine, id);
    if (!prepared.ok) return prepared;
    this.#started.after(FIGURES.startMs, { machine, id, pid: prepared.pid, back });
    return LATER;
  }

  #tell(back: Back, answer: unknown): void {
    if ('asker' in back) this.#processes.reply(back.asker, answer);
    else this.#kernel.scheduleNamed(0, back.then.event, { ...back.then.payload, answer });
  }
}

const noContainer = (id: string) => notFound(`container "${id}" in namespace "default": not found`);

const NOT_IMPLEMENTED: Failure = { ok: false, code: 'Unknown', message: 'not implemented' };
