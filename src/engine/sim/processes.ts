import { assert, unreachable } from './assert.ts';
import type { EventType, Kernel } from './kernel.ts';
import { Log } from './log.ts';
import {
  Interrupt,
  type Call,
  type Ending,
  type Held,
  type Io,
  type ProcessRow,
  type Program,
  type Resumption,
  type Signal,
  type Sink,
  type StreamRow,
  type Waiter,
} from './process.ts';
import type { Index, Table } from './store.ts';
import { Streams } from './streams.ts';

/**
 * Runs the programs of process.ts on a kernel, and the services they ask.
 *
 * A service is a function of one request. It answers at once by returning, hands the question to a
 * program with `delegate`, or keeps the waiter in its state and answers later with `reply`.
 */
export type Service = (body: never, asker: Waiter) => unknown;

/** Returned by a service that will answer later. */
export const LATER = Symbol('later');

type Generated = Generator<Call, unknown, Resumption>;

const CALLS_PER_STEP = 100_000;
const PROCESS_LIMIT = 1_000_000;

export class Processes {
  readonly streams: Streams;
  readonly #kernel: Kernel;
  readonly #programs = new Map<string, Program<never>>();
  readonly #services = new Map<string, Service>();
  readonly #rows: Table<number, ProcessRow>;
  readonly #children: Index<number, ProcessRow>;
  readonly #groups: Index<number, ProcessRow>;
  /** What the processes of a frozen group will be told when they thaw, oldest first. */
  readonly #frozen: Table<string, Log<Held>>;
  readonly #counters: Table<string, number>;
  readonly #resume: EventType<{ waiter: Waiter; resumption: Resumption }>;
  /** What a process waits for may have come: it is tried again. */
  readonly #retry: EventType<{ waiter: Waiter }>;
  readonly #signals: EventType<{ pid: number; signal: Signal }>;
  /** The generators that are at hand; any of them can be made again from its row. */
  readonly #live = new Map<number, { generator: Generated; told: Log<Resumption> }>();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#rows = kernel.store.table<ProcessRow, number>('sim/processes');
    this.#children = this.#rows.index((row) => [String(row.parent)]);
    this.#groups = this.#rows.index((row) => (row.group === undefined ? [] : [row.group]));
    this.#frozen = kernel.store.table<Log<Held>>('sim/frozen');
    const rows = kernel.store.table<StreamRow, number>('sim/streams');
    this.#counters = kernel.store.table<number>('sim/counters');
    this.#resume = kernel.event('sim/resume', ({ waiter, resumption }) => {
      const row = this.#rows.get(waiter.pid);
      if (!row || row.ended || positionOf(row) !== waiter.told) return;
      if (!this.#holds(row, { resume: { waiter, resumption } })) this.#run(waiter.pid, resumption);
    });
    this.#retry = kernel.event('sim/retry', ({ waiter }) => {
      const row = this.#rows.get(waiter.pid);
      if (!row || row.ended || positionOf(row) !== waiter.told) return;
      if (this.#holds(row, { retry: { waiter } })) return;
      const call = row.waiting;
      assert(call && call.call !== 'record', `process ${waiter.pid} waits for nothing`);
      const resumption = this.#perform(waiter, call);
      if (resumption) this.#run(waiter.pid, resumption);
    });
    this.#signals = kernel.event('sim/signal', ({ pid, signal }) => {
      const row = this.#rows.get(pid);
      if (!row || row.ended || this.#holds(row, { signal: { pid, signal } })) return;
      // One that has not begun begins first: what it says of signals counts.
      if (row.told.length === 0) this.#signals.after(0, { pid, signal });
      else this.#run(pid, { interrupt: signal });
    });
    this.streams = new Streams({
      rows,
      next: () => this.#next('stream'),
      retry: (waiter) => this.#retry.after(0, { waiter }),
      end: (waiter) => this.#resume.after(0, { waiter, resumption: { answer: undefined } }),
      pour: (sink, chunk) => this.#pour(sink, chunk),
    });
  }

  /** Declares a program under a unique name: `docker/build`. */
  program<A, R>(name: string, program: Program<A, R>): void {
    assert(!this.#programs.has(name), `the program ${name} is there already`);
    this.#programs.set(name, program);
  }

  /** Declares a service under a unique name: `registry/registry.local:5000`. */
  // The requests are named where the service is declared, as in `service<FileRequest>(…)`.
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
  service<B>(name: string, service: (body: B, asker: Waiter) => unknown): void {
    assert(!this.#services.has(name), `the service ${name} is there already`);
    this.#services.set(name, service);
  }

  hasService(name: string): boolean {
    return this.#services.has(name);
  }

  /**
   * Starts a program that nobody joins. With `then`, that event is scheduled when it ends, its
   * payload completed with `ending`.
   */
  spawn(
    program: string,
    args: unknown,
    options: { io?: Io; then?: { event: string; payload: object }; group?: string } = {},
  ): number {
    const { io = {}, then, group } = options;
    return this.#start(program, args, 0, io, { then, ...(group !== undefined && { group }) });
  }

  /** Schedules an event when a process that runs ends, its payload completed with `ending`. */
  follow(pid: number, then: { event: string; payload: object }): void {
    const row = this.#rows.get(pid);
    if (row && !row.ended) this.#rows.set(pid, { ...row, then });
  }

  /** The process that started it; 0 when that one has ended, or when there was none. */
  parentOf(pid: number): number {
    return this.#rows.get(pid)?.parent ?? 0;
  }

  /** Ends every process of a group at once, as SIGKILL does. */
  killGroup(group: string): void {
    for (const pid of this.#groups.keys(group)) this.signal(pid, 'SIGKILL');
    this.#frozen.delete(group);
  }

  /** From now on the processes of a group take no step; what they are told waits for them. */
  freezeGroup(group: string): void {
    if (!this.#frozen.has(group)) this.#frozen.set(group, Log.empty());
  }

  thawGroup(group: string): void {
    const held = this.#frozen.get(group)?.toArray() ?? [];
    this.#frozen.delete(group);
    for (const { resume, retry, signal } of held) {
      if (resume) this.#resume.after(0, resume);
      if (retry) this.#retry.after(0, retry);
      if (signal) this.#signals.after(0, signal);
    }
  }

  /** Keeps what a process would be told while its group is frozen. */
  #holds({ group }: ProcessRow, held: Held): boolean {
    const before = group === undefined ? undefined : this.#frozen.get(group);
    if (!before || group === undefined) return false;
    this.#frozen.set(group, before.append(held));
    return true;
  }

  /** For a service: lets a program find the answer; its result is what the asker is told. */
  delegate(asker: Waiter, program: string, args: unknown): typeof LATER {
    this.#start(program, args, 0, {}, { replyTo: asker });
    return LATER;
  }

  /** Answers a question kept for later. An asker that gave up meanwhile is passed over. */
  reply(asker: Waiter, answer: unknown): void {
    this.#resume.after(0, { waiter: asker, resumption: { answer } });
  }

  /** Interrupts a process; false when it has ended. SIGKILL cannot be caught. */
  signal(pid: number, signal: Signal): boolean {
    const row = this.#rows.get(pid);
    if (!row || row.ended) return false;
    if (signal === 'SIG0') return true;
    if (signal === 'SIGKILL') this.#end(pid, { signal });
    else this.#signals.after(0, { pid, signal });
    return true;
  }

  /** How a process ended; undefined while it runs, or when it is gone. */
  ending(pid: number): Ending | undefined {
    return this.#rows.get(pid)?.ended;
  }

  isRunning(pid: number): boolean {
    const row = this.#rows.get(pid);
    return row !== undefined && row.ended === undefined;
  }

  /** What a process waits for. */
  waiting(pid: number): Call | undefined {
    return this.#rows.get(pid)?.waiting;
  }

  #pour({ service: name, body }: Sink, text: unknown): void {
    const service = this.#services.get(name) as
      ((body: unknown, asker: Waiter) => unknown) | undefined;
    assert(service, `no service ${name}`);
    service({ ...body, text }, { pid: 0, told: 0 });
  }

  #next(counter: string): number {
    const value = (this.#counters.get(counter) ?? 0) + 1;
    this.#counters.set(counter, value);
    return value;
  }

  #start(
    program: string,
    args: unknown,
    parent: number,
    io: Io,
    ends: Pick<ProcessRow, 'then' | 'replyTo' | 'group'>,
  ): number {
    assert(this.#programs.has(program), `no program ${program}`);
    assert(this.#rows.size < PROCESS_LIMIT, 'too many processes');
    const pid = this.#next('process');
    const { stdin = 0, stdout = 0, stderr = 0, closes } = io;
    const self = { pid, stdin, stdout, stderr };
    const told = Log.empty<Resumption>();
    const { cause } = this.#kernel;
    const row: ProcessRow = { program, args, self, parent, told, ...ends, cause };
    this.#rows.set(pid, closes ? { ...row, closes } : row);
    this.#resume.after(0, { waiter: { pid, told: 0 }, resumption: { answer: undefined } });
    return pid;
  }

  /** Makes the generator of a row stand where the row says; does nothing else. */
  #generator(pid: number, row: ProcessRow): Generated {
    const live = this.#live.get(pid);
    if (live?.told === row.told) return live.generator;
    const program = this.#programs.get(row.program) as Program;
    const generator = program(row.args, row.self);
    for (const resumption of row.told.toArray()) generator.next(resumption);
    return generator;
  }

  #run(pid: number, resumption: Resumption): void {
    const kernel = this.#kernel;
    const first = this.#rows.need(pid);
    if (first.told.length === 0 && 'interrupt' in resumption) {
      this.#end(pid, { signal: resumption.interrupt });
      return;
    }
    const generator = this.#generator(pid, first);
    let told = first.told;
    let cause = kernel.cause || first.cause;
    let next: Resumption | undefined = resumption;
    for (let calls = 0; next; calls++) {
      assert(calls < CALLS_PER_STEP, `process ${pid} (${first.program}) does not come to rest`);
      told = told.append(next);
      let outcome: IteratorResult<Call, unknown>;
      try {
        outcome = generator.next(next);
      } catch (error) {
        // A program that nests too deeply, or makes too long a text, crashes as in life.
        if (error instanceof RangeError) this.#end(pid, { signal: 'SIGSEGV' });
        else if (error instanceof Interrupt) this.#end(pid, { signal: error.signal });
        else {
          // Whoever takes the world back needs it anew: one that threw gives nothing any more.
          this.#live.delete(pid);
          throw error;
        }
        return;
      }
      if (outcome.done) {
        kernel.because(cause, () => this.#end(pid, { result: outcome.value ?? null }));
        return;
      }
      const call = outcome.value;
      if (call.call === 'record') {
        cause = kernel.record(call.record, cause);
        next = { answer: cause };
        continue;
      }
      this.#rows.update(pid, (row) => ({ ...row, told, waiting: call, cause }));
      this.#live.set(pid, { generator, told });
      const waiter = { pid, told: (first.before ?? 0) + told.length };
      next = kernel.because(cause, () => this.#perform(waiter, call));
      if (!this.#rows.has(pid) || this.#rows.need(pid).ended) return;
    }
  }

  /** Carries out a call; undefined when the process has to wait. */
  #perform(waiter: Waiter, call: Exclude<Call, { call: 'record' }>): Resumption | undefined {
    switch (call.call) {
      case 'now':
        return { answer: this.#kernel.now };
      case 'sleep':
        this.#resume.after(call.delayMs, { waiter, resumption: { answer: undefined } });
        return undefined;
      case 'ask':
        return this.#ask(waiter, call.service, call.body);
      case 'start':
        return { answer: this.#startChild(waiter.pid, call.program, call.args, call.io) };
      case 'exec':
        this.#exec(waiter.pid, call.program, call.args, call.io);
        return undefined;
      case 'join':
        return this.#join(waiter, call.pid);
      case 'poll':
        return this.#poll(waiter, call.pid);
      case 'signal':
        return { answer: this.signal(call.pid, call.signal) };
      case 'open':
        return { answer: this.streams.open(call.sink) };
      case 'write':
        return this.#write(waiter, call.stream, call.chunk);
      case 'read':
        return this.streams.readFor(waiter, call.stream);
      case 'unread':
        this.streams.unread(call.stream, call.chunk);
        return { answer: undefined };
      case 'close':
        this.streams.close(call.stream);
        return { answer: undefined };
      case 'sink':
        return { answer: this.streams.sinkOf(call.stream) };
      default:
        return unreachable(call);
    }
  }

  #startChild(parent: number, program: string, args: unknown, io: Io): number {
    const { group } = this.#rows.need(parent);
    return this.#start(program, args, parent, io, group === undefined ? {} : { group });
  }

  #exec(pid: number, program: string, args: unknown, io: Io): void {
    assert(this.#programs.has(program), `no program ${program}`);
    const { waiting: _, ...row } = this.#rows.need(pid);
    const { closes, ...streams } = io;
    const told = Log.empty<Resumption>();
    const before = positionOf(row) + 1;
    const all = [...(row.closes ?? []), ...(closes ?? [])];
    this.#live.delete(pid);
    this.#rows.set(pid, {
      ...{ ...row, program, args, told, before, self: { ...row.self, ...streams } },
      ...(all.length > 0 && { closes: all }),
    });
    this.#resume.after(0, { waiter: { pid, told: before }, resumption: { answer: undefined } });
  }

  #ask(waiter: Waiter, name: string, body: unknown): Resumption | undefined {
    const service = this.#services.get(name) as
      ((body: unknown, asker: Waiter) => unknown) | undefined;
    assert(service, `no service ${name}`);
    const answer = service(body, waiter);
    return answer === LATER ? undefined : { answer };
  }

  #join(waiter: Waiter, pid: number): Resumption | undefined {
    const row = this.#rows.get(pid);
    assert(row?.parent === waiter.pid, `process ${waiter.pid} cannot join ${pid}`);
    if (!row.ended) {
      this.#rows.set(pid, { ...row, joiner: waiter });
      return undefined;
    }
    this.#rows.delete(pid);
    return { answer: row.ended };
  }

  #poll(waiter: Waiter, pid: number): Resumption {
    const row = this.#rows.get(pid);
    if (row?.parent !== waiter.pid || !row.ended) return { answer: undefined };
    return { answer: row.ended };
  }

  #write(waiter: Waiter, stream: number, chunk: unknown): Resumption | undefined {
    const answer = this.streams.writeFor(waiter, stream, chunk);
    if (answer !== false) return answer && { answer };
    const { self } = this.#rows.need(waiter.pid);
    const isOwn = stream === self.stdout || stream === self.stderr;
    return isOwn ? { interrupt: 'SIGPIPE' } : { answer };
  }

  #end(pid: number, ending: Ending): void {
    const row = this.#rows.need(pid);
    this.#live.delete(pid);
    for (const child of this.#children.keys(String(pid))) {
      const orphan = this.#rows.need(child);
      if (orphan.ended) this.#rows.delete(child);
      else this.#rows.set(child, { ...orphan, parent: 0 });
    }
    if (row.then)
      this.#kernel.scheduleNamed(0, row.then.event, { ...(row.then.payload as object), ending });
    if (row.replyTo) this.reply(row.replyTo, ending.result);
    for (const stream of row.closes ?? []) this.streams.close(stream);
    if (row.joiner) this.#retry.after(0, { waiter: row.joiner });
    if (row.parent === 0) this.#rows.delete(pid);
    else this.#rows.set(pid, { ...row, waiting: undefined, ended: ending });
  }
}

/** Counts what a process was told under all programs it was; what is older than that is stale. */
const positionOf = ({ before = 0, told }: Pick<ProcessRow, 'before' | 'told'>): number =>
  before + told.length;
