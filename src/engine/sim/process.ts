import { assert } from './assert.ts';
import type { NewRecord } from './trace.ts';
import type { Log } from './log.ts';

/**
 * Durable processes. A program is written as a straight line, a generator that yields *calls*
 * (sleep, ask a service, start another program, read and write streams) and is resumed with their
 * answers. What the world keeps of it is its arguments and the answers it was given so far. That is
 * plain data, so a checkpoint may fall in the middle of a `docker build`: afterwards the generator
 * is made anew and told the same answers, and stands where it stood.
 *
 * Hence the one rule of a program: it may look at its arguments and at answers, at nothing else.
 */
export type Program<A = unknown, R = unknown> = (
  args: A,
  self: Self,
) => Generator<Call, R, Resumption>;

/** What a program knows of itself from the start. */
export interface Self {
  readonly pid: number;
  readonly stdin: number;
  readonly stdout: number;
  readonly stderr: number;
}

export type Call =
  | { readonly call: 'now' }
  | { readonly call: 'sleep'; readonly delayMs: number }
  | { readonly call: 'ask'; readonly service: string; readonly body: unknown }
  | { readonly call: 'start'; readonly program: string; readonly args: unknown; readonly io: Io }
  | { readonly call: 'exec'; readonly program: string; readonly args: unknown; readonly io: Io }
  | { readonly call: 'join'; readonly pid: number }
  | { readonly call: 'poll'; readonly pid: number }
  | { readonly call: 'signal'; readonly pid: number; readonly signal: Signal }
  | { readonly call: 'open'; readonly sink?: Sink }
  | { readonly call: 'write'; readonly stream: number; readonly chunk: unknown }
  | { readonly call: 'read'; readonly stream: number }
  | { readonly call: 'unread'; readonly stream: number; readonly chunk: unknown }
  | { readonly call: 'close'; readonly stream: number }
  | { readonly call: 'sink'; readonly stream: number }
  | { readonly call: 'record'; readonly record: NewRecord };

export interface Io extends Partial<Pick<Self, 'stdin' | 'stdout' | 'stderr'>> {
  /** Streams that are closed when the process ends, however it ends: its ends of pipes. */
  readonly closes?: readonly number[];
}

/**
 * Where chunks written to a stream go at once, without a reader: a terminal, a file. The service is
 * asked with the body and the chunk as its `text`, and answers at once.
 */
export interface Sink {
  readonly service: string;
  readonly body: object;
}

/** A stream, as the processes' state has it. */
export interface StreamRow {
  readonly chunks: readonly unknown[];
  readonly closed: boolean;
  readonly sink?: Sink;
  readonly reader?: Waiter;
  /** Behind its chunks comes an end that no process has read yet. */
  readonly ended?: true;
  /** Processes that wait for room. */
  readonly writers?: readonly Waiter[];
}

export type Signal = `SIG${string}`;

/** What a program is resumed with. */
export type Resumption = { readonly answer: unknown } | { readonly interrupt: Signal };

/** How a process ended. */
export type Ending =
  | { readonly result: unknown; readonly signal?: undefined }
  | { readonly signal: Signal; readonly result?: undefined };

/** What the world keeps of a process. */
export interface ProcessRow {
  readonly program: string;
  readonly args: unknown;
  readonly self: Self;
  readonly parent: number;
  /** Those it can be stopped, thawed and ended with: all processes of a container. */
  readonly group?: string;
  readonly closes?: readonly number[];
  readonly told: Log<Resumption>;
  /** How much it was told before it became this program. */
  readonly before?: number;
  /** What it waits for; undefined before its first step. */
  readonly waiting?: Call;
  readonly joiner?: Waiter;
  readonly then?: { readonly event: string; readonly payload: unknown };
  readonly replyTo?: Waiter;
  readonly cause: number;
  readonly ended?: Ending;
}

/** A process at one wait; stale once it was resumed. */
export interface Waiter {
  readonly pid: number;
  readonly told: number;
}

