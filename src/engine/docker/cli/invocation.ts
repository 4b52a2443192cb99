import {
  ask,
  close,
  Interrupt,
  join,
  now,
  open,
  read,
  sleep,
  start,
  unread,
  write,
  type Call,
  type Resumption,
  type Self,
} from '../../sim/process.ts';
import type { CommandLine } from '../../machine/command.ts';
import { dockerService, type EngineRequest, type EngineResponse } from '../api.ts';
import type { Flags } from './pflag.ts';

export type Step<T> = Generator<Call, T, Resumption>;

/** A command of docker: it prints, asks the daemon and gives its exit code. */
export type Handler = (call: Invocation) => Step<number>;

/** A request under way whose chunks are read as they come. */
export interface Stream {
  readonly id: number;
  readonly pid: number;
}

/** What a command of the command line works with. */
export class Invocation {
  readonly line: CommandLine;
  /** `container ls`. */
  readonly path: string;
  readonly flags: Flags;
  readonly args: readonly string[];
  readonly self: Self;

  constructor(
    line: CommandLine,
    self: Self,
    { path, flags, args }: { path: string; flags: Flags; args: readonly string[] },
  ) {
    this.line = line;
    this.self = self;
    this.path = path;
    this.flags = flags;
    this.args = args;
  }

  *out(text: string): Step<void> {
    if (text !== '') yield* write(this.self.stdout, text);
  }

  *err(text: string): Step<void> {
    if (text !== '') yield* write(this.self.stderr, text);
  }

  /** Prints a message of its own and gives the exit code. */
  *fail(message: string, exitCode = 1): Step<number> {
    yield* this.err(`${message}\n`);
    return exitCode;
  }

  /** Go's `errors.Join`: what went wrong in all, a line each. */
  *joined(messages: readonly string[]): Step<number> {
    for (const message of messages) yield* this.err(`${message}\n`);
    return messages.length === 0 ? 0 : 1;
  }

  /** A line that is typed or comes through a pipe; '' at the end of the input. */
  *readLine(): Step<string> {
    let text = '';
    for (;;) {
      const chunks = yield* read<string>(this.self.stdin);
      if (!chunks) return text;
      text += chunks.join('');
      const end = text.indexOf('\n');
      if (end === -1) continue;
      if (end + 1 < text.length) yield* unread(this.self.stdin, text.slice(end + 1));
      return text.slice(0, end);
    }
  }

  /** All that comes through the pipe. */
  *readInput(): Step<string> {
    let text = '';
    for (;;) {
      const chunks = yield* read<string>(this.self.stdin);
      if (!chunks) return text;
      text += chunks.join('');
    }
  }

  /** The same call with other arguments. */
  withArgs(args: readonly string[]): Invocation {
    const { path, flags } = this;
    return new Invocation(this.line, this.self, { path, flags, args });
  }

  pause(delayMs: number): Step<void> {
    return sleep(delayMs);
  }

  now(): Step<number> {
    return now();
  }

  ask<T>(request: EngineRequest): Step<EngineResponse<T>> {
    return ask<EngineResponse<T>>(dockerService(this.line.machine), request);
  }

  get<T>(path: string, query: Readonly<Record<string, string>> = {}): Step<EngineResponse<T>> {
    return this.ask<T>({ method: 'GET', path, query });
  }

  post<T>(
    path: string,
    query: Readonly<Record<string, string>> = {},
    body?: unknown,
  ): Step<EngineResponse<T>> {
    return this.ask<T>({
      method: 'POST',
      path,
      query,
      ...(body === undefined ? {} : { body }),
    });
  }

  /** Sends a request that writes to a stream; its answer comes with {@link answer}. */
  *begin(request: EngineRequest): Step<Stream> {
    const id = yield* open();
    const service = dockerService(this.line.machine);
    const args = { service, request: { ...request, stream: id }, stream: id };
    const pid = yield* start('docker/request', args);
    try {
      // The request must have arrived before anything that is asked after it.
      yield* sleep(0);
    } catch (problem) {
      // Nobody takes what comes, nor has the daemon anybody to listen to.
      yield* close(id);
      throw problem;
    }
    return { id, pid };
  }

  *answer<T>({ pid }: Stream): Step<EngineResponse<T>> {
    const ending = yield* join(pid);
    return ending.result as EngineResponse<T>;
  }

  /** A request whose chunks are handed on as they come. Ctrl+C ends it and the command. */
  *follow<T = unknown>(
    request: EngineRequest,
    each: (chunk: never) => Step<void>,
  ): Step<EngineResponse<T>> {
    const stream = yield* this.begin(request);
    try {
      for (;;) {
        const chunks = yield* read<never>(stream.id);
        if (!chunks) break;
        for (const chunk of chunks) yield* each(chunk);
      }
    } catch (problem) {
      if (problem instanceof Interrupt) yield* close(stream.id);
      throw problem;
    }
    return yield* this.answer<T>(stream);
  }

  /** A request whose progress is copied to one of the standard streams. */
  *streamed<T>(request: EngineRequest, to: 'stdout' | 'stderr'): Step<EngineResponse<T>> {
    const copy = (text: string): Step<void> => (to === 'stdout' ? this.out(text) : this.err(text));
    return yield* this.follow<T>(request, copy);
  }
}

export const messageOf = ({ body }: EngineResponse): string =>
  (body as { message?: string } | null)?.message ?? '';

/** What went wrong after the answer had begun stands alone. */
const hasBegun = ({ body }: EngineResponse): boolean =>
  (body as { begun?: boolean } | null)?.begun === true;

/** `Error response from daemon: …`. */
export const daemonError = (response: EngineResponse): string =>
  response.status === 0 || hasBegun(response)
    ? messageOf(response)
    : `Error response from daemon: ${messageOf(response)}`;

export const failed = ({ status }: EngineResponse): boolean => status === 0 || status >= 400;

/** A query of switches and texts: what is false or undefined is left out. */
export function query(
  values: Readonly<Record<string, string | boolean | undefined>>,
): Record<string, string> {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value === true) given[name] = '1';
    else if (typeof value === 'string') given[name] = value;
  }
  return given;
}

/** `--filter a=b` as the Engine API takes it: `{"a":{"b":true}}`. */
export function filterQuery(values: readonly string[]): Record<string, string> {
  const filters: Record<string, Record<string, boolean>> = {};
  for (const text of values) {
    const at = text.indexOf('=');
    if (at === -1) continue;
    const name = text.slice(0, at).trim().toLowerCase();
    filters[name] = { ...filters[name], [text.slice(at + 1).trim()]: true };
  }
  return Object.keys(filters).length === 0 ? {} : { filters: JSON.stringify(filters) };
}
