import type { EngineRequest, EngineResponse } from '../docker/api.ts';
import { dockerService } from '../docker/api.ts';
import type { Invocation, Step } from '../docker/cli/invocation.ts';
import {
  ask,
  close,
  Interrupt,
  join,
  open,
  read,
  signal,
  sleep,
  start,
  write,
  type Call,
  type Program,
  type Resumption,
} from '../sim/process.ts';
import { DryInvocation } from './dry-run.ts';

/**
 * Several things at once in one durable program. A *strand* is written as a straight line like any
 * program, and may also wish for something that takes time: an answer of the daemon, the next
 * chunks of a stream, a pause, a condition. Each wish is run by a process of its own (an errand)
 * that reports to one stream; whoever waits for it goes on when its report is there. So a project
 * starts and stops its containers side by side, as goroutines do it in docker/compose, and the
 * order of everything is that of the reports.
 */
export type Wish =
  | { readonly wish: 'answer'; readonly request: EngineRequest }
  | { readonly wish: 'listen'; readonly request: EngineRequest }
  | { readonly wish: 'next'; readonly key: number }
  | { readonly wish: 'pause'; readonly delayMs: number }
  | { readonly wish: 'until'; readonly holds: () => boolean };

export type Strand<T = void> = Generator<Call | Wish, T, Resumption>;

function* wished<T>(wish: Wish): Strand<T> {
  const resumption = yield wish;
  return (resumption as { answer: T }).answer;
}

/** An answer of the daemon, while other strands go on. */
export const answerTo = <T>(request: EngineRequest): Strand<EngineResponse<T>> =>
  wished({ wish: 'answer', request });

/** Begins a request that writes to a stream; gives the key to ask {@link next} by. */
export const listen = (request: EngineRequest): Strand<number> =>
  wished({ wish: 'listen', request });

export interface Heard<C, T = unknown> {
  readonly chunks: readonly C[];
  /** There when the stream has ended. */
  readonly answer?: EngineResponse<T>;
}

/** The chunks that came since, at least one, or the end. */
export const next = <C, T = unknown>(key: number): Strand<Heard<C, T>> =>
  wished({ wish: 'next', key });

export const pause = (delayMs: number): Strand => wished({ wish: 'pause', delayMs });

/** Goes on as soon as it holds; it is looked at whenever something happened. */
export const until = (holds: () => boolean): Strand => wished({ wish: 'until', holds });

interface Report {
  readonly key: number;
  readonly chunks?: readonly unknown[];
  readonly answer?: unknown;
  readonly over?: true;
}

interface ErrandArgs {
  readonly key: number;
  readonly to: number;
  readonly service: string;
  readonly request?: EngineRequest;
  readonly follows?: boolean;
  readonly delayMs?: number;
}

export const ERRAND = 'compose/errand';

/** One wish under way. */
export const errand: Program<ErrandArgs> = function* (args) {
  const { key, to, service, request, follows, delayMs = 0 } = args;
  if (!request) {
    yield* sleep(delayMs);
    yield* write(to, { key, over: true } satisfies Report);
    return;
  }
  if (!follows) {
    const answer = yield* ask<unknown>(service, request);
    yield* write(to, { key, answer, over: true } satisfies Report);
    return;
  }
  const stream = yield* open();
  const sent = { service, request: { ...request, stream }, stream };
  const pid = yield* start('docker/request', sent);
  try {
    for (let more = yield* read<unknown>(stream); more; more = yield* read<unknown>(stream)) {
      yield* write(to, { key, chunks: more } satisfies Report);
    }
    const { result: answer } = yield* join(pid);
    yield* write(to, { key, answer, over: true } satisfies Report);
  } catch (problem) {
    if (problem instanceof Interrupt) yield* close(stream);
    throw problem;
  }
};

interface Inbox {
  readonly pid: number;
  chunks: unknown[];
  answer?: unknown;
  over: boolean;
}

interface Thread {
  readonly strand: Strand;
  /** What it waits for; undefined when it can go on with `told`. */
  wish: Wish | undefined;
  key: number;
  told: Resumption | undefined;
  over: boolean;
}

export interface TogetherOptions {
  /** What Ctrl+C begins; without it, all is dropped. Undefined: nothing more. */
  readonly onInterrupt?: (count: number) => Strand | undefined;
}

/** Those that run together; a strand may add others. */
export class Crew {
  readonly #call: Invocation;
  readonly #threads: Thread[] = [];
  readonly #inboxes = new Map<number, Inbox>();
  #stream = 0;
  #keys = 0;
  #dropped = false;

  constructor(call: Invocation) {
    this.#call = call;
  }

  add(strand: Strand): void {
    const told = { answer: undefined };
    this.#threads.push({ strand, wish: undefined, key: 0, told, over: false });
  }

  /** Lets go of all strands, whatever they wait for. */
  drop(): void {
    this.#dropped = true;
  }

