import { assert } from './assert.ts';
import type { Resumption, Sink, StreamRow, Waiter } from './process.ts';
import type { Table } from './store.ts';

const STREAM_LIMIT = 100_000;
/** So many unread chunks make the next process that writes wait. */
const PIPE_CHUNKS = 1_024;
/** Whatever is written to it vanishes, and reading it gives nothing. */
const NULL_DEVICE = 0;

/** What streams need of the processes that use them. */
export interface StreamUsers {
  readonly rows: Table<number, StreamRow>;
  /** The number of the next stream. */
  readonly next: () => number;
  /** Has a process try again what it waits for. */
  readonly retry: (waiter: Waiter) => void;
  /** Goes on with a process: its read has met the end. */
  readonly end: (waiter: Waiter) => void;
  /** Asks the service of a sink. */
  readonly pour: (sink: Sink, chunk: unknown) => void;
}

/** Pipes, keyboards and outputs: chunks wait in them until they are read, or go to a sink at once. */
export class Streams {
  readonly #rows: Table<number, StreamRow>;
  readonly #users: StreamUsers;

  constructor(users: StreamUsers) {
    this.#users = users;
    this.#rows = users.rows;
  }

  open(sink?: Sink): number {
    const stream = this.#users.next();
    this.#rows.set(stream, { chunks: [], closed: false, ...(sink && { sink }) });
    return stream;
  }

  /** False when the stream is closed or gone. */
  write(stream: number, chunk: unknown): boolean {
    if (stream === NULL_DEVICE) return true;
    const row = this.#rows.get(stream);
    if (!row || row.closed) return false;
    if (row.sink) {
      this.#users.pour(row.sink, chunk);
      return true;
    }
    assert(row.chunks.length < STREAM_LIMIT, `stream ${stream} is not read`);
    this.#rows.set(stream, { ...row, chunks: [...row.chunks, chunk] });
    this.#wakeReader(stream);
    return true;
  }

  /** As {@link write}, for a process; undefined when it has to wait for room. */
  writeFor(waiter: Waiter, stream: number, chunk: unknown): boolean | undefined {
    const row = this.#rows.get(stream);
    if (row && !row.closed && row.chunks.length >= PIPE_CHUNKS) {
      this.#rows.set(stream, { ...row, writers: [...(row.writers ?? []), waiter] });
      return undefined;
    }
    return this.write(stream, chunk);
  }

  /** What was written so far, or that there is no more; undefined when the process has to wait. */
  readFor(waiter: Waiter, stream: number): Resumption | undefined {
    const row = this.#rows.get(stream);
    if (!row) return { answer: undefined };
    if (row.chunks.length > 0) {
      this.#emptied(stream, row);
      return { answer: row.chunks };
    }
    if (row.ended) {
      this.forgetEnd(stream);
      return { answer: undefined };
    }
    this.#rows.set(stream, { ...row, reader: waiter });
    return undefined;
  }

  /** Puts a chunk back in front of what is still to be read. */
  unread(stream: number, chunk: unknown): void {
    if (stream === NULL_DEVICE) return;
    const row = this.#rows.get(stream) ?? { chunks: [], closed: true };
    this.#rows.set(stream, { ...row, chunks: [chunk, ...row.chunks] });
  }

  /** Takes what was written so far, for a reader that is not a process: a terminal. */
  take(stream: number): unknown[] {
    const row = this.#rows.get(stream);
    if (!row) return [];
    if (row.closed || row.chunks.length > 0) this.#emptied(stream, row);
    return [...row.chunks];
  }

  /** Whether what is written to a stream can still be read by somebody. */
  isOpen(stream: number): boolean {
    const row = this.#rows.get(stream);
    return stream === NULL_DEVICE || (row !== undefined && !row.closed);
  }

  /** Whether a process waits for what is written to a stream. */
  isAwaited(stream: number): boolean {
    return this.#rows.get(stream)?.reader !== undefined;
  }

  /** The service behind a stream that is not read but poured out. */
  sinkOf(stream: number): string | undefined {
    return this.#rows.get(stream)?.sink?.service;
  }

  close(stream: number): void {
    const row = this.#rows.get(stream);
    if (!row || row.closed) return;
    if (row.sink) {
      this.#rows.delete(stream);
      return;
    }
    this.#wakeReader(stream);
    this.#wakeWriters(stream);
    // One that is gone reads as one that was closed and is empty.
    if (row.chunks.length === 0) this.#rows.delete(stream);
    else this.#rows.update(stream, (left) => ({ ...left, closed: true }));
  }

  /** Says to who reads next, behind what was written, that this was all; the stream stays open. */
  endRead(stream: number): void {
    const { reader: waiter, ...row } = this.#rows.need(stream);
    this.#rows.set(stream, waiter ? row : { ...row, ended: true });
    if (waiter) this.#users.end(waiter);
  }

  /** Forgets an end that nobody has read. */
  forgetEnd(stream: number): void {
    const { ended, ...row } = this.#rows.get(stream) ?? {};
    if (ended) this.#rows.set(stream, row as StreamRow);
  }

  #emptied(stream: number, { closed, ended, writers = [] }: StreamRow): void {
    if (closed) this.#rows.delete(stream);
    else this.#rows.set(stream, { chunks: [], closed: false, ...(ended && { ended }) });
    for (const waiter of writers) this.#users.retry(waiter);
  }

  #wakeReader(stream: number): void {
    const { reader, ...row } = this.#rows.need(stream);
    if (!reader) return;
    this.#rows.set(stream, row);
    this.#users.retry(reader);
  }

  #wakeWriters(stream: number): void {
    const { writers = [], ...row } = this.#rows.need(stream);
    if (writers.length === 0) return;
    this.#rows.set(stream, row);
    for (const waiter of writers) this.#users.retry(waiter);
  }
}
