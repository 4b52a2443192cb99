import type { EventType, Kernel, Ticket } from '../../sim/kernel.ts';
import type { Processes } from '../../sim/processes.ts';
import type { Table } from '../../sim/store.ts';
import type { ContainerRuntime, ExecOutcome, LogChunk } from './cri.ts';

/**
 * Runs a command in a container and keeps what it writes: the runtime's `ExecSync`, for probes and
 * hooks.
 */
export interface ExecResult {
  /** Undefined when no process ran, or when it did not end in time. */
  readonly exitCode?: number;
  readonly output: string;
  /** Why no process ran. */
  readonly failure?: string;
  readonly timedOut?: true;
}

interface Then {
  readonly event: string;
  readonly payload: object;
}

interface Running {
  readonly node: string;
  readonly id: string;
  readonly stream: number;
  readonly output: string;
  readonly then: Then;
  readonly ticket?: Ticket;
}

/** So much of the output is kept (`maxReadLength` of probes is 10 KiB). */
const OUTPUT_LIMIT = 10_240;

export class ExecSync {
  readonly #kernel: Kernel;
  readonly #processes: Processes;
  readonly #runtime: ContainerRuntime;
  readonly #running: Table<string, Running>;
  readonly #ended: EventType<{ execId: string; answer: ExecOutcome }>;
  readonly #late: EventType<{ execId: string }>;
  readonly #count: Table<string, number>;
  readonly #service: string;

  constructor(kernel: Kernel, processes: Processes, runtime: ContainerRuntime, name: string) {
    this.#kernel = kernel;
    this.#processes = processes;
    this.#runtime = runtime;
    this.#running = kernel.store.table<Running>(`${name}/execs`);
    this.#ended = kernel.event(`${name}/exec-ended`, ({ execId, answer }) =>
      this.#end(execId, answer),
    );
    this.#count = kernel.store.table<number>(`${name}/exec-count`);
    this.#service = `${name}/exec-output`;
    processes.service<{ execId: string; text: LogChunk }>(this.#service, ({ execId, text }) =>
      this.#note(execId, text.text),
    );
    this.#late = kernel.event(`${name}/exec-late`, ({ execId }) => this.#giveUp(execId));
  }

  /** The event comes with `result: ExecResult` added; without a timeout it may take for ever. */
  run(
    node: string,
    id: string,
    argv: readonly string[],
    timeoutMs: number | undefined,
    then: Then,
  ): void {
    const count = (this.#count.get('') ?? 0) + 1;
    this.#count.set('', count);
    const execId = `sync-${count}`;
    const stream = this.#processes.streams.open({ service: this.#service, body: { execId } });
    const ticket = timeoutMs === undefined ? undefined : this.#late.after(timeoutMs, { execId });
    this.#running.set(execId, { node, id, stream, output: '', then, ...(ticket && { ticket }) });
    const ended = { event: this.#ended.name, payload: { execId } };
    this.#runtime.exec(node, { id, execId, argv, output: stream }, ended);
  }

  /** Keeps what is written, as far as it is kept. */
  #note(execId: string, text: string): void {
    const running = this.#running.get(execId);
    if (!running || running.output.length >= OUTPUT_LIMIT) return;
    const output = (running.output + text).slice(0, OUTPUT_LIMIT);
    this.#running.set(execId, { ...running, output });
  }

  #end(execId: string, answer: ExecOutcome): void {
    const running = this.#running.get(execId);
    if (!running) return;
    const { ticket, output } = running;
    if (ticket) this.#kernel.cancel(ticket);
    this.#forget(execId, running);
    const failure = answer.ok ? {} : { failure: answer.message };
    const code = answer.ok ? { exitCode: answer.exitCode } : {};
    this.#tell(running.then, { ...code, output, ...failure });
  }

  #giveUp(execId: string): void {
    const running = this.#running.get(execId);
    if (!running) return;
    this.#forget(execId, running);
    this.#runtime.kill(running.node, running.id, 'SIGKILL', execId);
    this.#tell(running.then, { output: running.output, timedOut: true });
  }

  #forget(execId: string, { stream }: Running): void {
    this.#running.delete(execId);
    this.#processes.streams.close(stream);
  }

  #tell({ event, payload }: Then, result: ExecResult): void {
    this.#kernel.scheduleNamed(0, event, { ...payload, result });
  }
}