  /** Runs until all are over; what one of them throws ends all. */
  *run({ onInterrupt }: TogetherOptions = {}): Step<void> {
    this.#stream = yield* open();
    let interrupts = 0;
    try {
      for (;;) {
        yield* this.#advance();
        if (this.#dropped || this.#threads.every(({ over }) => over)) return;
        try {
          yield* this.#hear();
        } catch (problem) {
          const isSignal = problem instanceof Interrupt && problem.signal !== 'SIGPIPE';
          const strand = isSignal ? onInterrupt?.(++interrupts) : undefined;
          if (!strand) throw problem;
          this.add(strand);
        }
      }
    } finally {
      // A generator that is dropped from outside must not go on: only a run of ours comes here.
      yield* this.#clear();
    }
  }

  *#advance(): Step<void> {
    for (let moved = true; moved && !this.#dropped;) {
      moved = false;
      for (const thread of [...this.#threads]) {
        if (thread.over || !this.#isReady(thread)) continue;
        moved = true;
        yield* this.#step(thread);
        if (this.#dropped) return;
      }
    }
  }

  #isReady(thread: Thread): boolean {
    const { wish } = thread;
    if (!wish) return true;
    if (wish.wish === 'until') {
      if (!wish.holds()) return false;
      thread.told = { answer: undefined };
      return true;
    }
    const inbox = this.#inboxes.get(thread.key);
    if (!inbox) return false;
    if (wish.wish === 'next') {
      if (inbox.chunks.length === 0 && !inbox.over) return false;
      const { chunks, answer, over } = inbox;
      inbox.chunks = [];
      thread.told = { answer: { chunks, ...(over && { answer }) } };
      return true;
    }
    if (!inbox.over) return false;
    thread.told = { answer: inbox.answer };
    this.#inboxes.delete(thread.key);
    return true;
  }

  *#step(thread: Thread): Step<void> {
    const { strand } = thread;
    thread.wish = undefined;
    let result = strand.next(thread.told ?? { answer: undefined });
    while (!result.done) {
      const { value } = result;
      if ('call' in value) {
        result = strand.next(yield value);
        continue;
      }
      if (value.wish === 'listen') {
        const key = yield* this.#send({ request: value.request, follows: true });
        result = strand.next({ answer: key });
        continue;
      }
      thread.wish = value;
      if (value.wish === 'next') thread.key = value.key;
      else if (value.wish === 'answer') thread.key = yield* this.#send({ request: value.request });
      else if (value.wish === 'pause') thread.key = yield* this.#send({ delayMs: value.delayMs });
      return;
    }
    thread.over = true;
  }

  *#send(what: Pick<ErrandArgs, 'request' | 'follows' | 'delayMs'>): Step<number> {
    const key = ++this.#keys;
    const pretence = this.#call instanceof DryInvocation ? this.#call.pretence : undefined;
    const answer = what.request && pretence?.answer(what.request);
    if (answer) {
      this.#inboxes.set(key, { pid: 0, chunks: [], answer, over: true });
      return key;
    }
    const service = dockerService(this.#call.line.machine);
    const request = what.request && (pretence?.instead(what.request) ?? what.request);
    const sent = { ...what, ...(request && { request }) };
    const pid = yield* start(ERRAND, { key, to: this.#stream, service, ...sent });
    this.#inboxes.set(key, { pid, chunks: [], over: false });
    return key;
  }

  *#hear(): Step<void> {
    const reports = (yield* read<Report>(this.#stream)) ?? [];
    for (const { key, chunks = [], answer, over } of reports) {
      const inbox = this.#inboxes.get(key);
      if (!inbox) continue;
      inbox.chunks = [...inbox.chunks, ...chunks];
      if (!over) continue;
      inbox.answer = answer;
      inbox.over = true;
      yield* join(inbox.pid);
    }
  }

  *#clear(): Step<void> {
    for (const { pid, over } of this.#inboxes.values()) if (!over) yield* signal(pid, 'SIGTERM');
    yield* close(this.#stream);
  }
}

/** Runs strands side by side; gives what they give, in their order. */
export function* together<T>(
  call: Invocation,
  strands: readonly Strand<T>[],
  options: TogetherOptions = {},
): Step<T[]> {
  const crew = new Crew(call);
  const results: T[] = [];
  for (const [at, strand] of strands.entries()) {
    crew.add(
      (function* () {
        results[at] = yield* strand;
      })(),
    );
  }
  yield* crew.run(options);
  return results;
}

/** Runs strands side by side within a strand: gives when all are over. */
export function* beside(crew: Crew, strands: readonly Strand[]): Strand {
  let left = strands.length;
  for (const strand of strands) {
    crew.add(
      (function* () {
        yield* strand;
        left -= 1;
      })(),
    );
  }
  yield* until(() => left === 0);
}
