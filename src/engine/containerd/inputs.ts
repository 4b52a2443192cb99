import type { Kernel } from '../sim/kernel.ts';
import type { Processes } from '../sim/processes.ts';
import type { Table } from '../sim/store.ts';

/**
 * Standard input that comes before the process that will read it: a client attaches first and
 * starts then, and what it sends meanwhile waits in the pipe.
 */
export interface Input {
  readonly text?: string;
  readonly close?: true;
}

/** An input whose reader has come and gone. */
const GONE = 0;

const keyOf = (key: string, execId: string | undefined): string => `${key} ${execId ?? ''}`;

export class Inputs {
  readonly #processes: Processes;
  readonly #waiting: Table<string, number>;

  constructor(kernel: Kernel, processes: Processes) {
    this.#processes = processes;
    this.#waiting = kernel.store.table<number>('containerd/inputs');
  }

  /** Keeps what came too early; false when its reader has been there. */
  keep(key: string, execId: string | undefined, input: Input): boolean {
    const at = keyOf(key, execId);
    const stream = this.#waiting.get(at) ?? this.#processes.streams.open();
    if (stream === GONE) return false;
    this.#waiting.set(at, stream);
    this.send(stream, input);
    return true;
  }

  send(stream: number, { text, close }: Input): void {
    if (text !== undefined) this.#processes.streams.write(stream, text);
    if (close) this.#processes.streams.close(stream);
  }

  /** The stream for a process that begins, with what waits in it. */
  take(key: string, execId: string | undefined): number {
    const at = keyOf(key, execId);
    const stream = this.#waiting.get(at) ?? GONE;
    if (execId === undefined) this.#waiting.delete(at);
    else this.#waiting.set(at, GONE);
    return stream === GONE ? this.#processes.streams.open() : stream;
  }

  forget(key: string): void {
    for (const [at] of this.#waiting.withPrefix(`${key} `)) this.#waiting.delete(at);
  }
}