/** Thrown into a program that got a signal; uncaught, it ends the process. */
export class Interrupt extends Error {
  override name = 'Interrupt';
  readonly signal: Signal;

  constructor(signal: Signal) {
    super(`interrupted by ${signal}`);
    this.signal = signal;
  }
}

type Step<T> = Generator<Call, T, Resumption>;

function* perform<T>(call: Call): Step<T> {
  const resumption = yield call;
  if ('interrupt' in resumption) throw new Interrupt(resumption.interrupt);
  return resumption.answer as T;
}

/** The virtual time, in milliseconds since the world's epoch. */
export const now = (): Step<number> => perform({ call: 'now' });

export const sleep = (delayMs: number): Step<void> => perform({ call: 'sleep', delayMs });

/** Asks a service of the world and waits for its answer. */
export const ask = <T>(service: string, body: unknown): Step<T> =>
  perform({ call: 'ask', service, body });

/** Starts another program; gives its process id at once. */
export const start = (program: string, args: unknown, io: Io = {}): Step<number> =>
  perform({ call: 'start', program, args, io });

/** Becomes another program: same process id, same parent. Never comes back. */
export const exec = (program: string, args: unknown, io: Io = {}): Step<never> =>
  perform({ call: 'exec', program, args, io });

/** Waits until a process that this one started has ended. */
export const join = (pid: number): Step<Ending> => perform({ call: 'join', pid });

/** How a process that this one started has ended; undefined while it runs. Never waits. */
export const poll = (pid: number): Step<Ending | undefined> => perform({ call: 'poll', pid });

export const signal = (pid: number, name: Signal): Step<boolean> =>
  perform({ call: 'signal', pid, signal: name });

/** A new stream: chunks are written at one end and read at the other, or go to a sink. */
export const open = (sink?: Sink): Step<number> =>
  perform(sink ? { call: 'open', sink } : { call: 'open' });

/**
 * False when nobody can read it any more; chunks are plain data. On standard streams they are text,
 * and a process that writes to its own stdout or stderr when nobody can read it gets SIGPIPE. Waits
 * while the stream holds much that nobody has read. Stream 0 is the null device.
 */
export const write = (stream: number, chunk: unknown): Step<boolean> =>
  perform({ call: 'write', stream, chunk });

/** Waits for chunks, takes all there are; undefined when the stream was closed and is empty. */
export const read = <T>(stream: number): Step<T[] | undefined> => perform({ call: 'read', stream });

/** Gives back what was read too much; the next reader gets it first. */
export const unread = (stream: number, chunk: unknown): Step<void> =>
  perform({ call: 'unread', stream, chunk });

export const close = (stream: number): Step<void> => perform({ call: 'close', stream });

/** The service that a stream pours into: a terminal, a file; undefined when somebody reads it. */
export const sinkOf = (stream: number): Step<string | undefined> =>
  perform({ call: 'sink', stream });

/** Notes what happened; what the process does next is caused by it. Gives the record's id. */
export const record = (entry: NewRecord): Step<number> =>
  perform({ call: 'record', record: entry });

/** Starts programs side by side and gives their results in order; a signal in one is an error. */
export function* all<R>(jobs: readonly { program: string; args: unknown }[]): Step<R[]> {
  const pids: number[] = [];
  for (const job of jobs) pids.push(yield* start(job.program, job.args));
  const results: R[] = [];
  for (const pid of pids) {
    const ending = yield* join(pid);
    assert(!ending.signal, `process ${pid} was ended by ${ending.signal}`);
    results.push(ending.result as R);
  }
  return results;
}

/** Something that came for a process while its group was frozen. */
export interface Held {
  readonly resume?: { readonly waiter: Waiter; readonly resumption: Resumption };
  readonly retry?: { readonly waiter: Waiter };
  readonly signal?: { readonly pid: number; readonly signal: Signal };
}
